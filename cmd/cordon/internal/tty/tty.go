// Package tty writes to terminals: colour where it is wanted, tables whose
// columns line up in any script, and other people's text in a form that
// cannot command the terminal.
package tty

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Screen is something written to, with its properties.
type Screen struct {
	io.Writer
	// Terminal says that a person looks at it.
	Terminal bool
	// Colour says that it takes colour and that colour is wanted.
	Colour bool
	// Width is its columns; 0 means without a limit, as for a file.
	Width int

	failed error
}

// Write writes to the writer underneath. After a write that failed nothing
// more is written, and every later call gives the same error.
func (s *Screen) Write(p []byte) (int, error) {
	if s.failed != nil {
		return 0, s.failed
	}
	n, err := s.Writer.Write(p)
	s.failed = err
	return n, err
}

// Failed is the first error of a write, such as a full disk. Code that prints
// does not look at each line's error; the end of the program looks here.
func (s *Screen) Failed() error { return s.failed }

// New looks at w. A file or a pipe has no width and no colour. NO_COLOR and
// TERM=dumb turn colour off (no-color.org).
func New(w io.Writer, env func(string) string) *Screen {
	s := &Screen{Writer: w}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return s
	}
	s.Terminal = true
	s.Width = 80
	if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns >= 40 {
		s.Width = columns
	}
	s.Colour = env("NO_COLOR") == "" && env("TERM") != "dumb"
	return s
}

// Printf writes formatted text.
func (s *Screen) Printf(format string, args ...any) { fmt.Fprintf(s, format, args...) }

// Bold, Dim and Red dress a text where there is colour.
func (s *Screen) Bold(text string) string { return s.dress("1", text) }

// Dim is for text that matters less.
func (s *Screen) Dim(text string) string { return s.dress("2", text) }

// Red is for refusals. The text says so too.
func (s *Screen) Red(text string) string { return s.dress("31", text) }

// Green is for permissions. The text says so too.
func (s *Screen) Green(text string) string { return s.dress("32", text) }

// Cyan is for text that can be copied and typed.
func (s *Screen) Cyan(text string) string { return s.dress("36", text) }

func (s *Screen) dress(code, text string) string {
	if !s.Colour || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Bar is a banner line across the screen: the words centred, on the colour.
// Without colour the words stand there all the same.
func (s *Screen) Bar(words string, c Colours) string {
	width := s.Width
	if width == 0 {
		width = 80
	}
	left := max(0, (width-Width(words))/2)
	line := strings.Repeat(" ", left) + words
	if !s.Colour || c.Behind == "" {
		return line
	}
	line += strings.Repeat(" ", max(0, width-Width(line)))
	return s.dress("1;38;5;"+code256(c.Letters)+";48;5;"+code256(c.Behind), line)
}

// Colours are those of a banner, each #RRGGBB.
type Colours struct{ Letters, Behind string }

// code256 is the nearest colour of the cube that all colour terminals have.
func code256(hex string) string {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		return "15"
	}
	level := func(c uint64) uint64 {
		if c < 48 {
			return 0
		}
		if c < 115 {
			return 1
		}
		return min(5, (c-35)/40)
	}
	return strconv.FormatUint(16+36*level(n>>16&255)+6*level(n>>8&255)+level(n&255), 10)
}
