package mosaic

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"cordon"
)

func TestParseFact(t *testing.T) {
	x := func(v float64) *float64 { return &v }
	for text, want := range map[string]Fact{
		"city=Harrow":        {Attribute: "city", Values: []string{"Harrow"}},
		"city = Harrow|Lund": {Attribute: "city", Values: []string{"Harrow", "Lund"}},
		"pay=<=50K":          {Attribute: "pay", Values: []string{"<=50K"}},
		"age=0-4":            {Attribute: "age", Values: []string{"0-4"}},
		"age=30..40":         {Attribute: "age", Min: x(30), Max: x(40)},
		"age=-1.5..":         {Attribute: "age", Min: x(-1.5)},
		"age=..40":           {Attribute: "age", Max: x(40)},
		"page=a..b":          {Attribute: "page", Values: []string{"a..b"}},
	} {
		got, err := ParseFact(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
			continue
		}
		if again, err := ParseFact(got.String()); err != nil || !reflect.DeepEqual(again, want) {
			t.Errorf("%s as %s: %+v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "city", "=Harrow", "city=", "city=Harrow|", "age=40..30", "city=\xff"} {
		if f, err := ParseFact(text); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
			t.Errorf("%q: %+v, %v", text, f, err)
		}
	}
}

func TestFactBounds(t *testing.T) {
	one, nan := 1.0, math.NaN()
	for name, f := range map[string]Fact{
		"values and a range": {Attribute: "age", Values: []string{"1"}, Min: &one},
		"not a number":       {Attribute: "age", Max: &nan},
		"nothing":            {Attribute: "age"},
	} {
		if err := f.Validate(); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, f := range map[string]Fact{
		"long value":  {Attribute: "a", Values: []string{strings.Repeat("x", cordon.MaxNameBytes+1)}},
		"many values": {Attribute: "a", Values: make([]string, MaxFacts+1)},
	} {
		if err := f.Validate(); cordon.KindOf(err) != cordon.KindTooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseFact(f *testing.F) {
	f.Add("city=Harrow|Lund")
	f.Add("age=30..40")
	f.Fuzz(func(t *testing.T, text string) {
		fact, err := ParseFact(text)
		if err != nil {
			return
		}
		again, err := ParseFact(fact.String())
		if err != nil || !reflect.DeepEqual(again, fact) {
			t.Fatalf("%q: %+v as %q: %+v, %v", text, fact, fact, again, err)
		}
	})
}
