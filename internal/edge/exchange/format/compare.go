package format

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/edge/exchange/parts"
	"cordon/wire"
)

// Compared is the text of a file that is to be compared with what is protected,
// and what of the file could not be read.
type Compared struct {
	parts.Text
	Name, Kind string
	// NotCompared names text that is in the file and could not be read, Notes what
	// has no text.
	NotCompared, Notes []string
}

// ForComparison reads a file to compare all that it says with something. Where
// nothing can be read, the error, of kind Invalid or TooLarge, says what the file
// is, what to do, and that nothing was compared.
func (o Opener) ForComparison(name string, src []byte) (Compared, error) {
	f := o.Open(name, src)
	out := Compared{Text: f.Text(), Name: name, Kind: f.Kind, NotCompared: f.AllLost()}
	f.Each(func(f *parts.File) {
		for _, n := range f.Notes {
			out.Notes = append(out.Notes, n.File+": "+n.Problem)
		}
	})
	if strings.TrimSpace(out.Text.Text) != "" {
		return out, nil
	}
	var issues []cordon.Issue
	kind := cordon.KindInvalid
	f.Each(func(f *parts.File) {
		issues = append(issues, f.Lost...)
		switch {
		case f.TooLarge:
			kind = cordon.KindTooLarge
		case f.Busy:
			kind = cordon.KindUnavailable
		}
	})
	if len(issues) == 0 {
		issues = []cordon.Issue{{File: name, Problem: "this is " + f.Kind + ", and there is no text in it", Fix: "hand in a text"}}
	}
	what := issues[0].Problem
	if !strings.HasPrefix(what, "th") {
		what = "this is " + f.Kind + ", and " + what
	}
	err := cordon.Errorf(kind, "%s: %s: nothing was compared; %s", name, what, issues[0].Fix)
	if len(issues) > 1 {
		err = err.With(issues...)
	}
	return out, err
}

// ForComparison is that of the zero Opener.
func ForComparison(name string, src []byte) (Compared, error) {
	return Opener{}.ForComparison(name, src)
}

// TellScan says in the answer to a scan what was compared, and puts the passages
// where they stand in the file.
func (c Compared) TellScan(out *wire.Scanned) {
	c.tell(&out.Compared)
	for i := range out.Hits {
		c.locate(&out.Hits[i])
	}
}

// TellCheck is TellScan for a check.
func (c Compared) TellCheck(out *wire.Checked) {
	c.tell(&out.Compared)
	for i := range out.Allowed {
		c.locate(&out.Allowed[i])
	}
	for i := range out.Refused {
		c.locate(&out.Refused[i].TracedPortion)
	}
}

func (c Compared) tell(out *wire.Compared) {
	out.Kind, out.NotCompared, out.LeftOut = c.Kind, c.NotCompared, c.Notes
	out.Files, out.Asides = nil, nil
	for _, f := range c.Files {
		if f.Name != c.Name { // an archive is no text itself
			out.Files = append(out.Files, f.Name+" ("+f.Kind+")")
		}
	}
	for what, n := range c.Asides {
		if n > 0 {
			out.Asides = append(out.Asides, what)
		}
	}
	slices.Sort(out.Asides)
}

// locate puts the passages of a portion where they stand in the file.
func (c Compared) locate(h *wire.TracedPortion) {
	if c.Kind == PlainText && len(c.Asides) == 0 { // as it stands
		return
	}
	for i := range h.Passages {
		p := &h.Passages[i]
		from, to := c.place(p.Line), c.place(p.EndLine)
		p.Start, p.End = 0, 0
		p.Line, p.EndLine = from.Line, from.Line
		if from.File == to.File {
			p.EndLine = max(from.Line, to.Line)
		}
		if from.File != c.Name {
			p.File = from.File
		}
	}
}

func (c Compared) place(line int) parts.Place {
	if line < 1 || line > len(c.Places) {
		return parts.Place{}
	}
	return c.Places[line-1]
}
