package us

// place is where in the register a marking is.
type place struct {
	cat   category
	index int8
}

// places finds a marking by its whole text in each form. Markings with a list
// and CNWDI, which stands under RD only, are not in it.
var places = [...]map[string]place{portionForm: placesOf(portionForm), bannerForm: placesOf(bannerForm)}

func placesOf(f form) map[string]place {
	out := map[string]place{}
	add := func(cat category, register []entry) {
		for i := range register {
			e := &register[i]
			if e.list || cat == catAEA && aea(1)<<i == cnwdi {
				continue
			}
			for _, n := range e.names(f) {
				out[n] = place{cat, int8(i)}
			}
		}
	}
	add(catSAP, natoRegister[:])
	add(catAEA, aeaRegister[:])
	add(catDissem, dissemRegister[:])
	add(catNonIC, nonICRegister[:])
	return out
}

// names are the texts of the entry in one form. A banner may use the title or
// the abbreviation (D.1).
func (e *entry) names(f form) []string {
	switch {
	case f == portionForm:
		return []string{e.portion}
	case e.abbr == "":
		return []string{e.title}
	}
	return []string{e.title, e.abbr}
}

// find is the index of a marking in the register of its category, or -1.
func find(s string, f form, cat category) int {
	if p, ok := placed(s, f); ok && p.cat == cat {
		return int(p.index)
	}
	return -1
}

func placed(s string, f form) (place, bool) {
	for i := range byLength[f][min(len(s), longestName)] {
		if w := &byLength[f][min(len(s), longestName)][i]; w.text == s {
			return w.place, true
		}
	}
	return place{}, false
}

// byLength are the places by the length of the text, of which few have the same:
// comparing them costs less than a map.
var byLength = [...][longestName + 1][]placedText{portionForm: lengthsOf(places[portionForm]), bannerForm: lengthsOf(places[bannerForm])}

const longestName = 31

type placedText struct {
	text  string
	place place
}

func lengthsOf(places map[string]place) (out [longestName + 1][]placedText) {
	for text, at := range places {
		n := min(len(text), longestName)
		out[n] = append(out[n], placedText{text, at})
	}
	return out
}

// hints are the first letters of the words of a table, by their length: they
// tell most words that are not in it at less cost than a map.
type hints [32]uint32

var reservedHints = hintsOf(reserved)

func hintsOf[V any](table map[string]V) *hints {
	var h hints
	for s := range table {
		if s != "" {
			h[min(len(s), len(h)-1)] |= 1 << (s[0] & 31)
		}
	}
	return &h
}

func (h *hints) may(s string) bool {
	return s != "" && h[min(len(s), len(h)-1)]&(1<<(s[0]&31)) != 0
}

func isReserved(s string) bool { return reservedHints.may(s) && reserved[s] }

// sciOf gives the entries of category 4 of a control system.
func sciOf(system string) []sciEntry {
	for i := range sciSystems {
		if sciSystems[i][0].system == system {
			return sciSystems[i]
		}
	}
	return nil
}

var sciSystems = sciBySystem()

// sciBySystem parts the register, whose entries stand together by system.
func sciBySystem() [][]sciEntry {
	var out [][]sciEntry
	for i, e := range sciRegister {
		if i == 0 || e.system != sciRegister[i-1].system {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], e)
	}
	return out
}

// reserved are the names that no compartment and no program may have: written
// so, it is likelier that a separator went wrong.
var reserved = reservedNames()

func reservedNames() map[string]bool {
	out := map[string]bool{"FGI": true, "SAR": true, "JOINT": true, "REL": true, "EYES": true, "CNWDI": true, usa: true}
	for _, m := range places {
		for n := range m {
			out[n] = true
		}
	}
	for i := range sciRegister {
		out[sciRegister[i].system] = true
	}
	for _, n := range levelNames {
		out[n.banner] = true
		out[n.portion] = len(n.portion) > 1
	}
	return out
}
