package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/marking"
)

// problems collects all that is wrong with one document, so that a person
// mends a file once and not once for each mistake.
type problems struct {
	file  string
	list  []cordon.Issue
	count int
	// kinds are those of the issues, each with how many are listed and which of
	// them is the last.
	kinds map[string]*listed
	// large is set where a bound was exceeded; nothing after it was read.
	large *cordon.Error
}

// listed is how many issues of one kind are listed, and which of them is the last.
type listed struct{ count, last int }

func (p *problems) add(line, col int, problem, fix string) {
	p.count++
	one := cordon.Issue{File: p.file, Line: line, Column: col, Problem: problem, Fix: fix}
	if p.kinds == nil {
		p.kinds = map[string]*listed{}
	}
	kind := KindOf(one)
	k := p.kinds[kind]
	switch {
	case k == nil && len(p.list) >= maxIssues:
		p.list[len(p.list)-1].More++
		return
	case k == nil:
		k = &listed{}
		p.kinds[kind] = k
	case k.count >= maxLike || len(p.list) >= maxIssues:
		p.list[k.last].More++
		return
	}
	k.count, k.last = k.count+1, len(p.list)
	p.list = append(p.list, one)
}

// KindOf is what issues of one kind have in common: their words without what is
// quoted, numbers, and what is written in capitals.
func KindOf(i cordon.Issue) string {
	var words []string
	quoted := false
	for word := range strings.FieldsSeq(i.Problem) {
		if strings.Count(word, `"`)%2 == 1 {
			quoted = !quoted
			continue
		}
		plain := strings.Trim(word, ".,:;()")
		if !quoted && plain != "" && strings.Trim(plain, "abcdefghijklmnopqrstuvwxyz-'") == "" {
			words = append(words, plain)
		}
	}
	return strings.Join(words, " ")
}

// mark adds what a scheme has against a mark that stands at line and col.
func (p *problems) mark(line, col int, err error) {
	var e *marking.Error
	if !errors.As(err, &e) {
		p.add(line, col, err.Error(), "")
		return
	}
	at := min(max(e.At, 0), len(e.Text))
	problem := e.Reason
	if e.Text != "" {
		problem = fmt.Sprintf("%s: %s", clip(e.Text), e.Reason)
	}
	if e.Section != "" {
		problem += " (" + e.Section + ")"
	}
	fix := e.Suggestion
	if fix != "" && strings.HasPrefix(e.Text, "(") && !strings.HasPrefix(fix, "(") {
		fix = "(" + fix + ")"
	}
	if fix != "" {
		fix = "write " + fix
	}
	p.add(line, col+utf8.RuneCountInString(e.Text[:at]), problem, fix)
}

// tooLarge notes that a bound was exceeded.
func (p *problems) tooLarge(line int, format string, args ...any) {
	if p.large != nil {
		return
	}
	what := fmt.Sprintf(format, args...)
	p.large = cordon.Errorf(cordon.KindTooLarge, "%s: %s", p.file, what).
		With(cordon.Issue{File: p.file, Line: line, Problem: what, Fix: "split it into several documents"})
}

// err is nil where nothing is wrong.
func (p *problems) err() error {
	switch {
	case p.large != nil:
		return p.large
	case p.count == 0:
		return nil
	case p.count == 1:
		return cordon.Errorf(cordon.KindInvalid, "%s: %s", place(p.list[0]), p.list[0].Problem).With(p.list...)
	case p.count > len(p.list):
		return cordon.Errorf(cordon.KindInvalid, "%s: %d things are wrong, the first %d are listed", p.file, p.count, len(p.list)).With(p.list...)
	}
	return cordon.Errorf(cordon.KindInvalid, "%s: %d things are wrong", p.file, p.count).With(p.list...)
}

// place is where an issue is, in the form editors understand.
func place(i cordon.Issue) string {
	switch {
	case i.Line == 0:
		return i.File
	case i.Column == 0:
		return fmt.Sprintf("%s:%d", i.File, i.Line)
	}
	return fmt.Sprintf("%s:%d:%d", i.File, i.Line, i.Column)
}

// clip keeps one hostile line from filling a message.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
