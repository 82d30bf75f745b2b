package ledger

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"

	"github.com/google/go-cmp/cmp"
)

// idOf is a well-formed id that is the same in every run.
func idOf(c string) cordon.ID { return cordon.ID(strings.Repeat(c, 25) + "a") }

func fullEntry() cordon.Entry {
	return cordon.Entry{
		ID: idOf("a"), At: time.Date(2031, 5, 4, 3, 2, 1, 120000000, time.UTC), Feed: idOf("b"),
		Actor: idOf("c"), ActorOrg: idOf("d"), Act: cordon.ActCheck, Outcome: cordon.OutcomeRefused,
		Reasons: []string{"audience", "level"}, Subject: idOf("e"), Channel: idOf("j"), Portions: []cordon.ID{idOf("f"), idOf("g")},
		Audience: idOf("h"), Words: 7, Role: cordon.RoleReader,
	}
}

const fullLeaf = `{"act":"check","actor":"ccccccccccccccccccccccccca","actorOrg":"ddddddddddddddddddddddddda",` +
	`"at":"2031-05-04T03:02:01.120000Z","audience":"hhhhhhhhhhhhhhhhhhhhhhhhha","channel":"jjjjjjjjjjjjjjjjjjjjjjjjja","feed":"bbbbbbbbbbbbbbbbbbbbbbbbba",` +
	`"feedSeq":3,"id":"aaaaaaaaaaaaaaaaaaaaaaaaaa","outcome":"refused",` +
	`"portions":["fffffffffffffffffffffffffa","ggggggggggggggggggggggggga"],"reasons":["audience","level"],"role":"reader",` +
	`"subject":"eeeeeeeeeeeeeeeeeeeeeeeeea","words":7}`

const smallLeaf = `{"act":"init","at":"2031-05-04T03:02:01.000000Z","feedSeq":1,"id":"aaaaaaaaaaaaaaaaaaaaaaaaaa","outcome":"allowed"}`

// TestLeafBytes pins the form that is documented: a change of it would orphan
// every signed tree.
func TestLeafBytes(t *testing.T) {
	small := cordon.Entry{ID: idOf("a"), At: time.Date(2031, 5, 4, 5, 2, 1, 0, time.FixedZone("", 7200)), Act: cordon.ActInit, Outcome: cordon.OutcomeAllowed}
	for want, leaf := range map[string]Leaf{fullLeaf: {3, fullEntry()}, smallLeaf: {1, small}} {
		got, err := leaf.Bytes()
		if err != nil || string(got) != want {
			t.Errorf("%v\n got %s\nwant %s", err, got, want)
		}
		back, err := ParseLeaf([]byte(want))
		if err != nil {
			t.Fatal(err)
		}
		leaf.Entry.At = leaf.Entry.At.UTC()
		if diff := cmp.Diff(leaf, back); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLeafHasNoBytesForWhatCannotBeWritten(t *testing.T) {
	for name, edit := range map[string]func(*Leaf){
		"time finer than written": func(l *Leaf) { l.Entry.At = l.Entry.At.Add(1) },
		"more words than exact":   func(l *Leaf) { l.Entry.Words = maxExact + 1 },
		"number beyond exact":     func(l *Leaf) { l.FeedSeq = maxExact + 1 },
		"more portions":           func(l *Leaf) { l.Entry.Portions = make([]cordon.ID, MaxEntryPortions+1) },
	} {
		l := Leaf{3, fullEntry()}
		edit(&l)
		if b, err := l.Bytes(); err == nil {
			t.Errorf("%s: %s", name, b)
		}
	}
}

// TestLeafCommitsToEveryField fails when Entry is given a field that a leaf
// does not carry.
func TestLeafCommitsToEveryField(t *testing.T) {
	whole := must(Leaf{3, fullEntry()}.Bytes())
	fields := reflect.TypeFor[cordon.Entry]()
	for i := range fields.NumField() {
		e := fullEntry()
		f := reflect.ValueOf(&e).Elem().Field(i)
		if f.IsZero() {
			t.Fatalf("fullEntry leaves %s empty", fields.Field(i).Name)
		}
		switch x := f.Addr().Interface().(type) {
		case *cordon.ID:
			*x = idOf("z")
		case *time.Time:
			*x = x.Add(time.Microsecond)
		case *cordon.Act:
			*x = cordon.ActScan
		case *cordon.Role:
			*x = cordon.RoleAuthor
		case *cordon.Outcome:
			*x = cordon.OutcomeAllowed
		case *[]string:
			*x = (*x)[:1]
		case *[]cordon.ID:
			*x = (*x)[:1]
		case *int:
			*x++
		default:
			t.Fatalf("%s has a type this test does not know", fields.Field(i).Name)
		}
		if bytes.Equal(whole, must(Leaf{3, e}.Bytes())) {
			t.Errorf("a leaf does not commit to %s", fields.Field(i).Name)
		}
	}
	if bytes.Equal(whole, must(Leaf{4, fullEntry()}.Bytes())) {
		t.Error("a leaf does not commit to the number in the feed")
	}
}

func TestParseLeafRefusesOtherSpellings(t *testing.T) {
	edit := func(old, new string) string {
		if !strings.Contains(fullLeaf, old) {
			t.Fatalf("no %q in the leaf", old)
		}
		return strings.Replace(fullLeaf, old, new, 1)
	}
	for name, text := range map[string]string{
		"empty":            "",
		"not an object":    "[]",
		"white space":      " " + fullLeaf,
		"trailing":         fullLeaf + "{}",
		"unknown member":   edit(`"words":7`, `"words":7,"x":1`),
		"member twice":     edit(`"words":7`, `"words":8,"words":7`),
		"other case":       edit(`"words"`, `"Words"`),
		"escaped":          edit(`"check"`, `"chec\u006b"`),
		"order":            edit(`["audience","level"]`, `["level","audience"]`),
		"double portion":   edit(string(idOf("g")), string(idOf("f"))),
		"short time":       edit("01.120000Z", "01.12Z"),
		"zone":             edit("01.120000Z", "01.120000+00:00"),
		"empty member":     edit(`"words":7`, `"words":0`),
		"exponent":         edit(`"words":7`, `"words":7e0`),
		"no feed number":   edit(`"feedSeq":3,`, ``),
		"feed number zero": edit(`"feedSeq":3`, `"feedSeq":0`),
		"negative words":   edit(`"words":7`, `"words":-7`),
		"outcome":          edit(`"refused"`, `"perhaps"`),
		"act":              edit(`"check"`, `"CHECK"`),
		"reason quoted":    edit(`"level"`, `"le\"vel"`),
		"reason markup":    edit(`"level"`, `"le<vel"`),
		"not an id":        edit(string(idOf("e")), "x"),
	} {
		if _, err := ParseLeaf([]byte(text)); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseLeaf(make([]byte, maxLeafBytes+1)); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("a leaf without end: %v", err)
	}
}

func TestLeafJSONForgivesIndentation(t *testing.T) {
	var loose bytes.Buffer
	if err := json.Indent(&loose, []byte(fullLeaf), "", "  "); err != nil {
		t.Fatal(err)
	}
	var leaf Leaf
	if err := json.Unmarshal(loose.Bytes(), &leaf); err != nil {
		t.Fatal(err)
	}
	if got := must(json.Marshal(leaf)); string(got) != fullLeaf {
		t.Errorf("came back as %s", got)
	}
}

// sink keeps the entries appended.
type sink struct {
	cordon.LedgerWriter
	got []cordon.Entry
}

func (s *sink) Append(e cordon.Entry) error { s.got = append(s.got, e); return nil }

func TestAppendBringsIntoForm(t *testing.T) {
	portions := []cordon.ID{idOf("g"), idOf("f"), idOf("g")}
	e := fullEntry()
	e.ID = ""
	e.At = time.Date(2031, 5, 4, 5, 2, 1, 120000999, time.FixedZone("", 7200))
	e.Portions, e.Reasons = portions, []string{"level", "audience", "level"}
	var tx sink
	if err := Append(&tx, e); err != nil {
		t.Fatal(err)
	}
	got := tx.got[0]
	if !got.ID.Valid() {
		t.Errorf("id %q", got.ID)
	}
	got.ID = idOf("a")
	if diff := cmp.Diff(fullEntry(), got); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(portions, []cordon.ID{idOf("g"), idOf("f"), idOf("g")}) {
		t.Error("the caller's portions were changed")
	}
}

func TestAppendRefuses(t *testing.T) {
	many := func(n int) (list []cordon.ID) {
		for range n {
			list = append(list, cordon.NewID())
		}
		return list
	}
	reasons := make([]string, MaxReasons+1)
	for i := range reasons {
		reasons[i] = strings.Repeat("r", 1+i%100) + strings.Repeat("s", 1+i/100)
	}
	for name, c := range map[string]struct {
		edit func(*cordon.Entry)
		kind cordon.Kind
	}{
		"id":             {func(e *cordon.Entry) { e.ID = "1" }, cordon.KindInternal},
		"feed":           {func(e *cordon.Entry) { e.Feed = "MERIDIAN" }, cordon.KindInternal},
		"actor":          {func(e *cordon.Entry) { e.Actor = "1" }, cordon.KindInternal},
		"actor org":      {func(e *cordon.Entry) { e.ActorOrg = "1" }, cordon.KindInternal},
		"subject":        {func(e *cordon.Entry) { e.Subject = "a title" }, cordon.KindInternal},
		"audience":       {func(e *cordon.Entry) { e.Audience = "1" }, cordon.KindInternal},
		"portion":        {func(e *cordon.Entry) { e.Portions = []cordon.ID{""} }, cordon.KindInternal},
		"no time":        {func(e *cordon.Entry) { e.At = time.Time{} }, cordon.KindInternal},
		"year 10000":     {func(e *cordon.Entry) { e.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, cordon.KindInternal},
		"act":            {func(e *cordon.Entry) { e.Act = "" }, cordon.KindInternal},
		"outcome":        {func(e *cordon.Entry) { e.Outcome = "" }, cordon.KindInternal},
		"words":          {func(e *cordon.Entry) { e.Words = -1 }, cordon.KindInternal},
		"reason":         {func(e *cordon.Entry) { e.Reasons = []string{"naïve"} }, cordon.KindInternal},
		"empty reason":   {func(e *cordon.Entry) { e.Reasons = []string{""} }, cordon.KindInternal},
		"long reason":    {func(e *cordon.Entry) { e.Reasons = []string{strings.Repeat("r", MaxReasonBytes+1)} }, cordon.KindInternal},
		"many reasons":   {func(e *cordon.Entry) { e.Reasons = reasons }, cordon.KindTooLarge},
		"many portions":  {func(e *cordon.Entry) { e.Portions = many(MaxEntryPortions + 1) }, cordon.KindTooLarge},
		"fits":           {func(e *cordon.Entry) {}, -1},
		"reasons fit":    {func(e *cordon.Entry) { e.Reasons = reasons[:MaxReasons] }, -1},
		"portions fit":   {func(e *cordon.Entry) { e.Portions = many(MaxEntryPortions) }, -1},
		"double portion": {func(e *cordon.Entry) { e.Portions = slices.Repeat(e.Portions, MaxEntryPortions) }, -1},
	} {
		e := fullEntry()
		c.edit(&e)
		var tx sink
		err := Append(&tx, e)
		if c.kind < 0 {
			if err != nil || len(tx.got) != 1 {
				t.Errorf("%s: %v", name, err)
			} else if b := must(Leaf{maxExact, tx.got[0]}.Bytes()); len(b) > maxLeafBytes {
				t.Errorf("%s: a leaf of %d bytes", name, len(b))
			}
			continue
		}
		if err == nil || cordon.KindOf(err) != c.kind || len(tx.got) != 0 {
			t.Errorf("%s: %v, %d appended", name, err, len(tx.got))
		}
	}
}

func FuzzParseLeaf(f *testing.F) {
	f.Add([]byte(fullLeaf))
	f.Add([]byte(smallLeaf))
	f.Fuzz(func(t *testing.T, b []byte) {
		leaf, err := ParseLeaf(b)
		if err != nil {
			return
		}
		if again, err := leaf.Bytes(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q is read and written as %q (%v)", b, again, err)
		}
	})
}
