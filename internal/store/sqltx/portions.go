package sqltx

import (
	"cmp"
	"slices"

	"cordon"
)

const headColumns = `p.id, p.report, p.ordinal, p.kind, p.mark, p.rule, p.state, p.created`

func scanHead(row scanner, p *cordon.Portion) error {
	return row.Scan(&p.ID, &p.Report, &p.Ordinal, &p.Kind, &p.Mark, &p.Rule, &p.State, instant{&p.Created})
}

// wholePortion selects portions with bodies and keys.
const wholePortion = `SELECT ` + headColumns + `, p.body, k.key
	FROM portions p LEFT JOIN portion_keys k ON k.portion = p.id `

func scanWhole(row scanner, p *cordon.Portion) error {
	return row.Scan(&p.ID, &p.Report, &p.Ordinal, &p.Kind, &p.Mark, &p.Rule, &p.State, instant{&p.Created},
		sealed(&p.Body), sealed(&p.Key))
}

// PutPortions implements cordon.ReportWriter.
func (t *Tx) PutPortions(portions []cordon.Portion) error {
	var rows, keys, filed [][]any
	type under struct {
		rule   cordon.RuleNo
		report cordon.ID
	}
	seen := map[under]int{} // where in filed
	var reports [][]byte
	for _, p := range portions {
		rows = append(rows, []any{
			p.ID, p.Report, int64(p.Ordinal), string(p.Kind), p.Mark, int64(p.Rule),
			string(p.State), micros(p.Created), place(p.Created, p.ID), blob(p.Body),
		})
		if p.Key != nil {
			keys = append(keys, []any{p.ID, blob(p.Key)})
		}
		if u := (under{p.Rule, p.Report}); p.State == cordon.PortionLive {
			i, ok := seen[u]
			if !ok {
				i = len(filed)
				seen[u] = i
				at := place(p.Created, p.Report)
				filed, reports = append(filed, []any{int64(p.Rule), at, p.Report, int64(0)}), append(reports, at)
			}
			filed[i][3] = filed[i][3].(int64) + 1
		}
	}
	if err := t.insertAll("a portion", "portions",
		"id, report, ordinal, kind, mark, rule, state, created, place, body", rows); err != nil {
		return err
	}
	if err := t.insertAll("a portion's key", "portion_keys", "portion, key", keys); err != nil {
		return err
	}
	if _, err := t.insertOr(oneMore, "report_rules", "rule, place, report, live", filed); err != nil {
		return err
	}
	return t.changed(reports...)
}

// oneMore counts portions to those there are already under the rule.
const oneMore = "(rule, place) DO UPDATE SET live = report_rules.live + excluded.live"

// PortionRules implements cordon.ReportReader.
func (t *Tx) PortionRules(report cordon.ID) ([]cordon.RuleNo, error) {
	return list(t, scanRuleNo, `SELECT rule FROM report_rules WHERE report = $1 ORDER BY rule`, report)
}

// Portions implements cordon.ReportReader.
func (t *Tx) Portions(report cordon.ID, visible cordon.Visibility) ([]cordon.Portion, error) {
	// Two lookups, rather than one condition with OR, and in no order, so
	// that each goes by its own index and touches nothing out of sight.
	portions, err := list(t, scanWhole, wholePortion+`WHERE p.report = $1 AND p.state = 'live' AND p.rule @in($2)`,
		report, t.nos(visible.Rules))
	if err == nil && len(visible.Granted) > 0 {
		var granted []cordon.Portion
		granted, err = list(t, scanWhole, wholePortion+`WHERE p.id @in($2) AND p.report = $1 AND p.state = 'live'`,
			report, t.ids(visible.Granted))
		portions = append(portions, granted...)
	}
	slices.SortFunc(portions, func(a, b cordon.Portion) int {
		return cmp.Or(cmp.Compare(a.Ordinal, b.Ordinal), cmp.Compare(a.ID, b.ID))
	})
	// One may be in sight both ways.
	return slices.CompactFunc(portions, func(a, b cordon.Portion) bool { return a.ID == b.ID }), err
}

// Titles implements cordon.ReportReader.
func (t *Tx) Titles(reports []cordon.ID, visible cordon.Visibility) ([]cordon.Portion, error) {
	if len(reports) == 0 {
		return nil, nil
	}
	// Every report has one title, so that looking at each and leaving out
	// those out of sight takes as long either way, and less than asking for
	// every report under every rule.
	return list(t, scanWhole, wholePortion+`WHERE p.report @in($1) AND p.ordinal = 0 AND p.state = 'live'
			AND (p.rule @in($2) OR p.id @in($3))`,
		t.ids(reports), t.nos(visible.Rules), t.ids(visible.Granted))
}

// PortionHeads implements cordon.ReportReader.
func (t *Tx) PortionHeads(report cordon.ID) ([]cordon.Portion, error) {
	return list(t, scanHead, `SELECT `+headColumns+` FROM portions p WHERE p.report = $1 ORDER BY p.ordinal, p.id`, report)
}

// PortionsByID implements cordon.ReportReader.
func (t *Tx) PortionsByID(ids []cordon.ID) ([]cordon.Portion, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list(t, scanWhole, wholePortion+`WHERE p.id @in($1)`, t.ids(ids))
}

// portionIn is the head of a portion that is to be changed: ErrNotFound if
// there is none, a Conflict if it is in none of the states.
func (t *Tx) portionIn(id cordon.ID, states ...cordon.PortionState) (cordon.Portion, error) {
	p, err := one(t, scanHead, `SELECT `+headColumns+` FROM portions p WHERE p.id = $1`, id)
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
	if err := t.put(`UPDATE portions SET mark = $2, rule = $3, body = $4 WHERE id = $1`,
		p.ID, p.Mark, int64(p.Rule), blob(p.Body)); err != nil {
		return err
	}
	if err := t.put(`DELETE FROM portion_keys WHERE portion = $1`, p.ID); err != nil {
		return err
	}
	if p.Key != nil {
		if err := t.put(`INSERT INTO portion_keys (portion, key) VALUES ($1, $2)`, p.ID, blob(p.Key)); err != nil {
			return err
		}
	}
	if p.Rule == old.Rule || old.State != cordon.PortionLive {
		return nil
	}
	if _, err := t.insertOr(oneMore, "report_rules", "rule, place, report, live",
		[][]any{{int64(p.Rule), place(old.Created, old.Report), old.Report, int64(1)}}); err != nil {
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

// StrikePortion implements cordon.ReportWriter.
func (t *Tx) StrikePortion(id cordon.ID) error {
	p, err := t.portionIn(id, cordon.PortionLive, cordon.PortionSuperseded)
	if err != nil {
		return err
	}
	return t.retire(p,
		`UPDATE portions SET state = 'struck', body = NULL WHERE id = $1`,
		`DELETE FROM portion_keys WHERE portion = $1`,
		`DELETE FROM facts WHERE portion = $1`)
}

// SupersedePortion implements cordon.ReportWriter.
func (t *Tx) SupersedePortion(id cordon.ID) error {
	p, err := t.portionIn(id, cordon.PortionLive)
	if err != nil {
		return err
	}
	return t.retire(p, `UPDATE portions SET state = 'superseded' WHERE id = $1`)
}

// retire takes a portion, which the statements make one that is not live, out
// of every list that it is in.
func (t *Tx) retire(p cordon.Portion, statements ...string) error {
	id := p.ID
	if p.State != cordon.PortionLive { // it is in none
		for _, statement := range statements {
			if err := t.put(statement, id); err != nil {
				return err
			}
		}
		return nil
	}
	words, prints, err := t.tokensOf(id)
	if err != nil {
		return err
	}
	if err := t.unfileWords(p, words); err != nil {
		return err
	}
	if len(prints) > 0 {
		if err := t.put(`DELETE FROM fingerprints WHERE print @in($1) AND portion = $2`,
			t.d.Numbers(prints), id); err != nil {
			return err
		}
	}
	for _, statement := range append(statements, `DELETE FROM portion_tokens WHERE portion = $1`) {
		if err := t.put(statement, id); err != nil {
			return err
		}
	}
	return t.unfileReport(p)
}

// unfileReport counts one live portion less under the portion's rule, and takes
// the report out of the rule's list with the last.
func (t *Tx) unfileReport(p cordon.Portion) error {
	at := place(p.Created, p.Report)
	if err := t.put(`UPDATE report_rules SET live = live - 1 WHERE rule = $1 AND place = $2`, int64(p.Rule), at); err != nil {
		return err
	}
	if err := t.put(`DELETE FROM report_rules WHERE rule = $1 AND place = $2 AND live < 1`, int64(p.Rule), at); err != nil {
		return err
	}
	return t.changed(at)
}
