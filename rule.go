package cordon

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"
)

// Rule is all that a decision looks at: the demands of a marking, the owners'
// policies and a circle on a reader. A rule is interned (stored once,
// numbered, immutable); equal rules have equal digests because Normalise puts
// every list in one order.
type Rule struct {
	// Levels are the least clearances, one per scheme, by scheme name.
	Levels []Level `json:"levels,omitempty"`
	// ReadIns are the compartments a reader must all hold, each
	// "scheme:compartment".
	ReadIns []string `json:"readIns,omitempty"`
	// Audience lists clauses; a reader must be in every one.
	Audience []Audience `json:"audience,omitempty"`
	// Owners are the owners' policies; a reader needs every one's.
	// A rule without owners admits nobody.
	Owners []OwnerPolicy `json:"owners,omitempty"`
	// Within are the policies of owners whose words were found in it though its
	// writer did not name them. A reader needs every one's, and their grants waive
	// them, but they own nothing of it: no key, no feed, no consent, no strike.
	Within []OwnerPolicy `json:"within,omitempty"`
	// Circled says that Circle is in force, even if it names nobody.
	Circled bool `json:"circled,omitempty"`
	// Circle names the only people who may read.
	Circle []ID `json:"circle,omitempty"`
	// Narrowed are recipients' own narrowings; a reader must meet every one
	// of their organisation's.
	Narrowed []Narrowing `json:"narrowed,omitempty"`
	// Waiting is its writer, while it waits to be compared with everything else
	// or for a decision on what was found in it: they alone read it. Empty where
	// it does not wait.
	Waiting ID `json:"waiting,omitempty"`
	// Former is the person who has put another wording in its place, while that
	// waits: everybody but them reads this one. Empty where there is no such.
	Former ID `json:"former,omitempty"`
}

// Settled is the rule without what holds only for a while: Waiting and Former. It
// is what the ciphertext is bound to, so that nothing is sealed anew when that ends.
func (r Rule) Settled() Rule {
	r.Waiting, r.Former = "", ""
	return r
}

// Narrowing is what an organisation asks of its own people besides: that they
// be in one of its need-to-know groups. It does not concern people of others.
type Narrowing struct {
	Org   ID `json:"org"`
	Group ID `json:"group"`
}

// Level is a least clearance in one scheme.
type Level struct {
	Scheme string `json:"scheme"`
	// Rank is an index into the scheme's ladder, lowest first.
	Rank int `json:"rank"`
}

// Audience is one clause: members of any of the countries or communities.
type Audience struct {
	Countries   []string `json:"countries,omitempty"`
	Communities []string `json:"communities,omitempty"`
}

// OwnerPolicy is one owner's say over what it owns.
type OwnerPolicy struct {
	Owner ID `json:"owner"`
	// Recipients are the organisations to which the owner gave it, the first
	// time, apart from itself.
	Recipients []ID `json:"recipients,omitempty"`
	// Communities are those whose members recipients may tell without asking,
	// by the owner's marking (TLP:GREEN).
	Communities []string `json:"communities,omitempty"`
	// Clients lets the clients of the owner and of its recipients be told
	// without asking (TLP:AMBER), never clients of those clients. The
	// reader's organisation says whose client it is, so that a change rules
	// the next request.
	Clients bool `json:"clients,omitempty"`
	// Anyone is set where the marking lets everybody be told (TLP:CLEAR).
	Anyone bool `json:"anyone,omitempty"`
	// ShownOnly lets the others be shown it and not keep it: reading does not
	// ask for it, exporting does.
	ShownOnly bool `json:"shownOnly,omitempty"`
}

// RuleNo is the number of an interned rule: the first 63 bits of its digest.
// A number therefore never comes to mean another rule, not even after a
// transaction that interned it was rolled back, and a cache of rules by number
// is never wrong.
type RuleNo int64

// InternedRule is a rule with its number.
type InternedRule struct {
	No   RuleNo
	Rule Rule
}

// Normalise sorts and deduplicates every list of r in place, keeps the
// highest of several levels in one scheme and merges the policies of one
// owner to what all of them allow.
func (r *Rule) Normalise() {
	slices.SortFunc(r.Levels, func(a, b Level) int {
		if a.Scheme != b.Scheme {
			return compare(a.Scheme, b.Scheme)
		}
		return b.Rank - a.Rank
	})
	r.Levels = slices.CompactFunc(r.Levels, func(a, b Level) bool { return a.Scheme == b.Scheme })
	r.Levels = slices.DeleteFunc(r.Levels, func(l Level) bool { return l.Rank == 0 })
	r.ReadIns = sorted(r.ReadIns)
	for i := range r.Audience {
		r.Audience[i].Countries = sorted(r.Audience[i].Countries)
		r.Audience[i].Communities = sorted(r.Audience[i].Communities)
	}
	slices.SortFunc(r.Audience, func(a, b Audience) int {
		if c := slices.Compare(a.Countries, b.Countries); c != 0 {
			return c
		}
		return slices.Compare(a.Communities, b.Communities)
	})
	r.Audience = slices.CompactFunc(r.Audience, func(a, b Audience) bool {
		return slices.Equal(a.Countries, b.Countries) && slices.Equal(a.Communities, b.Communities)
	})
	r.Owners, r.Within = merged(r.Owners), merged(r.Within)
	if !r.Circled {
		r.Circle = nil
	}
	r.Circle = sorted(r.Circle)
	slices.SortFunc(r.Narrowed, func(a, b Narrowing) int {
		if a.Org != b.Org {
			return compare(a.Org, b.Org)
		}
		return compare(a.Group, b.Group)
	})
	r.Narrowed = slices.Compact(r.Narrowed)
}

// merged sorts the policies and merges those of one owner, in place.
func merged(all []OwnerPolicy) []OwnerPolicy {
	for i := range all {
		all[i].normalise()
	}
	slices.SortStableFunc(all, func(a, b OwnerPolicy) int { return compare(a.Owner, b.Owner) })
	out := all[:0]
	for _, p := range all {
		if n := len(out); n > 0 && out[n-1].Owner == p.Owner {
			out[n-1] = out[n-1].meet(p)
			continue
		}
		out = append(out, p)
	}
	return out
}

func (p *OwnerPolicy) normalise() {
	p.Recipients = sorted(p.Recipients)
	p.Recipients = slices.DeleteFunc(p.Recipients, func(id ID) bool { return id == p.Owner })
	p.Communities = sorted(p.Communities)
	if p.Anyone {
		p.Recipients, p.Communities, p.Clients = nil, nil, false
	}
}

// meet is the policy that admits only readers whom p and q, of one owner,
// both admit. A community's members and an organisation's clients are not
// known here, so a recipient list met with a community keeps the recipients
// only where both name them, and clients are kept of those recipients only,
// and where both let them be told.
func (p OwnerPolicy) meet(q OwnerPolicy) OwnerPolicy {
	both := OwnerPolicy{
		Owner:       p.Owner,
		Recipients:  intersect(p.Recipients, q.Recipients),
		Communities: intersect(p.Communities, q.Communities),
		Clients:     p.Clients && q.Clients,
	}
	switch {
	case p.Anyone:
		both = q
	case q.Anyone:
		both = p
	}
	both.ShownOnly = p.ShownOnly || q.ShownOnly
	return both
}

// Join is the rule of a whole made of parts: it admits a reader only if both
// r and other do. It is commutative, associative and idempotent.
func (r Rule) Join(other Rule) Rule {
	j := Rule{
		Levels:   slices.Concat(r.Levels, other.Levels),
		ReadIns:  slices.Concat(r.ReadIns, other.ReadIns),
		Circled:  r.Circled || other.Circled,
		Narrowed: slices.Concat(r.Narrowed, other.Narrowed),
	}
	for _, a := range slices.Concat(r.Audience, other.Audience) {
		j.Audience = append(j.Audience, Audience{slices.Clone(a.Countries), slices.Clone(a.Communities)})
	}
	j.Owners, j.Within = joined(r.Owners, other.Owners), joined(r.Within, other.Within)
	switch {
	case r.Circled && other.Circled:
		j.Circle = intersect(sorted(slices.Clone(r.Circle)), sorted(slices.Clone(other.Circle)))
	case r.Circled:
		j.Circle = slices.Clone(r.Circle)
	case other.Circled:
		j.Circle = slices.Clone(other.Circle)
	}
	j.Normalise()
	return j
}

func joined(a, b []OwnerPolicy) []OwnerPolicy {
	var all []OwnerPolicy
	for _, p := range slices.Concat(a, b) {
		p.Recipients, p.Communities = slices.Clone(p.Recipients), slices.Clone(p.Communities)
		all = append(all, p)
	}
	return all
}

// Found is the rule r as that of a portion in which words under the rule source were
// found: it admits only readers whom source admits as well, and has the owners that it
// had.
func (r Rule) Found(source Rule) Rule {
	j := r.Join(Rule{
		Levels: source.Levels, ReadIns: source.ReadIns, Audience: source.Audience, Circled: source.Circled, Circle: source.Circle,
		Narrowed: source.Narrowed, Within: slices.Concat(source.Owners, source.Within),
	})
	return j.While(r)
}

// ForExport is the rule that a reader must meet to keep a copy of a portion, and
// not only read it. Recipients keep no copy of a portion that its owner gave to
// be shown only.
func (r Rule) ForExport() Rule {
	r.Owners, r.Within = forExport(r.Owners), forExport(r.Within)
	return r
}

func forExport(all []OwnerPolicy) []OwnerPolicy {
	all = slices.Clone(all)
	for i, p := range all {
		if p.ShownOnly {
			all[i] = OwnerPolicy{Owner: p.Owner, ShownOnly: true}
		}
	}
	return all
}

// OwnerIDs lists the owners in order.
func (r Rule) OwnerIDs() []ID {
	ids := make([]ID, len(r.Owners))
	for i, p := range r.Owners {
		ids[i] = p.Owner
	}
	return ids
}

// While is the rule with what holds only for a while as it is in other.
func (r Rule) While(other Rule) Rule {
	r.Waiting, r.Former = other.Waiting, other.Former
	return r
}

// Encode is the canonical form of a normalised rule.
func (r Rule) Encode() []byte {
	b, err := json.Marshal(r)
	if err != nil {
		panic("cordon: a rule always encodes: " + err.Error())
	}
	return b
}

// Digest is the SHA-256 of the canonical form. It is bound to the ciphertext
// of every portion that the rule governs.
func (r Rule) Digest() [32]byte { return sha256.Sum256(r.Encode()) }

// No is the rule's number.
func (r Rule) No() RuleNo {
	d := r.Digest()
	return RuleNo(binary.BigEndian.Uint64(d[:8]) >> 1)
}

func sorted[T ~string](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}

func intersect[T ~string](a, b []T) []T {
	var out []T
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

func compare[T ~string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
