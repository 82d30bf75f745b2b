package document

import (
	"cmp"
	"fmt"

	"cordon"
	"cordon/internal/edge/exchange/parts"
	"cordon/marking"
)

// fileReader makes documents of a file and of the files in it.
type fileReader struct {
	yield func(Document, error) bool
	done  bool
	notes []cordon.Issue // of an archive, which is no document
}

// holder is the document that a file is in: the mail of an attachment, say.
type holder struct {
	name    string
	marks   marking.Marks
	refused bool
}

// each makes documents of a file and of those in it. A file that carries no mark
// of its own takes that of the document it is in, so that an attachment does not
// come in freer than its mail; where that document is refused, so is the file.
func (r *fileReader) each(f *parts.File, o Options, in *holder) {
	named, unread := o.named(f.Called)
	if f.OnlyHolds() {
		for _, comment := range f.Comments() {
			all, bad := o.named(comment)
			named, unread = append(named, all...), cmp.Or(unread, bad)
		}
	}
	o = o.atLeast(named)
	switch {
	case r.done:
		return
	case unread != "":
		p := problems{file: f.Name}
		p.add(0, 0, fmt.Sprintf("%s stands in its name, in that of its folder or in a comment on it, and cannot be read as a mark", parts.Clip(unread)), "correct the name, or hand the file in by itself")
		r.done = !r.yield(Document{}, p.err())
		in = &holder{name: f.Name, refused: true}
	case f.OnlyHolds():
		r.notes = append(r.notes, f.Notes...)
	default:
		d, err := r.one(f, o, in, named)
		r.done = !r.yield(d, err)
		switch {
		case len(f.Files) == 0:
		case err != nil:
			in = &holder{name: f.Name, refused: true}
		default:
			o, in = o.within(d, in)
		}
	}
	for i := range f.Files {
		r.each(&f.Files[i], o, in)
	}
}

// one makes a document of one file; named are the marks in its name.
func (r *fileReader) one(f *parts.File, o Options, in *holder, named []marking.Marks) (Document, error) {
	if in != nil && in.refused {
		p := problems{file: f.Name}
		p.add(0, 0, fmt.Sprintf("it is in %s, which was refused, and would take its marking", in.name), "mend that first, or hand this in by itself")
		return Document{}, p.err()
	}
	d, err := fromFile(f, o)
	if err != nil {
		return d, err
	}
	d.Warnings, r.notes = append(d.Warnings, r.notes...), nil
	for _, m := range named {
		if !o.Schemes.Covers(d.Marks, m) {
			d.Warnings = append(d.Warnings, cordon.Issue{
				File: f.Name, Line: 1, Problem: fmt.Sprintf("it is marked %s, which does not cover %s in its name or in that of its folder", d.Marks, m),
				Fix: "see whether it is right that it is marked lower",
			})
		}
	}
	if in != nil && !in.marks.Empty() && !o.Schemes.Covers(d.Marks, in.marks) {
		d.Warnings = append(d.Warnings, cordon.Issue{
			File: f.Name, Line: 1, Problem: fmt.Sprintf("it is marked %s, which does not cover %s, the marking of %s it is in", d.Marks, in.marks, in.name),
			Fix: "see whether it is right that it is marked lower",
		})
	}
	return d, nil
}

// within is the options for the files in a document, and what holds them. Where
// nothing of the document has a marking yet, what holds the document holds them.
func (o Options) within(d Document, up *holder) (Options, *holder) {
	var all []marking.Marks
	for _, p := range append([]Portion{d.Title}, d.Portions...) {
		if !(o.Undecided && p.Inherited && p.Marks.Equal(o.DefaultMark)) {
			all = append(all, p.Marks)
		}
	}
	if len(all) == 0 {
		return o, up
	}
	in := &holder{name: d.File, marks: d.Marks}
	if o.Undecided && d.Banner == "" {
		var err error
		if in.marks, err = o.Schemes.RollUp(all); err != nil {
			return o, &holder{name: d.File, refused: true}
		}
	}
	marks := in.marks
	if !o.DefaultMark.Empty() && !o.Undecided {
		var err error
		if marks, err = o.Schemes.RollUp([]marking.Marks{marks, o.DefaultMark}); err != nil {
			return o, &holder{name: d.File, refused: true}
		}
	}
	o.DefaultMark, o.Undecided = marks, false
	return o, in
}
