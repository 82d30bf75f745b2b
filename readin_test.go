package cordon_test

import (
	"encoding/json"
	"testing"
	"time"

	"cordon"
)

func TestAReadInIsHeldFromOneInstantUntilAnother(t *testing.T) {
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for text, want := range map[string]map[string]bool{
		"us:SI":                        {"0001-01-01T00:00:00Z": true, "2026-05-15T09:00:00Z": true},
		"us:SI@2026-01-01..2026-12-31": {"2025-12-31T23:59:59.999999Z": false, "2026-01-01T00:00:00Z": true, "2026-12-30T23:59:59.999999Z": true, "2026-12-31T00:00:00Z": false},
		"us:SI@2026-01-01..":           {"2025-12-31T00:00:00Z": false, "2099-01-01T00:00:00Z": true},
		"us:SI@..2026-01-01T12:30:00Z": {"2026-01-01T12:29:59Z": true, "2026-01-01T12:30:00Z": false},
		"us:SI@2026-01-01T02:00:00Z..": {"2026-01-01T01:59:59Z": false, "2026-01-01T02:00:00Z": true},
	} {
		r, err := cordon.ParseReadIn(text)
		if err != nil || r.Compartment != "us:SI" || r.String() != text {
			t.Errorf("%s: %s, %v", text, r, err)
		}
		for now, held := range want {
			if r.HeldAt(at(now)) != held {
				t.Errorf("%s held at %s: %v", text, now, !held)
			}
		}
		var again cordon.ReadIn
		data, err := json.Marshal(r)
		if err == nil {
			err = json.Unmarshal(data, &again)
		}
		if err != nil || again != r {
			t.Errorf("%s is %s in JSON and %s out of it: %v", text, data, again, err)
		}
	}
	for _, text := range []string{"us:SI@", "us:SI@..", "us:SI@2026-01-01", "us:SI@soon..", "us:SI@2026-01-01..2026-02-30"} {
		if r, err := cordon.ParseReadIn(text); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%s: %s, %v", text, r, err)
		}
	}
	// Rows kept before read-ins had bounds.
	var old []cordon.ReadIn
	if err := json.Unmarshal([]byte(`["us:SI","us:TK"]`), &old); err != nil || len(old) != 2 || old[1] != cordon.ReadIns("us:TK")[0] {
		t.Errorf("a row of before reads as %v: %v", old, err)
	}
	if err := json.Unmarshal([]byte(`[{"compartment":"us:SI","till":"2026-01-01T00:00:00Z"}]`), &old); err == nil {
		t.Error("a bound that is none is passed over, and the read-in held for ever")
	}
}

func FuzzParseReadIn(f *testing.F) {
	f.Add("us:SI@2026-01-01..2026-12-31T18:00:00.5+02:00")
	f.Add("us:SI@..")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := cordon.ParseReadIn(text)
		if err != nil {
			return
		}
		again, err := cordon.ParseReadIn(r.String())
		if err != nil && r.From.Year() > 0 && r.Until.Year() < 10000 && r.From.Year() < 10000 {
			t.Fatalf("%q is written %q: %v", text, r, err)
		}
		if err == nil && again != r {
			t.Fatalf("%q is written %q, which is another", text, r)
		}
	})
}
