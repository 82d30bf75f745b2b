package mosaic

import (
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"

	"cordon"
)

func TestRegistryIsTheSameByJSONAndCSV(t *testing.T) {
	table := "id;city;age\r\n"
	var hierarchy strings.Builder
	for _, row := range cities {
		hierarchy.WriteString(strings.Join(row, "; ") + "\n")
	}
	for _, c := range small().Candidates {
		table += c.ID + ";" + c.Values["city"] + ";" + c.Values["age"] + "\r\n"
	}
	fromCSV, err := ParseCSV("the heron list", 2, strings.NewReader(table),
		map[string]io.Reader{"city": strings.NewReader(hierarchy.String())})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(small())
	if err != nil {
		t.Fatal(err)
	}
	fromJSON, err := ParseRegistry(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromCSV, small()) || !reflect.DeepEqual(fromJSON, small()) {
		t.Errorf("by CSV %+v\nby JSON %+v", fromCSV, fromJSON)
	}
}

func TestCandidatesWithoutIDsAreNumbered(t *testing.T) {
	r, err := ParseCSV("x", 0, strings.NewReader("city\nLund\nQuay\n"), nil)
	if err != nil || r.Candidates[1].ID != "2" || index(t, r).threshold != DefaultThreshold {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestUnsoundRegistriesAreRefused(t *testing.T) {
	for problem, spoil := range map[string]func(*Registry){
		"name is empty":             func(r *Registry) { r.Name = "" },
		"a threshold is":            func(r *Registry) { r.Threshold = -1 },
		"no attributes":             func(r *Registry) { r.Attributes = nil },
		"no candidates":             func(r *Registry) { r.Candidates = nil },
		"attribute city twice":      func(r *Registry) { r.Attributes[1].Name = "city" },
		"candidate Clund twice":     func(r *Registry) { r.Candidates[0].ID = "Clund" },
		"id is empty":               func(r *Registry) { r.Candidates[0].ID = "" },
		"no attribute of":           func(r *Registry) { r.Candidates[0].Values["shoe"] = "44" },
		"every value is known":      func(r *Registry) { delete(r.Candidates[0].Values, "age") },
		"does not have its value":   func(r *Registry) { r.Candidates[0].Values["city"] = "Atlantis" },
		"row 2 has not as many":     func(r *Registry) { r.Attributes[0].Hierarchy[1] = []string{"Lund", "*"} },
		"row 1 has not as many":     func(r *Registry) { r.Attributes[0].Hierarchy = [][]string{{}} },
		"row 2 has a row already":   func(r *Registry) { r.Attributes[0].Hierarchy[1] = r.Attributes[0].Hierarchy[0] },
		"different values at two":   func(r *Registry) { r.Attributes[0].Hierarchy[0][1] = "Lund" },
		"a label in the hierarchy":  func(r *Registry) { r.Attributes[0].Hierarchy[0][1] = "" },
		"the age of candidate Clun": func(r *Registry) { r.Candidates[1].Values["age"] = " 5" },
	} {
		r := copyOf(t, small())
		spoil(&r)
		if _, err := NewIndex(r); cordon.KindOf(err) != cordon.KindInvalid || err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("told %v, want %q", err, problem)
		}
	}
	wide := copyOf(t, small())
	wide.Attributes = make([]Attribute, MaxAttributes+1)
	deep := copyOf(t, small())
	deep.Attributes[0].Hierarchy[0] = make([]string, MaxLevels+1)
	many := copyOf(t, small())
	many.Candidates = make([]Candidate, MaxCandidates+1)
	for name, r := range map[string]Registry{"attributes": wide, "levels": deep, "candidates": many} {
		if _, err := NewIndex(r); cordon.KindOf(err) != cordon.KindTooLarge {
			t.Errorf("too many %s: %v", name, err)
		}
	}
}

func TestBadTablesAreNamed(t *testing.T) {
	none := map[string]io.Reader{}
	for _, c := range []struct {
		candidates  string
		hierarchies map[string]io.Reader
		kind        cordon.Kind
		problem     string
	}{
		{"", none, cordon.KindInvalid, "table of candidates is empty"},
		{"a;b\n1;2\n1\n", none, cordon.KindInvalid, "the candidates, line 3"},
		{"a;a\n1;2\n", none, cordon.KindInvalid, "two columns"},
		{"a\n1\n", map[string]io.Reader{"b": strings.NewReader("1\n")}, cordon.KindInvalid, "hierarchy of \"b\" and no such column"},
		{"a\n1\n", map[string]io.Reader{"a": strings.NewReader("1;x\n2\n")}, cordon.KindInvalid, "the hierarchy of a, line 2"},
		{"a\n" + strings.Repeat("1\n", MaxCandidates+1), none, cordon.KindTooLarge, "rows"},
	} {
		_, err := ParseCSV("x", 0, strings.NewReader(c.candidates), c.hierarchies)
		if cordon.KindOf(err) != c.kind || err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("told %v, want %q", err, c.problem)
		}
	}
	endless := io.MultiReader(strings.NewReader("a\n\""), zeros{})
	if _, err := ParseCSV("x", 0, endless, nil); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("endless: %v", err)
	}
}

// zeros is a text of the letter o without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'o'
	}
	return len(p), nil
}

func TestBadJSONIsNamed(t *testing.T) {
	for text, problem := range map[string]string{
		`{"nmae":"x"}`:        "nmae",
		`{"name":"x"} {}`:     "something follows",
		`{"name":7}`:          "cannot unmarshal number",
		"{\"name\":\"\xff\"}": "UTF-8",
	} {
		_, err := ParseRegistry([]byte(text))
		if cordon.KindOf(err) != cordon.KindInvalid || err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func copyOf(t *testing.T, r Registry) (c Registry) {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func FuzzParseCSV(f *testing.F) {
	f.Add("id;city;age\nC1;Lund;30\n", "Lund;Northland\n")
	f.Fuzz(func(t *testing.T, candidates, hierarchy string) {
		r, err := ParseCSV("x", 0, strings.NewReader(candidates), map[string]io.Reader{"city": strings.NewReader(hierarchy)})
		if err != nil {
			return
		}
		ix, err := NewIndex(r)
		if err == nil && Fit(ix, nil).Count() != len(r.Candidates) {
			t.Fatal("without facts not everybody fits")
		}
	})
}
