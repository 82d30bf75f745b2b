package sqltx

import (
	"bytes"
	"slices"

	"cordon"
)

// A pageList is a table that files places, newest first, under rules: the
// reports in which something live is under a rule, or the portions under a
// rule that carry a word.
type pageList struct {
	// head gives, for each of the rules ($1), its newest place below a place
	// ($2).
	head string
	// slice gives, for each of the rules ($1), its places below $2 and not
	// below $3, at most $4 of each rule, newest first and at most $4 in all.
	slice string
}

// newPageList makes the statements for a table. Where its key begins with a
// column before the rule, headKey and sliceKey are conditions on it, each
// with a placeholder numbered after the others.
func newPageList(table, headKey, sliceKey string) pageList {
	return pageList{
		head: `SELECT r.value, (SELECT l.place FROM ` + table + ` l
				WHERE ` + headKey + `l.rule = r.value AND l.place < $2 ORDER BY l.place DESC LIMIT 1)
			FROM @each($1) r`,
		// Materialised, or SQLite would look for the least place again at
		// every row.
		slice: `WITH span AS MATERIALIZED (
				SELECT r.value AS rule, coalesce((SELECT l.place FROM ` + table + ` l
					WHERE ` + sliceKey + `l.rule = r.value AND l.place < $2 AND l.place >= $3
					ORDER BY l.place DESC LIMIT 1 OFFSET $4 - 1), $3) AS least
				FROM @each($1) r)
			SELECT DISTINCT l.place FROM span
			JOIN ` + table + ` l ON ` + sliceKey + `l.rule = span.rule AND l.place < $2 AND l.place >= span.least
			ORDER BY l.place DESC LIMIT $4`,
	}
}

var (
	reportList = newPageList("report_rules", "", "")
	wordList   = newPageList("search_tokens", "l.token = $3 AND ", "l.token = $5 AND ")
)

// newest merges the lists of the rules and gives the newest places below a
// place, at most limit of them.
//
// It looks up the newest place of every rule in sight first. The limit-th
// newest of those is a floor: nothing older can be on the page, and rules
// whose newest is older have no part in it. The rest is read from the
// floor up. So the work is one seek for each rule in sight and about a page of
// rows, whatever lies under rules that are not in sight.
func (t *Tx) newest(l pageList, key []any, rules []cordon.RuleNo, under []byte, limit int) ([][]byte, error) {
	if len(rules) == 0 {
		return nil, nil
	}
	type head struct {
		rule  cordon.RuleNo
		place []byte
	}
	scan := func(row scanner, h *head) error { return row.Scan(&h.rule, &h.place) }
	heads, err := list(t, scan, l.head, append([]any{t.nos(rules), under}, key...)...)
	if err != nil {
		return nil, err
	}
	heads = slices.DeleteFunc(heads, func(h head) bool { return h.place == nil })
	if len(heads) == 0 {
		return nil, nil
	}
	slices.SortFunc(heads, func(a, b head) int { return bytes.Compare(b.place, a.place) })
	// The floor is the limit-th distinct head; with fewer there is none.
	floor, seen, last := []byte{}, 0, []byte(nil)
	cut := len(heads)
	for i, h := range heads {
		if !bytes.Equal(h.place, last) {
			if seen++; seen > limit {
				cut = i
				break
			}
			last = h.place
		}
		if seen == limit {
			floor = h.place
		}
	}
	taking := make([]cordon.RuleNo, cut)
	for i, h := range heads[:cut] {
		taking[i] = h.rule
	}
	return list(t, scanBytes, l.slice, append([]any{t.nos(taking), under, floor, int64(limit)}, key...)...)
}

// newestPlaces is the newest of the places, each once.
func newestPlaces(places [][]byte, limit int) [][]byte {
	slices.SortFunc(places, func(a, b []byte) int { return bytes.Compare(b, a) })
	places = slices.CompactFunc(places, bytes.Equal)
	return places[:min(limit, len(places))]
}

// below keeps the places below another.
func below(places [][]byte, under []byte) [][]byte {
	return slices.DeleteFunc(places, func(p []byte) bool { return bytes.Compare(p, under) >= 0 })
}

func placeIDs(places [][]byte) []cordon.ID {
	ids := make([]cordon.ID, len(places))
	for i, p := range places {
		ids[i] = placeID(p)
	}
	return ids
}
