package webui

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/signin"
	"cordon/marking"
)

// problem is what went wrong, and how to go on.
type problem struct {
	Status int
	// Says is the message of the use-case, in English.
	Says string
	// How is the pages' own word on how to go on.
	How    string
	Issues []cordon.Issue
	// Field is the field of the form that it is about; empty where it is about
	// none or about several.
	Field string
	// retry is in how many seconds it may be tried again; 0 where that is not known.
	retry int
}

var statuses = map[cordon.Kind]int{
	cordon.KindInvalid: http.StatusBadRequest, cordon.KindNotFound: http.StatusNotFound, cordon.KindConflict: http.StatusConflict,
	cordon.KindChanged: http.StatusPreconditionFailed, cordon.KindDenied: http.StatusForbidden,
	cordon.KindUnauthenticated: http.StatusUnauthorized, cordon.KindTooLarge: http.StatusRequestEntityTooLarge,
	cordon.KindSpill: http.StatusUnprocessableEntity, cordon.KindTooMany: http.StatusTooManyRequests,
	cordon.KindUnavailable: http.StatusServiceUnavailable,
}

var ways = map[cordon.Kind]string{
	cordon.KindInvalid:     "Your text is still below. Mend it and send it again.",
	cordon.KindNotFound:    "Look for it in the lists of what is yours to see.",
	cordon.KindConflict:    "Things have moved on. Look at how they stand now, and decide again.",
	cordon.KindChanged:     "Somebody changed it while you were at it. Load it again; what you typed is still below.",
	cordon.KindDenied:      "Ask somebody of your organisation who may, or your administrator for the role.",
	cordon.KindTooLarge:    "Send less at once, or use the command line for bulk.",
	cordon.KindSpill:       "Nothing was written. Leave the source out, mark the portion so that somebody can read it, or ask the owners for a release.",
	cordon.KindTooMany:     "Wait a little and send it again.",
	cordon.KindUnavailable: "Try again; the operator finds the cause in the log.",
	cordon.KindInternal:    "Try again; the operator finds the cause in the log.",
}

// notHere is the answer to what is absent and to what is withheld.
var notHere = cordon.ErrNotFound

// wrongField is an error about one field of a form.
type wrongField struct {
	field string
	error
}

func (w wrongField) Unwrap() error { return w.error }

// wrong says that a field cannot be accepted as it is.
func wrong(field, format string, args ...any) error {
	return wrongField{field, cordon.Errorf(cordon.KindInvalid, format, args...)}
}

// at says that an error is about a field, where it is one of what was typed.
func at(field string, err error) error {
	if kind := cordon.KindOf(err); err == nil || kind != cordon.KindInvalid && kind != cordon.KindNotFound {
		return err
	}
	return wrongField{field, err}
}

// explain is the error in words, and logs the cause of a fault.
func (p *pages) explain(r *http.Request, err error) *problem {
	var e *cordon.Error
	var tooLarge *http.MaxBytesError
	var field wrongField
	out := &problem{Status: http.StatusInternalServerError}
	if errors.As(err, &field) {
		out.Field = field.field
	}
	switch {
	case errors.As(err, &tooLarge):
		e = cordon.Errorf(cordon.KindTooLarge, "this is more than a page takes")
	case httpapi.IsRepeated(err):
		e = cordon.Errorf(cordon.KindConflict, "this form was sent before, and what it asks was done then: it was not done twice")
	case !errors.As(err, &e):
		e = cordon.Errorf(cordon.KindInternal, "something went wrong inside Cordon")
	}
	if e.Kind == cordon.KindInternal || e.Kind == cordon.KindUnavailable {
		cause := err
		if inner := errors.Unwrap(e); inner != nil {
			cause = inner
		}
		if r.Context().Err() == nil {
			p.Log.Error("page", slog.String("route", r.Pattern), slog.String("cause", cause.Error()))
		}
	}
	if status := statuses[e.Kind]; status != 0 {
		out.Status = status
	}
	out.Says, out.How = sentence(p.look.plainly(e.Message)), ways[e.Kind]
	for _, issue := range e.Issues {
		issue.Problem = p.look.plainly(issue.Problem)
		if issue.Source != "" {
			out.How = "Nothing was written. Say below of each passage what it is, or write it in other words, and send it again."
		}
		out.Issues = append(out.Issues, issue)
	}
	if wait := signin.Wait(0); errors.As(err, &wait) {
		out.retry = int(math.Ceil(time.Duration(wait).Seconds()))
	}
	return out
}

// manualSection is where an error of a marking names the section of its manual.
var manualSection = regexp.MustCompile(` \((?:[A-Z]\.\d+[^()]*|section [^()]*)\)`)

// plainly is a message without what only somebody needs who writes a program: the
// name of a scheme before it, and the section of a manual behind it.
func (l look) plainly(message string) string {
	if name, rest, ok := strings.Cut(message, ": "); ok && l.schemes != nil && slices.ContainsFunc(l.schemes.Schemes(), func(s marking.Scheme) bool { return s.Name() == name }) {
		message = rest
	}
	return manualSection.ReplaceAllString(message, "")
}

// sentence is a message as a sentence of its own.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.ContainsAny(s[len(s)-1:], ".!?:") {
		s += "."
	}
	return s
}

type problemPage struct{ frame }

// fail shows what went wrong as a page of its own. That nothing is there looks
// the same whatever was asked for, and takes as long.
func (v *visit) fail(err error) {
	out := v.explain(v.r, err)
	title := "This did not work"
	f := v.frame(title)
	f.Said, f.Form = "", nil
	if v.r.Method == http.MethodGet && cordon.KindOf(err) == cordon.KindInvalid {
		out.How = "" // nothing was typed
	}
	if out.Status == http.StatusNotFound {
		f.Title, out.Field = "There is nothing here", ""
		v.Inside.Withhold(v.r)
	}
	f.Problem, f.Number = out, number(v.w, out)
	v.pages.show(v.w, v.r, "problem", out.Status, problemPage{f})
}

// refused is fail for somebody who has not signed in.
func (p *pages) refused(w http.ResponseWriter, r *http.Request, err error) {
	f := p.frame(r, "This did not work")
	f.Problem = p.explain(r, err)
	f.Number = number(w, f.Problem)
	p.show(w, r, "problem", f.Problem.Status, problemPage{f})
}

// number is the request's in the log, by which the operator finds the cause of a
// fault; empty for what is no fault.
func number(w http.ResponseWriter, what *problem) string {
	if what.Status < http.StatusInternalServerError {
		return ""
	}
	return w.Header().Get("Request-Id")
}

// wronged puts what went wrong on the page that the form was sent from, and
// gives the status. An error that no form can mend is a page of its own: then it
// is given back.
func (v *visit) wronged(f *frame, err error) (int, error) {
	if err == nil {
		return http.StatusOK, nil
	}
	kind := cordon.KindOf(err)
	if kind == cordon.KindUnauthenticated || kind == cordon.KindInternal && !errors.As(err, new(*http.MaxBytesError)) {
		return 0, err
	}
	if kind == cordon.KindNotFound {
		v.Inside.Withhold(v.r)
	}
	f.Problem, f.Said = v.explain(v.r, err), ""
	return f.Problem.Status, nil
}
