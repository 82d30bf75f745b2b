package sqlite

import (
	"regexp"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/store/storetest"
)

// TestContract also looks at how SQLite goes about every statement that the
// contract made it run: none reads through a table, since what that finds out
// of sight would tell in time.
func TestContract(t *testing.T) {
	var common *Store // the one that most tests share
	storetest.Run(t, func(t *testing.T) cordon.Store {
		s := open(t, t.TempDir())
		if common == nil {
			common = s
		}
		return s
	})
	statements := common.shared.Dialect.Used()
	t.Run("Carry", func(t *testing.T) { storetest.Carry(t, common, open(t, t.TempDir())) })
	if len(statements) < 100 {
		t.Fatalf("only %d statements were run", len(statements))
	}
	for _, statement := range statements {
		for _, step := range plan(t, common, statement) {
			if scan.MatchString(step) && step != "SCAN span" && step != "SCAN fresh" && step != "SCAN found" && !slices.Contains(readWhole, statement) {
				t.Errorf("%s\n\treads a whole table: %s", statement, step)
			}
		}
	}
}

// scan is a step that reads a table through. Lists that were bound are read
// through, too, and are virtual tables; span, fresh
// and found are what a step before has made.
var scan = regexp.MustCompile(`^SCAN [a-z_]+( USING.*)?$`)

// readWhole are the statements that ask for all there is.
var readWhole = []string{
	`SELECT place, rule, live FROM report_rules`,
	`SELECT id, name, title, country, communities FROM organisations`,
	`SELECT entry FROM ledger_pending ORDER BY at, n, id LIMIT $1`,
	// One row for each organisation, at each tick.
	`INSERT INTO ledger_sizes (feed, tick, size) SELECT feed, $1, size FROM ledger_feeds WHERE size <> tick_size`,
	`UPDATE ledger_feeds SET tick_size = size, tick_root = root WHERE size <> tick_size`,
}

func plan(t *testing.T, s *Store, statement string) []string {
	t.Helper()
	args := make([]any, len(regexp.MustCompile(`\$\d+|\?`).FindAllString(statement, -1)))
	rows, err := s.db.Query("EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps
}
