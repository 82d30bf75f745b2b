package marking

import (
	"strconv"
	"strings"
)

// Error says what is wrong with a marking, where, and what would be right.
type Error struct {
	// Scheme is the scheme that refused it; empty where none recognised it.
	Scheme string
	// Text is the marking as it was given; empty for a roll-up.
	Text string
	// At is the byte offset in Text at which it goes wrong.
	At int
	// Reason says what is wrong, in a sentence fit to show.
	Reason string
	// Suggestion is the canonical text that was probably meant; empty where
	// there is no single reading.
	Suggestion string
	// Section is the place in the scheme's manual that the rule comes from.
	Section string
	// Readings are the markings a text could be read as, where that is more
	// than one and none was chosen.
	Readings []string
	// Portions are the indices of the portions that conflict, where a
	// roll-up is refused.
	Portions []int
}

// Error is one line: the scheme, what is wrong, where, what was probably
// meant, and the section of the manual that says so.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Scheme != "" {
		b.WriteString(e.Scheme)
		b.WriteString(": ")
	}
	b.WriteString(e.Reason)
	if e.Text != "" {
		b.WriteString(", column ")
		b.WriteString(strconv.Itoa(e.At + 1))
		b.WriteString(" of ")
		b.WriteString(strconv.Quote(clip(e.Text)))
	}
	if len(e.Portions) > 0 {
		b.WriteString(", portions ")
		for i, p := range e.Portions {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(strconv.Itoa(p + 1))
		}
	}
	if e.Suggestion != "" {
		b.WriteString("; did you mean ")
		b.WriteString(strconv.Quote(e.Suggestion))
		b.WriteString("?")
	}
	if e.Section != "" {
		b.WriteString(" (")
		b.WriteString(e.Section)
		b.WriteString(")")
	}
	return b.String()
}

// clip keeps a hostile text from filling a screen.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}

// Ambiguous is the error for a text that can be read as several markings.
func Ambiguous(scheme, text string, readings []string) *Error {
	return &Error{
		Scheme: scheme, Text: text, Readings: readings,
		Reason: "it can be read as " + strings.Join(readings, " and as ") + "; write the one that is meant",
	}
}
