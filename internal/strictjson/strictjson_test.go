package strictjson_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"cordon/internal/strictjson"
)

type inner struct {
	Mark string `json:"mark"`
	Text string `json:"text,omitempty"`
}

type embedded struct {
	Kind string `json:"kind"`
}

type outer struct {
	embedded
	Skipped  string           `json:"-"`
	Inner    *inner           `json:"inner"`
	List     []inner          `json:"list"`
	ByName   map[string]inner `json:"byName"`
	Anything json.RawMessage  `json:"anything"`
	Plain    int
}

func TestUnmarshal(t *testing.T) {
	good := ` {"kind":"k","inner":{"mark":"S","text":"t"},"list":[{"mark":"U"},{"mark":"U"}],
		"byName":{"a":{"mark":"U"},"A":{"mark":"S"}},"anything":{"x":[{"y":1},{"y":2}],"X":null},"Plain":3} `
	var got, want outer
	if err := strictjson.Unmarshal([]byte(good), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(good), &want); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v, %v", got, want, err)
	}
	for text, key := range map[string]strictjson.KeyError{
		`{"inner":{"mark":"S","mark":"U"}}`:              {Key: "mark", Offset: 21},
		`{"inner":{"mark":"S", "MARK":"U"}}`:             {Key: "MARK", Offset: 22, Written: "mark"},
		`{"inner":{"Mark":"U"}}`:                         {Key: "Mark", Offset: 10, Written: "mark"},
		`{"Kind":"k"}`:                                   {Key: "Kind", Offset: 1, Written: "kind"},
		`{"plain":1}`:                                    {Key: "plain", Offset: 1, Written: "Plain"},
		`{"list":[{"mark":"S"},{"mark":"S","tExt":""}]}`: {Key: "tExt", Offset: 34, Written: "text"},
		`{"list":[],"list":[]}`:                          {Key: "list", Offset: 11},
		`{"byName":{"a":{},"a":{}}}`:                     {Key: "a", Offset: 18},
		`{"byName":{"a":{"Mark":""}}}`:                   {Key: "Mark", Offset: 16, Written: "mark"},
		`{"anything":{"x":{"y":1,"y":2}}}`:               {Key: "y", Offset: 24},
		`{"anything":[{"x":1,"\u0078":2}]}`:              {Key: "x", Offset: 20},
	} {
		var into outer
		var wrong *strictjson.KeyError
		if err := strictjson.Unmarshal([]byte(text), &into); !errors.As(err, &wrong) || *wrong != key {
			t.Errorf("%s: %v, want %+v", text, err, key)
		}
	}
	for _, text := range []string{``, `{`, `{"unknown":1}`, `{"list":{}}`, `{"kind":1}`, strings.Repeat("[", 20000)} {
		var into outer
		if err := strictjson.Unmarshal([]byte(text), &into); err == nil {
			t.Errorf("%.20s is taken", text)
		}
	}
	if err := strictjson.Unmarshal([]byte(`{} {}`), &outer{}); err != strictjson.ErrMore {
		t.Error(err)
	}
}

// FuzzUnmarshal: whatever is taken is read as encoding/json reads it, and nothing
// with a key in other letters is.
func FuzzUnmarshal(f *testing.F) {
	f.Add(`{"inner":{"mark":"S","mark":"U"},"list":[{"text":"x"}]}`)
	f.Add(`{"byName":{"a":{"Mark":""}},"anything":[[{}]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var got, want outer
		if strictjson.Unmarshal([]byte(text), &got) != nil {
			return
		}
		if err := json.Unmarshal([]byte(text), &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, want %+v, %v", text, got, want, err)
		}
	})
}
