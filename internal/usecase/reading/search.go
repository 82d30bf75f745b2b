package reading

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/query"
)

// Query is a search. A portion is found if it meets every condition; a
// condition at its zero value is met by all.
type Query struct {
	// Text is in the language of package query.
	Text string
	// Owner is an originator.
	Owner cordon.ID
	// Arrangement is the arrangement that the report is shared under. Under one
	// that the reader may not see, as under an absent one, nothing is found.
	Arrangement cordon.ID
	// Marking is a portion mark, in any of the ways to write it.
	Marking string
	// AtLeast and AtMost bound the clearance that a portion demands, each as
	// "us:S".
	AtLeast, AtMost string
	// Kind is the kind of the report.
	Kind cordon.ReportKind
	// From and Until bound when the report was written: From counts, Until
	// does not.
	From, Until time.Time
	// Newest sorts by time, newest first, and not by how well a portion
	// answers.
	Newest bool
	// After is the end of the page before, as Results.Next gave it.
	After []byte
	// Limit is at most cordon.MaxPage; zero means 50.
	Limit int
}

// Results is a page of what a search found.
type Results struct {
	Hits []Hit
	// Next is where the page ends; nil on the last one. Its form is no promise.
	Next []byte
	// Total is how many portions were found in all. Owners and Marks count them
	// by owner and by mark, most first. All three are given with the best
	// first, not with the newest first. AtLeast says that a bound was met (see
	// cordon.MaxSearchOpened), so there may be older ones.
	Total   int
	AtLeast bool
	Owners  []Share[cordon.ID]
	Marks   []Share[string]
}

// Share is how many of the portions found have one owner, or one mark.
type Share[T any] struct {
	Of       T
	Portions int
}

// Hit is a portion that a search found.
type Hit struct {
	Shown
	// Snippet is the text around the words found, which are told apart in it.
	Snippet []query.Part
	Created time.Time
}

// Search finds the portions the person may see that answer the query. The rank
// rests on how often words stand in portions, and in how many portions. Both
// are counted over portions that the person may see and no others, so that the
// order tells nothing of the rest. The query itself is kept nowhere.
//
// The search runs in a View, which opens some of the visible portions to
// compare them. Its hits are then decided on again, and recorded, in an Update
// of their own: a change between the two leaves a hit out and never lets one
// in. Portions that are counted and not shown stand in their owners' feeds as that:
// whoever counts by words reads by words.
func Search(ctx context.Context, by act.Caller, q Query) (Results, error) {
	asked, err := prepare(by.Base, q)
	if err != nil {
		return Results{}, err
	}
	deed := act.ByRole(cordon.ActSearch, cordon.RoleReader)
	// Decide once for each rule; the database is asked for those numbers.
	page, err := act.Read(ctx, by, deed, func(s *act.Snapshot) (page, error) { return findPage(s, asked) })
	if err != nil {
		return Results{}, err
	}
	found, err := act.Answer(ctx, by, deed, func(s *act.Snapshot) (disclosed, error) {
		heads := make([]cordon.Portion, len(page.candidates))
		for i, c := range page.candidates {
			heads[i] = c.head
		}
		portions, err := bodies(s, heads)
		if err != nil {
			return disclosed{}, err
		}
		return disclose(s, portions)
	}, func(c *act.Recorder, found disclosed) (disclosed, error) {
		if err := c.RecordOwners(cordon.Entry{Reasons: []string{cordon.ReasonCounted}}, page.counted); err != nil {
			return found, err
		}
		return found, record(c, cordon.ActSearch, "", found.portions)
	})
	if err != nil {
		return Results{}, err
	}
	out := page.results
	for _, p := range found.portions {
		content, err := found.sealed.Open(p)
		if err != nil {
			return Results{}, err
		}
		match, _ := asked.words.Match(content.Text)
		out.Hits = append(out.Hits, Hit{Shown: found.show(p, content), Snippet: match.Snippet(content.Text), Created: p.Created})
	}
	return out, nil
}

// asked is a query that was read and is sound.
type asked struct {
	Query
	words           query.Query
	mark            string // canonical
	atLeast, atMost *cordon.Level
	after           *searchPlace
}

// searchPlace is the end of a page. With the best first it also holds the
// ranking of the pages before it, so that later pages are ranked alike,
// whatever was published meanwhile: the newest portion that took part, and the
// weights.
type searchPlace struct {
	Newest  bool          `json:"newest,omitempty"`
	At      cordon.Cursor `json:"at"`
	Score   float64       `json:"score,omitempty"`
	From    cordon.Cursor `json:"from"`
	Weights []float64     `json:"weights,omitempty"`
}

func prepare(base *act.Base, q Query) (a asked, err error) {
	a.Query = q
	if a.Limit = (Page{Limit: q.Limit}).limit(); len(q.Text) > cordon.MaxNameBytes*8 {
		return a, cordon.Errorf(cordon.KindTooLarge, "a search has at most %d bytes", cordon.MaxNameBytes*8)
	}
	if a.words, err = query.Parse(base.Tokens, q.Text); err != nil {
		return a, err
	}
	if q.Marking != "" {
		m, err := base.Schemes.Parse(q.Marking)
		if err != nil {
			return a, cordon.Errorf(cordon.KindInvalid, "the marking to look for is not a marking").Because(err)
		}
		a.mark = m.Portion()
	}
	if a.atLeast, err = level(base, q.AtLeast); err != nil {
		return a, err
	}
	if a.atMost, err = level(base, q.AtMost); err != nil {
		return a, err
	}
	if q.Kind != "" && !slices.Contains(cordon.ReportKinds(), q.Kind) {
		return a, cordon.Errorf(cordon.KindInvalid, "the kind of report is not one of them")
	}
	if q.After != nil {
		a.after = &searchPlace{}
		if err := json.Unmarshal(q.After, a.after); err != nil || a.after.Newest != q.Newest ||
			!q.Newest && len(a.after.Weights) != len(a.words.Terms()) {
			return a, cordon.Errorf(cordon.KindInvalid, "this is not where a page of this search ended")
		}
	}
	return a, nil
}

// level reads "scheme:LEVEL"; nil for nothing.
func level(base *act.Base, text string) (*cordon.Level, error) {
	if text == "" {
		return nil, nil
	}
	name, level, _ := strings.Cut(text, ":")
	for _, scheme := range base.Schemes.Schemes() {
		if rank := slices.Index(scheme.Ladder(), level); scheme.Name() == name && rank >= 0 {
			return &cordon.Level{Scheme: name, Rank: rank}, nil
		}
	}
	return nil, cordon.Errorf(cordon.KindInvalid, "a clearance is written scheme:LEVEL, us:S for one")
}

// admits reports whether the query asks for portions under the rule.
func (a asked) admits(rule cordon.Rule) bool {
	if a.Owner != "" && !slices.Contains(rule.OwnerIDs(), a.Owner) {
		return false
	}
	demands := func(scheme string) int {
		for _, l := range rule.Levels {
			if l.Scheme == scheme {
				return l.Rank
			}
		}
		return 0
	}
	return (a.atLeast == nil || demands(a.atLeast.Scheme) >= a.atLeast.Rank) &&
		(a.atMost == nil || demands(a.atMost.Scheme) <= a.atMost.Rank)
}

// candidate is a portion in sight that answers the query.
type candidate struct {
	head  cordon.Portion
	match query.Match
	score float64
}

func (c candidate) cursor() cordon.Cursor {
	return cordon.Cursor{Created: c.head.Created, ID: c.head.ID}
}

// page is what a page of results is made of before it is shown: without hits.
type page struct {
	candidates []candidate
	// counted are those that are counted and not shown.
	counted []cordon.Portion
	results Results
}

// findPage is the page that was asked for.
func findPage(s *act.Snapshot, a asked) (page, error) {
	if a.Owner != "" {
		var err error
		if a.Owner, err = s.FindOrganisation(a.Owner); err != nil {
			return page{}, err
		}
	}
	seen, err := within(s, a)
	if err != nil {
		return page{}, err
	}
	from := cordon.Cursor{}
	if !a.Until.IsZero() {
		// Before every id of that instant.
		from = cordon.Cursor{Created: a.Until}
	}
	if a.Newest {
		if a.after != nil {
			from = a.after.At
		}
		return newest(s, a, seen, from)
	}
	if a.after != nil {
		from = a.after.From
	}
	return best(s, a, seen, from)
}

// newest is the page after the place, the newest first.
func newest(s *act.Snapshot, a asked, seen cordon.Visibility, from cordon.Cursor) (page, error) {
	found, last, bounded, err := candidates(s, a, seen, from, a.Limit, !a.words.ByTokens())
	if err != nil {
		return page{}, err
	}
	out := page{candidates: found}
	// As long as a page is full there may be another, so that whether there is
	// tells nothing before it is asked for.
	if bounded || len(found) == a.Limit {
		out.results.Next, err = json.Marshal(searchPlace{Newest: true, At: last})
	}
	return out, err
}

// best is the page of those after the place that answer best.
func best(s *act.Snapshot, a asked, seen cordon.Visibility, from cordon.Cursor) (page, error) {
	all, _, bounded, err := candidates(s, a, seen, from, cordon.MaxSearchOpened, true)
	if err != nil || len(all) == 0 {
		return page{}, err
	}
	out := page{results: Results{Total: len(all), AtLeast: bounded}}
	if out.results.Owners, out.results.Marks, err = shares(s, all); err != nil {
		return page{}, err
	}
	place := searchPlace{}
	if a.after != nil {
		place.From, place.Weights = a.after.From, a.after.Weights
	} else {
		// From the newest on, itself counted.
		place.From = all[0].cursor()
		place.From.ID += "~"
		if place.Weights, err = weights(s.Tx, a.words, seen); err != nil {
			return page{}, err
		}
	}
	for i := range all {
		all[i].score = all[i].match.Score(place.Weights)
	}
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.score, x.score) }) // newest first among equals
	start := 0
	if a.after != nil {
		start, _ = slices.BinarySearchFunc(all, *a.after, func(c candidate, p searchPlace) int {
			return cmp.Or(cmp.Compare(p.Score, c.score), -compareCursors(c.cursor(), p.At), -1) // after the place itself
		})
	}
	end := min(start+a.Limit, len(all))
	out.candidates = all[start:end]
	for _, c := range slices.Concat(all[:start], all[end:]) {
		out.counted = append(out.counted, c.head)
	}
	if end < len(all) {
		last := all[end-1]
		place.At, place.Score = last.cursor(), last.score
		out.results.Next, err = json.Marshal(place)
	}
	return out, err
}

func compareCursors(a, b cordon.Cursor) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

// within is the part of the reader's visibility that the query allows.
func within(s *act.Snapshot, a asked) (cordon.Visibility, error) {
	if a.Arrangement != "" {
		arrangement, err := s.Tx.Arrangement(a.Arrangement)
		if cordon.KindOf(err) == cordon.KindNotFound || err == nil && !s.Sees(arrangement.Rule) {
			return cordon.Visibility{}, nil
		}
		if err != nil {
			return cordon.Visibility{}, err
		}
	}
	seen, err := s.Visible()
	if err != nil {
		return seen, err
	}
	rules := make([]cordon.RuleNo, 0, len(seen.Rules))
	for _, no := range seen.Rules {
		rule, err := s.Rule(no)
		if err != nil {
			return seen, err
		}
		if a.admits(rule) {
			rules = append(rules, no)
		}
	}
	seen.Rules = rules
	return seen, nil
}

// weights are what the query's terms are worth among what is in sight.
func weights(tx cordon.ReadTx, q query.Query, seen cordon.Visibility) ([]float64, error) {
	counts, err := tx.Count(seen)
	if err != nil {
		return nil, err
	}
	var all []int64
	for _, term := range q.Terms() {
		all = append(all, term.Tokens...)
	}
	frequencies, err := tx.Frequencies(all, seen.Rules, cordon.MaxSearchOpened)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, term := range q.Terms() {
		n := len(term.Tokens)
		out = append(out, query.Weight(slices.Min(frequencies[:n]), counts.Portions))
		frequencies = frequencies[n:]
	}
	return out, nil
}

// searchBatch is how many heads are fetched at a time.
const searchBatch = 256

// candidates lists the visible portions that answer the query, newest first, at
// most limit of them, and says where it came to and whether it stopped at a
// bound. Where open is not set, every portion that has the words is taken to
// answer.
func candidates(s *act.Snapshot, a asked, seen cordon.Visibility, from cordon.Cursor, limit int, open bool) (
	found []candidate, last cordon.Cursor, bounded bool, err error,
) {
	looked, opened, read := 0, 0, 0
	batch := searchBatch
	if !open {
		batch = limit
	}
	for last = from; ; {
		heads, err := anyOf(s.Tx, a.words.Choices(), seen, last, batch)
		if err != nil {
			return nil, last, false, err
		}
		full := len(heads) == batch
		wanted, old, err := wanted(s, a, heads)
		if err != nil {
			return nil, last, false, err
		}
		texts := map[cordon.ID]cordon.Portion{}
		if open {
			whole, err := bodies(s, wanted)
			if err != nil {
				return nil, last, false, err
			}
			for _, p := range whole {
				texts[p.ID] = p
			}
		}
		asks := make(map[cordon.ID]bool, len(wanted))
		for _, p := range wanted {
			asks[p.ID] = true
		}
		for i, head := range heads {
			if looked++; looked > cordon.MaxSearchHeads || opened >= cordon.MaxSearchOpened || read >= cordon.MaxSearchBytes {
				return found, last, true, nil
			}
			last = cordon.Cursor{Created: head.Created, ID: head.ID}
			if !asks[head.ID] {
				continue
			}
			c := candidate{head: head}
			if open {
				p, ok := texts[head.ID]
				if !ok {
					continue
				}
				opened, read = opened+1, read+len(p.Body)
				text, err := compared(s, p)
				if err != nil {
					return nil, last, false, err
				}
				if c.match, ok = a.words.Match(text); !ok {
					continue
				}
			}
			if found = append(found, c); len(found) == limit {
				return found, last, full || i < len(heads)-1, nil
			}
		}
		if !full || old {
			return found, last, false, nil
		}
	}
}

// bodies fetches the bodies of the heads, in the heads' order. It decides on
// each portion, since the search index holds a copy of the rule numbers and is
// not trusted to be the decision.
func bodies(s *act.Snapshot, heads []cordon.Portion) ([]cordon.Portion, error) {
	order := make(map[cordon.ID]int, len(heads))
	for i, p := range heads {
		order[p.ID] = i
	}
	full, err := s.Tx.PortionsByID(cordon.PortionIDs(heads))
	if err != nil {
		return nil, err
	}
	full = slices.DeleteFunc(full, func(p cordon.Portion) bool { return !s.Decide(p).Allowed() })
	slices.SortFunc(full, func(a, b cordon.Portion) int { return order[a.ID] - order[b.ID] })
	return full, nil
}

// compared opens a portion that the reader may see, to compare its words with
// the query. The text goes no further: a hit is decided on again, and recorded,
// before it is shown.
func compared(s *act.Snapshot, p cordon.Portion) (string, error) {
	rule, err := s.Rule(p.Rule)
	if err != nil {
		return "", err
	}
	content, err := content.Open(s.Keys, p, rule)
	return content.Text, err
}

// anyOf lists the newest portions in sight that have all tokens of one of the
// choices.
func anyOf(tx cordon.ReadTx, choices [][]int64, seen cordon.Visibility, after cordon.Cursor, limit int) ([]cordon.Portion, error) {
	var all []cordon.Portion
	for _, tokens := range choices {
		heads, err := tx.Search(tokens, seen, after, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, heads...)
	}
	if len(choices) > 1 {
		slices.SortFunc(all, func(x, y cordon.Portion) int {
			return cmp.Or(y.Created.Compare(x.Created), strings.Compare(string(y.ID), string(x.ID)))
		})
		all = slices.CompactFunc(all, func(x, y cordon.Portion) bool { return x.ID == y.ID })
	}
	return all[:min(limit, len(all))], nil
}

// wanted keeps the heads that meet the query's other conditions. Old says that
// every later head is older than the query asks for.
func wanted(s *act.Snapshot, a asked, heads []cordon.Portion) (wanted []cordon.Portion, old bool, err error) {
	reports := map[cordon.ID]cordon.Report{}
	if a.Kind != "" || a.Arrangement != "" {
		var ids []cordon.ID
		for _, p := range heads {
			ids = append(ids, p.Report)
		}
		slices.Sort(ids)
		list, err := s.Tx.ReportsByID(slices.Compact(ids))
		if err != nil {
			return nil, false, err
		}
		for _, r := range list {
			reports[r.ID] = r
		}
	}
	for _, p := range heads {
		if !a.From.IsZero() && p.Created.Before(a.From) {
			return wanted, true, nil
		}
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return nil, false, err
		}
		r := reports[p.Report]
		if a.admits(rule) && (a.mark == "" || p.Mark == a.mark) && (a.Kind == "" || r.Kind == a.Kind) &&
			(a.Arrangement == "" || r.Arrangement == a.Arrangement) {
			wanted = append(wanted, p)
		}
	}
	return wanted, false, nil
}

// mostShares bounds how many owners and marks are told apart.
const mostShares = 20

// shares counts the portions by owner and by mark.
func shares(s *act.Snapshot, all []candidate) ([]Share[cordon.ID], []Share[string], error) {
	owners, marks := map[cordon.ID]int{}, map[string]int{}
	for _, c := range all {
		rule, err := s.Rule(c.head.Rule)
		if err != nil {
			return nil, nil, err
		}
		for _, owner := range rule.OwnerIDs() {
			owners[owner]++
		}
		marks[c.head.Mark]++
	}
	return most(owners), most(marks), nil
}

func most[T cmp.Ordered](counts map[T]int) []Share[T] {
	var all []Share[T]
	for of, n := range counts {
		all = append(all, Share[T]{of, n})
	}
	slices.SortFunc(all, func(x, y Share[T]) int {
		return cmp.Or(cmp.Compare(y.Portions, x.Portions), cmp.Compare(x.Of, y.Of))
	})
	return all[:min(mostShares, len(all))]
}
