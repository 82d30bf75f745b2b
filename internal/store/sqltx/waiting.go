package sqltx

import (
	"slices"
	"time"

	"cordon"
)

// WaitingIn implements cordon.WaitingReader.
func (t *Tx) WaitingIn(state cordon.WaitingState, limit int) ([]cordon.Report, error) {
	return find(t, reportsTable, scanReport, `WHERE waits = $1 AND waits <> '' LIMIT $2`, string(state), int64(max(limit, 0)))
}

// WaitingToRemind implements cordon.WaitingReader.
func (t *Tx) WaitingToRemind(now time.Time, limit int) ([]cordon.Report, error) {
	return find(t, reportsTable, scanReport, `WHERE waits = $1 AND waits <> '' AND remind > $2 AND remind <= $3 LIMIT $4`,
		string(cordon.WaitingDecision), zeroTime, micros(now), int64(max(limit, 0)))
}

// WaitingOf implements cordon.WaitingReader.
func (t *Tx) WaitingOf(org cordon.ID, after cordon.Cursor, limit int) ([]cordon.Report, error) {
	all, err := find(t, reportsTable, scanReport, `WHERE waits = $1 AND waits <> '' AND holder = $2`, string(cordon.WaitingDecision), org)
	all = slices.DeleteFunc(all, func(r cordon.Report) bool {
		return after != (cordon.Cursor{}) && newestFirst(r, cordon.Report{ID: after.ID, Created: after.Created}) <= 0
	})
	slices.SortFunc(all, newestFirst)
	return all[:min(len(all), max(limit, 0))], err
}

func scanMatch(row scanner, m *cordon.Match) error {
	return row.Scan(&m.ID, &m.Report, &m.Portion, &m.Org, &m.Source, &m.Owner, fromJSON{&m.Spans}, &m.Words, &m.State, instant{&m.Found},
		&m.By, instant{&m.Decided}, instant{&m.Effective}, sealed(&m.Reason))
}

// AddMatches implements cordon.WaitingWriter.
func (t *Tx) AddMatches(all []cordon.Match) error {
	rows := make([][]any, len(all))
	for i, m := range all {
		rows[i] = []any{
			m.ID, m.Report, m.Portion, m.Org, m.Source, m.Owner, asJSON(m.Spans), int64(m.Words), string(m.State), micros(m.Found),
			m.By, micros(m.Decided), micros(m.Effective), blob(m.Reason), place(m.Found, m.ID),
		}
	}
	return t.addAll("a match", matchesTable, rows)
}

// PutMatch implements cordon.WaitingWriter.
func (t *Tx) PutMatch(m cordon.Match) error {
	return t.amendOne(matchesTable, changes{
		"spans": asJSON(m.Spans), "words": int64(m.Words), "state": string(m.State), "by_person": m.By, "decided": micros(m.Decided),
		"effective": micros(m.Effective), "reason": blob(m.Reason),
	}, `id = $1`, m.ID)
}

// Match implements cordon.WaitingReader.
func (t *Tx) Match(id cordon.ID) (cordon.Match, error) {
	return findOne(t, matchesTable, scanMatch, `WHERE id = $1`, id)
}

// Matches implements cordon.WaitingReader.
func (t *Tx) Matches(report cordon.ID) ([]cordon.Match, error) {
	return findSet(t, matchesTable, setOf(matchesTable, report), scanMatch, `WHERE report = $1`, report)
}

// MatchesIn implements cordon.WaitingReader.
func (t *Tx) MatchesIn(portions []cordon.ID) ([]cordon.Match, error) {
	if len(portions) == 0 {
		return nil, nil
	}
	return find(t, matchesTable, scanMatch, `WHERE portion @in($1)`, t.ids(portions))
}

// MatchesOf implements cordon.WaitingReader.
func (t *Tx) MatchesOf(owner cordon.ID, after cordon.Cursor, limit int) ([]cordon.Match, error) {
	return find(t, matchesTable, scanMatch, `WHERE owner = $1 AND state @in($2) AND place < $3 ORDER BY place DESC LIMIT $4`,
		owner, t.d.Strings([]string{string(cordon.MatchOpen), string(cordon.MatchPending), string(cordon.MatchObjected)}), before(after), int64(max(limit, 0)))
}

// MatchesDue implements cordon.WaitingReader.
func (t *Tx) MatchesDue(now time.Time, limit int) ([]cordon.Match, error) {
	return find(t, matchesTable, scanMatch, `WHERE state = $1 AND effective <= $2 ORDER BY effective, id LIMIT $3`,
		string(cordon.MatchPending), micros(now), int64(max(limit, 0)))
}

// HitsSince implements cordon.WaitingReader.
func (t *Tx) HitsSince(org cordon.ID, since time.Time) ([]cordon.Hits, error) {
	scan := func(row scanner, h *cordon.Hits) error { return row.Scan(&h.Owner, &h.Reports) }
	return list(t, scan, `SELECT owner, count(DISTINCT report) FROM matches WHERE org = $1 AND owner <> $1 AND found >= $2 AND decided <> found GROUP BY owner ORDER BY owner`, org, micros(since))
}
