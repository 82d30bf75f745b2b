package mosaic

import (
	"slices"

	"cordon"
)

// Index is a registry made ready for counting. It is immutable and safe for
// concurrent use.
//
// Each attribute is one column of small numbers, the codes of the candidates'
// finest values, and a fact is a yes or no for each code. So an attribute in
// which every candidate differs costs no more than any other; a bitmap for
// each value would take the square of their number.
type Index struct {
	name      string
	threshold int
	ids       []string
	columns   map[string]*column
}

type column struct {
	codes []int32 // by candidate
	size  int     // how many codes there are
	// labels gives the codes that a value of any level means.
	labels map[string][]int32
	// numbers are the finest values by code; nil unless all are numbers.
	numbers []float64
}

// NewIndex checks the registry and makes it ready. A mistake in it is an
// Invalid error that names the first place; beyond a bound it is TooLarge.
func NewIndex(r Registry) (*Index, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	ix := &Index{
		name:      r.Name,
		threshold: r.Threshold,
		ids:       make([]string, len(r.Candidates)),
		columns:   make(map[string]*column, len(r.Attributes)),
	}
	if ix.threshold == 0 {
		ix.threshold = DefaultThreshold
	}
	for _, a := range r.Attributes {
		c, err := newColumn(a, r.Candidates)
		if err != nil {
			return nil, err
		}
		ix.columns[a.Name] = c
	}
	for i, c := range r.Candidates {
		ix.ids[i] = c.ID
	}
	return ix, nil
}

// Len is the number of candidates.
func (ix *Index) Len() int { return len(ix.ids) }

// Knows reports whether the registry can say who meets the fact: it has the
// attribute, and numbers where the fact is a range. A value that the registry
// does not have is one that no candidate has.
func (ix *Index) Knows(f Fact) bool {
	c, ok := ix.columns[f.Attribute]
	return ok && (len(f.Values) > 0 || c.numbers != nil)
}

func (r Registry) check() error {
	if err := checkName("the registry's name", r.Name); err != nil {
		return err
	}
	switch {
	case r.Threshold < 0 || r.Threshold > MaxCandidates:
		return invalid("a threshold is a number of candidates, from 1 to %d", MaxCandidates)
	case len(r.Attributes) == 0:
		return invalid("the registry has no attributes")
	case len(r.Attributes) > MaxAttributes:
		return cordon.Errorf(cordon.KindTooLarge, "the registry has more than %d attributes", MaxAttributes)
	case len(r.Candidates) == 0:
		return invalid("the registry has no candidates")
	case len(r.Candidates) > MaxCandidates:
		return cordon.Errorf(cordon.KindTooLarge, "the registry has more than %d candidates", MaxCandidates)
	}
	attributes := make(map[string]bool, len(r.Attributes))
	for _, a := range r.Attributes {
		if err := checkName("an attribute", a.Name); err != nil {
			return err
		}
		if attributes[a.Name] {
			return invalid("the registry has attribute %s twice", a.Name)
		}
		attributes[a.Name] = true
	}
	ids := make(map[string]bool, len(r.Candidates))
	for _, c := range r.Candidates {
		if err := checkName("a candidate's id", c.ID); err != nil {
			return err
		}
		if ids[c.ID] {
			return invalid("the registry has candidate %s twice", c.ID)
		}
		ids[c.ID] = true
		for name, value := range c.Values {
			if !attributes[name] {
				return invalid("candidate %s has a value for %s, which is no attribute of the registry", c.ID, name)
			}
			if err := checkName("the "+name+" of candidate "+c.ID, value); err != nil {
				return err
			}
		}
		if len(c.Values) != len(attributes) {
			return invalid("candidate %s has %d values for %d attributes: who fits can only be counted where every value is known",
				c.ID, len(c.Values), len(attributes))
		}
	}
	return nil
}

func newColumn(a Attribute, candidates []Candidate) (*column, error) {
	c := &column{codes: make([]int32, len(candidates))}
	finest, err := c.addHierarchy(a)
	if err != nil {
		return nil, err
	}
	for i, candidate := range candidates {
		value := candidate.Values[a.Name]
		code, known := finest[value]
		switch {
		case !known && len(a.Hierarchy) > 0:
			return nil, invalid("candidate %s: the hierarchy of %s does not have its value", candidate.ID, a.Name)
		case !known:
			code = int32(len(finest))
			finest[value] = code
			c.labels[value] = []int32{code}
		}
		c.codes[i] = code
	}
	c.size = len(finest)
	c.numbers = make([]float64, len(finest))
	for value, code := range finest {
		x, ok := number(value)
		if !ok {
			c.numbers = nil
			break
		}
		c.numbers[code] = x
	}
	return c, nil
}

// addHierarchy gives the finest values their codes and every label its
// meaning.
func (c *column) addHierarchy(a Attribute) (finest map[string]int32, err error) {
	finest = make(map[string]int32)
	c.labels = make(map[string][]int32)
	if len(a.Hierarchy) == 0 {
		return finest, nil
	}
	if len(a.Hierarchy) > MaxValues || len(a.Hierarchy[0]) > MaxLevels {
		return nil, cordon.Errorf(cordon.KindTooLarge, "the hierarchy of %s has more than %d values or %d levels", a.Name, MaxValues, MaxLevels)
	}
	levels := make([]map[string][]int32, len(a.Hierarchy[0]))
	for level := range levels {
		levels[level] = make(map[string][]int32)
	}
	for i, row := range a.Hierarchy {
		if len(row) == 0 || len(row) != len(levels) {
			return nil, invalid("the hierarchy of %s: row %d has not as many levels as the first", a.Name, i+1)
		}
		if _, twice := finest[row[0]]; twice {
			return nil, invalid("the hierarchy of %s: the value of row %d has a row already", a.Name, i+1)
		}
		finest[row[0]] = int32(i)
		for level, label := range row {
			if err := checkName("a label in the hierarchy of "+a.Name, label); err != nil {
				return nil, err
			}
			levels[level][label] = append(levels[level][label], int32(i))
		}
	}
	for _, labels := range levels {
		for label, codes := range labels {
			if elsewhere, met := c.labels[label]; met && !slices.Equal(elsewhere, codes) {
				return nil, invalid("the hierarchy of %s: a label means different values at two levels: name them apart", a.Name)
			}
			c.labels[label] = codes
		}
	}
	return finest, nil
}
