package webui

import (
	"maps"
	"slices"

	"cordon"
	"cordon/wire"
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
	// Preview is who could read what before and after a containment.
	Preview *foreseen
	// Change is how a wording would read.
	Change *change
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
	foreseen    *foreseen
	change      *change
	// there finds what it is about; its error is the answer where that is not
	// there, or not theirs to see. Nil where the handler has found it.
	there func() error
}

// asked reports whether the person has seen the page that asks them.
func (v *visit) asked() bool { return v.form.Get("sure") == "yes" }

// sure reports whether the person has seen what would happen and wants it. Where
// they have not, the page that shows it is the answer.
func (v *visit) sure(p preview) (bool, error) {
	if v.asked() {
		return true, v.once()
	}
	if p.there != nil {
		if err := p.there(); err != nil {
			return false, err
		}
	}
	view := confirmPage{
		frame: v.frame(p.title, p.marks...), Says: p.says, Args: p.args, Then: p.then, Action: v.r.URL.Path, Fields: v.fields(), Do: p.do, Bad: p.bad, Back: p.back, Preview: p.foreseen, Change: p.change,
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

// report is whether the report in the address is there for the person.
func (v *visit) report() error {
	id := v.id("report")
	known, err := v.named([]cordon.ID{id})
	if _, there := known[id]; err == nil && !there {
		return notHere
	}
	return err
}

// listed finds an id in a list, page by page.
func listed[T any](page func(wire.Page) (wire.List[T], error), is func(T) bool) func() error {
	return func() error {
		next := wire.Page{Limit: cordon.MaxPage}
		for range 50 {
			list, err := page(next)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(list.Items, is) {
				return nil
			}
			if next.Cursor = list.Next; next.Cursor == "" {
				break
			}
		}
		return notHere
	}
}
