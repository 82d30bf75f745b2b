package document_test

import (
	"errors"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/marking"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

func schemes() *marking.Set { return marking.NewSet(us.Scheme(), tlp.Scheme()) }

func opts() document.Options { return document.Options{Schemes: schemes()} }

// quoted reads a text about markings.
func quoted() document.Options {
	o := opts()
	o.Quoted = true
	return o
}

func mustParse(tb testing.TB, text string) marking.Marks {
	tb.Helper()
	m, err := schemes().Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func banner(tb interface{ Fatal(...any) }, ps []document.Portion) string {
	var all []marking.Marks
	for _, p := range ps {
		all = append(all, p.Marks)
	}
	m, err := schemes().RollUp(all)
	if err != nil {
		tb.Fatal(err)
	}
	return m.Banner()
}

func issuesOf(err error) []cordon.Issue {
	var e *cordon.Error
	if errors.As(err, &e) {
		return e.Issues
	}
	return nil
}
