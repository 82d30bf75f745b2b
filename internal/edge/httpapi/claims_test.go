package httpapi_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cordon/internal/harness/sample"
	"cordon/wire"
)

// TestTheCase enters a day of claims and denials through the API and compares
// the tables with those a person drew up.
func TestTheCase(t *testing.T) { sample.Each(t, theCase) }

func theCase(t *testing.T, s sample.Set) {
	var file struct {
		wire.Record
		Expect []map[string]any
	}
	if err := json.Unmarshal(s.Read(t, "claims/case.json"), &file); err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, w *world) {
		i := must(w.as["sol"].OpenIncident(t.Context(), wire.IncidentDraft{Title: "The case"}))(t)
		if err := w.as["sol"].ImportClaims(t.Context(), i.ID, file.Record); err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, expect := range file.Expect {
			at, err := time.Parse(time.RFC3339, expect["at"].(string))
			if err != nil {
				t.Fatal(err)
			}
			got := generic(t, must(w.as["sol"].Matrix(t.Context(), i.ID, at))(t))
			for _, row := range got["propositions"].([]any) {
				got[row.(map[string]any)["id"].(string)] = row
			}
			for key, want := range expect {
				if key == "at" {
					continue
				}
				have := got[key]
				if cells, ok := want.(map[string]any); ok { // of a proposition
					row := have.(map[string]any)
					for name := range row {
						if _, ok := cells[name]; !ok {
							delete(row, name)
						}
					}
				}
				compared++
				if d := cmp.Diff(want, have); d != "" {
					t.Errorf("at %v, %s: expected (-), given (+):\n%s", at, key, d)
				}
			}
		}
		if compared == 0 {
			t.Error("nothing was compared")
		}
	})
}

func generic(t *testing.T, v any) (out map[string]any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
