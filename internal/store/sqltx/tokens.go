package sqltx

import (
	"bytes"
	"cmp"
	"slices"

	"cordon"
)

// maxTerms is how many terms of a portion are kept.
const maxTerms = 1 << 16

// filedAtOnce is about how many tokens are filed at once: many are filed
// faster together, and rows take memory.
const filedAtOnce = 1 << 17

// AddTokens implements cordon.TokenWriter.
func (t *Tx) AddTokens(all []cordon.PortionTokens) error { return t.fileAll(all, false) }

// ReplaceTokens implements cordon.TokenWriter.
func (t *Tx) ReplaceTokens(all []cordon.PortionTokens) error { return t.fileAll(all, true) }

func (t *Tx) fileAll(all []cordon.PortionTokens, anew bool) error {
	for len(all) > 0 {
		n := 0
		for tokens := 0; n < len(all) && tokens < filedAtOnce; n++ {
			tokens += len(all[n].Words) + len(all[n].Prints)
		}
		if err := t.fileSome(all[:n], anew); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// fileSome files tokens of portions, beside those that they have or in their place.
func (t *Tx) fileSome(all []cordon.PortionTokens, anew bool) error {
	ids := make([]cordon.ID, len(all))
	for i, k := range all {
		ids[i] = k.Portion
	}
	filed, err := t.filedOf(ids)
	if err != nil {
		return err
	}
	var words, prints [][]any
	var places [][]byte
	for _, k := range all {
		p, ok := filed[k.Portion]
		switch {
		case !ok:
			return cordon.ErrNotFound
		case p.State != cordon.PortionLive || p.Rule != k.Rule:
			return cordon.Errorf(cordon.KindConflict, "the portion was struck or its rule has changed")
		}
		if anew {
			if err := t.unfile(p.Portion, p.words, p.prints); err != nil {
				return err
			}
			p.words, p.prints, p.terms = nil, nil, nil
		}
		p.words = distinct(append(p.words, k.Words...))
		p.prints = distinct(append(p.prints, k.Prints...))
		if k.Terms != nil || k.Made != 0 {
			p.terms, p.made = k.Terms[:min(len(k.Terms), maxTerms)], k.Made
			places = append(places, place(p.Created, p.Report))
		}
		words = append(words, wordRows(p.Portion, k.Rule, k.Words)...)
		for _, print := range k.Prints {
			prints = append(prints, []any{print, k.Portion})
		}
	}
	if err := t.putFiled(ids, filed); err != nil {
		return err
	}
	if err := t.fileTokens("search_tokens", "token, rule, place", words); err != nil {
		return err
	}
	if err := t.fileTokens("fingerprints", "print, portion", prints); err != nil {
		return err
	}
	return t.changed(places...)
}

// unfile takes a portion's words and prints out.
func (t *Tx) unfile(p cordon.Portion, words, prints []int64) error {
	if err := t.unfileWords(p, words); err != nil || len(prints) == 0 {
		return err
	}
	return t.put(`DELETE FROM fingerprints WHERE print @in($1) AND portion = $2`, t.d.Numbers(prints), p.ID)
}

// wordRows are the rows by which a portion is found under the rule by its words.
func wordRows(p cordon.Portion, rule cordon.RuleNo, words []int64) [][]any {
	at := place(p.Created, p.ID)
	rows := make([][]any, len(words))
	for i, word := range words {
		rows[i] = []any{word, int64(rule), at}
	}
	return rows
}

// fileTokens adds rows that begin with a token. In the order of the tokens
// those that lie together are added together, which takes half the time where
// they are many.
func (t *Tx) fileTokens(table, columns string, rows [][]any) error {
	slices.SortStableFunc(rows, func(a, b []any) int { return cmp.Compare(a[0].(int64), b[0].(int64)) })
	_, err := t.insert(table, columns, rows)
	return err
}

// filed is a portion's head and the tokens it is filed under.
type filed struct {
	cordon.Portion
	words, prints []int64
	terms         []uint32
	made          int64
	known         bool // something is filed of it
}

func scanFiled(row scanner, f *filed) error {
	p := &f.Portion
	var known cordon.ID
	var words, prints, terms []byte
	err := row.Scan(&p.ID, &p.Report, &p.Ordinal, &p.Kind, &p.Mark, &p.Rule, &p.State, instant{&p.Created}, nil, nil, &words, &prints, &terms, &f.made, &known)
	f.known, f.words, f.prints, f.terms = known != "", unpack(words), unpack(prints), unpackTerms(terms)
	return err
}

func (t *Tx) filedOf(ids []cordon.ID) (map[cordon.ID]*filed, error) {
	found, _, err := findJoined(t, portionsTable, []string{"k.words", "k.prints", "k.terms", "coalesce(k.made, 0)", "coalesce(k.portion, '')"}, scanFiled,
		`LEFT JOIN portion_tokens k ON k.portion = portions.id WHERE portions.id @in($1)`, t.ids(ids))
	byID := make(map[cordon.ID]*filed, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	return byID, err
}

// putFiled notes under which tokens the portions are filed now.
func (t *Tx) putFiled(ids []cordon.ID, all map[cordon.ID]*filed) error {
	var fresh [][]any
	for _, id := range distinct(ids) {
		f := all[id]
		if !f.known {
			fresh = append(fresh, []any{id, f.Report, pack(f.words), pack(f.prints), packTerms(f.terms), f.made})
			continue
		}
		if err := t.save(portionTokensTable, id, f.Report, pack(f.words), pack(f.prints), packTerms(f.terms), f.made); err != nil {
			return err
		}
	}
	return t.addAll("a portion's tokens", portionTokensTable, fresh)
}

// tokensOf is what is filed of a portion.
func (t *Tx) tokensOf(id cordon.ID) (words, prints []int64, err error) {
	type packed struct{ words, prints []byte }
	scan := func(row scanner, p *packed) error { return row.Scan(nil, nil, &p.words, &p.prints) }
	p, err := findOne(t, portionTokensTable, scan, `WHERE portion = $1`, id)
	if isNotFound(err) {
		err = nil
	}
	return unpack(p.words), unpack(p.prints), err
}

func (t *Tx) fileWords(rule cordon.RuleNo, p cordon.Portion, words []int64) error {
	return t.fileTokens("search_tokens", "token, rule, place", wordRows(p, rule, words))
}

func (t *Tx) unfileWords(p cordon.Portion, words []int64) error {
	if len(words) == 0 {
		return nil
	}
	return t.put(`DELETE FROM search_tokens WHERE token @in($1) AND rule = $2 AND place = $3`,
		t.d.Numbers(words), int64(p.Rule), place(p.Created, p.ID))
}

// Frequencies implements cordon.TokenReader.
func (t *Tx) Frequencies(words []int64, rules []cordon.RuleNo, most int) ([]int64, error) {
	counts := make([]int64, len(words))
	if len(words) == 0 || len(rules) == 0 {
		return counts, nil
	}
	rows, err := list(t, func(row scanner, f *[2]int64) error { return row.Scan(&f[0], &f[1]) },
		`SELECT n.value, (SELECT count(*) FROM (
				SELECT s.token FROM @each($2) r JOIN search_tokens s ON s.token = n.value AND s.rule = r.value LIMIT $3) found)
			FROM @each($1) n`, t.d.Numbers(distinct(words)), t.nos(rules), int64(most))
	for i, word := range words {
		for _, f := range rows {
			if f[0] == word {
				counts[i] = f[1]
			}
		}
	}
	return counts, err
}

// searchBatch is how many portions with the first word are looked at for the
// others at a time.
const searchBatch = 256

// Search implements cordon.TokenReader.
func (t *Tx) Search(words []int64, visible cordon.Visibility, after cordon.Cursor, limit int) ([]cordon.Portion, error) {
	words = distinct(words)
	if limit <= 0 || len(words) == 0 {
		return nil, nil
	}
	granted, err := t.carrying(visible.Granted, words)
	if err != nil {
		return nil, err
	}
	found := below(granted, before(after))
	driver, err := t.rarest(words, visible.Rules)
	if err != nil {
		return nil, err
	}
	under := before(after)
	// One word's list holds what is asked for and no more; where there are
	// others, portions that lack them are passed over, which costs only what
	// the reader may see.
	batch := limit
	if len(words) > 1 {
		batch = max(limit, searchBatch)
	}
	for n := 0; n < limit; {
		places, err := t.newest(wordList, []any{driver}, visible.Rules, under, batch)
		if err != nil {
			return nil, err
		}
		if len(places) == 0 {
			break
		}
		under = places[len(places)-1]
		more := len(places) == batch
		if len(words) > 1 {
			if places, err = t.carrying(placeIDs(places), words); err != nil {
				return nil, err
			}
		}
		found = append(found, places...)
		if n += len(places); !more {
			break
		}
	}
	found = newestPlaces(found, limit)
	hits, err := find(t, portionsTable, scanHead, `WHERE id @in($1) AND state = 'live' AND (rule @in($2) OR id @in($3))`,
		t.ids(placeIDs(found)), t.nos(visible.Rules), t.ids(visible.Granted))
	slices.SortFunc(hits, func(a, b cordon.Portion) int {
		return bytes.Compare(place(b.Created, b.ID), place(a.Created, a.ID))
	})
	return hits, err
}

// carrying gives the places of those of the portions that carry every word;
// struck ones carry none.
func (t *Tx) carrying(ids []cordon.ID, words []int64) ([][]byte, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list(t, scanBytes, `SELECT p.place FROM portions p WHERE p.id @in($1) AND $3 = (
			SELECT count(*) FROM @each($2) n
			JOIN search_tokens s ON s.token = n.value AND s.rule = p.rule AND s.place = p.place)`,
		t.ids(ids), t.d.Numbers(words), int64(len(words)))
}

// rarest is the word that stands under the fewest of the rules. How many
// portions carry it would say more and take longer.
func (t *Tx) rarest(words []int64, rules []cordon.RuleNo) (int64, error) {
	if len(words) == 1 || len(rules) == 0 {
		return words[0], nil
	}
	return one(t, scanInt, `SELECT n.value FROM @each($1) n ORDER BY (
			SELECT count(*) FROM @each($2) r WHERE EXISTS (
				SELECT 1 FROM search_tokens s WHERE s.token = n.value AND s.rule = r.value)), n.value LIMIT 1`,
		t.d.Numbers(words), t.nos(rules))
}

// PrintHits implements cordon.TokenReader.
func (t *Tx) PrintHits(prints []int64) ([]cordon.PrintHit, error) {
	if len(prints) == 0 {
		return nil, nil
	}
	scan := func(row scanner, h *cordon.PrintHit) error {
		return row.Scan(&h.Print, &h.Portion, &h.Report, &h.Rule, instant{&h.Created})
	}
	return list(t, scan, `SELECT f.print, f.portion, p.report, p.rule, p.created
		FROM fingerprints f JOIN portions p ON p.id = f.portion WHERE f.print @in($1)`, t.d.Numbers(distinct(prints)))
}

// MadeBefore implements cordon.TokenReader.
func (t *Tx) MadeBefore(version int64, after cordon.ID, limit int) ([]cordon.Portion, error) {
	ids, err := list(t, scanID, `SELECT portion FROM portion_tokens WHERE portion > $1 AND made < $2 ORDER BY portion LIMIT $3`, after, version, int64(limit))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, _, err := t.wholePortions(`portions.id @in($1)`, t.ids(ids))
	slices.SortFunc(found, func(a, b cordon.Portion) int { return cmp.Compare(a.ID, b.ID) })
	return found, err
}
