package sqltx

import (
	"cmp"
	"maps"
	"slices"

	"cordon"
)

func scanHead(row scanner, p *cordon.Portion) error {
	return row.Scan(&p.ID, &p.Report, &p.Ordinal, &p.Kind, &p.Mark, &p.Rule, &p.State, instant{&p.Created})
}

func scanWhole(row scanner, p *cordon.Portion) error {
	return row.Scan(&p.ID, &p.Report, &p.Ordinal, &p.Kind, &p.Mark, &p.Rule, &p.State, instant{&p.Created}, nil,
		sealed(&p.Body), sealed(&p.Key))
}

// wholePortions lists portions with bodies and keys, and their MACs.
func (t *Tx) wholePortions(where string, args ...any) ([]cordon.Portion, [][32]byte, error) {
	return findJoined(t, portionsTable, []string{"k.key"}, scanWhole, `LEFT JOIN portion_keys k ON k.portion = portions.id WHERE `+where, args...)
}

// PutPortions implements cordon.ReportWriter.
func (t *Tx) PutPortions(all []cordon.Portion) error {
	var rows, keys, filed [][]any
	type under struct {
		rule   cordon.RuleNo
		report cordon.ID
	}
	seen := map[under]int{} // where in filed
	var places [][]byte
	for _, p := range all {
		rows = append(rows, []any{
			p.ID, p.Report, int64(p.Ordinal), string(p.Kind), p.Mark, int64(p.Rule),
			string(p.State), micros(p.Created), place(p.Created, p.ID), blob(p.Body),
		})
		if p.Key != nil {
			keys = append(keys, []any{p.ID, p.Report, blob(p.Key)})
		}
		if u := (under{p.Rule, p.Report}); p.State == cordon.PortionLive {
			i, ok := seen[u]
			if !ok {
				i = len(filed)
				seen[u] = i
				at := place(p.Created, p.Report)
				filed, places = append(filed, []any{int64(p.Rule), at, p.Report, int64(0)}), append(places, at)
			}
			filed[i][3] = filed[i][3].(int64) + 1
		}
	}
	if err := t.addAll("a portion", portionsTable, rows); err != nil {
		return err
	}
	if err := t.addAll("a portion's key", portionKeysTable, keys); err != nil {
		return err
	}
	for _, f := range filed {
		if err := t.countLive(f[0], f[1], f[2], f[3].(int64)); err != nil {
			return err
		}
	}
	return t.changed(places...)
}

// countLive counts so many live portions more of the report under the rule, and takes
// it out of the rule's list with the last.
func (t *Tx) countLive(rule, at, report any, more int64) error {
	n, err := findOne(t, reportRulesTable, func(row scanner, n *int64) error { return row.Scan(nil, nil, nil, n) },
		`WHERE rule = $1 AND place = $2`, rule, at)
	if err != nil && !isNotFound(err) {
		return err
	}
	if n+more < 1 {
		_, err = t.remove(reportRulesTable, `rule = $1 AND place = $2`, rule, at)
		return err
	}
	return t.save(reportRulesTable, rule, at, report, n+more)
}

// wholeUnder notes that the portions are all live ones of the report under the rules.
// Rules under which the report has none are not in its list of rules.
func (t *Tx) wholeUnder(report cordon.ID, rules []cordon.RuleNo, found []cordon.Portion, macs [][32]byte) error {
	under, err := t.PortionRules(report)
	if err != nil {
		return err
	}
	byRule := make(map[cordon.RuleNo][][32]byte, len(under))
	for i, p := range found {
		byRule[p.Rule] = append(byRule[p.Rule], macs[i])
	}
	for _, no := range under {
		if slices.Contains(rules, no) {
			t.whole(portionsTable, livePortions(report, no), byRule[no])
			delete(byRule, no)
		}
	}
	if len(byRule) > 0 {
		return t.unverified("portions/"+string(report), "portions are under rules that the report is not listed under")
	}
	return nil
}

// checkLive has those of the portions that are live hold as what their reports have
// under their rules, so that one which was struck and put back does not.
func (t *Tx) checkLive(found []cordon.Portion) error {
	type under struct {
		report cordon.ID
		rule   cordon.RuleNo
	}
	seen := make(map[under]bool)
	for _, p := range found {
		u := under{p.Report, p.Rule}
		if p.State != cordon.PortionLive || seen[u] {
			continue
		}
		seen[u] = true
		if err := t.checkWhole(portionsTable, livePortions(u.report, u.rule), `report = $1 AND rule = $2 AND state = 'live'`, u.report, int64(u.rule)); err != nil {
			return err
		}
	}
	return nil
}

func scanRuleNo(row scanner, no *cordon.RuleNo) error { return row.Scan(no) }

// PortionRules implements cordon.ReportReader.
func (t *Tx) PortionRules(report cordon.ID) ([]cordon.RuleNo, error) {
	if known, ok := t.under[report]; ok {
		return slices.Clone(known), nil
	}
	under, err := findSet(t, reportRulesTable, "report_rules/"+string(report), scanRuleNo, `WHERE report = $1 ORDER BY rule`, report)
	if err == nil && !t.write {
		if t.under == nil {
			t.under = make(map[cordon.ID][]cordon.RuleNo)
		}
		t.under[report] = slices.Clone(under)
	}
	return under, err
}

// Portions implements cordon.ReportReader.
func (t *Tx) Portions(report cordon.ID, visible cordon.Visibility) ([]cordon.Portion, error) {
	// Two lookups, rather than one condition with OR, and in no order, so
	// that each goes by its own index and touches nothing out of sight.
	found, macs, err := t.wholePortions(`portions.report = $1 AND portions.state = 'live' AND portions.rule @in($2)`,
		report, t.nos(visible.Rules))
	if err == nil {
		err = t.wholeUnder(report, visible.Rules, found, macs)
	}
	if err == nil && len(visible.Granted) > 0 {
		var granted []cordon.Portion
		granted, _, err = t.wholePortions(`portions.id @in($2) AND portions.report = $1 AND portions.state = 'live'`,
			report, t.ids(visible.Granted))
		found = append(found, granted...)
		if err == nil {
			err = t.checkLive(granted)
		}
	}
	slices.SortFunc(found, func(a, b cordon.Portion) int {
		return cmp.Or(cmp.Compare(a.Ordinal, b.Ordinal), cmp.Compare(a.ID, b.ID))
	})
	// One may be in sight both ways.
	return slices.CompactFunc(found, func(a, b cordon.Portion) bool { return a.ID == b.ID }), err
}

// Titles implements cordon.ReportReader.
func (t *Tx) Titles(reports []cordon.ID, visible cordon.Visibility) ([]cordon.Portion, error) {
	if len(reports) == 0 {
		return nil, nil
	}
	// Every report has one title, so that looking at each and leaving out
	// those out of sight takes as long either way, and less than asking for
	// every report under every rule.
	titles, _, err := t.wholePortions(`portions.report @in($1) AND portions.ordinal = 0 AND portions.state = 'live'
			AND (portions.rule @in($2) OR portions.id @in($3))`,
		t.ids(reports), t.nos(visible.Rules), t.ids(visible.Granted))
	t.restOn(titles)
	return titles, err
}

// PortionHeads implements cordon.ReportReader.
func (t *Tx) PortionHeads(report cordon.ID) ([]cordon.Portion, error) {
	t.rest(reportsTable, report)
	return find(t, portionsTable, scanHead, `WHERE report = $1 ORDER BY ordinal, id`, report)
}

// PortionsByID implements cordon.ReportReader.
func (t *Tx) PortionsByID(ids []cordon.ID) ([]cordon.Portion, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, _, err := t.wholePortions(`portions.id @in($1)`, t.ids(ids))
	if err == nil {
		t.restOn(found)
		err = t.checkLive(found)
	}
	return found, err
}

// portionIn is the head of a portion that is to be changed: ErrNotFound if
// there is none, a Conflict if it is in none of the states.
func (t *Tx) portionIn(id cordon.ID, states ...cordon.PortionState) (cordon.Portion, error) {
	p, err := findOne(t, portionsTable, scanHead, `WHERE id = $1`, id)
	if err == nil && !slices.Contains(states, p.State) {
		err = cordon.Errorf(cordon.KindConflict, "the portion is %s already", p.State)
	}
	return p, err
}

// ReplacePortion implements cordon.ReportWriter.
func (t *Tx) ReplacePortion(p cordon.Portion) error {
	old, err := t.portionIn(p.ID, cordon.PortionLive, cordon.PortionSuperseded)
	if err != nil {
		return err
	}
	if err := t.amendOne(portionsTable, changes{"mark": p.Mark, "rule": int64(p.Rule), "body": blob(p.Body)}, `id = $1`, p.ID); err != nil {
		return err
	}
	if _, err := t.remove(portionKeysTable, `portion = $1`, p.ID); err != nil {
		return err
	}
	if p.Key != nil {
		if err := t.addOne("a portion's key", portionKeysTable, p.ID, old.Report, blob(p.Key)); err != nil {
			return err
		}
	}
	if p.Rule == old.Rule || old.State != cordon.PortionLive {
		return nil
	}
	if err := t.countLive(int64(p.Rule), place(old.Created, old.Report), old.Report, 1); err != nil {
		return err
	}
	if err := t.unfileReport(old); err != nil {
		return err
	}
	words, _, err := t.tokensOf(old.ID)
	if err != nil {
		return err
	}
	if err := t.unfileWords(old, words); err != nil {
		return err
	}
	return t.fileWords(p.Rule, old, words)
}

// MovePortions implements cordon.ReportWriter.
func (t *Tx) MovePortions(report cordon.ID, moves []cordon.Move) error {
	if len(moves) == 0 {
		return nil
	}
	ids, to := make([]cordon.ID, len(moves)), make(map[cordon.ID]cordon.RuleNo, len(moves))
	for i, m := range moves {
		ids[i], to[m.Portion] = m.Portion, m.To
	}
	old, err := find(t, portionsTable, scanHead, `WHERE report = $1 AND id @in($2) AND state = 'live'`, report, t.ids(ids))
	if err != nil {
		return err
	}
	if len(old) != len(to) {
		return cordon.ErrNotFound
	}
	more := make(map[cordon.RuleNo]int64)
	for _, p := range old {
		if err := t.amendOne(portionsTable, changes{"rule": int64(to[p.ID])}, `id = $1`, p.ID); err != nil {
			return err
		}
		more[p.Rule]--
		more[to[p.ID]]++
		words, _, err := t.tokensOf(p.ID)
		if err != nil {
			return err
		}
		if err := t.unfileWords(p, words); err != nil {
			return err
		}
		if err := t.fileWords(to[p.ID], p, words); err != nil {
			return err
		}
	}
	at := place(old[0].Created, report)
	for _, no := range slices.Sorted(maps.Keys(more)) {
		if more[no] == 0 {
			continue
		}
		if err := t.countLive(int64(no), at, report, more[no]); err != nil {
			return err
		}
	}
	return t.changed(at)
}

// StrikePortion implements cordon.ReportWriter.
func (t *Tx) StrikePortion(id cordon.ID) error {
	p, err := t.portionIn(id, cordon.PortionLive, cordon.PortionSuperseded)
	if err != nil {
		return err
	}
	if err := t.retire(p, changes{"state": string(cordon.PortionStruck), "body": nil}); err != nil {
		return err
	}
	if _, err := t.remove(portionKeysTable, `portion = $1`, id); err != nil {
		return err
	}
	_, err = t.remove(factsTable, `portion = $1`, id)
	return err
}

// SupersedePortion implements cordon.ReportWriter.
func (t *Tx) SupersedePortion(id cordon.ID) error {
	p, err := t.portionIn(id, cordon.PortionLive)
	if err != nil {
		return err
	}
	return t.retire(p, changes{"state": string(cordon.PortionSuperseded)})
}

// retire takes a portion, which the changes make one that is not live, out of every
// list that it is in.
func (t *Tx) retire(p cordon.Portion, to changes) error {
	id := p.ID
	if err := t.amendOne(portionsTable, to, `id = $1`, id); err != nil || p.State != cordon.PortionLive {
		return err // one that is not live is in no list
	}
	words, prints, err := t.tokensOf(id)
	if err != nil {
		return err
	}
	if err := t.unfile(p, words, prints); err != nil {
		return err
	}
	if _, err := t.remove(portionTokensTable, `portion = $1`, id); err != nil {
		return err
	}
	return t.unfileReport(p)
}

// unfileReport counts one live portion less under the portion's rule, and takes
// the report out of the rule's list with the last.
func (t *Tx) unfileReport(p cordon.Portion) error {
	at := place(p.Created, p.Report)
	if err := t.countLive(int64(p.Rule), at, p.Report, -1); err != nil {
		return err
	}
	return t.changed(at)
}
