package marking

import "strings"

// Explain gives one step for the level and one for each group and list that
// the roll-up has.
func (s *defined) Explain(portions []Marking) ([]Step, error) {
	whole, err := s.RollUp(portions)
	if err != nil {
		return nil, err
	}
	out := whole.(*definedMark)
	var steps []Step
	step := func(part, result, rule, section string, holds func(*definedMark) bool) {
		st := Step{Scheme: s.d.Name, Part: part, Result: result, Rule: rule, Section: section}
		if section == "" {
			st.Section = s.d.Source
		}
		for i, p := range portions {
			if holds(p.(*definedMark)) {
				st.Portions = append(st.Portions, i)
			}
		}
		steps = append(steps, st)
	}
	if out.level >= 0 {
		l := s.d.Levels[out.level]
		step("level", l.Banner, "the strictest of the portions", l.Section, func(m *definedMark) bool { return m.level == out.level })
	}
	rules := map[string]string{
		"union":        "every one that a portion has",
		"intersection": "those that all portions have",
		"highest":      "the strictest of the portions",
	}
	for g, set := range out.codes {
		if set.empty() && len(out.free[g]) == 0 {
			continue
		}
		alone := s.empty()
		alone.codes[g], alone.free[g] = set, out.free[g]
		group := s.d.Groups[g]
		step(group.Name, strings.TrimPrefix(alone.write(asBanner), group.Banner), rules[group.Join], group.Section, func(m *definedMark) bool {
			for k := range group.Codes {
				if set.has(k) && m.codes[g].has(k) {
					return true
				}
			}
			return len(m.free[g]) > 0
		})
	}
	for l, list := range s.d.Lists {
		if !out.listed[l] {
			continue
		}
		alone := s.empty()
		alone.lists[l], alone.listed[l] = out.lists[l], true
		step(list.Name, strings.TrimSpace(alone.write(asBanner)), "those common to the lists of all portions", list.Section, func(m *definedMark) bool { return m.listed[l] })
	}
	return steps, nil
}
