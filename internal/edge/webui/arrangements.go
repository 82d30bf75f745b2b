package webui

import (
	"slices"
	"strconv"
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// arrangementsPage lists the arrangements that somebody may know of.
type arrangementsPage struct {
	frame
	Arrangements wire.List[wire.Arrangement]
}

func arrangements(v *visit) error {
	list, err := httpapi.Do(v.Caller, wire.ListArrangements, v.cursor())
	if err != nil {
		return err
	}
	var marks []string
	for _, a := range list.Items {
		marks = append(marks, a.Marking)
	}
	return v.show("arrangements", 200, arrangementsPage{v.frame("Arrangements", marks...), list})
}

// arrangementPage is one: its terms in plain words, who has agreed, and what is
// proposed beside what holds.
type arrangementPage struct {
	frame
	Arrangement wire.Arrangement
	Terms       []term
	// Waits says that the proposal waits for one's own organisation.
	Waits, Ours bool
	Groups      []wire.Group
	// May says that the person may stop, leave or end it.
	May       bool
	Suspended bool
}

// Draft reports whether nothing holds yet, and Compared whether something that is
// proposed stands beside what holds.
func (p arrangementPage) Draft() bool    { return p.Arrangement.State == cordon.ArrangementStateDrafted }
func (p arrangementPage) Compared() bool { return p.Arrangement.Proposal != nil && !p.Draft() }

// term is one term in plain words: what holds, and what is proposed.
type term struct {
	Name, Holds, Proposed string
	Changed               bool
}

func arrangement(v *visit) error { return showArrangement(v, nil) }

func (v *visit) arrangement() (wire.Arrangement, error) {
	after, err := httpapi.Do(v.Caller, wire.GetArrangement, wire.OfArrangement{Arrangement: string(v.id("arrangement"))})
	if err != nil {
		return wire.Arrangement{}, err
	}
	if after.Arrangement == nil {
		return wire.Arrangement{}, notHere
	}
	return *after.Arrangement, nil
}

func showArrangement(v *visit, problem error) error {
	a, err := v.arrangement()
	if err != nil {
		return err
	}
	us := v.me.Organisation.ID
	view := arrangementPage{Arrangement: a, May: holds(v.me.Person, cordon.RoleSecurityOfficer, cordon.RoleReleaseAuthority)}
	marks := []string{a.Marking, a.DefaultMarking}
	view.Suspended = among(us, a.SuspendedBy)
	holding := v.termsOf(a.ShownTerms, a.Parties, a.Marking)
	for _, name := range termNames {
		view.Terms = append(view.Terms, term{Name: name, Holds: holding[name]})
	}
	if p := a.Proposal; p != nil {
		marks = append(marks, p.Marking, p.DefaultMarking)
		view.Ours, view.Waits = p.By.ID == us, !among(us, p.Agreed)
		proposed := v.termsOf(p.ShownTerms, p.Parties, p.Marking)
		for i := range view.Terms {
			t := &view.Terms[i]
			t.Proposed = proposed[t.Name]
			t.Changed = t.Proposed != t.Holds
		}
	}
	if holds(v.me.Person, cordon.RoleSecurityOfficer) {
		groups, err := httpapi.Do(v.Caller, wire.ListGroups, wire.Page{})
		if err != nil {
			return err
		}
		view.Groups = groups.Items
	}
	view.frame = v.frame("Arrangement", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	return v.show("arrangement", status, view)
}

func among(id cordon.ID, all []wire.Named) bool {
	return slices.ContainsFunc(all, func(n wire.Named) bool { return n.ID == id })
}

var termNames = []string{
	"Parties", "Marking of the arrangement itself", "Marking scheme", "Default marking", "Equivalences", "A withheld portion", "Given to",
	"Passing on", "Copies", "A grant runs at most", "Ends by itself", "Releases are decided by", "In an emergency",
}

// termsOf are the terms in plain words, by their names.
func (v *visit) termsOf(t wire.ShownTerms, parties []wire.Named, mark string) map[string]string {
	say := v.say()
	out := map[string]string{
		"Parties":                           listNames(parties),
		"Marking of the arrangement itself": mark,
		"Marking scheme":                    first(t.Scheme, say("any")),
		"Default marking":                   first(t.DefaultMarking, say("none: every portion is marked")),
		"Equivalences":                      say("none"),
		"A withheld portion":                say("leaves no trace"),
		"Given to":                          first(listNames(t.Recipients), say("all parties")),
		"Passing on":                        map[cordon.Onward]string{cordon.OnwardNever: say("never"), cordon.OnwardParties: say("may be asked for, to parties only"), cordon.OnwardAsk: say("may be asked for, to anybody")}[t.Onward],
		"Copies":                            say("recipients may take copies away"),
		"A grant runs at most":              say("as long as its owner says"),
		"Ends by itself":                    say("never"),
		"Releases are decided by":           say("one release authority"),
		"In an emergency":                   say("nobody may release"),
	}
	if len(t.Equivalences) > 0 {
		var all []string
		for _, e := range t.Equivalences {
			all = append(all, e.From+" = "+e.As)
		}
		out["Equivalences"] = strings.Join(all, "; ")
	}
	if t.Withheld == cordon.WithheldShowMark {
		out["A withheld portion"] = say("shows its mark in its place")
	}
	if t.ShownOnly {
		out["Copies"] = say("shown only: recipients take no copies away")
	}
	if t.LongestSeconds > 0 {
		out["A grant runs at most"] = say("%s days", trimmed(float64(t.LongestSeconds)/86400))
	}
	if !t.Until.IsZero() {
		out["Ends by itself"] = when(t.Until) + " UTC"
	}
	if t.TwoPersons {
		out["Releases are decided by"] = say("two people together")
	}
	if len(t.EmergencyAuthorities) > 0 {
		out["In an emergency"] = say("%s may release for %s hours", listNames(t.EmergencyAuthorities), trimmed(float64(t.EmergencySeconds)/3600))
	}
	return out
}

func (v *visit) say() func(string, ...any) string { return v.look.texts[v.look.language(v.r)].say }

func trimmed(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func listNames(all []wire.Named) string {
	var names []string
	for _, n := range all {
		names = append(names, first(n.Name, string(n.ID)))
	}
	return strings.Join(names, ", ")
}

// termsPage is the form of an arrangement's terms: of a new one, or of an
// amendment.
type termsPage struct {
	frame
	// Of is the arrangement that is amended; nil for a new one.
	Of      *wire.Arrangement
	Orgs    []wire.Organisation
	Schemes []string
	Parties map[cordon.ID]bool
	Chosen  map[cordon.ID]bool
}

func newArrangement(v *visit) error { return showTerms(v, nil, nil) }

func amendArrangement(v *visit) error {
	a, err := v.arrangement()
	if err != nil {
		return err
	}
	f := v.form
	f.Set("version", strconv.Itoa(a.Version))
	f.Set("marking", a.Marking)
	f.Set("scheme", a.Scheme)
	f.Set("default", a.DefaultMarking)
	f.Set("withheld", string(a.Withheld))
	f.Set("onward", string(a.Onward))
	f.Set("until", day(a.Until))
	for box, on := range map[string]bool{"shown-only": a.ShownOnly, "two": a.TwoPersons} {
		if on {
			f.Set(box, "yes")
		}
	}
	if a.LongestSeconds > 0 {
		f.Set("longest", trimmed(float64(a.LongestSeconds)/86400))
	}
	if a.EmergencySeconds > 0 {
		f.Set("emergency-hours", trimmed(float64(a.EmergencySeconds)/3600))
	}
	var lines []string
	for _, e := range a.Equivalences {
		lines = append(lines, e.From+" = "+e.As)
	}
	f.Set("equivalences", strings.Join(lines, "\n"))
	var people []string
	for _, p := range a.EmergencyAuthorities {
		people = append(people, first(p.Name, string(p.ID)))
	}
	f.Set("emergency-people", strings.Join(people, ", "))
	for _, r := range a.Recipients {
		f.Add("recipient", string(r.ID))
	}
	return showTerms(v, &a, nil)
}

func showTerms(v *visit, of *wire.Arrangement, problem error) error {
	view := termsPage{Of: of, Parties: make(map[cordon.ID]bool), Chosen: make(map[cordon.ID]bool)}
	title, marks := "Draft an arrangement", []string(nil)
	if of != nil {
		title, marks = "Amend an arrangement", []string{of.Marking, of.DefaultMarking}
		for _, p := range of.Parties {
			view.Parties[p.ID] = true
		}
	}
	view.frame = v.frame(title, marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if view.Orgs, err = v.organisations(); err != nil {
		return err
	}
	for _, id := range v.ids("party") {
		view.Chosen[id] = true
	}
	for _, s := range v.Base.Schemes.Schemes() {
		view.Schemes = append(view.Schemes, s.Name())
	}
	return v.show("terms", status, view)
}

// terms reads the form of them.
func (v *visit) terms() (t wire.ArrangementTerms, err error) {
	t = wire.ArrangementTerms{
		Scheme: v.text("scheme"), DefaultMarking: v.text("default"), Withheld: cordon.Withheld(v.text("withheld")), Onward: cordon.Onward(v.text("onward")),
		ShownOnly: v.is("shown-only"), TwoPersons: v.is("two"), EmergencyAuthorities: v.listed("emergency-people"),
	}
	for _, id := range v.ids("recipient") {
		t.Recipients = append(t.Recipients, string(id))
	}
	for line := range strings.Lines(v.form.Get("equivalences")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		from, as, ok := strings.Cut(line, "=")
		if !ok {
			return t, wrong("equivalences", "%q is no equivalence: write S//NF = TLP:RED, one a line", line)
		}
		t.Equivalences = append(t.Equivalences, cordon.Equivalence{From: strings.TrimSpace(from), As: strings.TrimSpace(as)})
	}
	if t.LongestSeconds, err = v.span("longest", 86400); err != nil {
		return t, err
	}
	if t.EmergencySeconds, err = v.span("emergency-hours", 3600); err != nil {
		return t, err
	}
	t.Until, err = v.instant("until")
	return t, err
}

// span reads a length of time in a unit of seconds.
func (v *visit) span(name string, unit float64) (int64, error) {
	text := v.text(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 1e6 {
		return 0, wrong(name, "this is not a number: write 30 or 1.5")
	}
	return int64(n * unit), nil
}

// proposal is what will be shown of terms before they are proposed.
func (v *visit) proposal(title, do, back string, partners []string) preview {
	return preview{
		title: title, says: "The terms go to the release authorities of the other parties, and hold when one of each has agreed.", do: do, back: back,
		then: append([]string{"Your organisation has agreed by proposing them."}, partners...), marks: []string{v.text("marking")},
	}
}

func addArrangement(v *visit) error {
	draft := wire.ArrangementDraft{Name: v.text("name"), Marking: v.text("marking"), Named: v.listed("named")}
	for _, id := range v.ids("party") {
		draft.Parties = append(draft.Parties, string(id))
	}
	var err error
	switch draft.ArrangementTerms, err = v.terms(); {
	case err != nil:
	case draft.Name == "":
		err = wrong("name", "give it a name")
	case draft.Marking == "":
		err = wrong("marking", "mark it: the marking says who may know that it exists")
	case len(draft.Parties) == 0:
		err = wrong("parties", "tick at least one other party")
	}
	if err == nil {
		if _, parse := v.Base.Schemes.Parse(draft.Marking); parse != nil {
			err = wrong("marking", "%s", parse)
		}
	}
	if err != nil {
		return showTerms(v, nil, err)
	}
	if yes, err := v.sure(v.proposal("Draft an arrangement", "Propose it", "/arrangements", []string{"Only people who may see its marking learn that it exists."})); !yes || err != nil {
		return err
	}
	after, err := httpapi.Do(v.Caller, wire.AddArrangement, draft)
	if err != nil {
		return showTerms(v, nil, err)
	}
	if after.Arrangement == nil {
		return v.to("/arrangements", "proposed")
	}
	return v.to("/arrangements/"+string(after.ID), "proposed")
}

func proposeAmendment(v *visit) error {
	a, err := v.arrangement()
	if err != nil {
		return err
	}
	amendment := wire.Amendment{OfArrangement: wire.OfArrangement{Arrangement: string(a.ID)}, Marking: v.text("marking"), Named: v.listed("named")}
	amendment.Version, _ = strconv.Atoi(v.form.Get("version"))
	for _, id := range v.ids("party") {
		amendment.Invite = append(amendment.Invite, string(id))
	}
	if amendment.ArrangementTerms, err = v.terms(); err != nil {
		return showTerms(v, &a, err)
	}
	path := "/arrangements/" + string(a.ID)
	if yes, err := v.sure(v.proposal("Amend an arrangement", "Propose them", path, nil)); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.Amend, amendment); err != nil {
		return showTerms(v, &a, err)
	}
	return v.to(path, "proposed")
}

// onArrangement is one of the acts on an arrangement, by the button pressed.
func onArrangement(v *visit) error {
	path := "/arrangements/" + string(v.id("arrangement"))
	of := wire.OfArrangement{Arrangement: string(v.id("arrangement"))}
	proposal := wire.ProposalAnswer{OfArrangement: of, Proposal: cordon.ID(v.form.Get("proposal"))}
	acts := map[string]struct {
		preview preview
		said    string
		do      func() (wire.ArrangementAfter, error)
	}{
		"agree": {preview{says: "Your organisation agrees to exactly these terms.", do: "Agree"}, "agreed", func() (wire.ArrangementAfter, error) { return httpapi.Do(v.Caller, wire.Agree, proposal) }},
		"decline": {preview{says: "The proposal ends. The terms that hold now go on.", do: "Decline it", bad: true}, "declined", func() (wire.ArrangementAfter, error) {
			return httpapi.Do(v.Caller, wire.Decline, proposal)
		}},
		"suspend": {preview{says: "Everything new under this arrangement stops at once, for every party.", do: "Suspend it", bad: true, then: []string{"Information shared before stays as it is.", "Your organisation can resume it."}}, "done", func() (wire.ArrangementAfter, error) {
			return httpapi.Do(v.Caller, wire.SuspendArrangement, of)
		}},
		"resume": {preview{says: "Your organisation's suspension ends.", do: "Resume it"}, "done", func() (wire.ArrangementAfter, error) {
			return httpapi.Do(v.Caller, wire.ResumeArrangement, of)
		}},
		"leave": {preview{says: "Your organisation is a party no longer.", do: "Leave it", bad: true, then: []string{"You may not know of it any more afterwards.", "Information shared under it stays whose it is."}}, "done", func() (wire.ArrangementAfter, error) {
			return httpapi.Do(v.Caller, wire.LeaveArrangement, of)
		}},
		"end": {preview{says: "The arrangement ends for good, for every party.", do: "End it", bad: true, then: []string{"It cannot be taken back.", "Information shared under it stays whose it is."}}, "done", func() (wire.ArrangementAfter, error) {
			return httpapi.Do(v.Caller, wire.EndArrangement, of)
		}},
	}
	one, ok := acts[v.form.Get("do")]
	if !ok {
		return cordon.Errorf(cordon.KindInvalid, "this form is not one that a page of Cordon sent: load the page again")
	}
	one.preview.title, one.preview.back, one.preview.there = "Arrangement", path, v.arrangementThere
	if yes, err := v.sure(one.preview); !yes || err != nil {
		return err
	}
	after, err := one.do()
	if err != nil {
		return showArrangement(v, err)
	}
	if after.Arrangement == nil {
		path = "/arrangements"
	}
	return v.to(path, one.said)
}

func (v *visit) arrangementThere() error {
	_, err := v.arrangement()
	return err
}

// narrowArrangement narrows all that is under an arrangement.
func narrowArrangement(v *visit) error {
	path := "/arrangements/" + string(v.id("arrangement"))
	if yes, err := v.sure(preview{
		there: v.arrangementThere, title: "Narrow an arrangement", says: "From the next request on, nobody else of your organisation can read anything under this arrangement.", do: "Narrow it", back: path, bad: true,
		then: []string{"That goes for all that ever will be under it too.", "Other organisations are not touched by it."},
	}); !yes || err != nil {
		return err
	}
	_, err := httpapi.Do(v.Caller, wire.NarrowArrangement, wire.ArrangementNarrowing{
		OfArrangement:  wire.OfArrangement{Arrangement: string(v.id("arrangement"))},
		NarrowingDraft: wire.NarrowingDraft{Group: v.text("group"), People: v.listed("people")},
	})
	if err != nil {
		return showArrangement(v, at("people", err))
	}
	return v.to(path, "narrowed")
}
