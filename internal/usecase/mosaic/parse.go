package mosaic

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/strictjson"
)

// ParseRegistry reads a registry in its JSON form. A key it does not know is a
// mistake and is named. Whether the registry is sound is for NewIndex to say.
// Errors are Invalid, or TooLarge beyond cordon.MaxFileBytes.
func ParseRegistry(data []byte) (Registry, error) {
	if len(data) > cordon.MaxFileBytes {
		return Registry{}, tooManyBytes("the registry")
	}
	if !utf8.Valid(data) {
		return Registry{}, invalid("the registry is not valid UTF-8")
	}
	var r Registry
	if err := strictjson.Unmarshal(data, &r); err != nil {
		return Registry{}, cordon.Errorf(cordon.KindInvalid, "the registry cannot be read: %s",
			strings.TrimPrefix(err.Error(), "json: ")).Because(err)
	}
	return r, nil
}

// ParseCSV reads candidates as a table with a head row, and hierarchies as
// tables without one, by attribute; all are separated by semicolons, finest
// level first. A column "id" names the candidates; without one they are
// numbered from 1. Name and threshold are the registry's. Errors are those of
// ParseRegistry and name the table and line.
func ParseCSV(name string, threshold int, candidates io.Reader, hierarchies map[string]io.Reader) (Registry, error) {
	r := Registry{Name: name, Threshold: threshold}
	rows, err := table("the candidates", candidates)
	if err != nil {
		return Registry{}, err
	}
	if len(rows) == 0 {
		return Registry{}, invalid("the table of candidates is empty")
	}
	head := rows[0]
	for i, column := range head {
		if slices.Contains(head[:i], column) {
			return Registry{}, invalid("the candidates have two columns %q", column)
		}
		if column == "id" {
			continue
		}
		a := Attribute{Name: column}
		if h, ok := hierarchies[column]; ok {
			if a.Hierarchy, err = table("the hierarchy of "+column, h); err != nil {
				return Registry{}, err
			}
		}
		r.Attributes = append(r.Attributes, a)
	}
	for of := range hierarchies {
		if !slices.Contains(head, of) || of == "id" {
			return Registry{}, invalid("there is a hierarchy of %q and no such column", of)
		}
	}
	for i, row := range rows[1:] {
		c := Candidate{ID: strconv.Itoa(i + 1), Values: make(map[string]string, len(head))}
		for column, value := range row {
			if head[column] == "id" {
				c.ID = value
			} else {
				c.Values[head[column]] = value
			}
		}
		r.Candidates = append(r.Candidates, c)
	}
	return r, nil
}

// table reads rows of one length, spaces around the values taken off.
func table(what string, from io.Reader) ([][]string, error) {
	limited := &io.LimitedReader{R: from, N: cordon.MaxFileBytes + 1}
	lines := csv.NewReader(limited)
	lines.Comma = ';'
	var rows [][]string
	for {
		row, err := lines.Read()
		if limited.N <= 0 {
			return nil, tooManyBytes(what)
		}
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, unreadable(what, err)
		}
		if len(rows) > max(MaxCandidates, MaxValues) {
			return nil, cordon.Errorf(cordon.KindTooLarge, "%s: more than %d rows", what, max(MaxCandidates, MaxValues))
		}
		for i, value := range row {
			row[i] = strings.TrimSpace(strings.TrimPrefix(value, "\ufeff"))
		}
		rows = append(rows, row)
	}
}

func unreadable(what string, err error) error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return cordon.Errorf(cordon.KindUnavailable, "%s cannot be read", what).Because(err)
	}
	return cordon.Errorf(cordon.KindInvalid, "%s, line %d: %v", what, at.Line, at.Err).
		With(cordon.Issue{Line: at.Line, Column: at.Column, Problem: fmt.Sprint(at.Err)}).Because(err)
}

func tooManyBytes(what string) error {
	return cordon.Errorf(cordon.KindTooLarge, "%s: more than %d bytes", what, cordon.MaxFileBytes)
}
