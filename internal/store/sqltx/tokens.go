package sqltx

import (
	"bytes"
	"slices"

	"cordon"
)

// AddTokens implements cordon.TokenTx.
func (t *Tx) AddTokens(all []cordon.PortionTokens) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]cordon.ID, len(all))
	for i, k := range all {
		ids[i] = k.Portion
	}
	heads, err := list(t, scanHead, `SELECT `+headColumns+` FROM portions p WHERE p.id @in($1)`, t.ids(ids))
	if err != nil {
		return err
	}
	portions := map[cordon.ID]cordon.Portion{}
	for _, p := range heads {
		portions[p.ID] = p
	}
	for _, k := range all {
		p, ok := portions[k.Portion]
		switch {
		case !ok:
			return cordon.ErrNotFound
		case p.State != cordon.Live || p.Rule != k.Rule:
			return cordon.Errorf(cordon.Conflict, "the portion was struck or its rule has changed")
		}
		if err := t.addTokens(p, k); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) addTokens(p cordon.Portion, k cordon.PortionTokens) error {
	words, prints, err := t.tokensOf(p.ID)
	if err != nil {
		return err
	}
	if err := t.put(`INSERT INTO portion_tokens (portion, words, prints) VALUES ($1, $2, $3)
		ON CONFLICT (portion) DO UPDATE SET words = excluded.words, prints = excluded.prints`,
		p.ID, pack(append(words, k.Words...)), pack(append(prints, k.Prints...))); err != nil {
		return err
	}
	if err := t.fileWords(k.Rule, p, k.Words); err != nil {
		return err
	}
	if len(k.Prints) == 0 {
		return nil
	}
	return t.put(`INSERT INTO fingerprints (print, portion) SELECT n.value, $2 FROM @each($1) n WHERE true
		ON CONFLICT DO NOTHING`, t.d.Numbers(distinct(k.Prints)), p.ID)
}

// tokensOf is what is filed of a portion.
func (t *Tx) tokensOf(id cordon.ID) (words, prints []int64, err error) {
	type packed struct{ words, prints []byte }
	scan := func(row scanner, p *packed) error { return row.Scan(&p.words, &p.prints) }
	p, err := one(t, scan, `SELECT words, prints FROM portion_tokens WHERE portion = $1`, id)
	if isNotFound(err) {
		err = nil
	}
	return unpack(p.words), unpack(p.prints), err
}

func (t *Tx) fileWords(rule cordon.RuleNo, p cordon.Portion, words []int64) error {
	if len(words) == 0 {
		return nil
	}
	return t.put(`INSERT INTO search_tokens (token, rule, place) SELECT n.value, $2, $3 FROM @each($1) n WHERE true
		ON CONFLICT DO NOTHING`, t.d.Numbers(distinct(words)), int64(rule), place(p.Created, p.ID))
}

func (t *Tx) unfileWords(p cordon.Portion, words []int64) error {
	if len(words) == 0 {
		return nil
	}
	return t.put(`DELETE FROM search_tokens WHERE token @in($1) AND rule = $2 AND place = $3`,
		t.d.Numbers(words), int64(p.Rule), place(p.Created, p.ID))
}

// searchBatch is how many portions with the first word are looked at for the
// others at a time.
const searchBatch = 256

// Search implements cordon.TokenTx.
func (t *Tx) Search(words []int64, sight cordon.Sight, after cordon.Cursor, limit int) ([]cordon.Portion, error) {
	words = distinct(words)
	if limit <= 0 || len(words) == 0 {
		return nil, nil
	}
	granted, err := t.carrying(sight.Granted, words)
	if err != nil {
		return nil, err
	}
	found := below(granted, before(after))
	driver, err := t.rarest(words, sight.Rules)
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
		places, err := t.newest(wordList, []any{driver}, sight.Rules, under, batch)
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
	portions, err := list(t, scanHead, `SELECT `+headColumns+` FROM portions p WHERE p.id @in($1)`, t.ids(placeIDs(found)))
	slices.SortFunc(portions, func(a, b cordon.Portion) int {
		return bytes.Compare(place(b.Created, b.ID), place(a.Created, a.ID))
	})
	return portions, err
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

// PrintHits implements cordon.TokenTx.
func (t *Tx) PrintHits(prints []int64) ([]cordon.PrintHit, error) {
	if len(prints) == 0 {
		return nil, nil
	}
	scan := func(row scanner, h *cordon.PrintHit) error {
		return row.Scan(&h.Print, &h.Portion, &h.Report, &h.Rule)
	}
	return list(t, scan, `SELECT f.print, f.portion, p.report, p.rule
		FROM fingerprints f JOIN portions p ON p.id = f.portion WHERE f.print @in($1)`, t.d.Numbers(distinct(prints)))
}
