package access

import (
	"cordon"
	"cordon/marking"
)

// Terms say what a marking alone does not: whose the information is, to whom
// it was given, and which people it names.
type Terms struct {
	// Owner is the originator, as it stands now. Its communities are the
	// community of TLP:GREEN.
	Owner cordon.Organisation
	// Recipients are the organisations the owner gives it to.
	Recipients []cordon.ID
	// Named are the people meant by a marking for named individuals. Where it
	// needs names and has none, nobody reads.
	Named []cordon.ID
	// Circled limits reading to Named under any marking.
	Circled bool
	// Narrowed are the recipients' own narrowings.
	Narrowed []cordon.Narrowing
	// ShownOnly keeps the recipients from keeping a copy.
	ShownOnly bool
}

// Compile gives the rule of a portion so marked under the terms. Without
// marks there is no rule to be had: Invalid.
func Compile(marks marking.Marks, terms Terms) (cordon.Rule, error) {
	if marks.Empty() {
		return cordon.Rule{}, cordon.Errorf(cordon.KindInvalid, "a portion without a marking cannot be shared: mark it")
	}
	if terms.Owner.ID == "" {
		return cordon.Rule{}, cordon.Errorf(cordon.KindInvalid, "a portion without an owner cannot be shared: name its owner")
	}
	rule := cordon.Rule{Circled: terms.Circled, Narrowed: append([]cordon.Narrowing(nil), terms.Narrowed...)}
	for _, m := range marks.Rules() {
		if m.Rule.Level > 0 {
			rule.Levels = append(rule.Levels, cordon.Level{Scheme: m.Scheme, Rank: m.Rule.Level})
		}
		for _, readIn := range m.Rule.ReadIns {
			rule.ReadIns = append(rule.ReadIns, m.Scheme+":"+readIn)
		}
		for _, a := range m.Rule.Audience {
			rule.Audience = append(rule.Audience, cordon.Audience{
				Countries:   append([]string(nil), a.Countries...),
				Communities: append([]string(nil), a.Communities...),
			})
		}
		rule.Circled = rule.Circled || m.Rule.Named
	}
	policy := cordon.OwnerPolicy{
		Owner:      terms.Owner.ID,
		Recipients: append([]cordon.ID(nil), terms.Recipients...),
		ShownOnly:  terms.ShownOnly,
	}
	// The degrees widen: what may go to a community may go to clients.
	switch onward := marks.Onward(); {
	case onward >= marking.OnwardAnyone:
		policy.Anyone = true
	case onward >= marking.OnwardCommunity:
		policy.Communities = append([]string(nil), terms.Owner.Communities...)
		fallthrough
	case onward >= marking.OnwardClients:
		policy.Clients = true
	}
	rule.Owners = []cordon.OwnerPolicy{policy}
	if rule.Circled {
		rule.Circle = append([]cordon.ID(nil), terms.Named...)
	}
	rule.Normalise()
	return rule, nil
}

// Join is the rule of a whole made of the parts. Where the join leaves nobody
// who could read it, with any grants, writing is a Spill in the making; Empty
// says so.
func Join(rules ...cordon.Rule) cordon.Rule {
	var whole cordon.Rule
	for _, r := range rules {
		whole = whole.Join(r)
	}
	return whole
}

// Empty reports whether the rule admits none of the organisations however
// cleared and read in their people are: its owners' policies and its audience
// have nobody in common, or its circle names nobody.
func Empty(rule cordon.Rule, orgs []cordon.Organisation) bool {
	if rule.Circled && len(rule.Circle) == 0 {
		return true
	}
	for _, org := range orgs {
		if len(DecideAudience(rule, org, nil).Reasons) == 0 {
			return false
		}
	}
	return true
}
