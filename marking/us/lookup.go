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
	if p, ok := places[f][s]; ok && p.cat == cat {
		return int(p.index)
	}
	return -1
}

// sciOf are the entries of category 4 by their control system.
var sciOf = sciBySystem()

func sciBySystem() map[string][]sciEntry {
	out := map[string][]sciEntry{}
	for _, e := range sciRegister {
		out[e.system] = append(out[e.system], e)
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
