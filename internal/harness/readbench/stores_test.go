package readbench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"cordon/internal/harness/pgtest"
	"cordon/internal/store/postgres"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
)

// Both have the indexes that lists with no access control go by; Cordon's own
// has no use for them.
const (
	newestIndex = `CREATE INDEX bench_newest ON reports (created, id)`
	wordIndex   = `CREATE INDEX bench_words ON search_tokens (token, place)`
)

const (
	newest    = `SELECT id, kind, holder, author, arrangement, ref_token, compilation, created FROM reports ORDER BY created DESC, id DESC LIMIT 50`
	countAll  = `SELECT count(*) FROM portions WHERE state = 'live'`
	searchAll = `SELECT p.id, p.report, p.ordinal, p.kind, p.mark, p.rule, p.state, p.created FROM (
		SELECT place FROM search_tokens WHERE token = %d ORDER BY place DESC LIMIT 50) s JOIN portions p ON p.place = s.place`
	placeIndex = `CREATE INDEX bench_places ON portions (place)`
)

func carrying(all []row) (n int) {
	for _, r := range all {
		if r.word == word {
			n++
		}
	}
	return n
}

type liteBench struct {
	store *sqlite.Store
	db    *sql.DB
}

func openSQLite(b *testing.B, all []row) liteBench {
	dir := b.TempDir()
	s, err := sqlite.Open(b.Context(), dir, storetest.Key)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, sqlite.FileName)+
		"?_pragma=synchronous(OFF)&_pragma=cache_size(-262144)&_pragma=busy_timeout(10000)")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	fill := func(table string, columns []string, rows []row, values func(row) []any) {
		stmt, err := tx.Prepare(fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", table, strings.Join(columns, ", "), strings.Repeat(", ?", len(columns)-1)))
		if err != nil {
			b.Fatal(err)
		}
		defer stmt.Close()
		for _, r := range rows {
			if _, err := stmt.Exec(values(r)...); err != nil {
				b.Fatal(err)
			}
		}
	}
	ruled := byRule(all)
	fill("reports", reportColumns, slices.SortedFunc(slices.Values(all), func(a, b row) int { return strings.Compare(string(a.report), string(b.report)) }), reportRow)
	fill("portions", portionCols, slices.SortedFunc(slices.Values(all), func(a, b row) int { return strings.Compare(string(a.portion), string(b.portion)) }), portionRow)
	fill("report_rules", ruleColumns, ruled, ruleRow)
	fill("search_tokens", tokenColumns, byWord(all), tokenRow)
	for _, statement := range []string{newestIndex, wordIndex, placeIndex} {
		if _, err := tx.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	// Asked as the store asks, with no larger cache than it has.
	plain, err := sql.Open("sqlite", "file:"+filepath.Join(dir, sqlite.FileName)+"?_pragma=cache_size(-16384)&_pragma=query_only(ON)")
	if err != nil {
		b.Fatal(err)
	}
	plain.SetMaxOpenConns(1)
	b.Cleanup(func() { plain.Close() })
	return liteBench{s, plain}
}

func (l liteBench) unfiltered(all []row) []*question {
	ask := func(statement string, scalar bool, want int) func() error {
		var begin, end, stmt *sql.Stmt
		var err error
		for text, into := range map[string]**sql.Stmt{"BEGIN": &begin, "ROLLBACK": &end, statement: &stmt} {
			if err == nil {
				*into, err = l.db.Prepare(text)
			}
		}
		return func() error {
			if err != nil {
				return err
			}
			if _, err := begin.Exec(); err != nil {
				return err
			}
			defer end.Exec()
			rows, err := stmt.Query()
			if err != nil {
				return err
			}
			defer rows.Close()
			got := 0
			for rows.Next() {
				if scalar {
					if err := rows.Scan(&got); err != nil {
						return err
					}
					continue
				}
				values := make([]any, 8)
				for i := range values {
					values[i] = new(any)
				}
				if err := rows.Scan(values...); err != nil {
					return err
				}
				got++
			}
			return expect(statement, got, want)
		}
	}
	const way = "SQLite, no access control"
	return []*question{
		{of: "page", way: way, ask: ask(newest, false, min(50, len(all)))},
		{of: "count", way: way, ask: ask(countAll, true, len(all))},
		{of: "search", way: way, ask: ask(fmt.Sprintf(searchAll, word), false, min(50, carrying(all)))},
	}
}

type postBench struct {
	store *postgres.Store
	// plain asks without access control, and under as somebody whom
	// the policies bind.
	plain, under *pgx.Conn
}

// The policies, by how a row says who may see it: by its own label, or by the
// number of a rule that has it.
const (
	labelled = "labels in columns"
	interned = "interned rules"
)

var policies = []string{labelled, interned}

// The reader is told to the policies by settings. His level and read-ins are
// enough for everything, so that who sees what is up to the recipients; the
// policy has to look at all of it anyway.
const (
	label     = `lvl <= current_setting('bench.level')::int AND readins <@ string_to_array(current_setting('bench.readins'), ',') AND recipients && string_to_array(current_setting('bench.orgs'), ',')`
	rlsSchema = `
CREATE TABLE rls_labels (id TEXT PRIMARY KEY, created BIGINT NOT NULL, words BIGINT[] NOT NULL,
	lvl INT NOT NULL, readins TEXT[] NOT NULL, recipients TEXT[] NOT NULL, body BYTEA);
CREATE TABLE rls_rules (no BIGINT PRIMARY KEY, lvl INT NOT NULL, readins TEXT[] NOT NULL, recipients TEXT[] NOT NULL);
CREATE TABLE rls_interned (id TEXT PRIMARY KEY, created BIGINT NOT NULL, words BIGINT[] NOT NULL, rule BIGINT NOT NULL, body BYTEA);
DROP ROLE IF EXISTS bench_reader;
CREATE ROLE bench_reader;
GRANT SELECT ON rls_labels, rls_rules, rls_interned TO bench_reader;`
	rlsPolicies = `
CREATE INDEX ON rls_labels (created DESC);
CREATE INDEX ON rls_labels USING GIN (words);
CREATE INDEX ON rls_interned (created DESC);
CREATE INDEX ON rls_interned (rule, created DESC);
CREATE INDEX ON rls_interned USING GIN (words);
ALTER TABLE rls_labels ENABLE ROW LEVEL SECURITY;
ALTER TABLE rls_interned ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON rls_labels USING (` + label + `);
CREATE POLICY sees ON rls_interned USING (rule IN (SELECT no FROM rls_rules WHERE ` + label + `));`
)

// labelOf is the label of a rule: for whom among the readers it is, and others.
func labelOf(rule int) (level int32, readins, recipients []string) {
	recipients = []string{fmt.Sprint("org", rule%17), fmt.Sprint("org", rule%23)}
	for _, who := range readers() {
		if who.sees(rule) {
			recipients = append(recipients, who.name)
		}
	}
	if rule%3 == 0 {
		readins = []string{"si"}
	} else {
		readins = []string{}
	}
	return int32(rule % 4), readins, recipients
}

func openPostgres(b *testing.B, all []row) postBench {
	url := pgtest.Start(b)
	s, err := postgres.Open(b.Context(), url, storetest.Key)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	connect := func() *pgx.Conn {
		conn, err := pgx.Connect(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { conn.Close(context.Background()) })
		return conn
	}
	conn := connect()
	exec := func(conn *pgx.Conn, statement string) {
		if _, err := conn.Exec(context.WithoutCancel(b.Context()), statement, pgx.QueryExecModeSimpleProtocol); err != nil {
			b.Fatal(statement, err)
		}
	}
	exec(conn, "SET jit = off")
	exec(conn, rlsSchema)
	fill := func(table string, columns []string, n int, values func(int) []any) {
		_, err := conn.CopyFrom(b.Context(), pgx.Identifier{table}, columns,
			pgx.CopyFromSlice(n, func(i int) ([]any, error) { return values(i), nil }))
		if err != nil {
			b.Fatal(table, err)
		}
	}
	fill("reports", reportColumns, len(all), func(i int) []any { return reportRow(all[i]) })
	fill("portions", portionCols, len(all), func(i int) []any { return portionRow(all[i]) })
	ruled := byRule(all)
	fill("report_rules", ruleColumns, len(all), func(i int) []any { return ruleRow(ruled[i]) })
	worded := byWord(all)
	fill("search_tokens", tokenColumns, len(all), func(i int) []any { return tokenRow(worded[i]) })
	type mark struct {
		level               int32
		readins, recipients []string
	}
	labels := make([]mark, rules)
	for rule := range labels {
		labels[rule].level, labels[rule].readins, labels[rule].recipients = labelOf(rule)
	}
	fill("rls_rules", []string{"no", "lvl", "readins", "recipients"}, rules, func(i int) []any {
		return []any{int64(number(i)), labels[i].level, labels[i].readins, labels[i].recipients}
	})
	body := make([]byte, 100)
	fill("rls_labels", []string{"id", "created", "words", "lvl", "readins", "recipients", "body"}, len(all), func(i int) []any {
		l := labels[all[i].rule]
		return []any{string(all[i].portion), all[i].created, []int64{int64(all[i].word)}, l.level, l.readins, l.recipients, body}
	})
	fill("rls_interned", []string{"id", "created", "words", "rule", "body"}, len(all), func(i int) []any {
		return []any{string(all[i].portion), all[i].created, []int64{int64(all[i].word)}, int64(number(all[i].rule)), body}
	})
	exec(conn, newestIndex)
	exec(conn, wordIndex)
	exec(conn, placeIndex)
	exec(conn, rlsPolicies)
	exec(conn, "VACUUM ANALYZE")
	under := connect()
	exec(under, "SET jit = off")
	exec(under, "SET plan_cache_mode = force_custom_plan")
	exec(under, "SET ROLE bench_reader")
	b.Cleanup(func() { exec(conn, "DROP OWNED BY bench_reader; DROP ROLE bench_reader") })
	return postBench{s, conn, under}
}

// inTransaction asks between BEGIN and COMMIT, as a View does.
func inTransaction(conn *pgx.Conn, begin, statement string, scalar bool, want int) func() error {
	ctx := context.Background()
	return func() error {
		if _, err := conn.PgConn().Exec(ctx, begin).ReadAll(); err != nil {
			return err
		}
		defer conn.Exec(ctx, "COMMIT")
		rows, err := conn.Query(ctx, statement)
		if err != nil {
			return err
		}
		defer rows.Close()
		got := 0
		for rows.Next() {
			if scalar {
				if err := rows.Scan(&got); err != nil {
					return err
				}
				continue
			}
			if _, err := rows.Values(); err != nil {
				return err
			}
			got++
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return expect(statement, got, want)
	}
}

func (p postBench) unfiltered(all []row) []*question {
	const way = "PostgreSQL, no access control"
	const begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	return []*question{
		{of: "page", way: way, ask: inTransaction(p.plain, begin, newest, false, min(50, len(all)))},
		{of: "count", way: way, ask: inTransaction(p.plain, begin, countAll, true, len(all))},
		{of: "search", way: way, ask: inTransaction(p.plain, begin, fmt.Sprintf(searchAll, word), false, min(50, carrying(all)))},
	}
}

// security asks tables that row-level security watches over.
func (p postBench) security(who reader, all []row) []*question {
	visible, carry := 0, 0
	for _, r := range all {
		if who.sees(r.rule) {
			visible++
			if r.word == word {
				carry++
			}
		}
	}
	begin := fmt.Sprintf(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL bench.level = '4'; SET LOCAL bench.readins = 'si'; SET LOCAL bench.orgs = '%s'`, who.name)
	var questions []*question
	for policy, table := range map[string]string{labelled: "rls_labels", interned: "rls_interned"} {
		columns := "id, created, body"
		questions = append(questions,
			&question{of: "page", way: policy, who: who.name, ask: inTransaction(p.under, begin,
				fmt.Sprintf("SELECT %s FROM %s ORDER BY created DESC LIMIT 50", columns, table), false, min(50, visible))},
			&question{of: "count", way: policy, who: who.name, ask: inTransaction(p.under, begin,
				fmt.Sprintf("SELECT count(*) FROM %s", table), true, visible)},
			&question{of: "search", way: policy, who: who.name, ask: inTransaction(p.under, begin,
				fmt.Sprintf("SELECT %s FROM %s WHERE words @> ARRAY[%d]::bigint[] ORDER BY created DESC LIMIT 50", columns, table, word), false, min(50, carry))})
	}
	return questions
}
