package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
)

// testWaiting: a report says what it waits for, and is found by that.
func testWaiting(t *testing.T, s cordon.Store) {
	org := cordon.NewID()
	var reports []cordon.Report
	for i := range 3 {
		r := filled[cordon.Report]()
		r.Holder, r.Created = org, base.Add(-time.Duration(i)*time.Second) // newest first
		r.Waits.State, r.Waits.Remind = cordon.WaitingDecision, base.Add(time.Duration(i)*time.Minute)
		reports = append(reports, r)
	}
	compared := filled[cordon.Report]()
	compared.Holder, compared.Waits.State = org, cordon.WaitingComparison
	settled := filled[cordon.Report]()
	settled.Holder, settled.Waits = org, cordon.Waiting{}
	update(t, s, func(tx cordon.WriteTx) error {
		for _, r := range append(slices.Clone(reports), compared, settled) {
			if err := tx.PutReport(r); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(tx cordon.ReadTx) error {
		all, err := tx.WaitingOf(org, cordon.Cursor{}, 2)
		equal(t, "for a decision", all, reports[:2])
		if err != nil {
			return err
		}
		rest, err := tx.WaitingOf(org, cordon.Cursor{Created: reports[1].Created, ID: reports[1].ID}, 2)
		equal(t, "the rest", rest, reports[2:])
		if err != nil {
			return err
		}
		due, err := tx.WaitingIn(cordon.WaitingComparison, 100)
		equal(t, "to be compared", slices.DeleteFunc(due, func(r cordon.Report) bool { return r.Holder != org }), []cordon.Report{compared})
		if err != nil {
			return err
		}
		remind, err := tx.WaitingToRemind(base.Add(time.Minute), 100)
		remind = slices.DeleteFunc(remind, func(r cordon.Report) bool { return r.Holder != org })
		slices.SortFunc(remind, func(a, b cordon.Report) int { return b.Created.Compare(a.Created) })
		equal(t, "to be reminded of", remind, reports[:2])
		return err
	})
}

func testMatches(t *testing.T, s cordon.Store) {
	owner, org, report, portion := cordon.NewID(), cordon.NewID(), cordon.NewID(), cordon.NewID()
	var all []cordon.Match
	for i := range 3 {
		m := filled[cordon.Match]()
		m.Owner, m.Org, m.Report, m.Found = owner, org, report, base.Add(-time.Duration(i)*time.Second) // newest first
		m.State = cordon.MatchOpen
		all = append(all, m)
	}
	all[1].Portion, all[2].Report = portion, cordon.NewID()
	said := filled[cordon.Match]() // by its writer, as it was found
	said.Owner, said.Org, said.State, said.Found = owner, org, cordon.MatchDismissed, base
	said.Decided = said.Found
	update(t, s, func(tx cordon.WriteTx) error { return tx.AddMatches(append(slices.Clone(all), said)) })
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.AddMatches(all[:1]) })
	wantKind(t, "added again", err, cordon.KindConflict)

	all[0].State, all[0].Effective, all[0].By, all[0].Decided, all[0].Reason = cordon.MatchPending, base.Add(time.Hour), cordon.NewID(), base, cordon.Sealed("why")
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutMatch(all[0]) })
	byID := func(a, b cordon.Match) int { return strings.Compare(string(a.ID), string(b.ID)) }
	view(t, s, func(tx cordon.ReadTx) error {
		one, err := tx.Match(all[0].ID)
		equal(t, "one", one, all[0])
		if err != nil {
			return err
		}
		in, err := tx.Matches(report)
		want := slices.Clone(all[:2])
		slices.SortFunc(in, byID)
		slices.SortFunc(want, byID)
		equal(t, "in the report", in, want)
		if err != nil {
			return err
		}
		in, err = tx.MatchesIn([]cordon.ID{portion, cordon.NewID()})
		equal(t, "in the portion", in, all[1:2])
		if err != nil {
			return err
		}
		of, err := tx.MatchesOf(owner, cordon.Cursor{}, 2)
		equal(t, "of the owner", of, all[:2])
		if err != nil {
			return err
		}
		of, err = tx.MatchesOf(owner, cordon.Cursor{Created: all[1].Found, ID: all[1].ID}, 2)
		equal(t, "of the owner, the rest", of, all[2:])
		if err != nil {
			return err
		}
		due, err := tx.MatchesDue(base.Add(time.Hour), 100)
		equal(t, "due", slices.DeleteFunc(due, func(m cordon.Match) bool { return m.Owner != owner }), all[:1])
		if err != nil {
			return err
		}
		hits, err := tx.HitsSince(org, base.Add(-time.Minute))
		equal(t, "hits", hits, []cordon.Hits{{Owner: owner, Reports: 2}})
		if err != nil {
			return err
		}
		hits, err = tx.HitsSince(org, base.Add(time.Minute))
		equal(t, "hits since", len(hits), 0)
		return err
	})
}

// testMove: a portion goes to another rule with all by which it is found, and as it lies.
func testMove(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var r cordon.Report
	var p []cordon.Portion
	k := []cordon.PortionTokens{{Words: []int64{number(), number()}, Prints: []int64{number()}}, {Words: []int64{number()}, Prints: []int64{number()}}}
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 3); err != nil {
			return err
		}
		r, p = report(1, no[0], no[0])
		if err := publish(tx, r, p); err != nil {
			return err
		}
		for i := range k {
			k[i].Portion, k[i].Rule = p[i].ID, no[0]
		}
		return tx.AddTokens(k)
	})
	update(t, s, func(tx cordon.WriteTx) error {
		return tx.MovePortions(r.ID, []cordon.Move{{Portion: p[0].ID, To: no[1]}, {Portion: p[1].ID, To: no[2]}})
	})
	p[0].Rule, p[1].Rule = no[1], no[2]
	view(t, s, func(tx cordon.ReadTx) error {
		for i, rule := range no {
			sees := cordon.Visibility{Rules: []cordon.RuleNo{rule}}
			got, err := tx.Portions(r.ID, sees)
			if err != nil {
				return err
			}
			hits, err := tx.Search(k[max(i-1, 0)].Words[:1], sees, cordon.Cursor{}, 5)
			if err != nil {
				return err
			}
			count, err := tx.Count(sees)
			if err != nil {
				return err
			}
			if i == 0 {
				equal(t, "under the rule of before", len(got)+len(hits)+int(count.Portions), 0)
				continue
			}
			equal(t, "moved", got, p[i-1:i])
			equal(t, "found", cordon.PortionIDs(hits), []cordon.ID{p[i-1].ID})
			equal(t, "counted", count, cordon.Counts{Reports: 1, Portions: 1})
		}
		state, err := tx.VerifyState(10)
		equal(t, "faults", len(state.Faults), 0)
		return err
	})
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		return tx.MovePortions(r.ID, []cordon.Move{{Portion: cordon.NewID(), To: no[1]}})
	})
	wantKind(t, "a portion that is not there", err, cordon.KindNotFound)
}
