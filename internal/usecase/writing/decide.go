package writing

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/notice"
	"cordon/internal/core/rebind"
	"cordon/marking"
)

// blindFor is how long the owner has to object before a match is dismissed by somebody
// who may not see what was found.
const blindFor = 72 * time.Hour

// Held is a report that waits for a decision, as one who may take part in it is shown it.
type Held struct {
	Report cordon.ID
	// Org holds the report; Ours says that it is the caller's organisation.
	Org   cordon.ID
	Ours  bool
	Since time.Time
	// Matches are what was found in it, of what the caller may see. Where there are none it
	// waits for something that they may not see, for what it was made from, or for the
	// organisation's officers, since too much was found in others: they are not told which.
	Matches []HeldMatch
}

// HeldMatch is a match as one who may take part in the decision is shown it.
type HeldMatch struct {
	ID    cordon.ID
	Words int
	State cordon.MatchState
	// Effective is when a dismissal by somebody who may not see the source takes effect.
	Effective time.Time
	// Source is where the words are from, Owner whose they are, and Passages are the words as
	// they stand in the report, and no others.
	Source   cordon.ID
	Owner    cordon.ID
	Passages []string

	portion cordon.ID
	spans   []cordon.Span
}

// takingPart are those who may decide on what waits.
func takingPart(a cordon.Act) act.Deed {
	return act.ByRole(a, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer)
}

// ListHeld lists reports that wait for a decision in which the caller may take part, newest
// first, at most limit of them of either kind: those of their organisation that they have
// not written themselves, and those in which words of its were found. That they were shown
// words of a portion is in its owners' feeds.
func ListHeld(ctx context.Context, by act.Caller, limit int) ([]Held, error) {
	type plan struct {
		held   []Held
		texts  map[cordon.ID]cordon.Portion
		sealed act.Sealed
		shown  []cordon.Portion
	}
	p, err := act.Do(ctx, by, takingPart(cordon.ActMatch), func(s *act.Snapshot) (p plan, err error) {
		if p.held, p.shown, err = held(s, limit); err != nil {
			return plan{}, err
		}
		var ids []cordon.ID
		for _, h := range p.held {
			for _, m := range h.Matches {
				if m.Source != "" && !slices.Contains(ids, m.portion) {
					ids = append(ids, m.portion)
				}
			}
		}
		portions, err := s.Tx.PortionsByID(ids)
		if err != nil {
			return plan{}, err
		}
		p.texts = make(map[cordon.ID]cordon.Portion)
		for _, one := range portions {
			p.texts[one.ID] = one
		}
		p.sealed, err = s.Ready(portions)
		return p, err
	}, func(c *act.Commit, p plan) (plan, error) {
		return p, recordShown(c, p.shown)
	})
	if err != nil {
		return nil, err
	}
	for i := range p.held {
		for j := range p.held[i].Matches {
			m := &p.held[i].Matches[j]
			portion, ok := p.texts[m.portion]
			if m.Source == "" || !ok || portion.State != cordon.PortionLive {
				continue
			}
			body, err := p.sealed.Open(portion)
			if err != nil {
				return nil, err
			}
			for _, s := range m.spans {
				if 0 <= s.Start && s.Start <= s.End && s.End <= len(body.Text) {
					m.Passages = append(m.Passages, body.Text[s.Start:s.End])
				}
			}
		}
	}
	return p.held, nil
}

// recordShown records that the caller was shown words of the portions.
func recordShown(c *act.Commit, shown []cordon.Portion) error {
	byReport := make(map[cordon.ID][]cordon.Portion)
	for _, p := range shown {
		byReport[p.Report] = append(byReport[p.Report], p)
	}
	for _, report := range slices.Sorted(maps.Keys(byReport)) {
		err := c.Tx.AddRendition(cordon.Rendition{
			ID: cordon.NewID(), Report: report, Portions: cordon.PortionIDs(byReport[report]), Person: c.Actor.Person.ID, Org: c.Actor.Org.ID, At: c.Now, Via: cordon.ActRead,
		})
		if err != nil {
			return err
		}
		if err := c.RecordOwners(cordon.Entry{Act: cordon.ActRead, Subject: report}, byReport[report]); err != nil {
			return err
		}
	}
	return nil
}

// held lists what waits, and the portions whose words the caller is shown.
func held(s *act.Snapshot, limit int) (out []Held, shown []cordon.Portion, err error) {
	own, err := s.Tx.WaitingOf(s.Actor.Org.ID, cordon.Cursor{}, limit)
	if err != nil {
		return nil, nil, err
	}
	own = slices.DeleteFunc(own, func(r cordon.Report) bool { return slices.Contains(r.Waits.Writers, s.Actor.Person.ID) })
	of, err := s.Tx.MatchesOf(s.Actor.Org.ID, cordon.Cursor{}, limit)
	if err != nil {
		return nil, nil, err
	}
	var reports []cordon.ID
	for _, m := range of {
		if m.Org != s.Actor.Org.ID && !slices.Contains(reports, m.Report) {
			reports = append(reports, m.Report)
		}
	}
	others, err := s.Tx.ReportsByID(reports)
	if err != nil {
		return nil, nil, err
	}
	seen := make(map[cordon.ID]bool)
	for _, r := range append(own, others...) {
		h := Held{Report: r.ID, Org: r.Holder, Ours: r.Holder == s.Actor.Org.ID, Since: r.Waits.Since}
		all, err := s.Tx.Matches(r.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range all {
			if m.State.Settled() || !h.Ours && m.Owner != s.Actor.Org.ID {
				continue
			}
			one := HeldMatch{ID: m.ID, Words: m.Words, State: m.State, Effective: m.Effective, portion: m.Portion, spans: m.Spans}
			source, sees, err := sourceOf(s, m)
			if err != nil {
				return nil, nil, err
			}
			if !sees {
				// How many words match tells which of several guesses is right.
				continue
			}
			one.Source, one.Owner = m.Source, m.Owner
			if !seen[source.ID] {
				seen[source.ID] = true
				source.Body, source.Key = nil, nil
				shown = append(shown, source)
			}
			h.Matches = append(h.Matches, one)
		}
		slices.SortFunc(h.Matches, func(a, b HeldMatch) int { return cmp.Compare(a.ID, b.ID) })
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b Held) int { return b.Since.Compare(a.Since) })
	return out, shown, nil
}

// sourceOf is the portion whose words the match is of, and whether the caller may see it.
func sourceOf(s *act.Snapshot, m cordon.Match) (cordon.Portion, bool, error) {
	all, err := s.Tx.PortionsByID([]cordon.ID{m.Source})
	if err != nil || len(all) == 0 {
		return cordon.Portion{}, false, err
	}
	return all[0], s.Decide(all[0]).Allowed(), nil
}

// Verdict is what somebody decides on matches.
type Verdict string

// The verdicts.
const (
	// VerdictDismiss: it is no quotation, or may stand as it is.
	VerdictDismiss Verdict = "dismiss"
	// VerdictDeclare: the portion was made from the source, as if its writer had said so.
	VerdictDeclare Verdict = "declare"
	// VerdictNarrow: the portion is for those only who may read the source as well.
	VerdictNarrow Verdict = "narrow"
	// VerdictObject: it must not be dismissed by somebody who may not see the source.
	VerdictObject Verdict = "object"
)

// Ruling is a decision on matches of one report.
type Ruling struct {
	Report  cordon.ID
	Verdict Verdict
	// Matches are those that it is about; all in whose decision the caller may take part
	// if empty.
	Matches []cordon.ID
	// Reason is shown to the owners of what was found.
	Reason string
}

// Ruled is what came of a ruling.
type Ruled struct {
	// Open is how many matches the report waits for still, as far as the caller may know
	// of them.
	Open int
	// Effective is when the ruling takes effect; the zero time for at once.
	Effective time.Time
}

// DecideHeld decides on what was found in a report that waits. It takes a release authority, and
// for a report in which nothing was found a security officer, of the organisation that
// holds it, who has not written it: one who may see the source dismisses, declares or
// narrows at once. One who may not can dismiss, which takes effect after 72 hours unless the
// owner objects. A release authority or security officer of the owner dismisses
// at once, or objects: an outsider who wrote the words first does not take a report from
// those who hold it. To anybody else, and to the writers, the report does not wait: it is
// ErrNotFound. When nothing is open any more the report stops waiting.
func DecideHeld(ctx context.Context, by act.Caller, r Ruling) (Ruled, error) {
	if len(r.Reason) > cordon.MaxNameBytes {
		return Ruled{}, cordon.Errorf(cordon.KindTooLarge, "a reason is longer than %d bytes", cordon.MaxNameBytes)
	}
	if r.Verdict == VerdictDismiss && strings.TrimSpace(r.Reason) == "" {
		return Ruled{}, cordon.Errorf(cordon.KindInvalid, "say why it is dismissed: the owner of what was found is shown the reason")
	}
	if !slices.Contains([]Verdict{VerdictDismiss, VerdictDeclare, VerdictNarrow, VerdictObject}, r.Verdict) {
		return Ruled{}, cordon.Errorf(cordon.KindInvalid, "%q is no verdict: dismiss, declare, narrow or object", r.Verdict)
	}
	type result struct {
		Ruled
		due []cordon.ID
	}
	out, err := act.Do(ctx, by, takingPart(cordon.ActSettle), func(s *act.Snapshot) (*verdicts, error) { return decideOn(s, r) },
		func(c *act.Commit, v *verdicts) (result, error) {
			ruled, due, err := v.write(c)
			return result{ruled, due}, err
		})
	if err != nil {
		return Ruled{}, err
	}
	for _, report := range out.due {
		if err := CompareSoon(ctx, by.Base, report); err != nil {
			return Ruled{}, err
		}
	}
	return out.Ruled, nil
}

// verdicts are matches with what was decided on them, and the report that they are in.
type verdicts struct {
	report  cordon.Report
	decided []cordon.Match
	sources map[cordon.ID]cordon.Portion
	reason  string
	// open is how many others are left, known those of them that the caller knows of.
	open, known int
	effective   time.Time
	portions    []cordon.Portion // those that wait
	depends     bool
}

func decideOn(s *act.Snapshot, r Ruling) (*verdicts, error) {
	report, err := s.Tx.Report(r.Report)
	if err != nil {
		return nil, err
	}
	ours := report.Holder == s.Actor.Org.ID
	if report.Waits.State != cordon.WaitingDecision || ours && slices.Contains(report.Waits.Writers, s.Actor.Person.ID) {
		return nil, cordon.ErrNotFound
	}
	all, err := s.Tx.Matches(report.ID)
	if err != nil {
		return nil, err
	}
	v := &verdicts{report: report, sources: make(map[cordon.ID]cordon.Portion), reason: r.Reason}
	party, wanted := ours, len(r.Matches)
	for _, m := range all {
		party = party || m.Owner == s.Actor.Org.ID
		if m.State.Settled() {
			continue
		}
		_, sees, err := sourceOf(s, m)
		if err != nil {
			return nil, err
		}
		mine := ours || m.Owner == s.Actor.Org.ID
		knows := !ours || sees // of what they may not see they know only that the report waits
		asked := len(r.Matches) == 0 || knows && slices.Contains(r.Matches, m.ID)
		if mine && asked {
			wanted--
			decided, err := v.decide(s, m, ours, r.Verdict)
			if err != nil {
				return nil, err
			}
			if decided {
				continue
			}
		}
		v.open++
		if mine && knows {
			v.known++
		}
	}
	switch {
	case !party, len(r.Matches) > 0 && wanted > 0:
		return nil, cordon.ErrNotFound
	case len(v.decided) == 0 && v.open > 0:
		return nil, cordon.Errorf(cordon.KindConflict, "nothing of this is yours to decide so: who may not see what was found can dismiss it, and its owner can object; who may see it decides")
	case len(v.decided) == 0 && (r.Verdict != VerdictDismiss || !slices.Contains(s.Actor.Person.Roles, cordon.RoleSecurityOfficer)):
		return nil, cordon.Errorf(cordon.KindConflict, "nothing was found in it: a security officer dismisses that it waits")
	}
	if v.portions, err = waitingPortions(s, report.ID); err != nil {
		return nil, err
	}
	v.depends, err = (&compared{report: report, portions: v.portions}).fromWaiting(s)
	return v, err
}

// decide decides on one match, and reports whether the verdict settles it or sets its clock.
func (v *verdicts) decide(s *act.Snapshot, m cordon.Match, ours bool, verdict Verdict) (bool, error) {
	source, sees, err := sourceOf(s, m)
	if err != nil {
		return false, err
	}
	owner := m.Owner == s.Actor.Org.ID
	authority := s.Actor.Person.Has(cordon.RoleReleaseAuthority)
	m.By, m.Decided, m.Effective = s.Actor.Person.ID, s.Now, time.Time{}
	switch {
	case verdict == VerdictObject && owner && !ours:
		m.State = cordon.MatchObjected
		v.open++ // it waits still
		v.known++
	case verdict == VerdictDismiss && (owner && !ours || ours && sees && authority):
		m.State = cordon.MatchDismissed
	case verdict == VerdictDismiss && ours && !sees && authority && m.State == cordon.MatchOpen:
		m.State, m.Effective = cordon.MatchPending, s.Now.Add(blindFor)
		v.effective = m.Effective
		v.open++
	case verdict == VerdictNarrow && ours && sees && authority:
		m.State = cordon.MatchNarrowed
	case verdict == VerdictDeclare && ours && sees && authority:
		m.State = cordon.MatchDeclared
	default:
		return false, nil
	}
	v.decided = append(v.decided, m)
	v.sources[source.ID] = source
	return true, nil
}

// write writes the verdicts down, tells those concerned, and ends the waiting where nothing
// is open any more.
func (v *verdicts) write(c *act.Commit) (Ruled, []cordon.ID, error) {
	told := make(map[cordon.ID]bool)
	for _, m := range v.decided {
		var err error
		if v.reason != "" {
			if m.Reason, err = c.Keys.SealRecord(m.Owner, reasonContext(m.ID), []byte(v.reason)); err != nil {
				return Ruled{}, nil, err
			}
		}
		if err := c.Tx.PutMatch(m); err != nil {
			return Ruled{}, nil, err
		}
		if err := c.Record(cordon.Entry{Feed: m.Owner, Subject: v.report.ID, Portions: []cordon.ID{m.Source}, Words: m.Words, Reasons: []string{string(m.State)}}); err != nil {
			return Ruled{}, nil, err
		}
		if told[m.Owner] {
			continue
		}
		told[m.Owner] = true
		if err := v.tell(c, m); err != nil {
			return Ruled{}, nil, err
		}
	}
	out := Ruled{Open: v.known, Effective: v.effective}
	due, err := v.apply(c)
	return out, due, err
}

// tell tells the other side.
func (v *verdicts) tell(c *act.Commit, m cordon.Match) error {
	if m.State == cordon.MatchObjected {
		return tellHolder(c, v.report, "The owner of words that were found in a report of %s objects to dismissing them unseen: talk with its officers. Report %s.")
	}
	if m.Owner == c.Actor.Org.ID {
		return tellHolder(c, v.report, "The owner of words that were found in a report of %s has decided on them. Report %s.")
	}
	says := map[cordon.MatchState]string{
		cordon.MatchDismissed: "dismissed that words of yours stand in it",
		cordon.MatchDeclared:  "said that it was made from yours",
		cordon.MatchNarrowed:  "left what has words of yours to those who may read yours",
		cordon.MatchPending:   "dismissed words of yours without seeing where they are from, which takes effect on " + m.Effective.Format("2006-01-02 15:04 MST") + " unless you object",
	}
	rule, err := notWriters(c, m.Owner, v.report)
	if err != nil {
		return err
	}
	return notice.Send(c, notice.Message{Org: m.Owner, Kind: cordon.NoticeTrace, Rule: rule, Text: fmt.Sprintf(
		"Of the report %s, %s has %s. The reason given: %s", v.report.ID, c.Actor.Org.Name, says[m.State], cmp.Or(v.reason, "none"))})
}

// apply puts what was declared and narrowed into force, and ends the waiting.
func (v *verdicts) apply(c *act.Commit) ([]cordon.ID, error) {
	for _, m := range v.decided {
		if m.State != cordon.MatchDeclared && m.State != cordon.MatchNarrowed {
			continue
		}
		i := slices.IndexFunc(v.portions, func(p cordon.Portion) bool { return p.ID == m.Portion })
		if i < 0 {
			continue // it was struck or reworded meanwhile
		}
		whole, err := c.Tx.PortionsByID([]cordon.ID{m.Portion})
		if err != nil {
			return nil, err
		}
		if err := bindTo(c, &whole[0], v.sources[m.Source], m.State == cordon.MatchDeclared); err != nil {
			return nil, err
		}
		whole[0].Body, whole[0].Key = nil, nil
		v.portions[i] = whole[0]
	}
	if v.open > 0 || v.depends {
		return nil, c.Tx.TouchReport(v.report.ID)
	}
	return settle(c, v.report, v.portions)
}

// bindTo puts the portion under its own rule and its source's: as one that was made from it,
// or as one in which it was found.
func bindTo(c *act.Commit, p *cordon.Portion, source cordon.Portion, declared bool) error {
	before, err := c.Rule(p.Rule)
	if err != nil {
		return err
	}
	from, err := c.Rule(source.Rule)
	if err != nil {
		return err
	}
	if !declared {
		return rebind.Under(c, p, before.Found(from))
	}
	after := access.Join(before, from).While(before)
	var marks []marking.Marks
	for _, mark := range []string{p.Mark, source.Mark} {
		m, err := c.Marks(mark)
		if err != nil {
			return err
		}
		marks = append(marks, m)
	}
	whole, err := c.Schemes.RollUp(marks)
	if err != nil {
		return cordon.Errorf(cordon.KindSpill, "the markings cannot stand together, so nobody could read it: %s", err).Because(err)
	}
	was := content.Binding(*p, before)
	p.Mark, p.Rule = whole.Portion(), after.No()
	if _, err := c.Tx.Intern(after); err != nil {
		return err
	}
	c.Learn(after)
	if p.Body, p.Key, err = c.Keys.Rebind(was, content.Binding(*p, after), p.Body, p.Key); err != nil {
		return err
	}
	if err := c.Tx.ReplacePortion(*p); err != nil {
		return err
	}
	return c.Tx.AddDerivations([]cordon.Derivation{{Portion: p.ID, Source: source.ID, How: cordon.DerivationDeclared}})
}

// Tend sees to what is due of what waits: dismissals that nobody objected to take effect,
// and officers are reminded of what has waited for an hour. It gives how many it handled.
func Tend(ctx context.Context, base *act.Base) (int, error) {
	due, err := act.Read(ctx, base.Itself(), comparing, func(s *act.Snapshot) ([]cordon.ID, error) {
		matches, err := s.Tx.MatchesDue(s.Now, compareBatch)
		if err != nil {
			return nil, err
		}
		reports, err := s.Tx.WaitingToRemind(s.Now, compareBatch)
		var ids []cordon.ID
		for _, m := range matches {
			ids = append(ids, m.Report)
		}
		for _, r := range reports {
			ids = append(ids, r.ID)
		}
		slices.Sort(ids)
		return slices.Compact(ids), err
	})
	if err != nil {
		return 0, err
	}
	for i, report := range due {
		again, err := act.Do(ctx, base.Itself(), act.ByAnyone(cordon.ActSettle), func(s *act.Snapshot) (*verdicts, error) { return lapsed(s, report) }, tend)
		if err != nil {
			return i, err
		}
		for _, id := range again {
			if err := CompareSoon(ctx, base, id); err != nil {
				return i, err
			}
		}
	}
	return len(due), nil
}

// lapsed is the report with the dismissals that take effect now.
func lapsed(s *act.Snapshot, id cordon.ID) (*verdicts, error) {
	report, err := s.Tx.Report(id)
	if err != nil {
		return nil, err
	}
	v := &verdicts{report: report}
	all, err := s.Tx.Matches(id)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		switch {
		case m.State == cordon.MatchPending && !s.Now.Before(m.Effective):
			m.State = cordon.MatchDismissed
			v.decided = append(v.decided, m)
		case !m.State.Settled():
			v.open++
		}
	}
	if v.portions, err = waitingPortions(s, id); err != nil {
		return nil, err
	}
	v.depends, err = (&compared{report: report, portions: v.portions}).fromWaiting(s)
	return v, err
}

func tend(c *act.Commit, v *verdicts) ([]cordon.ID, error) {
	for _, m := range v.decided {
		if err := c.Tx.PutMatch(m); err != nil {
			return nil, err
		}
		if err := c.Record(cordon.Entry{Feed: m.Owner, Subject: v.report.ID, Portions: []cordon.ID{m.Source}, Words: m.Words, Reasons: []string{string(m.State)}}); err != nil {
			return nil, err
		}
	}
	if len(v.decided) > 0 && v.report.Waits.State == cordon.WaitingDecision && v.open == 0 && !v.depends {
		return settle(c, v.report, v.portions)
	}
	if r := &v.report; r.Waits.State == cordon.WaitingDecision && !r.Waits.Remind.IsZero() && !c.Now.Before(r.Waits.Remind) {
		r.Waits.Remind = time.Time{}
		if err := tellHolder(c, *r, "A report of %s waits still, and its author may believe that it was seen. See what waits, and decide. Report %s."); err != nil {
			return nil, err
		}
		return nil, c.Tx.PutReport(*r)
	}
	return nil, nil
}
