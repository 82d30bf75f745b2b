package us

import "cordon/marking"

// Resolve gives a portion mark the lists it leaves to the banner of the
// document it stands in: the release list of REL and EYES, the owners of JOINT
// (H.3, H.8 REL TO, EYES ONLY). A portion that leaves nothing out is returned
// as it is.
func (scheme) Resolve(portion, banner marking.Marking) (marking.Marking, error) {
	p, ok := portion.(*mark)
	b, ok2 := banner.(*mark)
	if !ok || !ok2 {
		return nil, &marking.Error{Scheme: name, Reason: "the portion or the banner is not marked in this scheme"}
	}
	if !p.unresolved() {
		return p, nil
	}
	out := *p
	if p.shortREL {
		if b.dissem&(rel|eyes) == 0 || b.shortREL {
			return nil, &marking.Error{Scheme: name, Text: p.portion, Reason: "the portion has the release list of its banner, and the banner has none", Section: "H.8 REL TO"}
		}
		out.shortREL, out.relTo = false, b.relTo
		if b.dissem&rel != 0 {
			// EYES under a REL TO banner has become REL TO (D.2 Table 3, 22).
			out.dissem = out.dissem&^eyes | rel
		}
	}
	if p.kind == kindJoint && p.owners.empty() {
		if b.kind != kindJoint {
			return nil, &marking.Error{Scheme: name, Text: p.portion, Reason: "the portion has the owners of its banner, and the banner is not JOINT", Section: "H.3"}
		}
		out.owners = b.owners
	}
	if v := out.check(); v != nil {
		return nil, &marking.Error{Scheme: name, Text: p.portion, Reason: "under this banner " + v.reason, Section: v.section}
	}
	return out.seal(), nil
}
