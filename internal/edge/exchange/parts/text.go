package parts

import (
	"strings"
)

// Place is where a line of a text stands: in which file, and on which of its
// lines; zero where it has none.
type Place struct {
	File string
	Line int
}

// Text is all that is read of a file and of the files in it, to be compared with
// something.
type Text struct {
	Text string
	// Places are those of its lines.
	Places []Place
	// Files names what was read: the kind of each file by its name.
	Files []Read
	// Asides is how many asides there are, by what they are.
	Asides map[string]int
}

// Read is one file that was read.
type Read struct{ Name, Kind string }

// Text gives all text of the file and of those in it. What stands in it twice for
// different programs is given once.
func (f *File) Text() Text {
	t := Text{Asides: map[string]int{}}
	var b strings.Builder
	var names, turned []string
	line := func(text, file string, no int) {
		if shown, ok := Shown(text); ok {
			turned = append(turned, shown)
			text = strings.NewReplacer(RightToLeft, "", LeftToRight, "", EndOverride, "").Replace(text)
		}
		b.WriteString(text)
		b.WriteByte('\n')
		t.Places = append(t.Places, Place{file, no})
	}
	f.Each(func(f *File) {
		names = append(names, f.Names...)
		if f.Empty() {
			return
		}
		t.Files = append(t.Files, Read{f.Name, f.Kind})
		if f.Subject != nil {
			line(f.Subject.Text, f.Name, f.Subject.No)
			line("", f.Name, 0)
		}
		if f.Raw != "" {
			no := 0
			for l := range strings.SplitSeq(strings.TrimSuffix(f.Raw, "\n"), "\n") {
				no++
				line(l, f.Name, no)
			}
		}
		for _, block := range f.Blocks {
			for _, l := range block.Lines {
				line(l.Text, f.Name, l.No)
			}
			line("", f.Name, 0)
		}
		for _, a := range f.Asides {
			if a.Again {
				continue
			}
			t.Asides[a.What]++
			for l := range strings.SplitSeq(a.Line.Text, "\n") {
				line(l, f.Name, a.Line.No)
			}
			line("", f.Name, 0)
		}
	})
	if Weight(b.String()) > 0 { // names alone are no text that was read
		for _, name := range names {
			t.Asides["the name of a file or a comment on it"]++
			line(name, f.Name, 0)
			line("", f.Name, 0)
		}
	}
	for _, shown := range turned {
		t.Asides["text as it is shown, whose letters run against their direction"]++
		line(shown, f.Name, 0)
		line("", f.Name, 0)
	}
	t.Text = b.String()
	if len(turned) == 0 && len(names) == 0 && len(f.Files) == 0 && len(f.Blocks) == 0 && len(f.Asides) == 0 && f.Subject == nil {
		t.Text = f.Raw // byte for byte
	}
	return t
}

// AllLost names all text that could not be read in the file and in those in it.
func (f *File) AllLost() (lost []string) {
	f.Each(func(f *File) {
		for _, i := range f.Lost {
			lost = append(lost, i.File+": "+i.Problem)
		}
	})
	return lost
}
