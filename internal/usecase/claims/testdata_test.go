package claims

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"cordon/internal/harness/sample"
)

// readCase gives the affair to be entered and the tables it must give.
func readCase(t *testing.T, s sample.Set) (data []byte, expect []map[string]json.RawMessage) {
	t.Helper()
	data = s.Read(t, "claims/case.json")
	var file struct{ Expect []map[string]json.RawMessage }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Expect) == 0 {
		t.Fatal("the case expects nothing")
	}
	return data, file.Expect
}

// assertExpect holds every key of the expectation against the matrix as its
// JSON says it. Keys are those of the matrix or ids of propositions.
func assertExpect(t *testing.T, m Matrix, expect map[string]json.RawMessage) {
	t.Helper()
	whole := generic(t, m)
	for _, row := range whole["propositions"].([]any) {
		row := row.(map[string]any)
		whole[row["id"].(string)] = row
	}
	for key, raw := range expect {
		if key == "at" {
			continue
		}
		var want any
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		got := whole[key]
		cells, perProposition := want.(map[string]any)
		if !perProposition {
			if !reflect.DeepEqual(got, want) {
				t.Errorf("at %s: %s is %v, want %v", m.At, key, got, want)
			}
			continue
		}
		for name, cell := range cells {
			if got := got.(map[string]any)[name]; !reflect.DeepEqual(got, cell) {
				t.Errorf("at %s: %s of %s is %v, want %v", m.At, name, key, got, cell)
			}
		}
	}
}

func generic(t *testing.T, v any) map[string]any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func instant(t *testing.T, raw json.RawMessage) (at time.Time) {
	t.Helper()
	if err := json.Unmarshal(raw, &at); err != nil {
		t.Fatal(err)
	}
	return at
}
