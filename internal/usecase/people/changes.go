package people

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"cordon"
)

// Changes say which of what a person holds an act changed, as the ledger keeps it: no
// names, and values only where they are short words that need no care.
func Changes(before, after cordon.Person) []string {
	var out []string
	if before.Name != after.Name && before.Name != "" {
		out = append(out, "name")
	}
	out = append(out, value("nationality", before.Nationality, after.Nationality)...)
	out = append(out, levels("clearance", before.Clearances, after.Clearances)...)
	out = append(out, given("role", before.Roles, after.Roles)...)
	out = append(out, given("read-in", readIns(before), readIns(after))...)
	if before.Suspended != after.Suspended {
		out = append(out, map[bool]string{true: "suspended", false: "restored"}[after.Suspended])
	}
	return kept(out)
}

// organisationChanges are the same of an organisation.
func organisationChanges(before, after cordon.Organisation) []string {
	var out []string
	if before.Name != after.Name && before.Name != "" {
		out = append(out, "name")
	}
	if before.Title != after.Title {
		out = append(out, "title")
	}
	out = append(out, value("country", before.Country, after.Country)...)
	out = append(out, given("community", before.Communities, after.Communities)...)
	return kept(append(out, given("client of", before.ClientOf, after.ClientOf)...))
}

// ceilingChanges are the same of a ceiling; nil has no bound.
func ceilingChanges(what string, before, after *cordon.Ceiling) []string {
	from, to := cordon.Ceiling{}, cordon.Ceiling{}
	if before != nil {
		from = *before
	}
	if after != nil {
		to = *after
	}
	out := append([]string{what}, levels(what, from.Clearances, to.Clearances)...)
	return kept(append(out, given(what+" read-in", from.ReadIns, to.ReadIns)...))
}

func value(what, before, after string) []string {
	if before == after {
		return nil
	}
	return []string{fmt.Sprintf("%s from %s to %s", what, word(before), word(after))}
}

func word(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func levels(what string, before, after map[string]string) (out []string) {
	both := maps.Clone(before)
	if both == nil {
		both = make(map[string]string)
	}
	maps.Copy(both, after)
	for scheme := range both {
		out = append(out, value(what+" "+scheme, before[scheme], after[scheme])...)
	}
	return out
}

func given[T ~string](what string, before, after []T) (out []string) {
	for _, v := range after {
		if !slices.Contains(before, v) {
			out = append(out, what+" "+string(v)+" given")
		}
	}
	for _, v := range before {
		if !slices.Contains(after, v) {
			out = append(out, what+" "+string(v)+" taken")
		}
	}
	return out
}

// readIns are a person's compartments, each with its times.
func readIns(p cordon.Person) (out []string) {
	for _, r := range p.ReadIns {
		text := r.Compartment
		for _, at := range []struct {
			word string
			time.Time
		}{{"from", r.From}, {"until", r.Until}} {
			if !at.IsZero() {
				text += " " + at.word + " " + at.UTC().Format(time.DateOnly)
			}
		}
		out = append(out, text)
	}
	return out
}

// mostChanges bounds what one entry lists; a longer list says how long it was.
const mostChanges = 100

// kept makes the changes fit for the ledger, which takes printable ASCII that JSON does not escape.
func kept(changes []string) []string {
	for i, c := range changes {
		clean := []byte(c)
		for j, b := range clean {
			if b < ' ' || b > '~' || b == '"' || b == '\\' || b == '<' || b == '>' || b == '&' {
				clean[j] = '?'
			}
		}
		changes[i] = string(clean[:min(len(clean), 120)])
	}
	slices.Sort(changes)
	changes = slices.Compact(changes)
	if n := len(changes); n > mostChanges {
		changes = append(changes[:mostChanges], fmt.Sprintf("and %d more", n-mostChanges))
		slices.Sort(changes)
	}
	return changes
}
