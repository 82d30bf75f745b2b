package marking

// Entry is one marking of a scheme's register.
type Entry struct {
	// Category is the part of a marking it belongs to.
	Category string `json:"category"`
	// Title is its name spelled out; the banner text where it has none.
	Title string `json:"title"`
	// Banner and Portion are how it is written, with "..." for a list or a
	// name of the writer's own.
	Banner  string `json:"banner"`
	Portion string `json:"portion"`
	// Example is a whole portion mark with it.
	Example string `json:"example"`
	// Refused is a portion mark that misuses it and is refused.
	Refused string `json:"refused"`
	// Meaning says in a sentence what it is for; it may be empty.
	Meaning string `json:"meaning,omitempty"`
	// Section is where the scheme's manual has it.
	Section string `json:"section"`
}

// Registrar is implemented by a scheme that can list its markings.
type Registrar interface {
	// Register lists the markings of the scheme in their order.
	Register() []Entry
}

// Register lists the levels, codes and lists of the definition.
func (s *defined) Register() []Entry {
	var out []Entry
	d := &s.d
	source := func(section string) string {
		if section == "" {
			return d.Source
		}
		return section
	}
	for _, l := range d.Levels {
		out = append(out, Entry{
			Category: "level", Title: l.Banner, Banner: l.Banner, Portion: l.Portion,
			Example: l.Portion, Refused: l.Portion + "?", Meaning: l.Meaning, Section: source(l.Section),
		})
	}
	base := s.empty()
	if len(d.Levels) > 0 {
		base.level = len(d.Levels) - 1
	}
	for g, group := range d.Groups {
		for k, c := range group.Codes {
			m := base.clone()
			m.need(g, k)
			for i := range d.Levels {
				if s.allowed(c.Levels, i) {
					m.level = i
				}
			}
			text := m.write(asPortion)
			out = append(out, Entry{
				Category: group.Name, Title: c.Banner, Banner: c.Banner, Portion: c.Portion,
				Example: text, Refused: text + group.Between + c.Portion, Meaning: c.Meaning, Section: source(c.Section),
			})
		}
	}
	for i, l := range d.Lists {
		m := base.clone()
		m.listed[i], m.lists[i] = true, []string{"CHE"}
		if l.First != "" {
			m.lists[i] = []string{l.firstCode()}
			if l.Fallback != "" {
				m.lists[i] = append(m.lists[i], another(m.lists[i][0]))
			}
		}
		out = append(out, Entry{
			Category: "list", Title: l.Name, Banner: l.Before + "..." + l.After, Portion: l.Before + "..." + l.After,
			Example: m.write(asPortion), Refused: base.write(asPortion) + l.Before + l.After, Section: source(l.Section),
		})
	}
	return out
}

// need adds a code and what it requires.
func (m *definedMark) need(group, code int) {
	if group < 0 || m.codes[group].has(code) {
		return
	}
	m.codes[group].add(code)
	for _, other := range m.s.d.Groups[group].Codes[code].Requires {
		m.need(m.s.find(other))
	}
}

// another is a country that is not the one given.
func another(country string) string {
	if country == "NOR" {
		return "CHE"
	}
	return "NOR"
}

func (m *definedMark) clone() *definedMark {
	c := m.s.empty()
	c.level = m.level
	return c
}
