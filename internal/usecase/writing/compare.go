package writing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/finder"
	"cordon/internal/core/notice"
	"cordon/internal/core/rebind"
)

const (
	// compareBatch is how many reports are looked up at once.
	compareBatch = 32
	// remindAfter is how long a report waits for a decision before the officers are told
	// again.
	remindAfter = time.Hour
	// From mostHits reports on in which, within hitsWithin, words of one owner were found,
	// everything that the organisation publishes waits for its own security officer: two
	// accounts, of which one sees whether the other's reports appear, learn no more.
	mostHits   = 3
	hitsWithin = 24 * time.Hour
)

// CompareSoon sees to it that what was just written to the report is compared: in a moment
// by whoever does that in the background, or at once where nobody does.
func CompareSoon(ctx context.Context, base *act.Base, report cordon.ID) error {
	if base.Compare != nil {
		base.Compare()
		return nil
	}
	return CompareNow(ctx, base, report)
}

// CompareNow compares the report, if it waits for that, and what was made from it.
func CompareNow(ctx context.Context, base *act.Base, report cordon.ID) error {
	ctx = context.WithoutCancel(ctx) // it is written, whether or not somebody waits for the answer
	due := []cordon.ID{report}
	for len(due) > 0 {
		more, err := compare(ctx, base, due[0])
		if err != nil {
			return err
		}
		due = append(due[1:], more...)
	}
	return nil
}

// Compare holds everything that waits for it against everything else, and gives how many
// reports it has dealt with. Where nothing is found in a report it waits no more. Otherwise
// the whole report goes on waiting, for a decision; in the same transaction the match is
// put into the feeds of the owners, their officers are told what was quoted, and those of
// the writer's organisation that a report waits.
//
// Several nodes can do it at the same time, and each can be killed: what is not done is
// done by the next.
func Compare(ctx context.Context, base *act.Base) (int, error) {
	n := 0
	for {
		due, err := act.Read(ctx, base.Itself(), comparing, func(s *act.Snapshot) ([]cordon.Report, error) {
			return s.Tx.WaitingIn(cordon.WaitingComparison, compareBatch)
		})
		if err != nil || len(due) == 0 {
			return n, err
		}
		if err := compareAll(ctx, base, due); err != nil {
			return n, err
		}
		n += len(due)
	}
}

// comparers is how many reports are compared at once, so that those which wait for the
// disk wait together.
const comparers = 4

func compareAll(ctx context.Context, base *act.Base, due []cordon.Report) error {
	next := make(chan cordon.ID)
	failed := make([]error, min(comparers, len(due)))
	var workers sync.WaitGroup
	for i := range failed {
		workers.Go(func() {
			for report := range next {
				_, err := compare(ctx, base, report)
				failed[i] = errors.Join(failed[i], err)
			}
		})
	}
	for _, r := range due {
		next <- r.ID
	}
	close(next)
	workers.Wait()
	return errors.Join(failed...)
}

var comparing = act.ByAnyone(cordon.ActMatch)

// compared is a report as it was held against everything.
type compared struct {
	report   cordon.Report
	portions []cordon.Portion       // those that wait, in order
	filed    []cordon.PortionTokens // of each, but for what it was compared by
	quotes   [][]quoted             // in each
}

// compare deals with one report. The comparison reads a state that has everything which
// was committed before this report was. Of two texts that are written at the same time,
// the one that is compared later is held against the other.
//
// It gives the reports that had waited for this one and are to be compared now.
func compare(ctx context.Context, base *act.Base, report cordon.ID) ([]cordon.ID, error) {
	type result struct {
		done bool
		due  []cordon.ID
	}
	for {
		found, err := act.Read(ctx, base.Itself(), comparing, func(s *act.Snapshot) (*compared, error) { return holdAgainst(s, report) })
		if err != nil || found == nil {
			return nil, err
		}
		out, err := act.Do(ctx, base.Itself(), comparing, func(s *act.Snapshot) (*comparison, error) { return found.conclude(s) },
			func(c *act.Commit, p *comparison) (result, error) {
				if p == nil {
					return result{}, nil
				}
				due, err := p.write(c)
				return result{true, due}, err
			})
		if err != nil || out.done {
			return out.due, err
		}
	}
}

// waitingPortions are those of the report that wait, in order.
func waitingPortions(s *act.Snapshot, report cordon.ID) (waiting []cordon.Portion, err error) {
	heads, err := s.Tx.PortionHeads(report)
	if err != nil {
		return nil, err
	}
	for _, p := range heads {
		if p.State != cordon.PortionLive {
			continue
		}
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if rule.Waiting != "" {
			waiting = append(waiting, p)
		}
	}
	return waiting, nil
}

// holdAgainst compares; nil where there is nothing to compare any more.
func holdAgainst(s *act.Snapshot, id cordon.ID) (*compared, error) {
	report, err := s.Tx.Report(id)
	if err != nil || report.Waits.State != cordon.WaitingComparison {
		return nil, err
	}
	out := &compared{report: report}
	heads, err := waitingPortions(s, id)
	if err != nil {
		return nil, err
	}
	own := make(map[cordon.ID]int, len(heads))
	for i, p := range heads {
		own[p.ID] = i
	}
	out.portions = make([]cordon.Portion, len(heads))
	loaded, err := s.Tx.PortionsByID(cordon.PortionIDs(heads))
	if err != nil {
		return nil, err
	}
	for _, p := range loaded {
		out.portions[own[p.ID]] = p
	}
	texts, rules := make([]string, len(heads)), make([]cordon.Rule, len(heads))
	for i := range out.portions {
		p := &out.portions[i]
		if rules[i], err = s.Rule(p.Rule); err != nil {
			return nil, err
		}
		body, err := content.Open(s.Keys, *p, rules[i])
		if err != nil {
			return nil, err
		}
		p.Body, p.Key = nil, nil
		texts[i] = body.Text
		filed := s.Base.Tokens.Of(body.Text)
		filed.Prints = nil // they are filed already
		out.filed = append(out.filed, filed)
	}
	ruleOf := func(i int) cordon.Rule { return rules[i] }
	scope := finder.Scope{
		Sees: func(p cordon.ID, _ cordon.RuleNo) bool { _, self := own[p]; return !self },
		Asks: freer(s.Rule, ruleOf),
	}
	found, err := finder.FindEach(s.Unnoted(), s.Keys, s.Base.Tokens, s.Rule, scope, texts)
	if err != nil {
		return nil, err
	}
	if err := leaveOutDisputed(s, found); err != nil {
		return nil, err
	}
	out.quotes, err = quotesIn(s, texts, ruleOf, found, "")
	return out, err
}

// leaveOutDisputed leaves out what was found in reports that wait for a decision: whether
// their words are their holder's own is what is to be decided. Otherwise somebody could lay
// out guesses that wait and be told when their owner writes one of them down.
func leaveOutDisputed(s *act.Snapshot, found [][]finder.Quotation) error {
	disputed := make(map[cordon.ID]bool)
	for i, all := range found {
		for _, q := range all {
			if _, known := disputed[q.Portion.Report]; known {
				continue
			}
			report, err := s.Unnoted().Report(q.Portion.Report)
			if err != nil {
				return err
			}
			disputed[q.Portion.Report] = report.Waits.State == cordon.WaitingDecision
		}
		found[i] = slices.DeleteFunc(all, func(q finder.Quotation) bool { return disputed[q.Portion.Report] && q.Rule.Waiting != "" })
	}
	return nil
}

// match is the quotation as one owner's match in the portion.
func (q quoted) match(report cordon.Report, portion, owner cordon.ID, now time.Time) cordon.Match {
	return cordon.Match{
		ID: cordon.NewID(), Report: report.ID, Portion: portion, Org: report.Holder, Source: q.source.ID, Owner: owner,
		Spans: q.spans, Words: q.words, State: cordon.MatchOpen, Found: now,
	}
}

// comparison is what comes of having compared.
type comparison struct {
	*compared
	matches []cordon.Match
	// waits says that the report goes on waiting.
	waits bool
}

// conclude decides what comes of it, on the state that it is written to; nil where what
// waits has changed meanwhile and has to be compared again.
func (found *compared) conclude(s *act.Snapshot) (*comparison, error) {
	report, err := s.Tx.Report(found.report.ID) // held from now on
	if err != nil || report.Waits.State != cordon.WaitingComparison {
		return nil, err
	}
	fresh := *found
	fresh.report = report
	out := &comparison{compared: &fresh}
	now, err := waitingPortions(s, found.report.ID)
	if err != nil {
		return nil, err
	}
	same := func(a, b cordon.Portion) bool { return a.ID == b.ID && a.Rule == b.Rule }
	if !slices.EqualFunc(now, found.portions, same) {
		return nil, nil
	}
	known, err := s.Tx.Matches(found.report.ID)
	if err != nil {
		return nil, err
	}
	links, err := s.Tx.Originals(cordon.PortionIDs(now))
	if err != nil {
		return nil, err
	}
	out.waits = slices.ContainsFunc(known, func(m cordon.Match) bool { return !m.State.Settled() })
	for i, p := range now {
		for _, q := range found.quotes[i] {
			if slices.ContainsFunc(links, func(l cordon.TearlineLink) bool { return l.Original == q.source.ID }) {
				continue // the tearline's own check was about those
			}
			for _, owner := range q.rule.OwnerIDs() {
				if slices.ContainsFunc(known, func(m cordon.Match) bool {
					return m.Source == q.source.ID && m.Owner == owner && (m.Portion == p.ID || m.State.Settled() && q.words <= m.Words)
				}) {
					continue
				}
				out.matches = append(out.matches, q.match(found.report, p.ID, owner, s.Now))
			}
		}
	}
	if len(out.matches) > 0 {
		out.waits = true
		return out, nil
	}
	if !out.waits {
		out.waits, err = found.waitsFor(s)
	}
	return out, err
}

// waitsFor reports whether the report waits for something else than matches of its own:
// for what it was made from, or since too much was found in others of its organisation.
func (found *compared) waitsFor(s *act.Snapshot) (bool, error) {
	waits, err := found.fromWaiting(s)
	if err != nil || waits {
		return waits, err
	}
	hits, err := s.Tx.HitsSince(found.report.Holder, s.Now.Add(-hitsWithin))
	return slices.ContainsFunc(hits, func(h cordon.Hits) bool { return h.Reports >= mostHits }), err
}

// fromWaiting reports whether something that the report was made from waits.
func (found *compared) fromWaiting(s *act.Snapshot) (bool, error) {
	from, err := s.Tx.Sources(cordon.PortionIDs(found.portions))
	if err != nil {
		return false, err
	}
	ids := make([]cordon.ID, len(from))
	for i, d := range from {
		ids[i] = d.Source
	}
	slices.Sort(ids)
	for some := range slices.Chunk(slices.Compact(ids), sourcesLoaded) {
		sources, err := s.Tx.PortionsByID(some)
		if err != nil {
			return false, err
		}
		for _, p := range sources {
			rule, err := s.Rule(p.Rule)
			if err != nil {
				return false, err
			}
			if p.State == cordon.PortionLive && p.Report != found.report.ID && rule.Waiting != "" {
				return true, nil
			}
		}
	}
	return false, nil
}

func (p *comparison) write(c *act.Commit) ([]cordon.ID, error) {
	filed := make([]cordon.PortionTokens, len(p.portions))
	for i, one := range p.portions {
		filed[i] = p.filed[i]
		filed[i].Portion, filed[i].Rule = one.ID, one.Rule
	}
	if !p.waits {
		due, err := settle(c, p.report, p.portions)
		if err != nil {
			return nil, err
		}
		for i, one := range p.portions {
			rule, err := c.Rule(one.Rule)
			if err != nil {
				return nil, err
			}
			filed[i].Rule = rule.Settled().No()
		}
		return due, c.Tx.AddTokens(filed)
	}
	if err := c.Tx.AddTokens(filed); err != nil {
		return nil, err
	}
	report := p.report
	report.Waits.State = cordon.WaitingDecision
	if report.Waits.Remind.IsZero() {
		report.Waits.Remind = c.Now.Add(remindAfter)
	}
	if err := c.Tx.PutReport(report); err != nil {
		return nil, err
	}
	if err := c.Tx.AddMatches(p.matches); err != nil {
		return nil, err
	}
	if err := p.tellOwners(c); err != nil {
		return nil, err
	}
	return nil, tellHolder(c, report, "A report of %s waits: words of others were found in it, or are looked for. Nobody but its author reads it, who is not told. "+
		"Somebody else decides: see what waits. Report %s.")
}

// tellOwners puts the matches into the feed of each owner and tells its officers which of
// its words were found where.
func (p *comparison) tellOwners(c *act.Commit) error {
	holder, err := c.Snapshot.Tx.Organisation(p.report.Holder)
	if err != nil {
		return err
	}
	byOwner := make(map[cordon.ID][]cordon.Match)
	var owners []cordon.ID
	for _, m := range p.matches {
		if byOwner[m.Owner] == nil {
			owners = append(owners, m.Owner)
		}
		byOwner[m.Owner] = append(byOwner[m.Owner], m)
	}
	slices.Sort(owners)
	for _, owner := range owners {
		e := cordon.Entry{Feed: owner, Subject: p.report.ID}
		for _, m := range byOwner[owner] {
			e.Words += m.Words
			if !slices.Contains(e.Portions, m.Source) {
				e.Portions = append(e.Portions, m.Source)
			}
		}
		all := e.Portions
		for e.Portions = range slices.Chunk(all, maxEntryPortions) {
			if err := c.Record(e); err != nil {
				return err
			}
		}
		rule, err := notWriters(c, owner, p.report)
		if err != nil {
			return err
		}
		err = notice.Send(c, notice.Message{Org: owner, Kind: cordon.NoticeTrace, Portions: all, Rule: rule, Text: fmt.Sprintf(
			"%d words of yours (%s) were found in a report of %s, which waits. See what was found, and decide or object: report %s.",
			e.Words, portionsOfYours(all), holder.Name, p.report.ID)})
		if err != nil {
			return err
		}
	}
	return nil
}

func portionsOfYours(ids []cordon.ID) string {
	if len(ids) == 1 {
		return "portion " + string(ids[0])
	}
	return fmt.Sprintf("portion %s and %d others", ids[0], len(ids)-1)
}

// maxEntryPortions is how many portions an entry names at most.
const maxEntryPortions = 1000

// tellHolder tells the officers of the writer's organisation, but not the writers, that a
// report waits, and nothing of what was found.
func tellHolder(c *act.Commit, report cordon.Report, format string) error {
	org, err := c.Snapshot.Tx.Organisation(report.Holder)
	if err != nil {
		return err
	}
	rule, err := notWriters(c, report.Holder, report)
	if err != nil {
		return err
	}
	// The entry in the feed would tell a writer who is an auditor.
	return notice.Send(c, notice.Message{Org: report.Holder, Kind: cordon.NoticeTrace, Rule: rule, Sealed: true, Text: fmt.Sprintf(format, org.Name, report.ID)})
}

// notWriters is a rule by which a notice is shown to people of the organisation, but to
// none of the writers of what waits.
func notWriters(c *act.Commit, org cordon.ID, report cordon.Report) (cordon.RuleNo, error) {
	rule := cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: org}}}
	writers := report.Waits.Writers
	if org == report.Holder && len(writers) == 1 {
		rule.Former = writers[0]
	}
	if org == report.Holder && len(writers) > 1 {
		people, err := c.Tx.People(org)
		if err != nil {
			return 0, err
		}
		rule.Circled = true
		for _, p := range people {
			if !slices.Contains(writers, p.ID) && len(rule.Circle) < cordon.MaxCircle {
				rule.Circle = append(rule.Circle, p.ID)
			}
		}
	}
	rule.Normalise()
	return c.Tx.Intern(rule)
}

// settle ends the waiting of the portions and of the report, and gives the reports that
// are to be compared again.
func settle(c *act.Commit, report cordon.Report, portions []cordon.Portion) ([]cordon.ID, error) {
	if err := rebind.EndWait(c, report.ID, portions); err != nil {
		return nil, err
	}
	report.Waits = cordon.Waiting{}
	if err := c.Tx.PutReport(report); err != nil { // who may read it has changed
		return nil, err
	}
	return again(c, portions)
}

// again has the reports compared again, and gives them, that were made from the portions and wait for them.
func again(c *act.Commit, portions []cordon.Portion) (due []cordon.ID, err error) {
	derived, err := c.Tx.Derived(cordon.PortionIDs(portions))
	if err != nil || len(derived) == 0 {
		return nil, err
	}
	ids := make([]cordon.ID, len(derived))
	for i, d := range derived {
		ids[i] = d.Portion
	}
	made, err := c.Tx.PortionsByID(ids)
	if err != nil {
		return nil, err
	}
	seen := make(map[cordon.ID]bool)
	for _, p := range made {
		if seen[p.Report] {
			continue
		}
		seen[p.Report] = true
		report, err := c.Snapshot.Tx.Report(p.Report)
		if err != nil {
			return nil, err
		}
		if report.Waits.State != cordon.WaitingDecision {
			continue
		}
		report.Waits.State = cordon.WaitingComparison
		if err := c.Tx.PutReport(report); err != nil {
			return nil, err
		}
		due = append(due, report.ID)
	}
	return due, nil
}
