package webui

import (
	"slices"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/reading"
	"cordon/wire"
)

// answersPage lists what is asked of one's organisation.
type answersPage struct {
	frame
	Parts wire.List[wire.ReleasePart]
}

func answers(v *visit) error {
	list, err := httpapi.Do(v.Caller, wire.ListReleaseParts, v.cursor())
	if err != nil {
		return err
	}
	var marks []string
	for _, part := range list.Items {
		for _, p := range part.Portions {
			marks = append(marks, p.Marking)
		}
	}
	return v.show("answers", 200, answersPage{v.frame("Asked of us", marks...), list})
}

// answerPage is one's organisation's part of a request: each paragraph with its
// text, beside the tearline that could be offered in its place.
type answerPage struct {
	frame
	Part       wire.ReleasePart
	Paragraphs []paragraph
	// Tearlines are those of one's own that stand for some of it.
	Tearlines []tearlineOffer
	// Open says that it can be answered, Second that it waits for a second
	// person and this one may be it.
	Open, Second bool
	Proposed     bool
}

type paragraph struct {
	wire.PartPortion
	// Text is empty where one may not read it oneself.
	Text    string
	Granted bool
	// Excluded says that the marking leaves the audience out: no grant opens it
	// to them.
	Excluded bool
	// Ours are the portions of one's own that it was made from.
	Ours []reading.Shown
}

type tearlineOffer struct {
	Report cordon.ID
	// Text is its wording, so that both stand side by side.
	Shown wire.Rendition
}

func answer(v *visit) error { return showAnswer(v, nil) }

func showAnswer(v *visit, problem error) error {
	part, err := httpapi.Do(v.Caller, wire.GetReleasePart, wire.OfPart{Part: v.id("part")})
	if err != nil {
		return err
	}
	view := answerPage{
		Part: part, Open: part.RequestState == wire.RequestOpen && (part.State == cordon.PartPending || part.State == cordon.PartProposed || part.State == cordon.PartGranted),
	}
	view.Proposed = part.Proposal != ""
	view.Second = view.Proposed && part.Proposer != v.me.Person.ID
	texts := make(map[cordon.ID]string)
	var marks []string
	if holds(v.me.Person, cordon.RoleReader) {
		wording, err := httpapi.Do(v.Caller, wire.OpenPart, wire.OfPart{Part: part.ID})
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return err
		}
		for _, w := range wording.Items {
			texts[w.ID] = w.Text
		}
	}
	granted := make(map[cordon.ID]bool)
	for _, id := range part.Granted {
		granted[id] = true
	}
	reports := make(map[cordon.ID]bool)
	ours, err := v.sources(part)
	if err != nil {
		return err
	}
	leavesOut, err := v.leavesOut(part.Audience)
	if err != nil {
		return err
	}
	for _, p := range part.Portions {
		one := paragraph{PartPortion: p, Text: texts[p.ID], Granted: granted[p.ID], Excluded: leavesOut(p.Marking)}
		reports[p.Report] = p.Report != "" && p.Readable
		for _, source := range ours {
			if slices.Contains(p.Sources, source.ID) {
				one.Ours = append(one.Ours, source)
				marks = append(marks, source.Mark)
				reports[source.Report] = true
			}
		}
		view.Paragraphs = append(view.Paragraphs, one)
		marks = append(marks, p.Marking)
	}
	for report, ok := range reports {
		if !ok || !holds(v.me.Person, cordon.RoleReader) {
			continue
		}
		links, err := httpapi.Do(v.Caller, wire.ListTearlines, wire.OfReport{Report: string(report)})
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return err
		}
		if view.Tearlines, err = v.offers(links.Items, view.Tearlines); err != nil {
			return err
		}
	}
	for _, o := range view.Tearlines {
		marks = append(marks, o.Shown.Banner)
	}
	view.frame = v.frame("Answer a request", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	return v.show("answer", status, view)
}

// leavesOut tells of a marking whether it leaves an organisation out as a whole,
// so that an owner's grant does not open to it what is marked so.
func (v *visit) leavesOut(audience wire.Named) (func(mark string) bool, error) {
	all, err := v.organisations()
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(o wire.Organisation) bool { return o.ID == audience.ID })
	return func(mark string) bool {
		marks, err := v.Base.Schemes.Parse(mark)
		if err != nil || at < 0 {
			return false
		}
		for _, rule := range marks.Rules() {
			for _, a := range rule.Rule.Audience {
				in := func(community string) bool { return slices.Contains(a.Communities, community) }
				if !slices.Contains(a.Countries, all[at].Country) && !slices.ContainsFunc(all[at].Communities, in) {
					return true
				}
			}
		}
		return false
	}, nil
}

// onlyTearline is what is said of portions that a grant does not open.
func (v *visit) onlyTearline(excluded int) string {
	say := v.say()
	return say("Portions whose marking leaves the audience out: %d. No grant opens them to it: for those only a tearline helps, or another marking.", excluded)
}

// sources opens the portions of one's own that a part was made from. It is in the
// ledger as any reading.
func (v *visit) sources(part wire.ReleasePart) ([]reading.Shown, error) {
	var ids []cordon.ID
	for _, p := range part.Portions {
		ids = append(ids, p.Sources...)
	}
	if len(ids) == 0 || len(ids) > cordon.MaxPage || !holds(v.me.Person, cordon.RoleReader) {
		return nil, nil
	}
	slices.Sort(ids)
	shown, err := reading.OpenPortions(v.r.Context(), v.by, part.ID, slices.Compact(ids))
	if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
		return nil, nil
	}
	return shown, err
}

// offers opens the tearlines that are linked to, each once.
func (v *visit) offers(links []wire.TearlineLink, known []tearlineOffer) ([]tearlineOffer, error) {
	for _, l := range links {
		there := false
		for _, o := range known {
			there = there || o.Report == l.Tearline
		}
		if there || len(known) == 10 {
			continue
		}
		shown, err := httpapi.Do(v.Caller, wire.OpenReport, wire.OfReport{Report: string(l.Tearline)})
		if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		known = append(known, tearlineOffer{l.Tearline, shown})
	}
	return known, nil
}

// decide answers one's part of a request, once what it does was seen.
func decide(v *visit) error {
	id := v.id("part")
	path := "/answers/" + string(id)
	decision := wire.Decision{
		OfPart: wire.OfPart{Part: id}, ShownOnly: v.is("shown-only"), Known: v.is("known"), Reason: v.text("reason"), Tearline: v.text("tearline"), People: v.listed("people"),
	}
	part, err := httpapi.Do(v.Caller, wire.GetReleasePart, wire.OfPart{Part: id})
	if err != nil {
		return err
	}
	leavesOut, err := v.leavesOut(part.Audience)
	if err != nil {
		return err
	}
	excluded := 0
	for _, p := range part.Portions {
		if v.form.Get("say-"+string(p.ID)) == "grant" {
			decision.Grant = append(decision.Grant, p.ID)
			if leavesOut(p.Marking) {
				excluded++
			}
		}
	}
	if decision.Until, err = v.instant("until"); err != nil {
		return showAnswer(v, err)
	}
	refused := len(part.Portions) - len(decision.Grant)
	then := []string{"A permission takes effect when the organisation that asked releases it; until then you can take it back."}
	if excluded > 0 {
		then = append(then, v.onlyTearline(excluded))
	}
	if decision.ShownOnly {
		then = append(then, "It is shown only: the audience cannot take a copy away.")
	}
	if decision.Tearline != "" {
		then = append(then, "A tearline is offered in place of what is refused.")
	}
	if part.TwoPersons && len(decision.Grant) > 0 {
		then = append(then, "The arrangement asks for two people: a second release authority confirms it.")
	}
	if yes, err := v.sure(preview{
		title: "Answer a request", says: "%s may have %d of the %d portions; %d are refused.",
		args: []any{first(part.Audience.Name, "The audience"), len(decision.Grant) - excluded, len(part.Portions), refused}, do: "Answer so", back: path, then: then, bad: len(decision.Grant) == 0,
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.DecidePart, decision); err != nil {
		return showAnswer(v, err)
	}
	return v.to(path, "decided")
}

// confirmAnswer is the second person's consent.
func confirmAnswer(v *visit) error {
	path := "/answers/" + string(v.id("part"))
	if yes, err := v.sure(preview{
		there: func() error {
			_, err := httpapi.Do(v.Caller, wire.GetReleasePart, wire.OfPart{Part: v.id("part")})
			return err
		},
		title: "Confirm the answer", says: "Your organisation's answer becomes the one that your colleague proposed.", do: "Confirm it", back: path,
		then: []string{"A permission takes effect when the organisation that asked releases it; until then you can take it back."},
	}); !yes || err != nil {
		return err
	}
	_, err := httpapi.Do(v.Caller, wire.ConfirmPart, wire.Confirmation{OfPart: wire.OfPart{Part: v.id("part")}, Proposal: cordon.ID(v.form.Get("proposal"))})
	if err != nil {
		return showAnswer(v, err)
	}
	return v.to(path, "confirmed")
}
