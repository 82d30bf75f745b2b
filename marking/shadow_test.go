package marking_test

import (
	"strings"
	"testing"

	"cordon/marking"
)

// A scheme is put in force only where every text it writes is read as its own,
// and no text of another scheme is.
func TestWith(t *testing.T) {
	set := marking.NewSet(all()...)
	for _, c := range []struct{ definition, want string }{
		{house, ""},
		{many(), ""},
		{`{"name": "own", "title": "Own", "levels": [{"portion": "OPEN"}, {"portion": "SECRET"}]}`, `us, which is in force, reads this as a marking of its own; write another word or a prefix before it, column 1 of "SECRET"`},
		{`{"name": "own", "title": "Own", "levels": [{"portion": "OWN S", "banner": "SECRET"}]}`, "the scheme us"},
		{`{"name": "own", "title": "Own", "levels": [{"portion": "OWN S", "also": ["TLP:RED"]}]}`, "the scheme tlp"},
		{`{"name": "own", "title": "Own", "levels": [{"portion": "OFFICIAL"}, {"portion": "OWN OS"}]}`, "the scheme uk"},
		{`{"name": "own", "title": "Own", "levels": [{"portion": "OWN"}], "synonyms": {"NATO SECRET": "OWN"}}`, "the scheme nato"},
		{`{"name": "own", "title": "Own", "groups": [{"name": "code", "join": "union", "before": "", "between": "/", "codes": [{"portion": "H1"}, {"portion": "X1"}]}]}`, "the scheme europol"},
		{`{"name": "us", "title": "Own", "levels": [{"portion": "OWN"}]}`, "of this name already"},
		// Free codewords behind nothing take what others write.
		{`{"name": "own", "title": "Own", "groups": [{"name": "code", "join": "union", "before": "", "between": "/", "free": {"shortest": 1, "longest": 20}, "codes": [{"portion": "X1"}]}]}`, "take this from"},
		// What stands behind the level is taken for part of its list.
		{`{"name": "own", "title": "Own", "levels": [{"portion": "OWN"}], "groups": [{"name": "code", "join": "union", "before": " FOR ", "between": " ", "codes": [{"portion": "A B"}, {"portion": "A"}, {"portion": "B"}]}]}`, "as something else, column 1 of \"OWN FOR A B\""},
	} {
		sch, err := marking.Define([]byte(c.definition))
		if err != nil {
			t.Fatal(err)
		}
		with, err := set.With(sch)
		switch {
		case c.want == "" && (err != nil || len(with.Schemes()) != len(set.Schemes())+1):
			t.Errorf("%s: %v", sch.Name(), err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.definition, err, c.want)
		}
	}
}
