package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"cordon/cmd/cordon/internal/tty"
)

// show writes v as JSON under --json, and by plain otherwise.
func (c *cli) show(v any, plain func()) error {
	return c.showAs(v, "  ", plain)
}

// result shows the answer of an operation as show does, unless it is an error.
func (c *cli) result(v any, err error, plain func()) error {
	if err != nil {
		return err
	}
	return c.show(v, plain)
}

// showLine is show for one item of a stream: JSON lines.
func (c *cli) showLine(v any, plain func()) error {
	return c.showAs(v, "", plain)
}

// showStream is a stream of items: JSON lines, or one table of all.
func showStream[T any](c *cli, items []T, plain func()) error {
	for _, item := range items {
		if err := c.showLine(item, func() {}); err != nil {
			return err
		}
	}
	if !c.json {
		plain()
	}
	return nil
}

func (c *cli) showAs(v any, indent string, plain func()) error {
	if c.also != nil {
		if err := writeJSON(c.also, v, ""); err != nil {
			return err
		}
	}
	if c.json {
		return writeJSON(c.out, v, indent)
	}
	plain()
	return nil
}

func writeJSON(w io.Writer, v any, indent string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // markings are read by people too
	e.SetIndent("", indent)
	return e.Encode(v)
}

// list is a list as --json shows it, the same as in the API.
type list[T any] struct {
	Items []T `json:"items"`
}

// showList writes the items as a table, or none when there are none.
func showList[T any](c *cli, items []T, none string, head []string, row func(T) []string) error {
	if items == nil {
		items = []T{}
	}
	return c.show(list[T]{items}, func() {
		if len(items) == 0 {
			c.out.Printf("%s\n", none)
			return
		}
		rows := make([][]string, len(items))
		for i, item := range items {
			rows[i] = clean(row(item))
		}
		c.out.Table(head, rows)
	})
}

func clean(cells []string) []string {
	for i, cell := range cells {
		cells[i] = tty.Line(cell)
	}
	return cells
}

// fields writes name and value line by line, empty values left out.
func (c *cli) fields(pairs ...string) {
	wide := 0
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			wide = max(wide, tty.Width(pairs[i]))
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			c.out.Printf("%s%s  %s\n", c.out.Bold(pairs[i]), strings.Repeat(" ", wide-tty.Width(pairs[i])), tty.Line(pairs[i+1]))
		}
	}
}

// wrapped writes a sentence, over several lines where the screen is narrow.
func (c *cli) wrapped(format string, args ...any) {
	c.out.Printf("%s\n", strings.Join(tty.Wrap(fmt.Sprintf(format, args...), c.out.Width), "\n"))
}

// when is a time as tables show it: UTC, to the second.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
