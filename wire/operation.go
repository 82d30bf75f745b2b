package wire

import (
	"net/url"
	"reflect"
	"strings"

	"cordon"
)

// Operation is one operation of the API, declared once. The server serves it,
// the client calls it, and the OpenAPI document describes it by this and by the
// comments of the declaration and of the fields of In and Out.
//
// The fields of In are the request, those of embedded structs among them. One
// tagged `path:"name"` is a segment of the path, and one tagged
// `query:"name"` a parameter, left out where it is zero; both carry
// `json:"-"`. All others are the JSON object of the body. A malformed id
// names nothing that is there, unless `id:"any"` leaves it to the use-case.
// For a number, `min` and `max` are its bounds, and `default` its value where
// it is left out. For a text, `enum` lists the possible values, separated by
// commas.
type Operation[In, Out any] struct {
	// Name is the operationId, which is the name of the variable with a small
	// first letter.
	Name string
	// Pattern is the method and the path, as net/http.ServeMux takes them.
	Pattern string
	// Tag is the group it stands in.
	Tag string
	// Scope is the one without which a token is refused before anything else
	// is looked at: one of package cordon, or Any, Every or Open. The zero
	// value is Every.
	Scope cordon.Scope
	// Repeat says how a request is answered that is sent again under its key.
	Repeat Repeat
	// IfMatch says that a change is held against the If-Match of its request.
	IfMatch bool
	// Errors are kinds of error that follow from nothing else declared here.
	Errors []cordon.Kind
	// Location is the path under which lies what the operation has made; nil
	// where it makes nothing that has one.
	Location func(In, Out) string
	// Makes says that it makes something that lies under no path of its own, but
	// stands in a list.
	Makes bool
	// Media are the media types of an answer that is a File.
	Media []string
	// Example is a request, and Answer a possible answer to it.
	Example In
	Answer  Out
}

// Scopes that are none of a token.
const (
	// Any: every token will do. The use-case decides how far it goes.
	Any cordon.Scope = "any"
	// Every: only a session, or a token that can do all that its person can.
	Every cordon.Scope = "every"
	// Open: no token is needed at all.
	Open cordon.Scope = "open"
)

// Repeat says what happens to a request that comes again under its
// Idempotency-Key.
type Repeat int

const (
	// RunsAgain is for operations that change nothing but the ledger, in
	// which every reading has to stand, and for answers that hold protected
	// text, which must be decided on anew.
	RunsAgain Repeat = iota
	// AnsweredAgain gives the first answer.
	AnsweredAgain
	// ShownOnce is a Conflict: the answer is a secret, and kept nowhere.
	ShownOnce
)

// Declaration is an operation without its types.
type Declaration struct {
	Name    string
	Pattern string
	Tag     string
	Scope   cordon.Scope
	Repeat  Repeat
	IfMatch bool
	// Creates says that an answer is a 201.
	Creates bool
	// Location is that of the Answer; empty where what is made lies under no path of
	// its own.
	Location string
	Errors   []cordon.Kind
	Media    []string
	In, Out  reflect.Type
	// Example is of type In, Answer of type Out.
	Example, Answer any
}

// Declared is the declaration.
func (o Operation[In, Out]) Declared() Declaration {
	location := ""
	if o.Location != nil {
		location = o.Location(o.Example, o.Answer)
	}
	return Declaration{
		Name: o.Name, Pattern: o.Pattern, Tag: o.Tag, Scope: o.Scope, Repeat: o.Repeat, IfMatch: o.IfMatch,
		Creates: o.Location != nil || o.Makes, Location: location, Errors: o.Errors, Media: o.Media,
		In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](), Example: o.Example, Answer: o.Answer,
	}
}

// Method and Path are the two parts of the pattern.
func (d Declaration) Method() string { return d.Pattern[:strings.IndexByte(d.Pattern, ' ')] }
func (d Declaration) Path() string   { return d.Pattern[strings.IndexByte(d.Pattern, ' ')+1:] }

// None is a request that takes nothing.
type None struct{}

// Done is the answer where there is nothing to say but that it was done.
type Done struct{}

// File is an answer that is not JSON, or is to be kept as a file.
type File struct {
	// Type is its media type.
	Type string
	// Name is the name to keep it under; empty where it is not to be kept.
	Name string
	Body []byte
}

// Page asks for a page of a list: the one of the cursor that List.Next gave,
// the first for none.
type Page struct {
	// Cursor is what the page before gave as next.
	Cursor string `query:"cursor" json:"-"`
	// Limit is how many items there are at most; 50 where it is left out.
	Limit int `query:"limit" json:"-" min:"1" max:"200" default:"50"`
}

// path is a path under /api/v1.
func path(segments ...string) string {
	var b strings.Builder
	b.WriteString("/api/v1")
	for _, s := range segments {
		b.WriteString("/" + url.PathEscape(s))
	}
	return b.String()
}
