// Package writing publishes, derives and revises reports, and marks a whole by
// compilation. It keeps promise 3: a portion is never freer than its sources.
//
// A writer is asked about passages of what they may see before anything is written. All
// that is written then waits, for everybody but them, until [Compare] has held it against
// everything else. Nothing that they are answered depends on what they may not see.
package writing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/marked"
	"cordon/internal/core/tokens"
	"cordon/marking"
)

// writer decides on one report, or on a portion of it.
type writer struct {
	*act.Snapshot
	orgs        []cordon.Organisation
	terms       access.Terms
	arrangement cordon.Arrangement // the zero value for none
	compilation marking.Marks
	// rulings are those on portions without sources, by the marking asked for.
	rulings map[string]ruling
	// declared are the sources the author names, all of which they may see.
	declared map[cordon.ID]cordon.Portion
	// quoted says that marks in the texts are quoted.
	quoted bool
	// revises is the portion whose wording is replaced; the zero value where a
	// report is written.
	revises cordon.Portion
}

// ruling is how a portion is marked and who may read it.
type ruling struct {
	marks marking.Marks
	rule  cordon.Rule
	no    cordon.RuleNo
}

// decided is a portion decided on.
type decided struct {
	portion     cordon.Portion
	rule        cordon.Rule
	content     content.Body
	derivations []cordon.Derivation
	sources     []cordon.Portion
	raised      bool
	// warnings are of marks in its running text.
	warnings []cordon.Issue
}

// newWriter is the writer of a draft. An arrangement that the author may not
// see is answered like an absent one. One that they may see must be in force at
// this instant, and their organisation a party to it.
func newWriter(s *act.Snapshot, draft Draft) (*writer, error) {
	recipients, err := s.FindOrganisations(draft.Recipients)
	if err != nil {
		return nil, err
	}
	named, err := s.FindPeople(draft.Named)
	if err != nil {
		return nil, err
	}
	w := &writer{Snapshot: s, quoted: draft.Quoted, rulings: make(map[string]ruling), terms: access.Terms{
		Owner:      s.Actor.Org,
		Recipients: recipients,
		Named:      append([]cordon.ID{s.Actor.Person.ID}, named...),
	}}
	if draft.Arrangement != "" {
		if err := w.under(draft.Arrangement); err != nil {
			return nil, err
		}
	}
	for _, id := range w.terms.Recipients {
		if _, err := s.Tx.Organisation(id); err != nil {
			return nil, cordon.InvalidIfAbsent(err, "a recipient organisation is not known here")
		}
	}
	for _, id := range named {
		if _, err := s.Tx.Person(id); err != nil {
			return nil, cordon.InvalidIfAbsent(err, "a person named is not known here")
		}
	}
	if draft.Compilation != "" {
		if w.compilation, err = s.Schemes.Parse(draft.Compilation); err != nil {
			return nil, invalidMark("the compilation", err)
		}
	}
	w.orgs, err = s.Tx.Organisations()
	return w, err
}

// under applies the arrangement's terms to the report's.
func (w *writer) under(arrangement cordon.ID) error {
	a, err := w.Tx.Arrangement(arrangement)
	if err != nil {
		return err
	}
	switch state := a.StateAt(w.Now); {
	case !w.Sees(a.Rule):
		return cordon.ErrNotFound
	case !slices.Contains(a.Parties, w.Actor.Org.ID):
		return cordon.Errorf(cordon.KindConflict, "your organisation is no party to this arrangement: nothing of yours is shared under it")
	case state != cordon.ArrangementStateInForce:
		return cordon.Errorf(cordon.KindConflict, "this arrangement is not in force (%s): nothing new is shared under it", state)
	}
	w.arrangement = a
	w.terms.Recipients, w.terms.ShownOnly = append(w.terms.Recipients, a.GivenTo()...), a.ShownOnly
	w.terms.Narrowed, err = w.Tx.NarrowedUnder(a.ID)
	return err
}

// declare loads the sources that the author names. One that is absent and one
// that is withheld from them are both ErrNotFound; the refusal is in the feeds
// of the owners who withhold it.
func (w *writer) declare(drafts []PortionDraft) error {
	var all []cordon.ID
	for _, p := range drafts {
		all = append(all, p.Sources...)
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	all = slices.Compact(all)
	portions, err := w.Tx.PortionsByID(all)
	if err != nil {
		return err
	}
	w.declared = make(map[cordon.ID]cordon.Portion, len(portions))
	var withheld []cordon.Portion
	for _, p := range portions {
		w.declared[p.ID] = p
		if !w.Decide(p).Allowed() {
			withheld = append(withheld, p)
		}
	}
	if len(withheld) > 0 || len(portions) < len(all) {
		return &act.Refusal{Answer: cordon.ErrNotFound, Act: cordon.ActDerive, Portions: withheld}
	}
	return nil
}

// decide gives the portion its marking and its rule. In are the marks that stand
// in its text.
func (w *writer) decide(report cordon.Report, ordinal int, draft PortionDraft, in []marked.Mark) (decided, error) {
	out := decided{
		portion: cordon.Portion{
			ID: cordon.NewID(), Report: report.ID, Ordinal: ordinal, Kind: draft.Kind,
			State: cordon.PortionLive, Created: report.Created,
		},
		content: content.Body{Ref: draft.Ref, Text: draft.Text},
	}
	w.addSources(&out, draft)
	asked := draft.Mark
	if asked == "" && len(draft.Sources) == 0 {
		asked = w.arrangement.DefaultMark
		if asked == "" {
			return out, errUnmarked
		}
	}
	known, ok := w.rulings[asked]
	if ok && len(out.sources) == 0 {
		out.portion.Mark, out.rule, out.portion.Rule = known.marks.Portion(), known.rule, known.no
		return out, w.hold(&out, known.marks, in)
	}
	marks, raised, err := w.marks(asked, out.sources)
	if err != nil {
		return out, err
	}
	if marks, err = w.equivalent(marks); err != nil {
		return out, err
	}
	if scheme := w.arrangement.Scheme; scheme != "" && marks.Of(scheme) == nil {
		return out, cordon.Errorf(cordon.KindInvalid, "under this arrangement everything is marked in the scheme %s, and %s is not", scheme, marks.Portion())
	}
	out.portion.Mark, out.raised = marks.Portion(), raised
	if err := w.hold(&out, marks, in); err != nil {
		return out, err
	}

	enforced := marks
	if !w.compilation.Empty() {
		if enforced, err = w.Schemes.RollUp([]marking.Marks{marks, w.compilation}); err != nil {
			return out, invalidMark("the compilation", err)
		}
	}
	rules := make([]cordon.Rule, 0, 1+len(out.sources))
	own, err := access.Compile(enforced, w.terms)
	if err != nil {
		return out, err
	}
	rules = append(rules, own)
	for _, source := range out.sources {
		rule, err := w.Rule(source.Rule)
		if err != nil {
			return out, err
		}
		rules = append(rules, rule)
	}
	out.rule = access.Join(rules...)
	if access.Empty(out.rule, w.orgs) {
		return out, w.spill(enforced, out.sources)
	}
	out.portion.Rule = out.rule.No()
	w.Learn(out.rule)
	if len(out.sources) == 0 {
		w.rulings[asked] = ruling{marks, out.rule, out.portion.Rule}
	}
	return out, nil
}

// hold compares the marks that stand in the portion's text with its marking.
func (w *writer) hold(out *decided, marks marking.Marks, in []marked.Mark) error {
	refuse, warn := marked.Hold(w.Schemes, marks, in)
	if out.portion.Kind == cordon.PortionHeading || out.portion.Kind == cordon.PortionTitle {
		refuse, warn = marked.InHeading(refuse, warn)
	}
	if w.quoted {
		refuse, warn = nil, append(refuse, warn...)
	}
	out.warnings = marked.Issues(marks, warn)
	if len(refuse) == 0 {
		return nil
	}
	issues := marked.Issues(marks, refuse)
	return cordon.Errorf(cordon.KindInvalid, "line %d, column %d: %s", refuse[0].Line, refuse[0].Column, issues[0].Problem).With(issues...)
}

// addSources adds the portion's sources: the portion that it replaces, and the
// portions that its author names.
func (w *writer) addSources(out *decided, draft PortionDraft) {
	if w.revises.ID != "" {
		out.add(w.revises, cordon.DerivationRevised)
	}
	for _, id := range draft.Sources {
		out.add(w.declared[id], cordon.DerivationDeclared)
	}
}

func (d *decided) add(source cordon.Portion, how cordon.DerivationHow) {
	if slices.ContainsFunc(d.sources, func(p cordon.Portion) bool { return p.ID == source.ID }) {
		return
	}
	d.sources = append(d.sources, source)
	d.derivations = append(d.derivations, cordon.Derivation{Portion: d.portion.ID, Source: source.ID, How: how})
}

var errUnmarked = cordon.Errorf(cordon.KindInvalid, "it carries no marking: give it one, such as (U) or TLP:AMBER")

// marks is the marking asked for, rolled up with those of the sources.
func (w *writer) marks(asked string, sources []cordon.Portion) (marks marking.Marks, raised bool, err error) {
	var all []marking.Marks
	if asked != "" {
		own, err := w.Schemes.Parse(asked)
		if err != nil {
			return nil, false, invalidMark("the marking", err)
		}
		all = append(all, own)
	}
	for _, source := range sources {
		m, err := w.Marks(source.Mark)
		if err != nil {
			return nil, false, err
		}
		all = append(all, m)
	}
	if len(sources) == 0 {
		return all[0], false, nil
	}
	marks, err = w.Schemes.RollUp(all)
	if err != nil {
		return nil, false, cordon.Errorf(cordon.KindSpill,
			"its sources' markings cannot stand together, so nobody could read it: %s", err).Because(err)
	}
	return marks, asked != "" && marks.Portion() != all[0].Portion(), nil
}

// equivalent adds what the arrangement says that the marks mean in other
// schemes.
func (w *writer) equivalent(marks marking.Marks) (marking.Marks, error) {
	all := []marking.Marks{marks}
	for _, e := range w.arrangement.Equivalences {
		from, err := w.Marks(e.From)
		if err != nil {
			return nil, err
		}
		own := marks.Of(from[0].Scheme())
		if own == nil || !w.Schemes.Covers(marking.Marks{own}, from) {
			continue
		}
		as, err := w.Marks(e.As)
		if err != nil {
			return nil, err
		}
		all = append(all, as)
	}
	if len(all) == 1 {
		return marks, nil
	}
	whole, err := w.Schemes.RollUp(all)
	if err != nil {
		return nil, invalidMark("the arrangement's equivalences", err)
	}
	return whole, nil
}

// spill says which marking leaves nobody who could read the portion, or which
// sources do.
func (w *writer) spill(marks marking.Marks, sources []cordon.Portion) error {
	if len(sources) == 0 {
		return cordon.Errorf(cordon.KindSpill, "nobody could read it under %s, which is %s: nobody here is within its circle or audience; where %s is no mark but text, write it in other brackets",
			marks, marks.Banner(), marks)
	}
	var names []string
	for _, p := range sources {
		names = append(names, fmt.Sprintf("%s (%s)", p.ID, p.Mark))
	}
	return cordon.Errorf(cordon.KindSpill,
		"nobody could read it: its sources %s admit no reader in common; leave one out or ask its owner for a tearline",
		strings.Join(names, ", "))
}

// seal seals the portion; a title has the outside name of its report in it.
func (d *decided) seal(s *act.Snapshot, reportRef string) error {
	if d.portion.Kind == cordon.PortionTitle {
		d.content.ReportRef = reportRef
	}
	return content.Seal(s.Keys, &d.portion, d.rule, d.content)
}

// filed is the tokens of the portion's text in the form in which they are
// stored.
func (d *decided) filed(t cordon.PortionTokens) cordon.PortionTokens {
	t.Portion, t.Rule = d.portion.ID, d.portion.Rule
	return t
}

// printsOf is the keyed tokens by which a text is compared. Those by which it is searched
// are filed once it has been.
func printsOf(t *tokens.Tokeniser, text string) cordon.PortionTokens {
	return cordon.PortionTokens{Prints: t.Prints(text), Made: tokens.Version}
}

func portionsOf(all []decided) []cordon.Portion {
	portions := make([]cordon.Portion, len(all))
	for i, one := range all {
		portions[i] = one.portion
	}
	return portions
}

// put writes portions, the tokens by which their texts are compared, and lineage. The
// report waits from then on.
func put(c *act.Commit, all []decided, tokens []cordon.PortionTokens) error {
	interned := make(map[cordon.RuleNo]bool)
	var derivations []cordon.Derivation
	for _, one := range all {
		if !interned[one.portion.Rule] {
			interned[one.portion.Rule] = true
			if _, err := c.Tx.Intern(one.rule); err != nil {
				return err
			}
		}
		derivations = append(derivations, one.derivations...)
	}
	if err := c.Tx.PutPortions(portionsOf(all)); err != nil {
		return err
	}
	if err := c.Tx.AddTokens(tokens); err != nil {
		return err
	}
	return c.Tx.AddDerivations(derivations)
}

// wait puts the portion under the rule by which it is the writer's alone until it has
// been compared with everything.
func (w *writer) wait(d *decided) {
	d.rule.Waiting = w.Actor.Person.ID
	d.portion.Rule = d.rule.No()
	w.Learn(d.rule)
}

// begins is the report as it waits to be compared, since the person wrote in it.
func begins(report cordon.Report, writer cordon.ID, now time.Time) cordon.Report {
	w := &report.Waits
	w.Writers = append(slices.Clone(w.Writers), writer)
	slices.Sort(w.Writers)
	w.Writers = slices.Compact(w.Writers)
	w.State, w.Since = cordon.WaitingComparison, now
	return report
}

// shown is the portion as its author is told of it.
func (w *writer) shown(d decided) PublishedPortion {
	return PublishedPortion{
		ID: d.portion.ID, Ref: d.content.Ref, Mark: d.portion.Mark,
		Owners: d.rule.OwnerIDs(), Raised: d.raised, Closed: closed(w.Decide(d.portion)), Warnings: d.warnings,
	}
}

// closed words a refusal for the author: what they lack, by name where it has
// one.
func closed(d access.Decision) []string {
	var why []string
	for _, reason := range d.Reasons {
		if reason != access.ReadIn {
			why = append(why, string(reason))
			continue
		}
		for _, readIn := range d.ReadIns {
			why = append(why, "read-in "+readIn)
		}
	}
	return why
}

func invalidMark(what string, err error) error {
	var e *marking.Error
	if !errors.As(err, &e) {
		return cordon.Errorf(cordon.KindInvalid, "%s is not valid: %s", what, err)
	}
	return cordon.Errorf(cordon.KindInvalid, "%s: %s", what, e).With(cordon.Issue{
		Column: e.At + 1, Problem: e.Reason, Fix: e.Suggestion,
	})
}

// inPortion says which portion an error is about. An absent portion stays
// ErrNotFound, word for word.
func inPortion(i int, p PortionDraft, err error) error {
	var e *cordon.Error
	if !errors.As(err, &e) || e.Kind == cordon.KindNotFound || e.Kind == cordon.KindInternal || e.Kind == cordon.KindUnavailable {
		return err
	}
	name := nameOf(i, p)
	issues := slices.Clone(e.Issues)
	if len(issues) == 0 {
		issues = []cordon.Issue{{Problem: e.Message}}
	}
	for j := range issues {
		issues[j].Portion = i
	}
	return cordon.Errorf(e.Kind, "%s: %s", name, e.Message).With(issues...).Because(err)
}

// nameOf is how a message names the portion.
func nameOf(i int, p PortionDraft) string {
	switch {
	case i == 0:
		return "the title"
	case p.Ref != "":
		return fmt.Sprintf("portion %d (%s)", i, p.Ref)
	}
	return fmt.Sprintf("portion %d", i)
}
