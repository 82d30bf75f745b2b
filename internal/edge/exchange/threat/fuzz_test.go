package threat_test

import (
	"encoding/json"
	"strings"
	"testing"

	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/threat"
)

// Each text of three words or more that a JSON value holds is read, unless the
// whole is refused by name.
func FuzzThreat(f *testing.F) {
	for _, s := range []string{
		`{"type":"bundle","objects":[{"type":"note","content":"the red fox","object_marking_refs":["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"]}]}`,
		`{"Event":{"info":"the red fox","Tag":[{"name":"tlp:red"}],"Attribute":[{"type":"text","value":"a brown dog"}],"Object":[{"name":"x","Attribute":[{"type":"t","value":"v"}]}]}}`,
		`{"response":[{"Event":{"info":"the red fox","EventReport":[{"name":"n","content":"one line here\nand another line"}]}}]}`,
		`{"a":{"b":["the red fox",1,null,true]}}`,
		`[{"Event":{"info":"x"}}]`,
		`{"Event":{"info":[{"":"0 000 000"}]}}`,
		`{"type":"bundle","objects":[{"type":"0 000 000"}]}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if !threat.Is(src) || len(src) > 64<<10 {
			return
		}
		file := threat.Read("a.json", src, func(name string, src []byte) parts.File {
			return parts.File{Name: name, Raw: string(src)}
		})
		if len(file.Refused)+len(file.Lost) > 0 {
			return
		}
		var v any
		if json.Unmarshal([]byte(src), &v) != nil {
			return
		}
		read := strings.Join(strings.Fields(file.Text().Text), " ")
		each(v, func(text string) {
			if words := strings.Fields(text); len(words) >= 3 && parts.Weight(text) > 2*len(words) && !strings.Contains(read, strings.Join(words, " ")) {
				t.Errorf("%q is lost of %q: %q", text, src, read)
			}
		})
	})
}

// each gives the texts of a value, of a key that is there twice the last.
func each(v any, visit func(string)) {
	switch v := v.(type) {
	case string:
		visit(v)
	case []any:
		for _, one := range v {
			each(one, visit)
		}
	case map[string]any:
		for _, one := range v {
			each(one, visit)
		}
	}
}
