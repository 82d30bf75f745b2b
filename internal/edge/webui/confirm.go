package webui

import (
	"maps"
	"slices"
)

// confirmPage shows what would happen, before it does: to what reaches others,
// strikes or revokes nobody comes by a single click.
type confirmPage struct {
	frame
	// Says is what would happen, Then what follows from it.
	Says string
	Args []any
	Then []string
	// Action is where the form goes, Fields all that was filled in, Do what the
	// button says.
	Action string
	Fields []field
	Do     string
	// Bad marks what takes something away.
	Bad  bool
	Back string
}

type field struct{ Name, Value string }

// preview is what a handler wants to have confirmed.
type preview struct {
	title, says string
	args        []any
	then        []string
	do, back    string
	bad         bool
	marks       []string
}

// sure reports whether the person has seen what would happen and wants it. Where
// they have not, the page that shows it is the answer.
func (v *visit) sure(p preview) (bool, error) {
	if v.form.Get("sure") == "yes" {
		return true, v.once()
	}
	view := confirmPage{
		frame: v.frame(p.title, p.marks...), Says: p.says, Args: p.args, Then: p.then, Action: v.r.URL.Path, Fields: v.fields(), Do: p.do, Bad: p.bad, Back: p.back,
	}
	return false, v.show("confirm", 200, view)
}

// fields is all that was filled in, to be sent again.
func (v *visit) fields() []field {
	var out []field
	for _, name := range slices.Sorted(maps.Keys(v.form)) {
		if name == "once" || name == "sure" {
			continue
		}
		for _, value := range v.form[name] {
			out = append(out, field{name, value})
		}
	}
	return out
}
