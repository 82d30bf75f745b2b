package sqltx

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Dialect is what differs between the databases.
type Dialect struct {
	// Schema rewrites a step of the schema, which is written for SQLite.
	Schema func(string) string
	// In is the condition that a column is among a list bound to the
	// placeholder: "= ANY($1)". Each is a table of the numbers of such a
	// list, with one column, value.
	In, Each func(placeholder string) string
	// Strings and Numbers make a list fit to be bound.
	Strings func([]string) any
	Numbers func([]int64) any
	// Insert begins an INSERT of many rows, in which Value stands for the
	// n-th value.
	Insert string
	Value  func(n int) string
	// HoldShare and HoldUpdate end a SELECT in an Update that holds its rows
	// against change, or against other such SELECTs too.
	HoldShare, HoldUpdate string
	// ByBytes ends an ORDER BY of text that goes by its bytes.
	ByBytes string
	// Snapshot is what the transaction sees of report_changes, and Number is
	// the transaction's own in it; see listing.go. Both are empty where the
	// database cannot say.
	Snapshot, Number string
	// Foreign lists what Cordon puts into no database, and Damage what the database
	// itself finds wrong, which takes long: each statement gives one column of text.
	Foreign, Damage []string
	// Explain turns a database error into a cordon.Error.
	Explain func(error) error

	expanded sync.Map // of statement to the same without macros
	inserts  sync.Map // of rowsOf to the statement
	saves    sync.Map // of table to the statement
}

// Used lists the statements that have been run so far, for tests that look at
// how the database goes about them.
func (d *Dialect) Used() []string {
	var used []string
	d.expanded.Range(func(_, statement any) bool {
		used = append(used, statement.(string))
		return true
	})
	return used
}

var macro = regexp.MustCompile(`@(in|each)\((\$\d+)\)`)

// SQL is the statement as the database takes it: "@in($1)" and "@each($1)"
// are written out.
func (d *Dialect) SQL(statement string) string {
	if s, ok := d.expanded.Load(statement); ok {
		return s.(string)
	}
	s := macro.ReplaceAllStringFunc(statement, func(m string) string {
		part := macro.FindStringSubmatch(m)
		if part[1] == "in" {
			return d.In(part[2])
		}
		return d.Each(part[2])
	})
	s = strings.TrimSpace(s)
	d.expanded.Store(statement, s)
	return s
}

// saveSQL is the statement that adds a row of the table with its MAC, or replaces the
// one of the same key.
func (d *Dialect) saveSQL(tb *table) string {
	if s, ok := d.saves.Load(tb.name); ok {
		return s.(string)
	}
	all := append(slices.Clone(tb.columns), "mac")
	values, to := make([]string, len(all)), make([]string, 0, len(all))
	for i, c := range all {
		values[i] = "$" + strconv.Itoa(i+1)
		if i >= tb.key {
			to = append(to, c+" = excluded."+c)
		}
	}
	if tb.held {
		all, values, to = append(all, "generation"), append(values, "0"), append(to, "generation = "+nextGeneration(tb.name+".generation"))
	}
	s := "INSERT INTO " + tb.name + " (" + strings.Join(all, ", ") + ") VALUES (" + strings.Join(values, ", ") + ") ON CONFLICT (" +
		strings.Join(tb.columns[:tb.key], ", ") + ") DO UPDATE SET " + strings.Join(to, ", ")
	d.saves.Store(tb.name, s)
	return s
}

// nextGeneration is another number than the column has, whatever somebody has put into
// it: it carries no MAC, since it says nothing but that the row has changed.
func nextGeneration(column string) string { return column + " % 1000000000 + 1" }

// rowsOf is an INSERT of so many rows.
type rowsOf struct {
	table, columns string
	rows           int
	conflict       string
}

// insertSQL is the statement that inserts so many rows; conflict is what to do
// with those that would break a key; empty where that is an error.
func (d *Dialect) insertSQL(table, columns string, rows int, conflict string) string {
	key := rowsOf{table, columns, rows, conflict}
	if s, ok := d.inserts.Load(key); ok {
		return s.(string)
	}
	width := strings.Count(columns, ",") + 1
	var b strings.Builder
	b.WriteString(d.Insert + " " + table + " (" + columns + ") VALUES ")
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString(d.Value(i + 1))
	}
	b.WriteString(")")
	if conflict != "" {
		b.WriteString(" ON CONFLICT " + conflict)
	}
	d.inserts.Store(key, b.String())
	return b.String()
}
