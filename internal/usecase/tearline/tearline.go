package tearline

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
	"cordon/internal/usecase/mosaic"
	"cordon/internal/usecase/writing"
)

// CheckDraft is a tearline to be looked at before it is written.
type CheckDraft struct {
	Paragraphs []CheckParagraph
	// Against are the originals.
	Against []cordon.ID
}

// CheckParagraph is one portion of it; Mark may be empty.
type CheckParagraph struct{ Mark, Text string }

// Checked is what a check found. It is no clearance.
type Checked struct {
	// ID is the check's own; its ledger entry has it as its subject. Of a
	// tearline that was written it is the report.
	ID cordon.ID
	Result
	// Notes say what the check did not look at, and what no check sees.
	Notes []string
}

// Blind is what no check can speak of; it goes with every one.
const Blind = "This looks at words as they stand and at facts that were recorded. What is told in other words, or follows from what is " +
	"left, it does not see. It is no clearance: read the tearline as somebody who wants to know the source would."

const (
	// maxRare bounds the words whose rarity is asked for, and maxRegistries the
	// registries whose hierarchies are read.
	maxRare       = 100
	maxRegistries = 16
)

// Check says what of the originals still stands in a tearline that is not
// written yet. The person is an author of the organisation that alone owns the
// originals, and sees them: see writing.Originals for who is answered how. The
// owner's feed has the check before he has the answer.
func Check(ctx context.Context, by act.Caller, draft CheckDraft) (Checked, error) {
	if err := draft.validate(); err != nil {
		return Checked{}, err
	}
	paragraphs := make([]Paragraph, len(draft.Paragraphs))
	for i, p := range draft.Paragraphs {
		paragraphs[i].Text = p.Text
		if p.Mark == "" {
			continue
		}
		var err error
		if paragraphs[i].Marks, err = by.Schemes.Parse(p.Mark); err != nil {
			return Checked{}, cordon.Errorf(cordon.Invalid, "paragraph %d: %s", i, err).Because(err)
		}
	}
	out := Checked{ID: cordon.NewID()}
	m := material{Base: by.Base, paragraphs: paragraphs}
	var refusal error
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.Author); err != nil {
			return err
		}

		// decide
		var originals []cordon.Portion
		if originals, refusal, err = writing.Originals(tx, view, draft.Against); err != nil || refusal != nil {
			return err
		}
		if err := m.load(tx, view, originals, nil); err != nil {
			return err
		}

		// record
		e := view.Entry(cordon.ActTearline, cordon.Allowed)
		e.Feed, e.Subject, e.Portions = view.Actor.Org.ID, out.ID, draft.Against
		return ledger.Append(tx, e)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Checked{}, err
	}
	out.Result, out.Notes, err = m.compare(ctx, by.Person)
	return out, err
}

// Written is a tearline as it was published, and what its check found.
type Written struct {
	writing.Published
	Check Checked
}

// Add publishes a tearline and links its portions to the originals they were
// written against, in one transaction, and checks it. It is for the originator's
// authors: see writing.Originals. Every draft has something it was written
// against. What quotes a portion of others inherits from it as any text does,
// and the check says so: it is then not the organisation's alone to offer.
func Add(ctx context.Context, by act.Caller, draft writing.Draft) (Written, error) {
	draft.Kind = cordon.Tearline
	var against []cordon.ID
	for _, p := range append(slices.Clone(draft.Portions), draft.Title) {
		against = append(against, p.Against...)
	}
	if len(against) == 0 {
		return Written{}, cordon.Errorf(cordon.Invalid, "a tearline is written against portions of yours: name them")
	}
	slices.Sort(against)
	against = slices.Compact(against)
	var out Written
	var m material
	var joint []Finding
	published, err := writing.PublishAnd(ctx, by, draft, func(tx cordon.WriteTx, view *reader.View, written writing.Published) error {
		m, joint = material{Base: by.Base}, nil
		ids := make([]cordon.ID, len(written.Portions))
		for i, p := range written.Portions {
			ids[i] = p.ID
			marks, err := by.Schemes.Parse(p.Mark)
			if err != nil {
				return err
			}
			text := draft.Title.Text
			if i > 0 {
				text = draft.Portions[i-1].Text
			}
			m.paragraphs = append(m.paragraphs, Paragraph{Marks: marks, Text: text})
		}
		portions, err := tx.PortionsByID(ids)
		if err != nil {
			return err
		}
		if joint, err = ofOthers(view, portions); err != nil {
			return err
		}
		originals, err := tx.PortionsByID(against)
		if err != nil {
			return err
		}
		return m.load(tx, view, originals, portions)
	})
	if err != nil {
		return Written{}, err
	}
	out.Published = published
	out.Check.ID = published.Report
	if out.Check.Result, out.Check.Notes, err = m.compare(ctx, by.Person); err != nil {
		return Written{}, err
	}
	out.Check.Findings = append(joint, out.Check.Findings...)
	return out, nil
}

// ofOthers says which portions of a tearline turned out to be others' too.
func ofOthers(view *reader.View, portions []cordon.Portion) ([]Finding, error) {
	var joint []Finding
	for _, p := range portions {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if len(rule.Owners) > 1 {
			joint = append(joint, Finding{
				Severity: Serious, Kind: Others, Paragraph: p.Ordinal,
				Says: "it has words of what is not yours alone, and inherits from it: it is not yours alone to offer; take them out and write it again",
			})
		}
	}
	slices.SortFunc(joint, func(a, b Finding) int { return a.Paragraph - b.Paragraph })
	return joint, nil
}

// material is what a check looks at: loaded in one transaction, opened and
// compared after it.
type material struct {
	*act.Base
	paragraphs []Paragraph

	ring           *vault.Ring
	own, originals []cordon.Portion
	rules          map[cordon.RuleNo]cordon.Rule
	facts          []mosaic.Kept
	hierarchies    *mosaic.Hierarchies
	notes          []string
}

// load readies originals, which were decided on, and the facts on them and on
// the tearline's own portions, each of which is a paragraph.
func (m *material) load(tx cordon.ReadTx, view *reader.View, originals, own []cordon.Portion) error {
	m.ring, m.originals, m.own, m.notes = m.Vault.Ring(tx), originals, own, nil
	for _, some := range [][]cordon.Portion{m.originals, m.own} {
		slices.SortFunc(some, func(a, b cordon.Portion) int {
			return cmp.Or(cmp.Compare(a.Report, b.Report), cmp.Compare(a.Ordinal, b.Ordinal))
		})
	}
	m.rules = make(map[cordon.RuleNo]cordon.Rule)
	for _, p := range slices.Concat(m.originals, m.own) {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return err
		}
		if err := m.ring.Prepare(rule); err != nil {
			return err
		}
		m.rules[p.Rule] = rule
	}
	var err error
	if m.facts, err = mosaic.On(tx, m.ring, view, m.originals); err != nil {
		return err
	}
	mine, err := mosaic.On(tx, m.ring, view, own)
	if err != nil {
		return err
	}
	for _, f := range mine {
		i := slices.IndexFunc(own, func(p cordon.Portion) bool { return p.ID == f.Portion })
		m.paragraphs[i].Facts = append(m.paragraphs[i].Facts, f.Fact)
	}
	if len(m.facts) == 0 {
		return nil
	}
	var all bool
	if m.hierarchies, all, err = mosaic.LoadHierarchies(tx, m.ring, view, maxRegistries); err == nil && !all {
		m.notes = append(m.notes, "What the values of facts mean more finely was not looked up in every registry of candidate sources; "+
			"a release authority or security officer sees more.")
	}
	return err
}

// openOwn opens the tearline's own portions, where they are not what was handed
// in.
func (m *material) openOwn() error {
	for i, p := range m.own {
		content, err := content.Open(m.ring, p, m.rules[p.Rule])
		if err != nil {
			return err
		}
		marks, err := m.Schemes.Parse(p.Mark)
		if err != nil {
			return cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
		}
		m.paragraphs[i].Text, m.paragraphs[i].Marks = content.Text, marks
	}
	return nil
}

// compare opens what was loaded and looks at it.
func (m *material) compare(ctx context.Context, person cordon.ID) (Result, []string, error) {
	in := Input{Schemes: m.Schemes, Paragraphs: m.paragraphs, Hierarchies: m.hierarchies}
	bytes := 0
	for _, p := range m.originals {
		content, err := content.Open(m.ring, p, m.rules[p.Rule])
		if err != nil {
			return Result{}, nil, err
		}
		marks, err := m.Schemes.Parse(p.Mark)
		if err != nil {
			return Result{}, nil, cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
		}
		o := Original{ID: p.ID, Marks: marks, Text: content.Text}
		for _, f := range m.facts {
			if f.Portion == p.ID {
				o.Facts = append(o.Facts, f.Fact)
			}
		}
		if bytes += len(o.Text); bytes > cordon.MaxOriginalBytes {
			m.notes = append(m.notes, fmt.Sprintf("The originals are longer than %d bytes together: those from %s on were not looked at.", cordon.MaxOriginalBytes, p.ID))
			break
		}
		in.Originals = append(in.Originals, o)
	}
	if m.hierarchies != nil {
		if err := m.hierarchies.Open(); err != nil {
			return Result{}, nil, err
		}
	}
	var err error
	if in.Elsewhere, err = m.elsewhere(ctx, person, Candidates(in)); err != nil {
		return Result{}, nil, err
	}
	if !slices.ContainsFunc(in.Paragraphs, func(p Paragraph) bool { return !p.Marks.Empty() }) {
		m.notes = append(m.notes, "The paragraphs carry no marking, so none was looked at.")
	}
	found := Compare(in)
	if found.Unread {
		m.notes = append(m.notes, fmt.Sprintf("The facts on the originals have more values than the %d that were looked for.", maxValues))
	}
	return found, append(m.notes, Blind), nil
}

// elsewhere counts in how many portions that the person may see, but for the
// originals, each of the words stands; RareIn and more are not told apart.
func (m *material) elsewhere(ctx context.Context, person cordon.ID, words []string) (map[string]int, error) {
	if len(words) > maxRare {
		m.notes = append(m.notes, fmt.Sprintf("Of %d words that stand in both, the rarity of %d was looked up.", len(words), maxRare))
		words = words[:maxRare]
	}
	if len(words) == 0 {
		return nil, nil
	}
	var counts map[string]int
	err := m.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := m.Rules.Look(tx, person, m.Clock.Now())
		if err != nil {
			return err
		}
		sight, err := view.All()
		if err != nil {
			return err
		}
		counts = make(map[string]int, len(words))
		for _, w := range words {
			hits, err := tx.Search(m.Tokens.Words(w), sight, cordon.Cursor{}, RareIn+1+len(m.originals)+len(m.own))
			if err != nil {
				return err
			}
			for _, h := range hits {
				if !m.about(h) {
					counts[w]++
				}
			}
			if _, ok := counts[w]; !ok {
				counts[w] = 0
			}
		}
		return nil
	})
	return counts, err
}

// about reports whether the portion is an original or of the tearline itself.
func (m *material) about(p cordon.Portion) bool {
	same := func(o cordon.Portion) bool { return o.ID == p.ID }
	return slices.ContainsFunc(m.originals, same) || slices.ContainsFunc(m.own, same)
}

func (d CheckDraft) validate() error {
	switch {
	case len(d.Against) == 0:
		return cordon.Errorf(cordon.Invalid, "name the portions that it is to be a tearline of")
	case len(d.Against) > cordon.MaxOriginals:
		return cordon.Errorf(cordon.TooLarge, "a tearline is written against at most %d portions", cordon.MaxOriginals)
	case len(d.Paragraphs) == 0:
		return cordon.Errorf(cordon.Invalid, "there is no text to look at")
	case len(d.Paragraphs) > cordon.MaxTearlinePortions:
		return cordon.Errorf(cordon.TooLarge, "a tearline has at most %d portions, the title counted", cordon.MaxTearlinePortions)
	}
	bytes := 0
	for _, p := range d.Paragraphs {
		bytes += len(p.Text)
	}
	if bytes > cordon.MaxTearlineBytes {
		return cordon.Errorf(cordon.TooLarge, "a tearline of %d bytes: at most %d are taken", bytes, cordon.MaxTearlineBytes)
	}
	return nil
}
