package claims

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cordon"
)

const whole = `{"about":"x","incident":{},"expect":[],"why":"y",
 "propositions":[{"id":"P1","text":"x"}],
 "sources":[{"id":"S1","who":"x","named":true,"inRoom":null},{"id":"S2","who":"y","named":true,"inRoom":true}],
 "statements":[{"id":"A1","source":"S1","published":"2031-03-04T12:00:00+01:00","stances":{"P1":"denies"}},
  {"id":"A2","source":"S1","published":"2031-03-04T13:00:00+01:00","stances":{"P1":"confirms"},"corrects":"A1"}]}`

func TestParseAndValidateTellWhatIsWrong(t *testing.T) {
	if r, err := Parse([]byte(whole)); err != nil || r.Validate() != nil || len(r.Statements) != 2 {
		t.Fatalf("the whole record: %+v, %v, %v", r, err, r.Validate())
	}
	long := strings.Repeat("x", cordon.MaxNameBytes+1)
	for _, c := range []struct{ old, new, problem string }{
		{whole, "", "it is empty"},
		{`"why"`, `"wyh"`, "wyh"},
		{`"published"`, `"publishd"`, "statement 1 cannot be read"},
		{`12:00:00+01:00`, `12:00:00`, "statement 1 cannot be read: published is not a date with its zone"},
		{`"2031-03-04T12:00:00+01:00"`, `"0001-01-01T00:00:00Z"`, "statement A1 has no date"},
		{`"named":true,"inRoom":null`, `"named":"yes"`, "source 1 cannot be read: named cannot be a JSON string"},
		{`"why":"y"`, "\"why\":\"\xff\"", "UTF-8"},
		{`"id":"P1"`, `"id":" P1"`, "a proposition has no usable id"},
		{`"id":"P1"`, `"id":"P1\u202e"`, "a proposition has no usable id"},
		{`"id":"P1"`, `"id":"` + long + `"`, "more than 1024 bytes"},
		{`"id":"S2"`, `"id":"S1"`, "there are two of source S1"},
		{`"id":"A2"`, `"id":"A1"`, "there are two of statement A1"},
		{`{"id":"P1","text":"x"}`, `{"id":"P1","text":"x"},{"id":"P1","text":"x"}`, "there are two of proposition P1"},
		{`"text":"x"`, `"text":" "`, "the text of proposition P1 is empty"},
		{`"text":"x"`, `"text":"x","portions":["here"]`, "names a portion by what is not an id"},
		{`"who":"x"`, `"who":""`, "who of source S1 is empty"},
		{`"who":"x"`, `"who":"` + long + `"`, "who of source S1 has more than"},
		{`"who":"x","named":true,"inRoom":null`, `"who":"Y","named":true,"inRoom":false`, "cannot have been in the room and not in it"},
		{`"source":"S1"`, `"source":"S9"`, "statement A1 is attributed to a source that is not in the record"},
		{`{"P1":"denies"}`, `{"P9":"denies"}`, "statement A1 takes a stance on a proposition that is not in the record"},
		{`{"P1":"denies"}`, `{"P1":"doubts"}`, "statement A1 takes a stance that is not one"},
		{`{"P1":"denies"}`, `{}`, "statement A1 takes no stance"},
		{`"corrects":"A1"`, `"corrects":"A9"`, "corrects one that is not in the record"},
		{`"corrects":"A1"`, `"corrects":"A2"`, "is not later than it"},
		{`"source":"S1"`, `"source":"S2"`, "corrects one of another source"},
		{`T13:`, `T11:`, "statement A2 corrects A1 and is not later than it"},
		{`T13:00:00+01:00","stances":{"P1":"confirms"},"corrects":"A1"`, `T11:00:00Z","stances":{"P1":"confirms"}`, "of one source and one time differ on P1"},
		{`{"P1":"confirms"}`, `{}`, "does not say what becomes of its stance on P1"},
		{`"corrects":"A1"}`, `"corrects":"A1"},{"id":"A3","source":"S1","published":"2031-03-04T14:00:00Z","stances":{"P1":"denies"},"corrects":"A1"}`, "both correct A1"},
	} {
		text := strings.Replace(whole, c.old, c.new, 1)
		if text == whole {
			t.Fatalf("nothing to replace by %s", c.new)
		}
		r, err := Parse([]byte(text))
		if err == nil {
			err = r.Validate()
		}
		if cordon.KindOf(err) != cordon.KindInvalid || !told(err, c.problem) {
			t.Errorf("%s for %s: told %v, want %q", c.new, c.old, err, c.problem)
		}
	}
}

// told reports whether the error or one of its issues says so.
func told(err error, what string) bool {
	var e *cordon.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, i := range e.Issues {
		if strings.Contains(i.Problem, what) {
			return true
		}
	}
	return strings.Contains(e.Message, what)
}

func TestBounds(t *testing.T) {
	many := Record{Propositions: make([]Proposition, MaxItems+1)}
	if err := many.Validate(); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("too many propositions: %v", err)
	}
	data, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(data); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("too many propositions to parse: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data)
		if err != nil || r.Validate() != nil {
			return
		}
		// An accepted record can be kept, read again and put in a table.
		kept, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(kept)
		if err != nil {
			t.Fatalf("%v\n%s", err, kept)
		}
		if err := again.Validate(); err != nil {
			t.Fatalf("%v\n%s", err, kept)
		}
		for _, s := range again.Statements {
			Table(again, s.Published)
		}
	})
}
