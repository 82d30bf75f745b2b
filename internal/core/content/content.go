// Package content seals and opens the content of a portion: its text and its
// outside name. It says, for every use-case that opens portions, what form the
// content has and what its ciphertext is bound to.
package content

import (
	"encoding/json"

	"cordon"
	"cordon/internal/core/vault"
)

// Body is the content of a portion, before it is sealed.
type Body struct {
	// Ref is the outside name of the portion; empty for none.
	Ref string `json:"ref,omitempty"`
	// ReportRef is the outside name of the report, in a title's body only.
	ReportRef string `json:"reportRef,omitempty"`
	Text      string `json:"text"`
}

// Encode gives the form that is sealed.
func (b Body) Encode() []byte {
	out, err := json.Marshal(b)
	if err != nil {
		panic("body: strings always encode: " + err.Error())
	}
	return out
}

// Decode reads what Encode wrote.
func Decode(data []byte) (Body, error) {
	var b Body
	if err := json.Unmarshal(data, &b); err != nil {
		return Body{}, cordon.Errorf(cordon.KindInternal, "a portion's content is not in the form it was sealed in").Because(err)
	}
	return b, nil
}

// Binding binds the portion under the rule while it is in its place.
func Binding(p cordon.Portion, rule cordon.Rule) vault.Binding {
	return vault.Binding{Portion: p.ID, Report: p.Report, Mark: p.Mark, Rule: rule}
}

// CustodyBinding binds the portion under the rule while it lies in the
// incident's custody.
func CustodyBinding(p cordon.Portion, rule cordon.Rule, incident cordon.ID) vault.Binding {
	b := Binding(p, rule)
	b.Custody = incident
	return b
}

// Open opens the portion's body with a ring that holds its owners' keys.
func Open(ring *vault.Ring, p cordon.Portion, rule cordon.Rule) (Body, error) {
	return open(ring, p, Binding(p, rule))
}

// OpenCustody is Open of a portion that lies in the incident's custody.
func OpenCustody(ring *vault.Ring, p cordon.Portion, rule cordon.Rule, incident cordon.ID) (Body, error) {
	return open(ring, p, CustodyBinding(p, rule, incident))
}

func open(ring *vault.Ring, p cordon.Portion, binding vault.Binding) (Body, error) {
	data, err := ring.Open(binding, p.Body, p.Key)
	if err != nil {
		return Body{}, err
	}
	defer clear(data)
	return Decode(data)
}

// Seal seals the content and puts body and key into the portion.
func Seal(ring *vault.Ring, p *cordon.Portion, rule cordon.Rule, content Body) error {
	data := content.Encode()
	defer clear(data)
	sealed, key, err := ring.Seal(Binding(*p, rule), data)
	if err != nil {
		return err
	}
	p.Body, p.Key = sealed, key
	return nil
}
