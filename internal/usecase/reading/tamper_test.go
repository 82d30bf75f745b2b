package reading_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/store/postgres"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/internal/usecase/reading"
)

// TestAMarkingCannotBeSwapped changes rows behind Cordon's back, as somebody
// with the database in their hands would, to make a portion freer. It no longer
// opens, to anybody (promise 2).
func TestAMarkingCannotBeSwapped(t *testing.T) {
	stores := map[string]func(t *testing.T) (*casetest.World, *sql.DB){
		"sqlite": func(t *testing.T) (*casetest.World, *sql.DB) {
			w := casetest.New(t)
			db, err := sql.Open("sqlite", "file:"+filepath.Join(w.Dir, sqlite.FileName)+"?_pragma=busy_timeout(10000)")
			if err != nil {
				t.Fatal(err)
			}
			return w, db
		},
		"postgres": func(t *testing.T) (*casetest.World, *sql.DB) {
			url := casetest.Database(t)
			store, err := postgres.Open(t.Context(), url, storetest.Key)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { store.Close() })
			db, err := sql.Open("pgx", url)
			if err != nil {
				t.Fatal(err)
			}
			return casetest.On(t, store), db
		},
	}
	// Each change makes the secret portion's row say what the free one's says.
	changes := map[string]string{
		"its mark":           `UPDATE portions SET mark = (SELECT mark FROM portions WHERE id = $2) WHERE id = $1`,
		"its rule":           `UPDATE portions SET rule = (SELECT rule FROM portions WHERE id = $2) WHERE id = $1`,
		"mark and rule":      `UPDATE portions SET mark = (SELECT mark FROM portions WHERE id = $2), rule = (SELECT rule FROM portions WHERE id = $2) WHERE id = $1`,
		"its report":         `UPDATE portions SET report = (SELECT report FROM portions WHERE id = $2) WHERE id = $1`,
		"the rule's content": `UPDATE rules SET rule = (SELECT rule FROM rules WHERE no = (SELECT rule FROM portions WHERE id = $2)) WHERE no = (SELECT rule FROM portions WHERE id = $1)`,
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			for change, statement := range changes {
				w, db := open(t)
				defer db.Close()
				ctx := context.Background()
				secret := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(TS//NF) "+cityText)
				free := w.Publish(t, "mara", []string{"VALDOR", "TARSIS"}, "(U) Free", "(U) "+plainText)
				if got := w.Texts(t, "ana", secret.Report); len(got) != 1 {
					t.Fatalf("before the change she reads %q", got)
				}
				result, err := db.Exec(statement, string(secret.Portions[1].ID), string(free.Portions[1].ID))
				if err != nil {
					t.Fatalf("%s: %v", change, err)
				}
				if n, _ := result.RowsAffected(); n != 1 {
					t.Fatalf("%s: changed %d rows", change, n)
				}
				// A node with nothing in memory, and the one that was there.
				for _, node := range []*casetest.World{w, w.Node(t)} {
					for _, person := range []string{"ana", "theo", "root", "mara"} {
						for _, report := range []cordon.ID{secret.Report, free.Report} {
							out, err := reading.Open(ctx, node.By(w.ID(person)), string(report), cordon.ActRead)
							for _, p := range out.Portions {
								if strings.Contains(p.Text, "Marrow") {
									t.Errorf("%s changed, and %s reads it", change, person)
								}
							}
							if err != nil && strings.Contains(err.Error(), "Marrow") {
								t.Errorf("%s changed: the error carries the text", change)
							}
						}
						found, _ := reading.Search(ctx, node.By(w.ID(person)), reading.Query{Text: "courier"})
						if len(found.Hits) != 0 {
							t.Errorf("%s changed, and %s finds it", change, person)
						}
					}
				}
			}
		})
	}
}
