package writing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/finder"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/marking"
)

// Draft is a report to be written, whether an original or a derivative.
type Draft struct {
	Kind cordon.ReportKind
	// Ref is the outside name of the report; empty for none.
	Ref   string
	Title PortionDraft
	// Arrangement is what it is shared under: its parties, or those of them
	// that it names, are the recipients, and its default marking is that of
	// unmarked portions.
	Arrangement cordon.ID
	// Recipients are the organisations it is given to, besides those of the
	// arrangement.
	Recipients []cordon.ID
	// Named are the people meant where a marking is for named individuals
	// (TLP:RED). The author is always among them.
	Named []cordon.ID
	// Compilation is a marking a person sets on the whole because the
	// portions together say more than each.
	Compilation string
	Portions    []PortionDraft
}

// PortionDraft is a portion to be written.
type PortionDraft struct {
	Kind cordon.PortionKind
	Ref  string
	// Mark may be empty where sources are named, whose roll-up it then is,
	// or where the arrangement has a default marking.
	Mark string
	Text string
	// Sources are the portions it was made from.
	Sources []cordon.ID
	// Against are the portions of its organisation's own that it, a portion
	// of a tearline, was written against. It inherits nothing from them.
	Against []cordon.ID
}

// Published is what was written.
type Published struct {
	Report   cordon.ID          `json:"report"`
	Ref      string             `json:"ref,omitempty"`
	Banner   string             `json:"banner"`
	Portions []PublishedPortion `json:"portions"`
}

// PublishedPortion is one portion as it was written.
type PublishedPortion struct {
	ID     cordon.ID   `json:"id"`
	Ref    string      `json:"ref,omitempty"`
	Mark   string      `json:"marking"`
	Owners []cordon.ID `json:"owners"`
	// Raised says that the marking is higher than the one asked for,
	// because of what the portion was made from.
	Raised bool `json:"raised,omitempty"`
	// Closed says why the author himself may not read it, condition by
	// condition; nil where he may.
	Closed []string `json:"closed,omitempty"`
}

// Publish writes a report for the person's organisation, which owns it.
//
// A portion with sources, named or found in it by their content, inherits: its
// marking is the roll-up of its own and theirs, its owners are the writing
// organisation and all of theirs, and its readers only those whom every one
// of them allows. It is never freer than what it was made from (promise 3).
// Where that leaves nobody to read it, nothing is written: Spill.
//
// What an organisation repeats of its own is its own to mark, and inherits
// nothing unless the source is named.
func Publish(ctx context.Context, by act.Caller, draft Draft) (Published, error) {
	return PublishAnd(ctx, by, draft, nil)
}

// PublishAnd is Publish that, once all is written and before it is committed,
// runs what the caller has to load or record in the same transaction.
func PublishAnd(ctx context.Context, by act.Caller, draft Draft, and func(cordon.WriteTx, *reader.View, Published) error) (Published, error) {
	if err := draft.validate(); err != nil {
		return Published{}, err
	}
	if err := draft.validateAgainst(); err != nil {
		return Published{}, err
	}
	drafts := draft.whole()
	// What needs no transaction is done before it: SQLite has one at a time.
	filed := make([]cordon.PortionTokens, len(drafts))
	texts := make([]string, len(drafts))
	for i, p := range drafts {
		filed[i] = Filed(by.Tokens, cordon.Portion{}, p.Text)
		texts[i] = p.Text
	}
	var out Published
	err := update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Author)
		if err != nil {
			return nil, err
		}
		terms, arrangement, err := terms(by.Base, cordon.Holding(tx), view, draft)
		if err != nil {
			return nil, err
		}
		w := writer{
			Base: by.Base, tx: tx, view: view, ring: by.Vault.Ring(tx), terms: terms, arrangement: arrangement,
			rulings: make(map[string]ruling),
		}
		if w.orgs, err = tx.Organisations(); err != nil {
			return nil, err
		}
		found, err := finder.FindEach(tx, w.ring, by.Tokens, view.Rule, view.Actor.Org.ID, texts)
		if err != nil {
			return nil, err
		}
		if draft.Compilation != "" {
			if w.compilation, err = by.Schemes.Parse(draft.Compilation); err != nil {
				return nil, invalidMark("the compilation", err)
			}
		}

		// decide
		if unseen, err := w.declare(drafts); err != nil || unseen {
			return cordon.ErrNotFound, err
		}
		if refusal, err := w.against(drafts); err != nil || refusal != nil {
			return refusal, err
		}
		report := cordon.Report{
			ID: cordon.NewID(), Kind: draft.Kind, Holder: view.Actor.Org.ID, Author: view.Actor.Person.ID,
			Arrangement: draft.Arrangement, Compilation: w.compilation.Portion(), Created: view.Now,
		}
		if draft.Ref != "" {
			report.RefToken = by.Tokens.Ref(draft.Ref)
		}
		written := make([]written, len(drafts))
		for i, p := range drafts {
			if written[i], err = w.decide(report, i, p, found[i]); err != nil {
				return nil, inPortion(i, p, err)
			}
		}

		// act
		if err := tx.PutReport(report); err != nil {
			return nil, err
		}
		if err := w.put(draft.Ref, written, filed); err != nil {
			return nil, err
		}

		// record
		if err := w.record(report, written); err != nil {
			return nil, err
		}
		if err := w.link(report, drafts, written); err != nil {
			return nil, err
		}
		if out, err = w.published(draft.Ref, report, written); err == nil && and != nil {
			err = and(tx, view, out)
		}
		return nil, err
	})
	return out, err
}

// terms are whose the report is and to whom it goes. An arrangement that the
// author may not see is not there; one that he may see has to be in force at
// this instant, and his organisation a party.
func terms(base *act.Base, tx cordon.ReadTx, view *reader.View, draft Draft) (access.Terms, cordon.Arrangement, error) {
	terms := access.Terms{
		Owner:      view.Actor.Org,
		Recipients: slices.Clone(draft.Recipients),
		Named:      append([]cordon.ID{view.Actor.Person.ID}, draft.Named...),
	}
	var a cordon.Arrangement
	if draft.Arrangement != "" {
		var err error
		if a, err = tx.Arrangement(draft.Arrangement); err != nil {
			return terms, a, err
		}
		switch state := a.StateAt(view.Now); {
		case !view.Sees(a.Rule):
			return terms, a, cordon.ErrNotFound
		case !slices.Contains(a.Parties, view.Actor.Org.ID):
			return terms, a, cordon.Errorf(cordon.Conflict, "your organisation is no party to this arrangement: nothing of yours is shared under it")
		case state != cordon.InForce:
			return terms, a, cordon.Errorf(cordon.Conflict, "this arrangement is not in force (%s): nothing new is shared under it", state)
		}
		terms.Recipients, terms.ShownOnly = append(terms.Recipients, a.GivenTo()...), a.ShownOnly
		if terms.Narrowed, err = tx.NarrowedUnder(a.ID); err != nil {
			return terms, a, err
		}
	}
	for _, id := range terms.Recipients {
		if _, err := tx.Organisation(id); err != nil {
			return terms, a, unknown(err, "a recipient organisation is not known here")
		}
	}
	for _, id := range draft.Named {
		if _, err := tx.Person(id); err != nil {
			return terms, a, unknown(err, "a person named is not known here")
		}
	}
	return terms, a, nil
}

// writer is one report being written in one transaction.
type writer struct {
	*act.Base
	tx          cordon.WriteTx
	view        *reader.View
	ring        *vault.Ring
	orgs        []cordon.Organisation
	terms       access.Terms
	arrangement cordon.Arrangement // the zero value for none
	compilation marking.Marks
	// rulings are those on portions without sources, by the marking asked for.
	rulings map[string]ruling
	// declared are the sources the author names, all of which he may see.
	declared map[cordon.ID]cordon.Portion
	// revises is what the one portion that is written takes the place of; the
	// zero value where a report is written.
	revises cordon.Portion
}

// ruling is how a portion is marked and who may read it.
type ruling struct {
	mark string
	rule cordon.Rule
	no   cordon.RuleNo
}

// written is a portion decided on.
type written struct {
	portion     cordon.Portion
	rule        cordon.Rule
	content     content.Body
	derivations []cordon.Derivation
	sources     []cordon.Portion
	raised      bool
}

// decide gives the portion its marking and its rule.
func (w *writer) decide(report cordon.Report, ordinal int, draft PortionDraft, found []finder.Found) (written, error) {
	out := written{
		portion: cordon.Portion{
			ID: cordon.NewID(), Report: report.ID, Ordinal: ordinal, Kind: draft.Kind,
			State: cordon.Live, Created: report.Created,
		},
		content: content.Body{Ref: draft.Ref, Text: draft.Text},
	}
	w.trace(&out, draft, found)
	asked := draft.Mark
	if asked == "" && len(draft.Sources) == 0 {
		asked = w.arrangement.DefaultMark
		if asked == "" { // what is found in it says too little of the rest
			return out, errUnmarked
		}
	}
	known, ok := w.rulings[asked]
	if ok && len(out.sources) == 0 {
		out.portion.Mark, out.rule, out.portion.Rule = known.mark, known.rule, known.no
		return out, nil
	}
	marks, raised, err := w.marks(asked, out.sources)
	if err != nil {
		return out, err
	}
	if marks, err = w.equivalent(marks); err != nil {
		return out, err
	}
	if scheme := w.arrangement.Scheme; scheme != "" && marks.Of(scheme) == nil {
		return out, cordon.Errorf(cordon.Invalid, "under this arrangement everything is marked in the scheme %s, and %s is not", scheme, marks.Portion())
	}
	out.portion.Mark, out.raised = marks.Portion(), raised

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
		rule, err := w.view.Rule(source.Rule)
		if err != nil {
			return out, err
		}
		rules = append(rules, rule)
	}
	out.rule = access.Join(rules...)
	if access.Empty(out.rule, w.orgs) {
		return out, w.spill(out.sources)
	}
	out.portion.Rule, err = w.tx.Intern(out.rule)
	w.view.Learn(out.rule)
	if len(out.sources) == 0 {
		w.rulings[asked] = ruling{out.portion.Mark, out.rule, out.portion.Rule}
	}
	return out, err
}

// trace finds what the portion was made from: the sources its author names,
// which he must be able to see, and those whose words stand in it.
func (w *writer) trace(out *written, draft PortionDraft, found []finder.Found) {
	if w.revises.ID != "" {
		out.add(w.revises, cordon.Revised)
	}
	for _, id := range draft.Sources {
		out.add(w.declared[id], cordon.Declared)
	}
	for _, f := range quoted(found, w.view.Actor.Org.ID, w.revises.ID, draft.Text) {
		out.add(f, cordon.Found)
	}
}

// declare loads the sources that the author names. Unseen says that one of
// them is not there or is withheld from him, which is in the feeds of those
// who withhold it and is not told apart.
func (w *writer) declare(drafts []PortionDraft) (unseen bool, err error) {
	var all []cordon.ID
	for _, p := range drafts {
		all = append(all, p.Sources...)
	}
	if len(all) == 0 {
		return false, nil
	}
	slices.Sort(all)
	all = slices.Compact(all)
	portions, err := w.tx.PortionsByID(all)
	if err != nil {
		return false, err
	}
	w.declared = make(map[cordon.ID]cordon.Portion, len(portions))
	var withheld []cordon.Portion
	for _, p := range portions {
		w.declared[p.ID] = p
		if !w.view.Decide(p).Allowed() {
			withheld = append(withheld, p)
		}
	}
	if len(withheld) == 0 && len(portions) == len(all) {
		return false, nil
	}
	if err := w.view.Refuse(w.tx, cordon.ActDerive, "", withheld); err != nil {
		return true, err
	}
	return true, recordNothing(w.tx, w.view, cordon.ActDerive, cordon.RefusedWith)
}

func (o *written) add(source cordon.Portion, how cordon.How) {
	if slices.ContainsFunc(o.sources, func(p cordon.Portion) bool { return p.ID == source.ID }) {
		return
	}
	o.sources = append(o.sources, source)
	o.derivations = append(o.derivations, cordon.Derivation{Portion: o.portion.ID, Source: source.ID, How: how})
}

var errUnmarked = cordon.Errorf(cordon.Invalid, "it carries no marking: give it one, such as (U) or TLP:AMBER")

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
		m, err := w.Schemes.Parse(source.Mark)
		if err != nil {
			return nil, false, cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
		}
		all = append(all, m)
	}
	if len(sources) == 0 {
		return all[0], false, nil
	}
	marks, err = w.Schemes.RollUp(all)
	if err != nil {
		return nil, false, cordon.Errorf(cordon.Spill,
			"its sources' markings cannot stand together, so nobody could read it: %s", err).Because(err)
	}
	return marks, asked != "" && marks.Portion() != all[0].Portion(), nil
}

// equivalent adds what the arrangement says that the marks mean in other
// schemes.
func (w *writer) equivalent(marks marking.Marks) (marking.Marks, error) {
	all := []marking.Marks{marks}
	for _, e := range w.arrangement.Equivalences {
		from, err := w.Schemes.Parse(e.From)
		if err != nil {
			return nil, cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
		}
		own := marks.Of(from[0].Scheme())
		if own == nil || !w.Schemes.Covers(marking.Marks{own}, from) {
			continue
		}
		as, err := w.Schemes.Parse(e.As)
		if err != nil {
			return nil, cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
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

// spill says which of the sources that the author can see leave nobody.
func (w *writer) spill(sources []cordon.Portion) error {
	var names []string
	for _, p := range sources {
		if w.view.Decide(p).Allowed() {
			names = append(names, fmt.Sprintf("%s (%s)", p.ID, p.Mark))
		}
	}
	if len(names) == 0 {
		return cordon.Errorf(cordon.Spill, "nobody could read it under its marking: a circle or audience is empty")
	}
	return cordon.Errorf(cordon.Spill,
		"nobody could read it: its sources %s admit no reader in common; leave one out or ask its owner for a tearline",
		strings.Join(names, ", "))
}

// put writes portions, tokens and lineage.
func (w *writer) put(reportRef string, all []written, filed []cordon.PortionTokens) error {
	portions := make([]cordon.Portion, len(all))
	var derivations []cordon.Derivation
	for i := range all {
		o := &all[i]
		if o.portion.Kind == cordon.Title {
			o.content.ReportRef = reportRef
		}
		if err := content.Seal(w.ring, &o.portion, o.rule, o.content); err != nil {
			return err
		}
		portions[i] = o.portion
		filed[i].Portion, filed[i].Rule = o.portion.ID, o.portion.Rule
		derivations = append(derivations, o.derivations...)
	}
	if err := w.tx.PutPortions(portions); err != nil {
		return err
	}
	if err := w.tx.AddTokens(filed); err != nil {
		return err
	}
	return w.tx.AddDerivations(derivations)
}

// Filed is the keyed tokens a portion with the text is filed under.
func Filed(t *tokens.Tokeniser, p cordon.Portion, text string) cordon.PortionTokens {
	return cordon.PortionTokens{Portion: p.ID, Rule: p.Rule, Words: t.Words(text), Prints: t.Prints(text)}
}

// record tells each owner of what was written, and each source's owners that
// it was copied.
func (w *writer) record(report cordon.Report, all []written) error {
	var own []cordon.Portion
	act := cordon.ActPublish
	for _, o := range all {
		own = append(own, o.portion)
		if len(o.sources) > 0 {
			act = cordon.ActDerive
		}
	}
	for _, share := range w.view.ByOwner(own) {
		e := w.view.Entry(act, cordon.Allowed)
		e.Feed, e.Subject, e.Portions = share.Owner, report.ID, share.Portions
		if err := ledger.Append(w.tx, e); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) published(ref string, report cordon.Report, all []written) (Published, error) {
	out := Published{Report: report.ID, Ref: ref}
	var portions []cordon.Portion
	for _, o := range all {
		portions = append(portions, o.portion)
		out.Portions = append(out.Portions, PublishedPortion{
			ID: o.portion.ID, Ref: o.content.Ref, Mark: o.portion.Mark,
			Owners: w.visibleOwners(o), Raised: o.raised, Closed: closed(w.view.Decide(o.portion)),
		})
	}
	marks, err := w.view.Markings(report, portions)
	if err != nil {
		return out, err
	}
	whole, err := w.Schemes.RollUp(marks)
	if err != nil {
		return out, cordon.Errorf(cordon.Invalid, "these portions cannot stand in one report: %s", err).Because(err)
	}
	out.Banner = whole.Banner()
	return out, nil
}

// closed words a refusal for the author: what he lacks, by name where it has one.
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

// visibleOwners leaves out owners the author would learn of only because
// their words were found in his text though he may not see their portion.
func (w *writer) visibleOwners(o written) []cordon.ID {
	owners := []cordon.ID{w.view.Actor.Org.ID}
	for _, p := range o.sources {
		if !w.view.Decide(p).Allowed() {
			continue
		}
		if rule, err := w.view.Rule(p.Rule); err == nil {
			owners = append(owners, rule.OwnerIDs()...)
		}
	}
	slices.Sort(owners)
	return slices.Compact(owners)
}

// whole is the report's portions in their order, its title first.
func (d Draft) whole() []PortionDraft {
	title := d.Title
	title.Kind = cordon.Title
	return slices.Insert(slices.Clone(d.Portions), 0, title)
}

// validate checks what needs no store, all of it at once.
func (d Draft) validate() error {
	var issues []cordon.Issue
	bad := func(problem, fix string) { issues = append(issues, cordon.Issue{Problem: problem, Fix: fix}) }
	if !slices.Contains(cordon.ReportKinds(), d.Kind) {
		bad(fmt.Sprintf("%q is not a kind of report", d.Kind), "one of report, memo, briefing, transcript, tearline")
	}
	if strings.TrimSpace(d.Title.Text) == "" {
		bad("the report has no title", "give it one; a title is a portion too and is marked like one")
	}
	if len(d.Ref) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.TooLarge, "a ref is longer than %d bytes", cordon.MaxNameBytes)
	}
	if n := len(d.Portions) + 1; n > cordon.MaxPortions {
		return cordon.Errorf(cordon.TooLarge, "a report of %d portions, the title counted: at most %d are taken", n, cordon.MaxPortions)
	}
	if len(d.Named) > cordon.MaxCircle {
		return cordon.Errorf(cordon.TooLarge, "%d people are named: at most %d are taken", len(d.Named), cordon.MaxCircle)
	}
	total := 0
	title := d.Title
	title.Kind = cordon.Heading // what a title is like, but for its place
	for i, p := range slices.Insert(slices.Clone(d.Portions), 0, title) {
		total += len(p.Text)
		where := fmt.Sprintf("portion %d", i)
		if i == 0 {
			where = "the title"
		}
		switch {
		case len(p.Text) > cordon.MaxPortionBytes:
			return cordon.Errorf(cordon.TooLarge, "%s is longer than %d bytes: split it", where, cordon.MaxPortionBytes)
		case len(p.Ref) > cordon.MaxNameBytes:
			return cordon.Errorf(cordon.TooLarge, "the ref of %s is longer than %d bytes", where, cordon.MaxNameBytes)
		case len(p.Sources) > cordon.MaxSources:
			return cordon.Errorf(cordon.TooLarge, "%s has more than %d sources", where, cordon.MaxSources)
		case strings.TrimSpace(p.Text) == "" && i > 0:
			bad(where+" has no text", "leave it out")
		case !utf8.ValidString(p.Text) || !utf8.ValidString(p.Ref):
			bad(where+" is not valid UTF-8", "save the text as UTF-8")
		}
		if p.Kind == cordon.Title || !slices.Contains(cordon.PortionKinds(), p.Kind) {
			bad(fmt.Sprintf("%s: %q is not a kind of portion", where, p.Kind), "one of heading, paragraph, list, table, caption, attachment")
		}
	}
	if total > cordon.MaxReportBytes {
		return cordon.Errorf(cordon.TooLarge, "a report of %d bytes: at most %d are taken", total, cordon.MaxReportBytes)
	}
	if !utf8.ValidString(d.Ref) {
		bad("the ref of the report is not valid UTF-8", "save the text as UTF-8")
	}
	if len(issues) > 0 {
		return cordon.Errorf(cordon.Invalid, "the report cannot be taken as it is: %s", issues[0].Problem).With(issues...)
	}
	return nil
}

func invalidMark(what string, err error) error {
	var e *marking.Error
	if !errors.As(err, &e) {
		return cordon.Errorf(cordon.Invalid, "%s is not valid: %s", what, err)
	}
	return cordon.Errorf(cordon.Invalid, "%s: %s", what, e).With(cordon.Issue{
		Column: e.At + 1, Problem: e.Reason, Fix: e.Suggestion,
	})
}

// inPortion says which portion an error is about; what is not there stays
// ErrNotFound, word for word.
func inPortion(i int, p PortionDraft, err error) error {
	var e *cordon.Error
	if !errors.As(err, &e) || e.Kind == cordon.NotFound || e.Kind == cordon.Internal || e.Kind == cordon.Unavailable {
		return err
	}
	name := "the title"
	if i > 0 {
		name = fmt.Sprintf("portion %d", i)
		if p.Ref != "" {
			name += fmt.Sprintf(" (%s)", p.Ref)
		}
	}
	return cordon.Errorf(e.Kind, "%s: %s", name, e.Message).With(e.Issues...).Because(err)
}

func unknown(err error, message string) error {
	if cordon.KindOf(err) == cordon.NotFound {
		return cordon.Errorf(cordon.Invalid, "%s", message)
	}
	return err
}
