package cordon

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Kind is the closed set of ways in which a request can fail. Everything that
// is not one of the others is Internal.
type Kind int

const (
	// KindInternal is a fault of Cordon or of what it runs on.
	KindInternal Kind = iota
	// KindInvalid is input that cannot be accepted as it is. The message says what
	// is wrong, where, and how to mend it.
	KindInvalid
	// KindNotFound is a thing that is absent or that the asker may not see. The
	// two are never told apart.
	KindNotFound
	// KindConflict is a request that no longer fits the state of things.
	KindConflict
	// KindChanged is a change of a thing that has changed meanwhile: the If-Match
	// of a request does not fit.
	KindChanged
	// KindDenied is an action the asker may not take on a thing they may see.
	KindDenied
	// KindUnauthenticated is a request without valid credentials.
	KindUnauthenticated
	// KindTooLarge is input beyond a bound of limits.go.
	KindTooLarge
	// KindSpill is writing that is refused because nobody could read the result,
	// or because it would free what its sources protect.
	KindSpill
	// KindTooMany is a request of somebody who has sent too many of late. The
	// message says when to try again.
	KindTooMany
	// KindUnavailable is a passing fault: the database is out of reach, the disk
	// is full, the request was cancelled.
	KindUnavailable
)

var kindNames = [...]string{
	"internal", "invalid", "not-found", "conflict", "changed",
	"denied", "unauthenticated", "too-large", "spill", "too-many", "unavailable",
}

// String is the name of the kind in the API and in --json output.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return kindNames[KindInternal]
	}
	return kindNames[k]
}

// Error is a failure that may be shown to the person who asked. Its Message
// carries nothing that was withheld from them. The cause is for operators and
// is reached by errors.Unwrap only.
type Error struct {
	Kind    Kind
	Message string
	// Issues lists what is wrong with the input, place by place.
	Issues []Issue
	cause  error
}

// Issue is one thing wrong with an input.
type Issue struct {
	// File is the name the input was given under; empty outside imports.
	File string `json:"file,omitempty"`
	// Line and Column count from 1; zero where they are not known. Column
	// counts characters.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Portion is the portion of a report it is about, from 1. It is zero for
	// the title and for what is about no portion. Line and Column are then
	// those within its text.
	Portion int `json:"portion,omitempty"`
	// Problem says what is wrong.
	Problem string `json:"problem"`
	// Fix says what would be right; empty where that is not known.
	Fix string `json:"fix,omitempty"`
	// Source is the portion whose words the text repeats, where that is what is wrong.
	Source ID `json:"source,omitempty"`
	// More is how many others like it there are that are not listed.
	More int `json:"more,omitempty"`
}

func (e *Error) Error() string { return e.Message }

// Unwrap gives the cause, which is not fit to be shown.
func (e *Error) Unwrap() error { return e.cause }

// Errorf makes an error of the kind with a message that is safe to show. Of a text
// among the arguments that is longer than MaxQuoted it shows the beginning.
func Errorf(kind Kind, format string, args ...any) *Error {
	shown := slices.Clone(args)
	for i, arg := range args {
		if v := reflect.ValueOf(arg); v.Kind() == reflect.String && v.Len() > MaxQuoted {
			shown[i] = strings.ToValidUTF8(v.String()[:MaxQuoted], "") + "…"
		}
	}
	return &Error{Kind: kind, Message: fmt.Sprintf(format, shown...)}
}

// MaxQuoted bounds the texts that a message quotes, in bytes: it is to be read, and
// the one who gave a text knows how it goes on.
const MaxQuoted = 400

// Because returns a copy of e that keeps cause for operators.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// With returns a copy of e that lists the issues.
func (e *Error) With(issues ...Issue) *Error {
	c := *e
	c.Issues = issues
	return &c
}

// KindOf is the kind of err; Internal where it carries none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// ErrNotFound is the one answer for what is absent and for what is withheld:
// same kind, same words, nothing of the thing asked for.
var ErrNotFound = Errorf(KindNotFound, "there is no such thing, or it is not yours to see")

// InvalidIfAbsent words the error of looking up a thing that an input names:
// NotFound becomes Invalid, with the message. Any other error stays as it is.
func InvalidIfAbsent(err error, message string) error {
	if err != nil && KindOf(err) == KindNotFound {
		return Errorf(KindInvalid, "%s", message)
	}
	return err
}

// Unverified is the cause of the error that ends a transaction which met something
// in the database that this installation has not written, or not last. The error
// itself reads like that of an absence.
type Unverified struct {
	// What names the row or the set of rows, as table and key.
	What string
	// Why says what does not hold.
	Why string
}

func (u *Unverified) Error() string { return u.What + ": " + u.Why }
