// Package modeltest drives the use-cases through random histories and holds
// them, step by step, against a model that is slow and plain: it keeps nothing
// but what happened, and goes through all of it for every question.
//
// The model shares no code with package access and joins no rules. Of the
// program it uses the vocabulary and what a single marking means.
package modeltest

import (
	"iter"
	"slices"
	"time"

	"cordon"
	"cordon/marking"
)

// history is what happened, in order: values of the types below.
type history struct{ events []any }

type (
	// stands is a person added, or changed to what they are now.
	stands struct{ cordon.Person }
	// joined is an organisation added, or changed to what it is now.
	joined struct{ cordon.Organisation }
	// written is a portion written; an arrangement is written like one.
	written struct {
		id, report   cordon.ID
		title        bool
		place        int // in its report
		author, org  cordon.ID
		mark         marking.Marks // as it is shown
		compilation  string
		enforced     marking.Marks // with the compilation's
		recipients   []cordon.ID
		named        []cordon.ID // the author among them
		sources      []cordon.ID
		segments     []int
		arrangement  cordon.ID
		communities  []string // the owner's, when it was written
		isAgreement  bool
		defaultMark  string // of an arrangement
		showWithheld bool   // of an arrangement
		parties      []cordon.ID
	}
	granted struct {
		id, owner, to cordon.ID
		portions      []cordon.ID
		people        []cordon.ID // none is all
		until         time.Time
	}
	revoked struct{ grant cordon.ID }
	// revised is a portion that got another wording, as another portion.
	revised struct{ from, to cordon.ID }
	struck  struct{ targets []cordon.ID }
	// grouped is a need-to-know group made, or changed to what it is now.
	grouped struct {
		id, org  cordon.ID
		everyone bool
		people   []cordon.ID
	}
	// narrowed is what an organisation asked of its own people.
	narrowed struct{ org, group, report, arrangement cordon.ID }
	limited  struct {
		report cordon.ID
		circle []cordon.ID
	}
)

func (h *history) happened(event any) { h.events = append(h.events, event) }

// with is the history had this happened too.
func (h *history) with(event any) *history {
	return &history{append(slices.Clone(h.events), event)}
}

// all is everything of one kind that happened, in order.
func all[E any](h *history) iter.Seq[E] {
	return func(yield func(E) bool) {
		for _, event := range h.events {
			if e, ok := event.(E); ok && !yield(e) {
				return
			}
		}
	}
}

func (h *history) person(id cordon.ID) (p cordon.Person) {
	for s := range all[stands](h) {
		if s.ID == id {
			p = s.Person
		}
	}
	return p
}

func (h *history) people() (ids []cordon.ID) {
	for s := range all[stands](h) {
		if !slices.Contains(ids, s.ID) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func (h *history) org(id cordon.ID) (o cordon.Organisation) {
	for j := range all[joined](h) {
		if j.ID == id {
			o = j.Organisation
		}
	}
	return o
}

func (h *history) orgs() (list []cordon.Organisation) {
	var ids []cordon.ID
	for j := range all[joined](h) {
		if !slices.Contains(ids, j.ID) {
			ids = append(ids, j.ID)
		}
	}
	for _, id := range ids {
		list = append(list, h.org(id))
	}
	return list
}

func (h *history) portion(id cordon.ID) (p *written) {
	for w := range all[*written](h) {
		if w.id == id {
			p = w
		}
	}
	return p
}

// portions are those of every report, titles too, in the order written.
func (h *history) portions() (list []*written) {
	for w := range all[*written](h) {
		if !w.isAgreement {
			list = append(list, w)
		}
	}
	return list
}

func (h *history) live() (list []*written) {
	for _, w := range h.portions() {
		if !h.gone(w.id) {
			list = append(list, w)
		}
	}
	return list
}

func (h *history) reports() (ids []cordon.ID) {
	for _, w := range h.portions() {
		if w.title && !slices.Contains(ids, w.report) {
			ids = append(ids, w.report)
		}
	}
	return ids
}

// gone says that the portion is struck or has another wording in its place.
func (h *history) gone(id cordon.ID) bool {
	for r := range all[revised](h) {
		if r.from == id {
			return true
		}
	}
	return h.struck(id)
}

func (h *history) of(report cordon.ID) (list []*written) {
	for _, w := range h.portions() {
		if w.report == report {
			list = append(list, w)
		}
	}
	slices.SortStableFunc(list, func(a, b *written) int { return a.place - b.place })
	return list
}

func (h *history) arrangements() (list []*written) {
	for w := range all[*written](h) {
		if w.isAgreement {
			list = append(list, w)
		}
	}
	return list
}

// ancestry is the portion and all that it was made from.
func (h *history) ancestry(id cordon.ID) []*written {
	line := []*written{h.portion(id)}
	for i := 0; i < len(line); i++ {
		for _, source := range line[i].sources {
			if !slices.ContainsFunc(line, func(w *written) bool { return w.id == source }) {
				line = append(line, h.portion(source))
			}
		}
	}
	return line
}

// madeFrom is the portions, struck ones too, of which one of the ids, or an
// older wording of it, is an ancestor.
func (h *history) madeFrom(ids []cordon.ID) (list []*written) {
	ids = h.wordings(ids)
	for _, w := range h.portions() {
		if slices.ContainsFunc(h.ancestry(w.id), func(a *written) bool { return slices.Contains(ids, a.id) }) {
			list = append(list, w)
		}
	}
	return list
}

// wordings adds to the ids the older wordings of them.
func (h *history) wordings(ids []cordon.ID) []cordon.ID {
	ids = slices.Clone(ids)
	for i := 0; i < len(ids); i++ {
		for r := range all[revised](h) {
			if r.to == ids[i] && !slices.Contains(ids, r.from) {
				ids = append(ids, r.from)
			}
		}
	}
	return ids
}

func (h *history) struck(id cordon.ID) bool {
	for s := range all[struck](h) {
		for _, a := range h.ancestry(id) {
			if slices.Contains(s.targets, a.id) {
				return true
			}
		}
	}
	return false
}

func (h *history) owners(id cordon.ID) (ids []cordon.ID) {
	for _, a := range h.ancestry(id) {
		if !slices.Contains(ids, a.org) {
			ids = append(ids, a.org)
		}
	}
	return ids
}

// may says whether the person may read the portion at the instant; or know of
// the arrangement.
func (h *history) may(person, portion cordon.ID, now time.Time) bool {
	p := h.person(person)
	if p.Suspended || h.gone(portion) {
		return false
	}
	org := h.org(p.Org)
	for _, a := range h.ancestry(portion) {
		if !cleared(p, a, now) || !addressed(a, []string{org.Country, p.Nationality}, org.Communities) {
			return false
		}
	}
	for _, owner := range h.owners(portion) {
		if !h.given(owner, portion, org) && !h.waived(owner, portion, org.ID, person, now) {
			return false
		}
	}
	for _, circle := range h.circles(portion) {
		if !slices.Contains(circle, person) {
			return false
		}
	}
	return h.needsToKnow(p, portion)
}

// mayGrant says whether nothing of the person's own keeps the portion from them:
// that other owners have not given it, or that it is not addressed to their
// organisation, keeps nobody from answering for what is theirs.
func (h *history) mayGrant(person, portion cordon.ID, now time.Time) bool {
	p := h.person(person)
	org := h.org(p.Org)
	for _, a := range h.ancestry(portion) {
		ours := addressed(a, []string{org.Country}, org.Communities)
		if !cleared(p, a, now) || ours && !addressed(a, []string{org.Country, p.Nationality}, org.Communities) {
			return false
		}
	}
	for _, circle := range h.circles(portion) {
		if !slices.Contains(circle, person) {
			return false
		}
	}
	return h.needsToKnow(p, portion)
}

// needsToKnow says whether the person is in every group that their organisation
// narrowed the portion to, or anything that it was made from.
func (h *history) needsToKnow(p cordon.Person, portion cordon.ID) bool {
	for n := range all[narrowed](h) {
		if n.org != p.Org || h.among(p.ID, n.group) {
			continue
		}
		for _, a := range h.ancestry(portion) {
			if !a.isAgreement && (a.report == n.report || n.arrangement != "" && a.arrangement == n.arrangement) {
				return false
			}
		}
	}
	return true
}

// among says whether the person is in the group as it is now.
func (h *history) among(person, group cordon.ID) (in bool) {
	for g := range all[grouped](h) {
		if g.id == group {
			in = g.everyone || slices.Contains(g.people, person)
		}
	}
	return in
}

// ladder is the clearances of scheme us as the manual has them.
var ladder = []string{"U", "C", "S", "TS"}

func cleared(p cordon.Person, a *written, now time.Time) bool {
	for _, m := range a.enforced {
		if slices.Index(ladder, p.Clearances[m.Scheme()]) < m.Rule().Level && m.Rule().Level > 0 {
			return false
		}
		for _, readIn := range m.Rule().ReadIns {
			held := false
			for _, r := range p.ReadIns {
				begun, ended := !r.From.After(now), !r.Until.IsZero() && !r.Until.After(now)
				held = held || r.Compartment == m.Scheme()+":"+readIn && begun && !ended
			}
			if !held {
				return false
			}
		}
	}
	return true
}

func addressed(a *written, countries, communities []string) bool {
	for _, m := range a.enforced {
		for _, clause := range m.Rule().Audience {
			if !share(clause.Countries, countries) && !share(clause.Communities, communities) {
				return false
			}
		}
	}
	return true
}

// given says whether the owner let the organisation have the portion without
// being asked: as a recipient of everything of its own in there, as a member of
// a community that it let have all of it, or as the client of one to whom it
// gave all of it in such a way. The three are not mixed.
func (h *history) given(owner, portion cordon.ID, org cordon.Organisation) bool {
	if org.ID == owner {
		return true
	}
	recipient, member, through := true, slices.Clone(org.Communities), slices.Clone(org.ClientOf)
	for _, a := range h.ancestry(portion) {
		if a.org != owner || a.onward() == marking.OnwardAnyone {
			continue
		}
		recipient = recipient && slices.Contains(a.recipients, org.ID)
		member = slices.DeleteFunc(member, func(c string) bool {
			return a.onward() != marking.OnwardCommunity || !slices.Contains(a.communities, c)
		})
		through = slices.DeleteFunc(through, func(of cordon.ID) bool {
			return a.onward() < marking.OnwardClients || of != owner && !slices.Contains(a.recipients, of)
		})
		if !recipient && len(member) == 0 && len(through) == 0 {
			return false
		}
	}
	return true
}

func (w *written) onward() marking.Onward {
	least := marking.OnwardAnyone
	for _, m := range w.enforced {
		least = min(least, m.Rule().Onward)
	}
	return least
}

// waived says that the owner granted it to the organisation, the person
// included; with no person, to all of it.
func (h *history) waived(owner, portion, org, person cordon.ID, now time.Time) bool {
	for g := range all[granted](h) {
		if len(g.people) > 0 && !slices.Contains(g.people, person) {
			continue
		}
		if g.owner == owner && g.to == org && slices.Contains(g.portions, portion) && h.holds(g, now) {
			return true
		}
	}
	return false
}

func (h *history) holds(g granted, now time.Time) bool {
	for r := range all[revoked](h) {
		if r.grant == g.id {
			return false
		}
	}
	return now.Before(g.until)
}

// circles are the circles that a reader must be in, every one of them.
func (h *history) circles(portion cordon.ID) (circles [][]cordon.ID) {
	for _, a := range h.ancestry(portion) {
		for _, m := range a.enforced {
			if m.Rule().Named {
				circles = append(circles, a.named)
			}
		}
		for l := range all[limited](h) {
			if l.report == a.report && !a.isAgreement {
				circles = append(circles, l.circle)
			}
		}
	}
	return circles
}

// inner are the people who are in every circle of the portion.
func (h *history) inner(portion cordon.ID) (people []cordon.ID) {
	circles := h.circles(portion)
	if len(circles) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(circles[0]), func(id cordon.ID) bool {
		return slices.ContainsFunc(circles, func(c []cordon.ID) bool { return !slices.Contains(c, id) })
	})
}

// recipients are those that the owner gave all of its own in the portion to;
// none where it may be told to anyone anyway.
func (h *history) recipients(portion, owner cordon.ID) (orgs []cordon.ID) {
	for _, o := range h.orgs() {
		any, each := false, true
		for _, a := range h.ancestry(portion) {
			if a.org == owner && a.onward() != marking.OnwardAnyone {
				any, each = true, each && slices.Contains(a.recipients, o.ID)
			}
		}
		if any && each {
			orgs = append(orgs, o.ID)
		}
	}
	return orgs
}

// closed says that circles together name nobody.
func closed(circles [][]cordon.ID) bool {
	if len(circles) == 0 {
		return false
	}
	for _, one := range circles[0] {
		in := true
		for _, c := range circles {
			in = in && slices.Contains(c, one)
		}
		if in {
			return false
		}
	}
	return true
}

// nobody says that no organisation could read the portion without a grant,
// however cleared its people were.
func (h *history) nobody(portion cordon.ID) bool {
	if closed(h.circles(portion)) {
		return true
	}
	for _, o := range h.orgs() {
		if h.addressed(portion, o) && len(h.missing(portion, o, nil)) == 0 {
			return false
		}
	}
	return true
}

func (h *history) addressed(portion cordon.ID, org cordon.Organisation) bool {
	for _, a := range h.ancestry(portion) {
		if !addressed(a, []string{org.Country}, org.Communities) {
			return false
		}
	}
	return true
}

// missing are the owners whose permission the organisation lacks; without an
// instant, whatever was granted.
func (h *history) missing(portion cordon.ID, org cordon.Organisation, now *time.Time) (owners []cordon.ID) {
	for _, owner := range h.owners(portion) {
		if !h.given(owner, portion, org) && (now == nil || !h.waived(owner, portion, org.ID, "", *now)) {
			owners = append(owners, owner)
		}
	}
	return owners
}

// quoted are the live portions that an organisation's text inherits from: those
// of which it repeats a segment, but for what is the organisation's own or in
// what it revises.
func (h *history) quoted(org, revises cordon.ID, text []int) (sources []cordon.ID) {
	var own []int
	var others []*written
	for _, w := range h.live() {
		if w.id == revises || slices.Equal(h.owners(w.id), []cordon.ID{org}) {
			own = append(own, w.segments...)
		} else {
			others = append(others, w)
		}
	}
	for _, w := range others {
		if slices.ContainsFunc(w.segments, func(s int) bool { return slices.Contains(text, s) && !slices.Contains(own, s) }) {
			sources = append(sources, w.id)
		}
	}
	return sources
}

func share(a, b []string) bool {
	for _, x := range a {
		if x != "" && slices.Contains(b, x) {
			return true
		}
	}
	return false
}
