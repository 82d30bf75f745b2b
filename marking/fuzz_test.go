package marking_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cordon/marking"
)

// Reading the beginning of any text never fails but with an *Error, and what
// it reads and leaves are parts of the text.
func FuzzLeadingMark(f *testing.F) {
	for _, s := range []string{"(S//NF) text", "(U) (TLP:RED) x", "(b)(3)", "((", "(S//NF", "(TLP: AMBER)", "(H1/H2)(NS-A)x", "(UK S - UK/US EYES ONLY) x"} {
		f.Add(s)
	}
	set := marking.NewSet(all()...)
	f.Fuzz(func(t *testing.T, text string) {
		marks, rest, ok, err := set.LeadingMark(text)
		if err != nil {
			var e *marking.Error
			if !errors.As(err, &e) || ok || rest != text || e.At > len(text) {
				t.Fatalf("%q: %v %v %v", text, marks, ok, err)
			}
			return
		}
		if !strings.HasSuffix(text, rest) || ok == marks.Empty() || !ok && rest != text {
			t.Fatalf("%q: %v, %q, %v", text, marks, rest, ok)
		}
		if ok {
			if again, err := set.Parse(marks.Portion()); err != nil || !again.Equal(marks) {
				t.Fatalf("%q reads as %q, which reads as %v, %v", text, marks.Portion(), again, err)
			}
		}
		set.Repair(text)
	})
}

// No file makes Define panic, and a scheme it makes of one prints what it reads.
func FuzzDefine(f *testing.F) {
	f.Add(house, "HOUSE INNER / ELM")
	f.Add(`{"name":"x","title":"X","levels":[{"portion":"A"}]}`, "A")
	f.Fuzz(func(t *testing.T, file, text string) {
		s, err := marking.Define([]byte(file))
		if err != nil {
			return
		}
		if !json.Valid([]byte(file)) {
			t.Fatalf("%q is accepted", file)
		}
		m, err := s.ParsePortion(text)
		if err != nil {
			return
		}
		again, err := s.ParsePortion(m.Portion())
		if err != nil || again.Portion() != m.Portion() {
			t.Fatalf("%s: %q reads as %q, which reads as %v, %v", file, text, m.Portion(), again, err)
		}
		if _, err := s.RollUp([]marking.Marking{m, m}); err != nil {
			t.Fatalf("%s: %q with itself: %v", file, text, err)
		}
	})
}

// Whatever the text, what is found lies in it, in order, and is marked as its
// own text alone is.
func FuzzFind(f *testing.F) {
	for _, s := range []string{
		"(S//NF) a\u2028[TLP:RED] b", "| U | (TS) |\t\"S\"", "Classification: Secret", "<br>(S", "S//NF//QQQ //FGI S TLP: AMBER STRICT", "UK SECRET - UK/US EYES ONLY",
		"\u200b&nbsp;<b>（Ｓ／／ＮＦ）", "((S-NF)", "'s'S`U`", "TLP AMBER STRICT H1/H2 TS-SI-NF",
	} {
		f.Add(s)
	}
	set := marking.NewSet(all()...)
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for found := range set.Find(text) {
			switch {
			case found.Start < last || found.End <= found.Start || found.End > len(text) || found.Lead > found.Start,
				!strings.Contains(text[found.Start:found.End], found.Text),
				(found.Err == nil) != (len(found.Marks) == 1):
				t.Fatalf("%q: %+v", text, found)
			}
			last = found.End
			if found.Err != nil {
				continue
			}
			if again, err := set.Parse(found.Marks.Portion()); err != nil || !again.Equal(found.Marks) {
				t.Fatalf("%q: %s reads as %v, %v", text, found.Marks.Portion(), again, err)
			}
		}
	})
}
