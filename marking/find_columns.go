package marking

import (
	"strings"
)

// The bounds of the first row of a table.
const (
	maxHeader  = 1000 // bytes
	maxColumns = 64
	maxName    = 40 // of a column, where commas part them
	maxTitled  = 3  // rows from the first in which the names of columns are looked for
)

// columns are those of a table whose names tell of markings: what stands in them
// says how its row is marked.
type columns struct {
	sign   byte // what parts the cells: one of | tab ; and comma
	rows   int  // read so far
	marked uint64
	vague  uint64 // of a name that other tables have too: class, level
	hued   uint64 // of a name in whose fields a colour tells
	prefix map[int]string
	parts  map[int]string // of a name that is a part of a marking: NOFORN
	cell   int            // the one the finder is in
}

// table keeps the columns while a table goes on.
func (f *finder) table(line string) {
	c := &f.columns
	c.cell = 0
	if c.sign != 0 && (line == "" || strings.IndexByte(line, c.sign) < 0) {
		*c = columns{}
	}
	if c.marked != 0 || len(line) > maxHeader {
		return
	}
	if c.sign == 0 {
		c.rows = 0
	}
	if c.rows++; c.rows > maxTitled {
		return
	}
	for _, sign := range [...]byte{'|', '\t', ';', ','} {
		n := strings.IndexByte(line, sign)
		if n < 0 || n > maxName && sign != '|' && sign != '\t' {
			continue
		}
		cells := strings.Split(line, string(sign))
		if len(cells) > maxColumns || sign != '|' && sign != '\t' && !allShort(cells) {
			continue
		}
		if sign == '|' || sign == '\t' {
			c.sign = sign
		}
		for i, cell := range cells {
			f.column(i, cell)
		}
		if c.marked != 0 {
			c.sign = sign
			return
		}
	}
}

// allShort reports whether texts between commas can be the names of columns.
func allShort(cells []string) bool {
	for _, cell := range cells {
		if len(cell) > maxName || len(strings.Fields(cell)) > 4 || strings.ContainsAny(cell, ".!?:") {
			return false
		}
	}
	return true
}

// column notes a column by its name.
func (f *finder) column(i int, cell string) {
	words := strings.FieldsFunc(strings.ToLower(plain(cell)), func(r rune) bool { return !isAlnum(r) })
	if len(words) == 0 || len(words) > 4 {
		return
	}
	c := &f.columns
	vague := true
	tells := false
	for _, w := range words {
		if fieldNames[w] {
			tells, vague = true, vague && vagueNames[w]
		}
		if huedNames[w] {
			c.hued |= 1 << i
		}
		if upper := strings.ToUpper(w); f.prefixWord(upper) {
			if c.prefix == nil {
				c.prefix = map[int]string{}
			}
			c.prefix[i], tells, vague = upper, true, false
		}
	}
	if name := strings.ToUpper(strings.Join(words, " ")); c.sign != 0 && len(name) >= shortestPart {
		if part, evident := f.set.part(name); part && evident {
			if c.parts == nil {
				c.parts = map[int]string{}
			}
			c.parts[i] = name
		}
	}
	if tells {
		c.marked |= 1 << i
	}
	if tells && vague {
		c.vague |= 1 << i
	}
}

// vagueNames are those of fieldNames that columns of other tables have.
var vagueNames = wordSet(`class sec mark handling protection security label tag tags level banner distribution restriction restrictions schutz vs niveau nivel grau mention diffusion difusión categoria`)

// inMarked reports whether the finder is in a cell that says how its row is marked.
func (f *finder) inMarked() bool {
	return f.columns.rows > 0 && f.columns.marked>>f.columns.cell&1 != 0
}

// cellEnd is where the cell ends that begins at an offset of a table whose cells
// commas or semicolons part; a cell in quotation marks holds them.
func (f *finder) cellEnd(at, end int) int {
	quoted := false
	for i := at; i < end; i++ {
		switch c := f.text[i]; {
		case c == '"':
			quoted = !quoted
		case c == f.columns.sign && !quoted:
			return i
		}
	}
	return end
}

// colored reads the value of a column that is named by a prefix: RED under TLP.
func (f *finder) colored(at int) (Found, bool) {
	prefix := f.columns.prefix[f.columns.cell]
	if prefix == "" || !f.inMarked() {
		return Found{}, false
	}
	if !f.placeOf(at).Head() {
		return Found{}, false
	}
	return f.valueOf(prefix, at)
}
