package writing

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/marked"
	"cordon/internal/core/rebind"
	"cordon/internal/usecase/release"
)

// Revision is another wording for one portion of a report.
type Revision struct {
	// Mark is rolled up with the one the portion has; empty leaves it.
	Mark string
	Text string
	// Sources are what the new wording was made from besides.
	Sources []cordon.ID
	// Dismissed are portions that it is said to quote and does not: see PortionDraft.
	Dismissed []Dismissal
	// Quoted says that the marks in the text are quoted: see Draft.
	Quoted bool
}

// Revise puts another wording in a portion's place, under an id of its own, and
// gives it. The person must be an author of the organisation that holds the
// report, and may see the portion. To anybody else it is ErrNotFound, and a
// refusal in its owners' feeds.
//
// The new wording was made from the old one. It inherits the marking, owners
// and readers of the old one and of its other sources, so it is never freer; a
// freer text is published anew, or as a tearline. Nor is it freer than a mark in
// its text: see Publish. The old wording is gone from reading, lists and search,
// though who was shown it stays known. It lies sealed, opens only beside the new one
// (see reading.Wordings), and is struck with it.
//
// The new wording waits as a report does that is published, and the person is asked as
// they are there: see Publish. Until it has been compared everybody else reads the former
// one. It is a Conflict where another person's wording waits in the same place.
//
// Requests for the report, and grants made in answer to one, are void, since
// nobody permitted the new wording.
func Revise(ctx context.Context, by act.Caller, name string, portion cordon.ID, revision Revision) (PublishedPortion, error) {
	if err := revision.validate(); err != nil {
		return PublishedPortion{}, err
	}
	tokens := printsOf(by.Tokens, revision.Text)
	marks, err := marked.Find(by.Schemes, revision.Text)
	if err != nil {
		return PublishedPortion{}, err
	}
	type plan struct {
		report    cordon.Report
		old       cordon.Portion
		new       decided
		heads     []cordon.Portion // all the report's, as they were
		shown     PublishedPortion
		dismissed []dismissed
	}
	out, err := act.Do(ctx, by, act.ByRole(cordon.ActRevise, cordon.RoleAuthor), func(s *act.Snapshot) (plan, error) {
		report, old, err := toRevise(s, name, portion)
		if err != nil {
			return plan{}, err
		}
		w, before, err := newReviser(s, report, old)
		if err != nil {
			return plan{}, err
		}
		w.quoted = revision.Quoted
		draft := PortionDraft{Kind: old.Kind, Ref: before.Ref, Mark: cmp.Or(revision.Mark, old.Mark), Text: revision.Text, Sources: revision.Sources, Dismissed: revision.Dismissed}
		if err := w.declare([]PortionDraft{draft}); err != nil {
			return plan{}, err
		}
		one, err := w.decide(report, old.Ordinal, draft, marks)
		if err != nil {
			return plan{}, err
		}
		if err := one.inherit(s, old); err != nil {
			return plan{}, err
		}
		w.wait(&one)
		if err := one.seal(s, before.ReportRef); err != nil {
			return plan{}, err
		}
		heads, err := s.Tx.PortionHeads(report.ID)
		if err != nil {
			return plan{}, err
		}
		if err := w.holdAuthorityBeside(report, heads, one); err != nil {
			return plan{}, err
		}
		shown := w.shown(one)
		shown.Raised = revision.Mark != "" && one.raised
		dismissed, err := w.ask([]PortionDraft{draft}, []decided{one})
		return plan{report, old, one, heads, shown, dismissed}, err
	}, func(c *act.Commit, p plan) (plan, error) {
		if err := replace(c, p.old); err != nil {
			return plan{}, err
		}
		if err := put(c, []decided{p.new}, []cordon.PortionTokens{p.new.filed(tokens)}); err != nil {
			return plan{}, err
		}
		if err := dismiss(c, p.report, p.dismissed); err != nil {
			return plan{}, err
		}
		if err := c.Tx.PutReport(begins(p.report, c.Actor.Person.ID, c.Now)); err != nil {
			return plan{}, err
		}
		if err := release.VoidRequests(c, cordon.PortionIDs(p.heads)); err != nil {
			return plan{}, err
		}
		return p, c.RecordOwners(cordon.Entry{Subject: p.old.Report}, []cordon.Portion{p.old, p.new.portion})
	})
	if err != nil {
		return PublishedPortion{}, err
	}
	return out.shown, CompareSoon(ctx, by.Base, out.report.ID)
}

// replace makes the portion a former wording: to the reviser at once, and to everybody
// else when the new one waits no more. One that waits itself nobody else has read.
func replace(c *act.Commit, old cordon.Portion) error {
	rule, err := c.Rule(old.Rule)
	if err != nil {
		return err
	}
	if rule.Waiting != "" {
		return c.Tx.SupersedePortion(old.ID)
	}
	rule.Former = c.Actor.Person.ID
	return rebind.Move(c, old.Report, map[cordon.ID]cordon.Rule{old.ID: rule})
}

// holdAuthorityBeside is holdAuthority for a new wording among the portions of its
// report. Those that the writer may not see do not count, or the answer told
// whether one of them is classified.
func (w *writer) holdAuthorityBeside(report cordon.Report, portions []cordon.Portion, new decided) error {
	seen := []cordon.Portion{new.portion}
	for _, p := range portions {
		if p.ID != w.revises.ID && w.Decide(p).Allowed() {
			seen = append(seen, p)
		}
	}
	marks, err := w.Markings(report, seen)
	if err != nil {
		return err
	}
	whole, err := w.Schemes.RollUp(marks)
	if err != nil {
		return cordon.Errorf(cordon.KindInvalid, "this wording cannot stand in the report: %s", err).Because(err)
	}
	return w.holdAuthority(whole, []string{new.content.Text})
}

// toRevise loads the portion of the report that is to be revised.
func toRevise(s *act.Snapshot, name string, portion cordon.ID) (cordon.Report, cordon.Portion, error) {
	report, err := s.FindReport(name)
	if err != nil {
		return report, cordon.Portion{}, err
	}
	loaded, err := s.Tx.PortionsByID([]cordon.ID{portion})
	if err != nil {
		return report, cordon.Portion{}, err
	}
	if len(loaded) == 0 || loaded[0].Report != report.ID {
		return report, cordon.Portion{}, cordon.ErrNotFound
	}
	rule, err := s.Rule(loaded[0].Rule)
	if err != nil {
		return report, cordon.Portion{}, err
	}
	refusal := &act.Refusal{Answer: cordon.ErrNotFound, Subject: report.ID, Portions: loaded}
	switch {
	case !s.Decide(loaded[0]).Allowed():
		return report, cordon.Portion{}, refusal
	case report.Holder != s.Actor.Org.ID:
		refusal.Reasons = []string{"holder"}
		return report, cordon.Portion{}, refusal
	case rule.Former != "": // this person's own they would not see
		return report, cordon.Portion{}, cordon.Errorf(cordon.KindConflict, "another wording of this portion was written just now: try again in a moment")
	case report.Kind == cordon.ReportTearline: // it was checked, and maybe offered, as it reads
		return report, cordon.Portion{}, cordon.Errorf(cordon.KindConflict, "a tearline stands as it was written: publish another")
	}
	return report, loaded[0], nil
}

// newReviser is the writer of a new wording for the portion. The portion keeps
// its outside names.
func newReviser(s *act.Snapshot, report cordon.Report, old cordon.Portion) (*writer, content.Body, error) {
	w := &writer{Snapshot: s, rulings: make(map[string]ruling), revises: old}
	rule, err := s.Rule(old.Rule)
	if err != nil {
		return nil, content.Body{}, err
	}
	names, err := content.Open(s.Keys, old, rule)
	if err != nil {
		return nil, content.Body{}, err
	}
	names.Text = "" // nothing here needs it
	w.terms = access.Terms{
		Owner: s.Actor.Org, Recipients: recipients(rule, s.Actor.Org.ID), Named: append(slices.Clone(rule.Circle), s.Actor.Person.ID),
	}
	if report.Arrangement != "" {
		if w.arrangement, err = s.Tx.Arrangement(report.Arrangement); err != nil {
			return nil, names, err
		}
		w.terms.ShownOnly = w.arrangement.ShownOnly
	}
	if report.Compilation != "" {
		if w.compilation, err = s.Marks(report.Compilation); err != nil {
			return nil, names, err
		}
	}
	w.orgs, err = s.Tx.Organisations()
	return w, names, err
}

// inherit adds the sources of the old wording, which are sources of the new one
// too.
func (d *decided) inherit(s *act.Snapshot, old cordon.Portion) error {
	lineage, err := s.Tx.Sources([]cordon.ID{old.ID})
	if err != nil {
		return err
	}
	for _, l := range lineage {
		if !slices.ContainsFunc(d.derivations, func(o cordon.Derivation) bool { return o.Source == l.Source }) {
			d.derivations = append(d.derivations, cordon.Derivation{Portion: d.portion.ID, Source: l.Source, How: l.How})
		}
	}
	return nil
}

func (r Revision) validate() error {
	if err := validateDismissed("the new wording", r.Dismissed); err != nil {
		return err
	}
	switch {
	case len(r.Text) > cordon.MaxPortionBytes:
		return cordon.Errorf(cordon.KindTooLarge, "the text is longer than %d bytes: split it", cordon.MaxPortionBytes)
	case len(r.Sources) > cordon.MaxSources:
		return cordon.Errorf(cordon.KindTooLarge, "it has more than %d sources", cordon.MaxSources)
	case strings.TrimSpace(r.Text) == "":
		return cordon.Errorf(cordon.KindInvalid, "the new wording has no text")
	case !utf8.ValidString(r.Text):
		return cordon.Errorf(cordon.KindInvalid, "the text is not valid UTF-8: save it as UTF-8")
	}
	return nil
}
