package mosaic

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"cordon"
)

// Fact says something about the source: that its value of an attribute is one
// of Values, each of any level of generalisation, or that it is a number from
// Min to Max, both included, either of which may be left open.
type Fact struct {
	Attribute string   `json:"attribute"`
	Values    []string `json:"values,omitempty"`
	Min       *float64 `json:"min,omitempty"`
	Max       *float64 `json:"max,omitempty"`
}

// Validate tells what is wrong with the fact in itself, as an Invalid error.
// Whether a registry knows the attribute is not its matter.
func (f Fact) Validate() error {
	if err := checkName("an attribute", f.Attribute); err != nil {
		return err
	}
	ranged := f.Min != nil || f.Max != nil
	switch {
	case ranged && len(f.Values) > 0:
		return invalid("the fact on %s has values and a range: give one of them", f.Attribute)
	case !ranged && len(f.Values) == 0:
		return invalid("the fact on %s says nothing: give a value or a range", f.Attribute)
	case len(f.Values) > MaxFacts:
		return cordon.Errorf(cordon.KindTooLarge, "the fact on %s has more than %d values", f.Attribute, MaxFacts)
	case f.Min != nil && !finite(*f.Min), f.Max != nil && !finite(*f.Max):
		return invalid("the range of %s is not one of numbers", f.Attribute)
	case f.Min != nil && f.Max != nil && *f.Min > *f.Max:
		return invalid("the range of %s ends before it begins", f.Attribute)
	}
	for _, v := range f.Values {
		if err := checkName("a value of "+f.Attribute, v); err != nil {
			return err
		}
	}
	return nil
}

// ParseFact reads the short form people type: "city=Harrow", "city=Harrow|Lund"
// for either, "age=30..40", "age=30.." and "age=..40". A value that itself
// holds "|", or is a range in form, has no short form; give it as a Fact.
func ParseFact(text string) (Fact, error) {
	attribute, value, ok := strings.Cut(text, "=")
	if !ok {
		return Fact{}, invalid("a fact is written attribute=value, attribute=value|value or attribute=min..max")
	}
	f := Fact{Attribute: strings.TrimSpace(attribute)}
	if low, high, ok := parseRange(value); ok {
		f.Min, f.Max = low, high
	} else {
		for v := range strings.SplitSeq(value, "|") {
			f.Values = append(f.Values, strings.TrimSpace(v))
		}
	}
	return f, f.Validate()
}

// String is the fact's short form.
func (f Fact) String() string {
	if f.Min == nil && f.Max == nil {
		return f.Attribute + "=" + strings.Join(f.Values, "|")
	}
	end := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'f', -1, 64)
	}
	return f.Attribute + "=" + end(f.Min) + ".." + end(f.Max)
}

// parseRange reads "a..b" with at least one of the two numbers there.
func parseRange(text string) (low, high *float64, ok bool) {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		return nil, nil, false
	}
	low, lowOK := parseEnd(from)
	high, highOK := parseEnd(to)
	return low, high, lowOK && highOK && (low != nil || high != nil)
}

func parseEnd(text string) (*float64, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, true
	}
	x, ok := number(text)
	return &x, ok
}

func number(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && finite(x)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// checkName holds a name or value to what can be told apart by eye and kept.
func checkName(what, name string) error {
	switch {
	case name == "" || strings.TrimSpace(name) != name:
		return invalid("%s is empty, or begins or ends with a space", what)
	case len(name) > cordon.MaxNameBytes:
		return cordon.Errorf(cordon.KindTooLarge, "%s has more than %d bytes", what, cordon.MaxNameBytes)
	case !utf8.ValidString(name):
		return invalid("%s is not valid UTF-8", what)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return cordon.Errorf(cordon.KindInvalid, format, args...)
}
