package modeltest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/needtoknow"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
	"cordon/marking"
)

// world is the program and the model side by side.
type world struct {
	*casetest.World
	h        history
	requests []*request
	segments int
	// touched are the reports that the last step was about.
	touched []cordon.ID
	steps   int
	met     map[string]int // what came to pass, for the test of the test
}

// request is a release request, and asked one owner's part of it.
type (
	request struct {
		id, by, org, audience cordon.ID
		portions              []cordon.ID
		expires               time.Time
		parts                 []*asked
		over                  bool               // released or void
		grants                map[cordon.ID]bool // made at the release
	}
	asked struct {
		part, owner     cordon.ID
		portions        []cordon.ID
		decided         bool
		granted, people []cordon.ID
		until           time.Time
	}
)

// The markings and what people hold are few, so that they meet.
var (
	marks = []string{
		"U", "C", "S//NF", "S//REL TO USA, GBR", "S//REL TO USA, FRA, GBR", "TS//SI//REL TO USA, GBR",
		"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED", "(S//REL TO USA, FRA, GBR) (TLP:GREEN)",
	}
	clearances    = []string{"U", "C", "S", "TS", "TS"}
	readIns       = []string{"us:SI", "us:TK"}
	nationalities = []string{"", "", "", "USA", "FRA"}
)

func newWorld(t *rapid.T, c *casetest.World, met map[string]int) *world {
	w := &world{World: c, met: met}
	for _, name := range []string{"HUB", "MERIDIAN", "VALDOR", "TARSIS"} {
		w.h.happened(joined{w.Org[name]})
	}
	for _, o := range []cordon.Organisation{
		{Name: "NEREUS", Country: "GBR", Communities: []string{"FIN-ISAC"}},
		{Name: "OSTARA", Country: "FRA", Communities: []string{"FIN-ISAC", "SEA-ISAC"}},
	} {
		o, err := people.AddOrganisation(context.Background(), w.Local(), o)
		if err != nil {
			t.Fatal(err)
		}
		w.h.happened(joined{o})
	}
	w.h.happened(stands{w.Person["root"]})
	for _, name := range []string{"mara", "ana", "theo"} {
		p := w.Person[name]
		p.Roles = duties
		w.change(t, p)
	}
	sol := w.Person["sol"]
	w.h.happened(stands{sol})
	return w
}

// duties are what everybody does who does not merely read.
var duties = []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer}

func (w *world) now() time.Time { return w.Clock.Now() }

// is fails unless the error is of the kind; without kinds, unless there is none.
func is(t *rapid.T, what string, err error, want ...cordon.Kind) {
	t.Helper()
	switch {
	case err == nil && len(want) == 0:
	case err != nil && len(want) > 0 && slices.Contains(want, cordon.KindOf(err)):
		if cordon.KindOf(err) == cordon.KindNotFound && err != cordon.ErrNotFound {
			t.Fatalf("%s: another not found than that of what is not there: %v", what, err)
		}
	default:
		t.Fatalf("%s: %v, the model says %v", what, err, want)
	}
}

// texts: a segment is fourteen words that stand nowhere else, more than makes a
// quotation.

func word(segment, i int) string {
	const letters = "bcdfghkmpq"
	var b strings.Builder
	for _, digit := range fmt.Sprintf("%d", segment*100+i) {
		b.WriteByte(letters[digit-'0'])
	}
	return "v" + b.String() + "x" // no language makes another form of that
}

func text(segments []int) string {
	var words []string
	for _, s := range segments {
		for i := range 14 {
			words = append(words, word(s, i))
		}
	}
	return strings.Join(words, " ")
}

func (w *world) fresh() int { w.segments++; return w.segments }

// People.

func (w *world) drawPerson(t *rapid.T) cordon.ID {
	return rapid.SampledFrom(w.h.people()).Draw(t, "person")
}

func (w *world) draw(t *rapid.T, p cordon.Person) cordon.Person {
	p.Clearances = map[string]string{"us": rapid.SampledFrom(clearances).Draw(t, "clearance")}
	p.ReadIns = nil
	for _, r := range readIns {
		held := cordon.ReadIn{Compartment: r}
		switch hours := time.Duration(rapid.IntRange(-40, 40).Draw(t, "hours")) * time.Hour; rapid.IntRange(0, 5).Draw(t, r) {
		case 0, 1:
			continue
		case 2:
			held.From = w.now().Add(hours)
		case 3:
			held.Until = w.now().Add(hours)
		}
		p.ReadIns = append(p.ReadIns, held)
	}
	p.Nationality = rapid.SampledFrom(nationalities).Draw(t, "nationality")
	p.Roles = duties
	if rapid.IntRange(0, 9).Draw(t, "no reader") == 9 {
		p.Roles = duties[1:]
	}
	p.Suspended = rapid.IntRange(0, 5).Draw(t, "suspended") == 5
	return p
}

func (w *world) addPerson(t *rapid.T) {
	if len(w.h.people()) > 9 {
		t.Skip("enough")
	}
	var orgs []cordon.ID
	for _, o := range w.h.orgs() {
		orgs = append(orgs, o.ID)
	}
	p := w.draw(t, cordon.Person{Name: fmt.Sprintf("p%d", len(w.h.people())), Org: rapid.SampledFrom(orgs).Draw(t, "org")})
	p, err := people.AddPerson(context.Background(), w.Local(), p)
	is(t, "add a person", err)
	w.h.happened(stands{p})
}

func (w *world) changePerson(t *rapid.T) {
	id := w.drawPerson(t)
	if id == w.ID("root") {
		t.Skip("this person makes the changes")
	}
	w.change(t, w.draw(t, w.h.person(id)))
}

func (w *world) change(t *rapid.T, p cordon.Person) {
	p, err := people.ChangePerson(context.Background(), w.Local(), p)
	is(t, "change a person", err)
	w.h.happened(stands{p})
}

// changeOrg has an organisation join and leave communities, move, and become
// the client of others or cease to be.
func (w *world) changeOrg(t *rapid.T) {
	o := rapid.SampledFrom(w.h.orgs()).Draw(t, "org")
	o.Country = rapid.SampledFrom([]string{o.Country, o.Country, "GBR", "USA", "FRA", ""}).Draw(t, "country")
	o.Communities = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"FIN-ISAC", "SEA-ISAC", "FVEY"}), 0, 2, rapid.ID).Draw(t, "communities")
	o.ClientOf = slices.DeleteFunc(w.someOrgs(t, "client of", 0), func(of cordon.ID) bool { return of == o.ID })
	o, err := people.ChangeOrganisation(context.Background(), w.Local(), o)
	is(t, "change an organisation", err)
	w.h.happened(joined{o})
}

func (w *world) advance(t *rapid.T) {
	w.Clock.Advance(time.Duration(rapid.IntRange(1, 30).Draw(t, "hours")) * time.Hour)
}

// Arrangements.

func (w *world) arrange(t *rapid.T) {
	by := w.worker(t, cordon.RoleReleaseAuthority)
	mark := rapid.SampledFrom([]string{"U", "C", "S//REL TO USA, FRA, GBR", "TLP:GREEN", "TLP:RED", "S//NF"}).Draw(t, "mark")
	draft := arrangement.Draft{Name: "QUIET HARBOUR", Mark: mark, Parties: w.someOrgs(t, "party", 1), Terms: cordon.Terms{
		DefaultMark: rapid.SampledFrom(append(marks, "")).Draw(t, "default"), Withheld: cordon.WithheldSilent,
	}}
	if rapid.Bool().Draw(t, "marks shown") {
		draft.Withheld = cordon.WithheldShowMark
	}
	org := w.h.person(by).Org
	a := &written{
		id: "draft", author: by, org: org, mark: w.parse(t, mark), enforced: w.parse(t, mark), named: []cordon.ID{by},
		parties: append([]cordon.ID{org}, draft.Parties...), communities: w.h.org(org).Communities,
		isAgreement: true, defaultMark: draft.DefaultMark, showWithheld: draft.Withheld == cordon.WithheldShowMark,
	}
	a.recipients = a.parties
	out, err := arrangement.Create(context.Background(), w.By(by), draft)
	then := w.h.with(a)
	var agreeing []cordon.ID // one for each other party
	for _, party := range draft.Parties {
		i := slices.IndexFunc(w.h.people(), func(id cordon.ID) bool {
			p := w.h.person(id)
			return p.Org == party && p.Has(cordon.RoleReleaseAuthority) && then.may(id, a.id, w.now())
		})
		if i >= 0 && party != org {
			agreeing = append(agreeing, w.h.people()[i])
		} else if party != org {
			is(t, "an arrangement that nobody could agree to", err, cordon.KindInvalid)
			return
		}
	}
	if len(agreeing) == 0 || !then.may(by, a.id, w.now()) {
		is(t, "an arrangement that its drafter may not see, or with nobody else", err, cordon.KindInvalid)
		return
	}
	is(t, "arrange", err)
	for _, person := range agreeing {
		if out.State != cordon.ArrangementStateDrafted {
			t.Fatalf("in force before all have agreed: %+v", out)
		}
		out, err = arrangement.Agree(context.Background(), w.By(person), out.ID, out.Proposal.ID)
		is(t, "agree", err)
	}
	w.met["arranged"]++
	a.id = out.ID
	w.h.happened(a)
}

func (w *world) parse(t *rapid.T, mark string) marking.Marks {
	m, err := w.Schemes.Parse(mark)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (w *world) someOrgs(t *rapid.T, label string, least int) []cordon.ID {
	var ids []cordon.ID
	for _, o := range w.h.orgs() {
		ids = append(ids, o.ID)
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(ids), least, 4, rapid.ID).Draw(t, label)
}

// worker is one who holds the role and is not suspended.
func (w *world) worker(t *rapid.T, role cordon.Role) cordon.ID {
	can := slices.DeleteFunc(w.h.people(), func(id cordon.ID) bool {
		p := w.h.person(id)
		return p.Suspended || !p.Has(role)
	})
	return rapid.SampledFrom(can).Draw(t, string(role)) // root always can
}

// Writing.

func (w *world) publish(t *rapid.T) { w.write(t, 0) }
func (w *world) derive(t *rapid.T)  { w.write(t, 3) }

// write publishes a report of up to three portions, each declared to be made
// from some of what there is. Nothing repeats words of something else: that its author
// is asked, and that it waits, the model does not know yet.
func (w *world) write(t *rapid.T, sources int) {
	there := w.h.portions()
	if len(there) > 60 || len(there) == 0 && sources > 0 {
		t.Skip()
	}
	by := w.worker(t, cordon.RoleAuthor)
	// Mostly of portions they may see: else nearly all would be refused.
	near := slices.DeleteFunc(slices.Clone(there), func(p *written) bool { return !w.h.may(by, p.id, w.now()) })
	draft := writing.Draft{Kind: cordon.ReportMemo, Recipients: w.someOrgs(t, "recipient", rapid.IntRange(0, 3).Draw(t, "least"))}
	if rapid.IntRange(0, 2).Draw(t, "names") == 2 {
		draft.Named = rapid.SliceOfNDistinct(rapid.SampledFrom(w.h.people()), 1, 3, rapid.ID).Draw(t, "named")
	}
	if rapid.IntRange(0, 4).Draw(t, "compiled") == 4 {
		draft.Compilation = rapid.SampledFrom([]string{"S//NF", "TLP:AMBER", "TLP:RED", "C"}).Draw(t, "compilation")
	}
	if list := w.h.arrangements(); len(list) > 0 && rapid.Bool().Draw(t, "under an arrangement") {
		ours := slices.DeleteFunc(slices.Clone(list), func(a *written) bool { return !slices.Contains(a.parties, w.h.person(by).Org) })
		if len(ours) > 0 && rapid.IntRange(0, 9).Draw(t, "any arrangement") < 9 {
			list = ours
		}
		draft.Arrangement = rapid.SampledFrom(list).Draw(t, "arrangement").id
	}
	portion := func(i int) (writing.PortionDraft, []int) {
		mine := append(marks, "")
		if sources > 0 {
			mine = []string{"", "", "U", "TLP:CLEAR", "C"} // what it is made from is to weigh
		}
		p := writing.PortionDraft{Kind: cordon.PortionParagraph, Mark: rapid.SampledFrom(mine).Draw(t, "mark")}
		segments := []int{w.fresh()}
		for range rapid.IntRange(0, sources).Draw(t, "sources") {
			from := there
			if len(near) > 0 && rapid.IntRange(0, 9).Draw(t, "any") < 9 {
				from = near
			}
			p.Sources = append(p.Sources, rapid.SampledFrom(from).Draw(t, "source").id)
		}
		p.Text = text(segments)
		return p, segments
	}
	var all [][]int
	title, segments := portion(0)
	if title.Mark == "" {
		title.Mark = "U"
	}
	draft.Title, all = title, append(all, segments)
	for i := range rapid.IntRange(1, 2).Draw(t, "portions") {
		p, segments := portion(i + 1)
		draft.Portions, all = append(draft.Portions, p), append(all, segments)
	}

	want, kind := w.foretell(t, by, draft, all)
	out, err := writing.Publish(context.Background(), w.By(by), draft)
	if kind != 0 {
		w.met["refused "+kind.String()]++
		is(t, "publish", err, kind)
		return
	}
	is(t, "publish", err)
	for i, p := range want {
		p.id, p.report = out.Portions[i].ID, out.Report
		w.h.happened(p)
		if out.Portions[i].Mark != p.mark.Portion() {
			t.Fatalf("portion %d is marked %s, the model says %s", i, out.Portions[i].Mark, p.mark.Portion())
		}
		if len(p.sources) > 0 {
			w.met["derived"]++
		}
	}
	for i, p := range want {
		if open := out.Portions[i].Closed == nil; open != w.h.may(by, p.id, w.now()) {
			t.Fatalf("portion %d: its author is told %v", i, out.Portions[i].Closed)
		}
	}
	w.touched = []cordon.ID{out.Report}
}

// foretell is what publishing will write, or the kind of its refusal.
func (w *world) foretell(t *rapid.T, by cordon.ID, draft writing.Draft, texts [][]int) ([]*written, cordon.Kind) {
	now, org := w.now(), w.h.person(by).Org
	base := written{
		author: by, org: org, recipients: slices.Clone(draft.Recipients), named: append([]cordon.ID{by}, draft.Named...),
		arrangement: draft.Arrangement, communities: w.h.org(org).Communities, compilation: draft.Compilation,
	}
	standard := ""
	if draft.Arrangement != "" {
		a := w.h.portion(draft.Arrangement)
		if !w.h.may(by, a.id, now) {
			return nil, cordon.KindNotFound
		}
		if !slices.Contains(a.parties, org) {
			return nil, cordon.KindConflict
		}
		base.recipients, standard = append(base.recipients, a.parties...), a.defaultMark
	}
	var whole []marking.Marks
	if draft.Compilation != "" {
		whole = append(whole, w.parse(t, draft.Compilation))
	}
	var list []*written
	var together []marking.Marks
	drafts := append([]writing.PortionDraft{draft.Title}, draft.Portions...)
	for _, p := range drafts { // before anything else that may be wrong
		for _, source := range p.Sources {
			if !w.h.may(by, source, now) {
				return nil, cordon.KindNotFound
			}
		}
	}
	for i, p := range drafts {
		one := base
		one.id, one.title, one.place, one.segments = "draft", i == 0, i, texts[i]
		one.sources = append(one.sources, p.Sources...)
		one.sources = append(one.sources, w.h.quoted(org, "", texts[i])...)
		if p.Mark == "" && len(p.Sources) == 0 {
			if p.Mark = standard; p.Mark == "" {
				return nil, cordon.KindInvalid // whatever is found in it
			}
		}
		var marks []marking.Marks
		if p.Mark != "" {
			marks = append(marks, w.parse(t, p.Mark))
		}
		for _, source := range one.sources {
			marks = append(marks, w.h.portion(source).mark)
		}
		if len(marks) == 0 {
			return nil, cordon.KindInvalid
		}
		var err error
		if one.mark = marks[0]; len(one.sources) > 0 {
			if one.mark, err = w.Schemes.RollUp(marks); err != nil {
				return nil, cordon.KindSpill
			}
		}
		if one.enforced, err = w.Schemes.RollUp(append([]marking.Marks{one.mark}, whole...)); err != nil {
			return nil, cordon.KindInvalid
		}
		if w.h.with(&one).nobody(one.id) {
			return nil, cordon.KindSpill
		}
		list, together = append(list, &one), append(together, one.mark)
	}
	if _, err := w.Schemes.RollUp(append(together, whole...)); err != nil {
		return nil, cordon.KindInvalid
	}
	return list, 0
}

// Release.

func (w *world) ask(t *rapid.T) {
	there := w.h.portions()
	if len(there) == 0 {
		t.Skip()
	}
	by, now := w.worker(t, cordon.RoleAuthor), w.now()
	near := slices.DeleteFunc(slices.Clone(there), func(p *written) bool { return !w.h.may(by, p.id, now) })
	if len(near) == 0 || rapid.IntRange(0, 9).Draw(t, "any") == 9 {
		near = there
	}
	shared := slices.DeleteFunc(slices.Clone(near), func(p *written) bool { return len(w.h.owners(p.id)) < 2 })
	if len(shared) > 0 && rapid.Bool().Draw(t, "of several owners") {
		near = shared
	}
	draft := release.RequestDraft{Audience: w.someOrgs(t, "audience", 1)[0]}
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(near), 1, 3, func(p *written) cordon.ID { return p.id }).Draw(t, "portions") {
		draft.Portions = append(draft.Portions, p.id)
	}
	audience := w.h.org(draft.Audience)
	want := map[cordon.ID][]cordon.ID{}
	for _, id := range draft.Portions {
		for _, owner := range w.h.missing(id, audience, &now) {
			want[owner] = append(want[owner], id)
		}
	}
	out, err := release.Ask(context.Background(), w.By(by), draft)
	for _, id := range draft.Portions {
		if !w.h.may(by, id, now) {
			is(t, "ask for what one may not see", err, cordon.KindNotFound)
			return
		}
	}
	if len(want) == 0 {
		is(t, "ask for nothing", err, cordon.KindConflict)
		return
	}
	is(t, "ask", err)
	if len(out.Parts) != len(want) {
		t.Fatalf("%d owners asked, the model says %d", len(out.Parts), len(want))
	}
	r := &request{id: out.ID, by: by, org: w.h.person(by).Org, audience: audience.ID, portions: draft.Portions, expires: out.Expires, grants: make(map[cordon.ID]bool)}
	w.requests = append(w.requests, r)
	for _, o := range w.h.orgs() { // not in the order of the parts, which is by chance
		for _, part := range out.Parts {
			if part.Owner != o.ID {
				continue
			}
			var ids []cordon.ID
			for _, p := range part.Portions {
				ids = append(ids, p.ID)
			}
			if !same(ids, want[o.ID]) {
				t.Fatalf("the part of %s has %v, the model says %v", o.Name, ids, want[o.ID])
			}
			r.parts = append(r.parts, &asked{part: part.ID, owner: o.ID, portions: want[o.ID]})
		}
	}
}

// decide answers a part, in part or whole, for a while or not at all, for all
// of the audience or some of its people.
func (w *world) decide(t *rapid.T) {
	type waiting struct {
		*request
		*asked
	}
	var parts []waiting
	for _, r := range w.requests {
		for _, part := range r.parts {
			if !part.decided && !r.over {
				parts = append(parts, waiting{r, part})
			}
		}
	}
	if len(parts) == 0 {
		t.Skip()
	}
	part := rapid.SampledFrom(parts).Draw(t, "part")
	can := w.authorities(part.owner)
	if len(can) == 0 {
		t.Skip()
	}
	now := w.now()
	answer := release.Decision{Until: now.Add(time.Duration(rapid.IntRange(1, 150).Draw(t, "hours")) * time.Hour)}
	struck := false
	for _, id := range part.asked.portions {
		if rapid.IntRange(0, 4).Draw(t, "granted") > 0 {
			answer.Grant, struck = append(answer.Grant, id), struck || w.h.gone(id)
		}
	}
	var theirs []cordon.ID
	for _, id := range w.h.people() {
		if w.h.person(id).Org == part.audience {
			theirs = append(theirs, id)
		}
	}
	if len(theirs) > 0 && rapid.IntRange(0, 2).Draw(t, "to some") == 0 {
		answer.People = rapid.SliceOfNDistinct(rapid.SampledFrom(theirs), 1, 2, rapid.ID).Draw(t, "people")
	}
	decider := rapid.SampledFrom(can).Draw(t, "decider")
	unread := slices.ContainsFunc(answer.Grant, func(id cordon.ID) bool { return !w.h.mayGrant(decider, id, now) })
	_, err := release.Decide(context.Background(), w.By(decider), part.part, answer)
	part.decided = true
	switch {
	case cordon.KindOf(err) == cordon.KindDenied && err != nil:
		if !unread {
			t.Fatalf("%s may read all that they grant: %v", decider, err)
		}
		part.decided = false
		return
	case !now.Before(part.expires):
		is(t, "decide what has lapsed", err, cordon.KindConflict)
		return
	case struck:
		is(t, "grant what is gone", err, cordon.KindConflict)
		part.decided = false
		return
	}
	is(t, "decide", err)
	if unread {
		t.Fatalf("%s granted what they may not read", decider)
	}
	part.granted, part.people, part.until = answer.Grant, answer.People, answer.Until
	if len(answer.Grant) > 0 {
		w.met["granted"]++
	}
	w.touch(part.asked.portions)
}

// authorities are the release authorities of the organisation.
func (w *world) authorities(org cordon.ID) []cordon.ID {
	return slices.DeleteFunc(w.h.people(), func(id cordon.ID) bool {
		p := w.h.person(id)
		return p.Org != org || p.Suspended || !p.Has(cordon.RoleReleaseAuthority)
	})
}

// release gives out what all owners have agreed to, without what one of them
// refused, or tries to though it is not so.
func (w *world) release(t *rapid.T) {
	if len(w.requests) == 0 {
		t.Skip()
	}
	r := rapid.SampledFrom(w.requests).Draw(t, "request")
	by := w.worker(t, cordon.RoleAuthor)
	if p := w.h.person(r.by); !p.Suspended && p.Has(cordon.RoleAuthor) && rapid.IntRange(0, 4).Draw(t, "anybody") > 0 {
		by = r.by
	}
	now := w.now()
	var refused, yes, shut []cordon.ID
	waiting := false
	for _, part := range r.parts {
		waiting = waiting || !part.decided
	}
	seen, unseen := false, false
	for _, id := range r.portions {
		if !w.h.gone(id) {
			seen, unseen = true, unseen || !w.h.may(by, id, now)
		}
		asked, granted := false, true
		for _, part := range r.parts {
			if slices.Contains(part.portions, id) {
				asked, granted = true, granted && slices.Contains(part.granted, id)
			}
		}
		switch {
		case !granted:
			refused = append(refused, id)
		case asked:
			yes = append(yes, id)
		}
	}
	var without []cordon.ID
	if rapid.IntRange(0, 4).Draw(t, "all of it") > 0 {
		without = refused
	}
	lacks, ended, gone := false, false, false
	for _, id := range yes {
		gone = gone || w.h.gone(id)
		if !w.h.gone(id) && !w.h.may(by, id, now) {
			shut = append(shut, id)
		}
		for _, owner := range w.h.missing(id, w.h.org(r.audience), &now) {
			lacks = lacks || !slices.ContainsFunc(r.parts, func(a *asked) bool { return a.owner == owner && slices.Contains(a.portions, id) })
		}
	}
	given := make(map[cordon.ID][]cordon.ID)
	for _, part := range r.parts {
		for _, id := range part.granted {
			if slices.Contains(yes, id) {
				given[part.owner] = append(given[part.owner], id)
				ended = ended || !now.Before(part.until)
			}
		}
	}
	out, err := release.Release(context.Background(), w.By(by), r.id, without)
	switch {
	case w.h.person(by).Org != r.org || by != r.by && (!seen || unseen):
		is(t, "release another's", err, cordon.KindNotFound)
	case r.over || !now.Before(r.expires):
		is(t, "release what is over", err, cordon.KindConflict)
	case waiting:
		is(t, "release before all have answered", err, cordon.KindConflict)
	case len(refused) > len(without):
		is(t, "release what was refused", err, cordon.KindConflict)
	case len(yes) == 0:
		is(t, "release nothing", err, cordon.KindConflict)
	case len(shut) > 0:
		is(t, "release what one may not see", err, cordon.KindNotFound)
	case gone || ended || lacks:
		is(t, "release what does not hold any more", err, cordon.KindConflict)
	default:
		is(t, "release", err)
		w.met["released"]++
		r.over = true
		for _, p := range out.Parts {
			for _, part := range r.parts {
				if part.part == p.ID && len(given[part.owner]) > 0 {
					r.grants[p.Grant] = true
					w.h.happened(granted{p.Grant, part.owner, r.audience, given[part.owner], part.people, part.until})
				}
			}
		}
	}
	w.touch(r.portions)
}

// revise puts another wording in the place of a portion, which keeps some of
// it, or repeats something else.
func (w *world) revise(t *rapid.T) {
	there := w.h.portions()
	if len(there) == 0 || len(there) > 60 {
		t.Skip()
	}
	by, now := w.worker(t, cordon.RoleAuthor), w.now()
	mine := slices.DeleteFunc(slices.Clone(there), func(p *written) bool { return p.org != w.h.person(by).Org || !w.h.may(by, p.id, now) })
	if len(mine) == 0 || rapid.IntRange(0, 9).Draw(t, "any") == 9 {
		mine = there
	}
	p := rapid.SampledFrom(mine).Draw(t, "portion")
	segments := []int{w.fresh()}
	if rapid.Bool().Draw(t, "keeps some") {
		segments = append(segments, p.segments[0])
	}
	slices.Sort(segments)
	segments = slices.Compact(segments)
	revision := writing.Revision{Mark: rapid.SampledFrom([]string{"", "", "", "U", "C", "S//NF", "TLP:AMBER"}).Draw(t, "mark"), Text: text(segments)}
	if rapid.IntRange(0, 3).Draw(t, "sources") == 0 {
		revision.Sources = append(revision.Sources, rapid.SampledFrom(there).Draw(t, "source").id)
	}

	org := w.h.person(by).Org
	one := *p
	one.id, one.author, one.segments, one.communities = "draft", by, segments, w.h.org(org).Communities
	one.sources = append([]cordon.ID{p.id}, revision.Sources...)
	one.sources = append(one.sources, w.h.quoted(org, p.id, segments)...)
	one.recipients, one.named = w.h.recipients(p.id, org), append(w.h.inner(p.id), by)
	kind := w.rewrite(t, by, p, &one, revision)
	out, err := writing.Revise(context.Background(), w.By(by), string(p.report), p.id, revision)
	if kind != 0 {
		w.met["refused "+kind.String()]++
		is(t, "revise", err, kind)
		return
	}
	is(t, "revise", err)
	if out.Mark != one.mark.Portion() {
		t.Fatalf("revised, it is marked %s, the model says %s", out.Mark, one.mark.Portion())
	}
	one.id = out.ID
	w.h.happened(&one)
	w.h.happened(revised{p.id, one.id})
	w.met["revised"]++
	if open := out.Closed == nil; open != w.h.may(by, one.id, w.now()) {
		t.Fatalf("revised: its author is told %v", out.Closed)
	}
	var ended []cordon.ID
	for _, r := range w.requests {
		if !slices.ContainsFunc(r.portions, func(id cordon.ID) bool { return w.h.portion(id).report == p.report }) {
			continue
		}
		r.over = true
		for g := range all[granted](&w.h) {
			if r.grants[g.id] && w.h.holds(g, now) {
				w.met["voided"]++
				ended = append(ended, g.id)
			}
		}
	}
	for _, id := range ended {
		w.h.happened(revoked{id})
	}
	w.touched = []cordon.ID{p.report}
}

// rewrite finds the marking of a revised portion, or the kind of its refusal.
func (w *world) rewrite(t *rapid.T, by cordon.ID, p, one *written, revision writing.Revision) cordon.Kind {
	now := w.now()
	if !w.h.may(by, p.id, now) || w.h.person(by).Org != p.org {
		return cordon.KindNotFound
	}
	for _, source := range revision.Sources {
		if !w.h.may(by, source, now) {
			return cordon.KindNotFound
		}
	}
	var marks []marking.Marks
	if revision.Mark != "" {
		marks = append(marks, w.parse(t, revision.Mark))
	}
	for _, source := range one.sources {
		marks = append(marks, w.h.portion(source).mark)
	}
	var err error
	if one.mark, err = w.Schemes.RollUp(marks); err != nil {
		return cordon.KindSpill
	}
	whole := []marking.Marks{one.mark}
	if p.compilation != "" {
		whole = append(whole, w.parse(t, p.compilation))
	}
	if one.enforced, err = w.Schemes.RollUp(whole); err != nil {
		return cordon.KindInvalid
	}
	if w.h.with(one).nobody(one.id) {
		return cordon.KindSpill
	}
	return 0
}

func (w *world) revoke(t *rapid.T) {
	var grants []granted
	for g := range all[granted](&w.h) {
		grants = append(grants, g)
	}
	if len(grants) == 0 {
		t.Skip()
	}
	g := rapid.SampledFrom(grants).Draw(t, "grant")
	by := w.worker(t, cordon.RoleReleaseAuthority)
	if rapid.Bool().Draw(t, "by its owner") {
		for _, id := range w.h.people() {
			if p := w.h.person(id); p.Org == g.owner && !p.Suspended && p.Has(cordon.RoleReleaseAuthority) {
				by = id
			}
		}
	}
	err := release.Revoke(context.Background(), w.By(by), g.id)
	switch {
	case w.h.person(by).Org != g.owner:
		is(t, "revoke another's", err, cordon.KindNotFound)
	case !w.h.holds(g, w.now()):
		is(t, "revoke what has ended", err, cordon.KindConflict)
	default:
		is(t, "revoke", err)
		w.met["revoked"]++
		w.h.happened(revoked{g.id})
	}
	w.touch(g.portions)
}

func (w *world) touch(portions []cordon.ID) {
	w.touched = nil
	for _, id := range portions {
		if r := w.h.portion(id).report; !slices.Contains(w.touched, r) {
			w.touched = append(w.touched, r)
		}
	}
}

// Containment.

// mine says whether an organisation may contain the portions.
func (w *world) mine(org cordon.ID, portions []*written) bool {
	for _, p := range portions {
		if p.org != org && !slices.Contains(w.h.owners(p.id), org) {
			return false
		}
	}
	return true
}

// officer is one of those who may contain the portions, or now and then one
// who may not.
func (w *world) officer(t *rapid.T, portions []*written) cordon.ID {
	by := w.worker(t, cordon.RoleSecurityOfficer)
	if rapid.IntRange(0, 4).Draw(t, "any officer") > 0 {
		for _, id := range w.h.people() {
			if p := w.h.person(id); !p.Suspended && p.Has(cordon.RoleSecurityOfficer) && w.mine(p.Org, portions) {
				by = id
			}
		}
	}
	return by
}

func (w *world) contain(t *rapid.T, by cordon.ID, plan contain.Plan) (contain.Contained, error) {
	incident, err := contain.OpenIncident(context.Background(), w.By(by), "It is out", nil)
	is(t, "open an incident", err)
	return contain.Contain(context.Background(), w.By(by), incident.ID, plan)
}

func (w *world) strike(t *rapid.T) {
	there := w.h.portions()
	if len(there) == 0 || rapid.Bool().Draw(t, "spared") {
		t.Skip()
	}
	targets := rapid.SliceOfNDistinct(rapid.SampledFrom(there), 1, 2, func(p *written) cordon.ID { return p.id }).Draw(t, "targets")
	var ids, want []cordon.ID
	before := false
	for _, p := range targets {
		ids, before = append(ids, p.id), before || w.h.struck(p.id)
	}
	for _, p := range w.h.madeFrom(ids) {
		if !w.h.struck(p.id) {
			want = append(want, p.id)
		}
	}
	by := w.officer(t, targets)
	done, err := w.contain(t, by, contain.Plan{Strike: ids})
	switch {
	case !w.mine(w.h.person(by).Org, targets):
		is(t, "strike what is not one's own", err, cordon.KindNotFound)
	case before:
		is(t, "strike what was struck", err, cordon.KindConflict)
	default:
		is(t, "strike", err)
		if !same(done.Struck, want) {
			t.Fatalf("struck %v, the model says %v", done.Struck, want)
		}
		w.met["struck"] += len(want)
		w.h.happened(struck{w.h.wordings(ids)})
		w.touch(want)
	}
}

func (w *world) limit(t *rapid.T) {
	if len(w.h.reports()) == 0 {
		t.Skip()
	}
	l := limited{
		rapid.SampledFrom(w.h.reports()).Draw(t, "report"),
		rapid.SliceOfNDistinct(rapid.SampledFrom(w.h.people()), 2, 5, rapid.ID).Draw(t, "circle"),
	}
	var live []*written
	var ids []cordon.ID
	for _, p := range w.h.of(l.report) {
		if !w.h.gone(p.id) {
			live, ids = append(live, p), append(ids, p.id)
		}
	}
	by := w.officer(t, live)
	then := w.h.with(l)
	shut := false
	for _, id := range ids {
		shut = shut || closed(then.circles(id))
	}
	_, err := w.contain(t, by, contain.Plan{Limit: []contain.Limit{{Report: l.report, Circle: l.circle}}})
	switch {
	case len(live) == 0 || !w.mine(w.h.person(by).Org, live):
		is(t, "limit what is not one's own", err, cordon.KindNotFound)
	case shut:
		is(t, "limit to nobody", err, cordon.KindConflict)
	default:
		is(t, "limit", err)
		w.met["limited"]++
		w.h.happened(l)
		w.touch(ids)
	}
}

// Need to know.

// someOf draws some of an organisation's people; nobody where it has none.
func (w *world) someOf(t *rapid.T, org cordon.ID) []cordon.ID {
	var ids []cordon.ID
	for _, id := range w.h.people() {
		if w.h.person(id).Org == org {
			ids = append(ids, id)
		}
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, 2, rapid.ID).Draw(t, "people")
}

// group makes a need-to-know group, or changes one: who is in it, or that
// everyone is.
func (w *world) group(t *rapid.T) {
	by := w.worker(t, cordon.RoleSecurityOfficer)
	g := grouped{org: w.h.person(by).Org, people: w.someOf(t, w.h.person(by).Org)}
	g.everyone = rapid.IntRange(0, 4).Draw(t, "everyone") == 4
	draft := needtoknow.GroupDraft{Name: fmt.Sprintf("group %d", len(w.h.events)), Everyone: g.everyone, People: g.people}
	var mine []cordon.ID
	for made := range all[grouped](&w.h) {
		if made.org == g.org {
			mine = append(mine, made.id)
		}
	}
	if len(mine) == 0 || rapid.IntRange(0, 2).Draw(t, "new") == 0 {
		out, err := needtoknow.AddGroup(context.Background(), w.By(by), draft)
		is(t, "make a group", err)
		g.id = out.ID
	} else {
		g.id = rapid.SampledFrom(mine).Draw(t, "group")
		_, err := needtoknow.ChangeGroup(context.Background(), w.By(by), g.id, draft)
		is(t, "change a group", err)
		w.met["groups changed"]++
	}
	w.h.happened(g)
}

// narrow narrows a report, or all that is under an arrangement, to a group or
// to people.
func (w *world) narrow(t *rapid.T) {
	by, now := w.worker(t, cordon.RoleSecurityOfficer), w.now()
	org := w.h.person(by).Org
	n := narrowed{org: org}
	var to needtoknow.To
	for g := range all[grouped](&w.h) {
		if g.org == org && (to.Group == "" || rapid.Bool().Draw(t, "this one")) {
			to.Group = g.id
		}
	}
	if to.Group == "" || rapid.IntRange(0, 3).Draw(t, "people") == 0 {
		to = needtoknow.To{People: w.someOf(t, org)}
	}
	var err error
	var out cordon.NeedToKnow
	seen := false
	switch list := w.h.arrangements(); {
	case len(list) > 0 && rapid.Bool().Draw(t, "an arrangement"):
		near := slices.DeleteFunc(slices.Clone(list), func(a *written) bool { return !w.h.may(by, a.id, now) || !slices.Contains(a.parties, org) })
		if len(near) > 0 && rapid.IntRange(0, 9).Draw(t, "any arrangement") < 9 {
			list = near
		}
		a := rapid.SampledFrom(list).Draw(t, "arrangement")
		n.arrangement, seen = a.id, w.h.may(by, a.id, now) && slices.Contains(a.parties, org)
		out, err = needtoknow.Arrangement(context.Background(), w.By(by), a.id, to)
	case len(w.h.reports()) > 0:
		sees := func(report cordon.ID) bool {
			return slices.ContainsFunc(w.h.of(report), func(p *written) bool { return w.h.may(by, p.id, now) })
		}
		reports := w.h.reports()
		if near := slices.DeleteFunc(slices.Clone(reports), func(r cordon.ID) bool { return !sees(r) }); len(near) > 0 && rapid.IntRange(0, 9).Draw(t, "any report") < 9 {
			reports = near
		}
		n.report = rapid.SampledFrom(reports).Draw(t, "report")
		seen = sees(n.report)
		out, err = needtoknow.Report(context.Background(), w.By(by), n.report, to)
		w.touched = []cordon.ID{n.report}
	default:
		t.Skip()
	}
	if !seen {
		is(t, "narrow what one may not see", err, cordon.KindNotFound)
		return
	}
	is(t, "narrow", err)
	w.met["narrowed"]++
	if n.group = out.Group; to.Group == "" {
		w.h.happened(grouped{id: out.Group, org: org, people: to.People})
	}
	w.h.happened(n)
}

// same compares lists without regard to order.
func same(a, b []cordon.ID) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
