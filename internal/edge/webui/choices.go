package webui

import (
	"slices"
	"strconv"
	"strings"

	"cordon"
	"cordon/wire"
)

// choices is what somebody who writes is asked about passages that their text has from
// portions they may see, and what they have said so far.
type choices struct {
	Issues    []cordon.Issue
	Declared  []string
	Dismissed []wire.Dismissal
	// Declares says that the text can be said to be made from a portion.
	Declares bool
}

func (v *visit) choices(problem *problem, declares bool) choices {
	out := choices{Dismissed: v.dismissed(), Declares: declares}
	for _, one := range v.form["declare"] {
		if !slices.Contains(out.Declared, one) {
			out.Declared = append(out.Declared, one)
		}
	}
	if problem != nil {
		for _, i := range problem.Issues {
			if i.Source != "" {
				out.Issues = append(out.Issues, i)
			}
		}
	}
	return out
}

// declared are the sources that the portion with that number was said to be made from,
// each as "number:portion".
func (v *visit) declared(n int) []cordon.ID {
	var out []cordon.ID
	for _, one := range v.form["declare"] {
		number, id, _ := strings.Cut(one, ":")
		if number == strconv.Itoa(n) && !slices.Contains(out, cordon.ID(id)) {
			out = append(out, cordon.ID(id))
		}
	}
	return out
}

// dismissed are the portions that the text was said not to be made from: in the one field
// which, in the other why.
func (v *visit) dismissed() []wire.Dismissal {
	var out []wire.Dismissal
	why := v.form["why"]
	for i, id := range v.form["dismiss"] {
		if i < len(why) && strings.TrimSpace(why[i]) != "" && !slices.ContainsFunc(out, func(d wire.Dismissal) bool { return d.Source == cordon.ID(id) }) {
			out = append(out, wire.Dismissal{Source: cordon.ID(id), Reason: strings.TrimSpace(why[i])})
		}
	}
	return out
}
