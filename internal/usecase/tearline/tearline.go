package tearline

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/usecase/mosaic"
	"cordon/internal/usecase/writing"
	"cordon/marking"
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
	// ID is the check's own; its ledger entry has it as its subject. For a
	// published tearline it is the report's.
	ID cordon.ID
	Result
	// Notes say what the check did not look at, and what no check can see.
	Notes []string
}

// Blind says what no check can see; it goes with every one.
const Blind = "This looks at words as they stand and at facts that were recorded. What is told in other words, or follows from what is " +
	"left, it does not see. It is no clearance: read the tearline as somebody who wants to know the source would."

const (
	// maxRare bounds the words whose rarity is asked for, and maxRegistries the
	// registries whose hierarchies are read.
	maxRare       = 100
	maxRegistries = 16
)

// Check says what of the originals still stands in a tearline that is not
// published yet. The person is an author of the organisation that alone owns
// the originals, and sees them; writing.Originals has the answers to everybody
// else. The owner's feed has the check before the person has the answer.
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
			return Checked{}, cordon.Errorf(cordon.KindInvalid, "paragraph %d: %s", i, err).Because(err)
		}
	}
	check := cordon.NewID()
	m, err := act.Answer(ctx, by, act.ByRole(cordon.ActTearline, cordon.RoleAuthor), func(s *act.Snapshot) (material, error) {
		originals, err := writing.Originals(s, draft.Against)
		if err != nil {
			return material{}, err
		}
		return load(s, paragraphs, originals, nil)
	}, func(c *act.Recorder, m material) (material, error) {
		return m, c.Record(cordon.Entry{Feed: c.Actor.Org.ID, Subject: check, Portions: draft.Against})
	})
	if err != nil {
		return Checked{}, err
	}
	return m.check(ctx, by, check)
}

// Written is a tearline as it was published, and the findings of its check.
type Written struct {
	writing.Published
	Check Checked
}

// Add publishes a tearline, links its portions to the originals they were
// written against, and checks it, in one transaction. It is for the
// originator's authors: see writing.Originals. Every draft has at least one
// original. A portion that quotes other portions is asked about as in any report: see
// writing.Publish. One that names them as sources inherits from them, and the check says
// so: the tearline is then not the organisation's alone to offer.
func Add(ctx context.Context, by act.Caller, draft writing.Draft) (Written, error) {
	draft.Kind = cordon.ReportTearline
	var against []cordon.ID
	for _, p := range append(slices.Clone(draft.Portions), draft.Title) {
		against = append(against, p.Against...)
	}
	if len(against) == 0 {
		return Written{}, cordon.Errorf(cordon.KindInvalid, "a tearline is written against portions of yours: name them")
	}
	slices.Sort(against)
	against = slices.Compact(against)
	prepared, err := writing.Prepare(by.Base, draft)
	if err != nil {
		return Written{}, err
	}
	type plan struct {
		report   writing.Plan
		material material
		joint    []Finding
	}
	type result struct {
		plan
		published writing.Published
	}
	out, err := act.Do(ctx, by, act.ByRole(cordon.ActTearline, cordon.RoleAuthor), func(s *act.Snapshot) (p plan, err error) {
		if p.report, err = prepared.Decide(s); err != nil {
			return plan{}, err
		}
		portions := p.report.Portions()
		paragraphs := make([]Paragraph, len(portions))
		for i := range portions {
			paragraphs[i].Text = draft.Title.Text
			if i > 0 {
				paragraphs[i].Text = draft.Portions[i-1].Text
			}
			if paragraphs[i].Marks, err = s.Marks(portions[i].Mark); err != nil {
				return plan{}, err
			}
		}
		if p.joint, err = ofOthers(s, portions); err != nil {
			return plan{}, err
		}
		originals, err := s.Tx.PortionsByID(against)
		if err != nil {
			return plan{}, err
		}
		p.material, err = load(s, paragraphs, originals, portions)
		return p, err
	}, func(c *act.Commit, p plan) (result, error) {
		published, err := writing.Write(c, p.report)
		return result{p, published}, err
	})
	if err != nil {
		return Written{}, err
	}
	if err := writing.CompareSoon(ctx, by.Base, out.published.Report); err != nil {
		return Written{}, err
	}
	written := Written{Published: out.published}
	if written.Check, err = out.material.check(ctx, by, out.published.Report); err != nil {
		return Written{}, err
	}
	written.Check.Findings = append(out.joint, written.Check.Findings...)
	return written, nil
}

// ofOthers says which portions of a tearline turned out to belong to others
// too.
func ofOthers(s *act.Snapshot, portions []cordon.Portion) ([]Finding, error) {
	var joint []Finding
	for _, p := range portions {
		rule, err := s.Rule(p.Rule)
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

// material is what a check compares: loaded in one act, opened and compared
// after it.
type material struct {
	paragraphs []Paragraph

	own, originals []cordon.Portion
	sealed         act.Sealed
	marks          map[cordon.ID]marking.Marks
	facts          []mosaic.PortionFact
	hierarchies    *mosaic.Hierarchies
	notes          []string
}

// load readies originals, which were decided on, and the facts on them and on
// the tearline's own portions, each of which is a paragraph.
func load(s *act.Snapshot, paragraphs []Paragraph, originals, own []cordon.Portion) (material, error) {
	m := material{
		paragraphs: slices.Clone(paragraphs), originals: slices.Clone(originals), own: slices.Clone(own),
		marks: make(map[cordon.ID]marking.Marks),
	}
	for _, some := range [][]cordon.Portion{m.originals, m.own} {
		slices.SortFunc(some, func(a, b cordon.Portion) int {
			return cmp.Or(cmp.Compare(a.Report, b.Report), cmp.Compare(a.Ordinal, b.Ordinal))
		})
	}
	all := slices.Concat(m.originals, m.own)
	var err error
	for _, p := range all {
		if m.marks[p.ID], err = s.Marks(p.Mark); err != nil {
			return m, err
		}
	}
	if m.sealed, err = s.Ready(all); err != nil {
		return m, err
	}
	if m.facts, err = mosaic.On(s.Tx, s.Keys, s.View, m.originals); err != nil {
		return m, err
	}
	mine, err := mosaic.On(s.Tx, s.Keys, s.View, m.own)
	if err != nil {
		return m, err
	}
	for _, f := range mine {
		i := slices.IndexFunc(m.own, func(p cordon.Portion) bool { return p.ID == f.Portion })
		m.paragraphs[i].Facts = append(m.paragraphs[i].Facts, f.Fact)
	}
	if len(m.facts) == 0 {
		return m, nil
	}
	var known bool
	if m.hierarchies, known, err = mosaic.LoadHierarchies(s.Tx, s.Keys, s.View, maxRegistries); err == nil && !known {
		m.notes = append(m.notes, "The finer meaning of the values of facts was not looked up in every registry of candidate sources; "+
			"a release authority or security officer sees more.")
	}
	return m, err
}

// openOwn opens the tearline's own portions, where they are not what was handed
// in.
func (m *material) openOwn() error {
	for i, p := range m.own {
		content, err := m.sealed.Open(p)
		if err != nil {
			return err
		}
		m.paragraphs[i].Text, m.paragraphs[i].Marks = content.Text, m.marks[p.ID]
	}
	return nil
}

// check opens what was loaded and looks at it.
func (m *material) check(ctx context.Context, by act.Caller, id cordon.ID) (Checked, error) {
	in := Input{Schemes: by.Schemes, Paragraphs: m.paragraphs, Hierarchies: m.hierarchies}
	bytes := 0
	for _, p := range m.originals {
		content, err := m.sealed.Open(p)
		if err != nil {
			return Checked{}, err
		}
		o := Original{ID: p.ID, Marks: m.marks[p.ID], Text: content.Text}
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
			return Checked{}, err
		}
	}
	var err error
	if in.Elsewhere, err = m.elsewhere(ctx, by, Candidates(in)); err != nil {
		return Checked{}, err
	}
	if !slices.ContainsFunc(in.Paragraphs, func(p Paragraph) bool { return !p.Marks.Empty() }) {
		m.notes = append(m.notes, "The paragraphs carry no marking, so none was looked at.")
	}
	found := Compare(in)
	if found.Unread {
		m.notes = append(m.notes, fmt.Sprintf("The facts on the originals have more values than the %d that were looked for.", maxValues))
	}
	return Checked{ID: id, Result: found, Notes: append(m.notes, Blind)}, nil
}

// elsewhere counts, for each of the words, the portions in which it stands, of
// those that the caller may see and that are no originals. Counts of RareIn and
// more are not told apart.
func (m *material) elsewhere(ctx context.Context, by act.Caller, words []string) (map[string]int, error) {
	if len(words) > maxRare {
		m.notes = append(m.notes, fmt.Sprintf("Of %d words that stand in both, the rarity of %d was looked up.", len(words), maxRare))
		words = words[:maxRare]
	}
	if len(words) == 0 {
		return nil, nil
	}
	return act.Read(ctx, by, act.ByAnyone(cordon.ActTearline), func(s *act.Snapshot) (map[string]int, error) {
		visible, err := s.Visible()
		if err != nil {
			return nil, err
		}
		counts := make(map[string]int, len(words))
		for _, w := range words {
			hits, err := s.Tx.Search(s.Base.Tokens.Words(w), visible, cordon.Cursor{}, RareIn+1+len(m.originals)+len(m.own))
			if err != nil {
				return nil, err
			}
			counts[w] = 0
			for _, h := range hits {
				if !m.about(h) {
					counts[w]++
				}
			}
		}
		return counts, nil
	})
}

// about reports whether the portion is an original or belongs to the tearline
// itself.
func (m *material) about(p cordon.Portion) bool {
	same := func(o cordon.Portion) bool { return o.ID == p.ID }
	return slices.ContainsFunc(m.originals, same) || slices.ContainsFunc(m.own, same)
}

func (d CheckDraft) validate() error {
	switch {
	case len(d.Against) == 0:
		return cordon.Errorf(cordon.KindInvalid, "name the portions that it is to be a tearline of")
	case len(d.Against) > cordon.MaxOriginals:
		return cordon.Errorf(cordon.KindTooLarge, "a tearline is written against at most %d portions", cordon.MaxOriginals)
	case len(d.Paragraphs) == 0:
		return cordon.Errorf(cordon.KindInvalid, "there is no text to look at")
	case len(d.Paragraphs) > cordon.MaxTearlinePortions:
		return cordon.Errorf(cordon.KindTooLarge, "a tearline has at most %d portions, the title counted", cordon.MaxTearlinePortions)
	}
	bytes := 0
	for _, p := range d.Paragraphs {
		bytes += len(p.Text)
	}
	if bytes > cordon.MaxTearlineBytes {
		return cordon.Errorf(cordon.KindTooLarge, "a tearline of %d bytes: at most %d are taken", bytes, cordon.MaxTearlineBytes)
	}
	return nil
}
