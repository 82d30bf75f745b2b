package sqltx

import "cordon"

const emergencyColumns = `id, release, owner, by_person, org, audience, portions, reason, grant_id, created, until, state, reviewer, reviewed, note`

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
	return t.insertAll("a part of the emergency release", "emergency_parts", emergencyColumns+", place", rows)
}

// EmergencyPart implements cordon.EmergencyReader.
func (t *Tx) EmergencyPart(id cordon.ID) (cordon.EmergencyPart, error) {
	return one(t, scanEmergency, `SELECT `+emergencyColumns+` FROM emergency_parts WHERE id = $1`, id)
}

// EmergencyParts implements cordon.EmergencyReader.
func (t *Tx) EmergencyParts(owner cordon.ID, state cordon.EmergencyState, after cordon.Cursor, limit int) ([]cordon.EmergencyPart, error) {
	if state == "" {
		return list(t, scanEmergency, `SELECT `+emergencyColumns+` FROM emergency_parts
			WHERE owner = $1 AND place < $2 ORDER BY place DESC LIMIT $3`, owner, before(after), int64(max(limit, 0)))
	}
	return list(t, scanEmergency, `SELECT `+emergencyColumns+` FROM emergency_parts
		WHERE owner = $1 AND state = $2 AND place < $3 ORDER BY place DESC LIMIT $4`, owner, string(state), before(after), int64(max(limit, 0)))
}

// PutEmergencyReview implements cordon.EmergencyWriter.
func (t *Tx) PutEmergencyReview(p cordon.EmergencyPart) error {
	return t.change(`UPDATE emergency_parts SET state = $2, reviewer = $3, reviewed = $4, note = $5 WHERE id = $1`,
		p.ID, string(p.State), p.Reviewer, micros(p.Reviewed), blob(p.Note))
}
