package sqltx

import "cordon"

func emergencyArgs(p cordon.EmergencyPart) []any {
	return []any{
		p.ID, p.Release, p.Owner, p.By, p.Org, p.Audience, asJSON(p.Portions), blob(p.Reason), p.Grant,
		micros(p.Created), micros(p.Until), string(p.State), p.Reviewer, micros(p.Reviewed), blob(p.Note),
	}
}

func scanEmergency(row scanner, p *cordon.EmergencyPart) error {
	return row.Scan(&p.ID, &p.Release, &p.Owner, &p.By, &p.Org, &p.Audience, fromJSON{&p.Portions}, sealed(&p.Reason), &p.Grant,
		instant{&p.Created}, instant{&p.Until}, &p.State, &p.Reviewer, instant{&p.Reviewed}, sealed(&p.Note))
}

// AddEmergency implements cordon.EmergencyWriter.
func (t *Tx) AddEmergency(parts []cordon.EmergencyPart) error {
	rows := make([][]any, len(parts))
	for i, p := range parts {
		rows[i] = append(emergencyArgs(p), place(p.Created, p.ID))
	}
	return t.addAll("a part of the emergency release", emergencyPartsTable, rows)
}

// EmergencyPart implements cordon.EmergencyReader.
func (t *Tx) EmergencyPart(id cordon.ID) (cordon.EmergencyPart, error) {
	return findOne(t, emergencyPartsTable, scanEmergency, `WHERE id = $1`, id)
}

// EmergencyParts implements cordon.EmergencyReader.
func (t *Tx) EmergencyParts(owner cordon.ID, state cordon.EmergencyState, after cordon.Cursor, limit int) ([]cordon.EmergencyPart, error) {
	if state == "" {
		return find(t, emergencyPartsTable, scanEmergency, `WHERE owner = $1 AND place < $2 ORDER BY place DESC LIMIT $3`, owner, before(after), int64(max(limit, 0)))
	}
	return find(t, emergencyPartsTable, scanEmergency, `WHERE owner = $1 AND state = $2 AND place < $3 ORDER BY place DESC LIMIT $4`, owner, string(state), before(after), int64(max(limit, 0)))
}

// PutEmergencyReview implements cordon.EmergencyWriter.
func (t *Tx) PutEmergencyReview(p cordon.EmergencyPart) error {
	return t.amendOne(emergencyPartsTable, changes{
		"state": string(p.State), "reviewer": p.Reviewer, "reviewed": micros(p.Reviewed), "note": blob(p.Note),
	}, `id = $1`, p.ID)
}
