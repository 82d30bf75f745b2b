package writing

import (
	"fmt"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/finder"
	"cordon/internal/core/notice"
	"cordon/internal/core/tokens"
)

// dismissed is a passage of which the writer says that it is no quotation.
type dismissed struct {
	portion cordon.ID
	quoted  quoted
	reason  string
}

// ask compares the texts, which are decided on and not written yet, with what the writer
// may see. Where one repeats words of a portion that it is freer than, and the writer has
// not dismissed that, it is a Conflict. Its issues name the passages.
func (w *writer) ask(drafts []PortionDraft, all []decided) ([]dismissed, error) {
	if err := w.inSight(drafts); err != nil {
		return nil, err
	}
	texts, exempt := make([]string, len(all)), make(map[cordon.ID]bool)
	for i, one := range all {
		texts[i] = one.content.Text
		for _, id := range drafts[i].Against { // the tearline's own check is about those
			exempt[id] = true
		}
	}
	sees, err := w.sees()
	if err != nil {
		return nil, err
	}
	rules := func(i int) cordon.Rule { return all[i].rule }
	found, err := finder.FindEach(w.Unnoted(), w.Keys, w.Base.Tokens, w.Rule, finder.Scope{Sees: sees, Asks: freer(w.Rule, rules)}, texts)
	if err != nil {
		return nil, err
	}
	quotes, err := quotesIn(w.Snapshot, texts, rules, found, w.Actor.Person.ID)
	if err != nil {
		return nil, err
	}
	var out []dismissed
	var issues []cordon.Issue
	more := 0
	for i, text := range quotes {
		for _, q := range text {
			d := slices.IndexFunc(drafts[i].Dismissed, func(d Dismissal) bool { return d.Source == q.source.ID })
			switch {
			case exempt[q.source.ID]:
			case d >= 0:
				out = append(out, dismissed{all[i].portion.ID, q, drafts[i].Dismissed[d].Reason})
			case len(issues) == cordon.MaxPassages:
				more++
			default:
				issues = append(issues, asking(i, texts[i], q))
			}
		}
	}
	if len(issues) == 0 {
		return out, nil
	}
	issues[len(issues)-1].More = more
	problem := issues[0].Problem
	if len(drafts) > 1 {
		problem = nameOf(issues[0].Portion, drafts[issues[0].Portion]) + ": " + problem
	}
	return nil, cordon.Errorf(cordon.KindConflict, "%s", problem).With(issues...)
}

// asking is what the writer is asked about a passage: in their own words.
func asking(i int, text string, q quoted) cordon.Issue {
	first := q.spans[0]
	return cordon.Issue{
		Portion: i, Source: q.source.ID,
		Problem: fmt.Sprintf("it repeats %d words of a portion marked %s, for people whom that is not for: %q", q.words, q.source.Mark,
			tokens.Excerpt(text[first.Start:first.End], cordon.MaxQuoted)),
		Fix: fmt.Sprintf("name %s as a source, write it in other words, or dismiss it and say why: its owner is shown the reason", q.source.ID),
	}
}

// inSight makes sure that the writer sees what they dismiss, as declare does of sources.
func (w *writer) inSight(drafts []PortionDraft) error {
	var all []cordon.ID
	for _, p := range drafts {
		for _, d := range p.Dismissed {
			all = append(all, d.Source)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	portions, err := w.Tx.PortionsByID(all)
	if err != nil {
		return err
	}
	var withheld []cordon.Portion
	for _, p := range portions {
		if !w.Decide(p).Allowed() {
			withheld = append(withheld, p)
		}
	}
	if len(withheld) > 0 || len(portions) < len(all) {
		return &act.Refusal{Answer: cordon.ErrNotFound, Act: cordon.ActDismiss, Portions: withheld}
	}
	return nil
}

// sees tells what is in the writer's sight.
func (w *writer) sees() (func(cordon.ID, cordon.RuleNo) bool, error) {
	visible, err := w.Visible()
	if err != nil {
		return nil, err
	}
	return func(portion cordon.ID, rule cordon.RuleNo) bool {
		_, byRule := slices.BinarySearch(visible.Rules, rule)
		_, granted := slices.BinarySearch(visible.Granted, portion)
		return byRule || granted
	}, nil
}

// freer says of each text and each rule whether the text's own rule admits somebody whom
// that one does not.
func freer(rule func(cordon.RuleNo) (cordon.Rule, error), of func(text int) cordon.Rule) func(int, cordon.RuleNo) (bool, error) {
	type pair struct{ text, other cordon.RuleNo }
	known := make(map[pair]bool)
	own := make(map[int]cordon.RuleNo)
	return func(text int, no cordon.RuleNo) (bool, error) {
		if _, ok := own[text]; !ok {
			own[text] = of(text).No()
		}
		p := pair{own[text], no}
		is, ok := known[p]
		if !ok {
			other, err := rule(no)
			if err != nil {
				return false, err
			}
			is = !access.AsNarrow(of(text), other)
			known[p] = is
		}
		return is, nil
	}
}

// quotesIn picks of what was found in the texts of one report what is asked about. Reader
// is the writer where they are asked themselves.
func quotesIn(s *act.Snapshot, texts []string, rules func(int) cordon.Rule, found [][]finder.Quotation, reader cordon.ID) ([][]quoted, error) {
	var freeing []cordon.ID
	for i := range found {
		for _, q := range found[i] {
			if access.AsNarrow(rules(i), q.Rule) {
				freeing = append(freeing, q.Portion.ID)
			}
		}
	}
	f := freed{reader: reader, settled: make(map[[2]cordon.ID]bool)}
	slices.Sort(freeing)
	for some := range slices.Chunk(slices.Compact(freeing), sourcesLoaded) {
		known, err := s.Tx.MatchesIn(some)
		if err != nil {
			return nil, err
		}
		for _, m := range known {
			f.settled[[2]cordon.ID{m.Portion, m.Source}] = true
		}
	}
	quotes := make([][]quoted, len(texts))
	for i, text := range texts {
		quotes[i] = f.of(text, rules(i), found[i])
	}
	return enough(quotes), nil
}

// dismiss records what the writer has dismissed: in the owners' feeds, and with the reason
// in a notice to each.
func dismiss(c *act.Commit, report cordon.Report, all []dismissed) error {
	for _, d := range all {
		for _, owner := range d.quoted.rule.OwnerIDs() {
			m := d.quoted.match(report, d.portion, owner, c.Now)
			m.State, m.By, m.Decided = cordon.MatchDismissed, c.Actor.Person.ID, c.Now
			var err error
			if m.Reason, err = c.Keys.SealRecord(owner, reasonContext(m.ID), []byte(d.reason)); err != nil {
				return err
			}
			if err := c.Tx.AddMatches([]cordon.Match{m}); err != nil {
				return err
			}
			e := cordon.Entry{Act: cordon.ActDismiss, Feed: owner, Subject: report.ID, Portions: []cordon.ID{m.Source}, Words: m.Words}
			if err := c.Record(e); err != nil {
				return err
			}
			err = notice.SendAbout(c, notice.Message{Org: owner, Kind: cordon.NoticeTrace, Portions: []cordon.ID{m.Source}, Text: fmt.Sprintf(
				"An author of %s writes %d words of your portion %s in a report of theirs, %s, and says that it is no source of it: %s",
				c.Actor.Org.Name, m.Words, m.Source, report.ID, d.reason)})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func reasonContext(match cordon.ID) string { return "match:" + string(match) }
