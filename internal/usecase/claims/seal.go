package claims

import (
	"encoding/json"
	"time"

	"cordon"
	"cordon/internal/core/vault"
)

// sealing is what seals one incident's records: the key ring and the incident
// whose organisation's key they lie under.
type sealing struct {
	ring     *vault.Ring
	incident cordon.Incident
}

// context binds a sealed record to its place: it opens neither as a record of
// another incident, nor of another kind, nor under another id.
func (s sealing) context(kind cordon.ClaimKind, id cordon.ID) string {
	return "claim " + string(kind) + " " + string(id) + " of incident " + string(s.incident.ID)
}

func (s sealing) seal(kind cordon.ClaimKind, item any, now time.Time) (cordon.ClaimRecord, error) {
	text, err := json.Marshal(item)
	if err != nil {
		return cordon.ClaimRecord{}, cordon.Errorf(cordon.KindInternal, "a %s does not encode", kind).Because(err)
	}
	id := cordon.NewID()
	body, err := s.ring.SealRecord(s.incident.Org, s.context(kind, id), text)
	if err != nil {
		return cordon.ClaimRecord{}, err
	}
	return cordon.ClaimRecord{ID: id, Incident: s.incident.ID, Kind: kind, Body: body, Created: now}, nil
}

// open adds what the sealed record holds to r.
func (s sealing) open(sealed cordon.ClaimRecord, r *Record) error {
	text, err := s.ring.OpenRecord(s.incident.Org, s.context(sealed.Kind, sealed.ID), sealed.Body)
	if err != nil {
		return err
	}
	switch sealed.Kind {
	case cordon.ClaimProposition:
		var p Proposition
		err = json.Unmarshal(text, &p)
		r.Propositions = append(r.Propositions, p)
	case cordon.ClaimSource:
		var src Source
		err = json.Unmarshal(text, &src)
		r.Sources = append(r.Sources, src)
	case cordon.ClaimStatement:
		var st Statement
		err = json.Unmarshal(text, &st)
		r.Statements = append(r.Statements, st)
	}
	if err != nil {
		return cordon.Errorf(cordon.KindInternal, "a claim record is not in the form it was sealed in").Because(err)
	}
	return nil
}
