package us

// control is a control system (SCI) or a program (SAP) with its compartments.
type control struct {
	name  string
	comps []compartment
	// authority is the department a program belongs to, which ISM writes
	// before its name (DOD:BP) and marks do not.
	authority string
}

// compartment is a compartment with its sub-compartments.
type compartment struct {
	name string
	subs []string
}

// unite is every control of either list, each once, sorted: "all unique SCI,
// SAP markings used in the portions" (D.2). It returns a itself where b adds
// nothing.
func unite(a, b []control) []control {
	if len(b) == 0 || within(b, a) {
		return a
	}
	if len(a) == 0 {
		return b
	}
	out := make([]control, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].name < b[j].name:
			out = append(out, a[i])
			i++
		case a[i].name > b[j].name:
			out = append(out, b[j])
			j++
		default:
			out = append(out, a[i].unite(b[j]))
			i++
			j++
		}
	}
	return append(append(out, a[i:]...), b[j:]...)
}

func (c control) unite(o control) control {
	authority := c.authority
	if authority == "" {
		authority = o.authority
	}
	return control{name: c.name, comps: uniteCompartments(c.open(o), o.open(c)), authority: authority}
}

// open gives the compartments of c as they are repeated beside those of o.
// The legacy HCS without a compartment asks the HCS-P read-in (G.2 Table 5)
// and is remarked HCS-P when it is reused (H.4 HCS); beside HCS-O it must
// not get lost.
func (c control) open(o control) []compartment {
	if c.name == "HCS" && len(c.comps) == 0 && len(o.comps) > 0 {
		return []compartment{{name: "P"}}
	}
	return c.comps
}

func uniteCompartments(a, b []compartment) []compartment {
	out := make([]compartment, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].name < b[j].name:
			out = append(out, a[i])
			i++
		case a[i].name > b[j].name:
			out = append(out, b[j])
			j++
		default:
			out = append(out, compartment{a[i].name, merge(a[i].subs, b[j].subs)})
			i++
			j++
		}
	}
	return append(append(out, a[i:]...), b[j:]...)
}

// within reports whether uniting a with b would only give b.
func within(a, b []control) bool {
	i := 0
	for _, c := range a {
		for i < len(b) && b[i].name < c.name {
			i++
		}
		if i == len(b) || b[i].name != c.name || !c.within(b[i]) {
			return false
		}
	}
	return true
}

func (c control) within(o control) bool {
	i := 0
	for _, k := range c.open(o) {
		for i < len(o.comps) && o.comps[i].name < k.name {
			i++
		}
		if i == len(o.comps) || o.comps[i].name != k.name || !holds(o.comps[i].subs, k.subs) {
			return false
		}
	}
	return true
}

// appendControls writes "SI-G ABCD EFGH-XYZ/TK".
func appendControls(b []byte, list []control) []byte {
	for i, c := range list {
		if i > 0 {
			b = append(b, '/')
		}
		b = append(b, c.name...)
		for _, k := range c.comps {
			b = append(b, '-')
			b = append(b, k.name...)
			for _, s := range k.subs {
				b = append(b, ' ')
				b = append(b, s...)
			}
		}
	}
	return b
}
