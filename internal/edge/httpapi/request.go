package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cordon"
	"cordon/internal/strictjson"
)

// request is how the requests of one operation are read: which fields of its
// struct come from where. See wire.Operation.
type request struct {
	path, query []reflect.StructField
	// body says that the struct has fields of a JSON object.
	body bool
	// lenient says that parameters which are not known are passed over: health
	// checks come with all kinds.
	lenient bool
}

func requestOf(in reflect.Type, lenient bool) request {
	r := request{lenient: lenient}
	for _, f := range reflect.VisibleFields(in) {
		switch {
		case f.Tag.Get("path") != "":
			r.path = append(r.path, f)
		case f.Tag.Get("query") != "":
			r.query = append(r.query, f)
		case !f.Anonymous:
			r.body = true
		}
	}
	return r
}

// read reads the request of a call into a struct.
func (r request) read(c *call, in reflect.Value) error {
	if err := r.readQuery(c, in); err != nil {
		return err
	}
	var nothing struct{}
	switch {
	case r.body:
		if err := c.decode(in.Addr().Interface()); err != nil {
			return err
		}
	case len(c.body) > 0:
		if err := c.decode(&nothing); err != nil {
			return err
		}
	}
	for _, f := range r.path {
		segment := c.PathValue(f.Tag.Get("path"))
		if !isText(segment) {
			return cordon.ErrNotFound
		}
		in.FieldByIndex(f.Index).SetString(segment)
	}
	if !wellFormed(in) {
		return cordon.ErrNotFound
	}
	return nil
}

// readQuery reads the parameters, of which only the known may occur, and once
// each unless they are a list. The cursor, which is sealed, is opened.
func (r request) readQuery(c *call, in reflect.Value) error {
	q, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return cordon.Errorf(cordon.KindInvalid, "the query is malformed")
	}
	var known []string
	left := len(q)
	for _, f := range r.query {
		name := f.Tag.Get("query")
		known = append(known, name)
		values, given := q[name]
		if given {
			left--
		}
		if err := readParameter(f, in.FieldByIndex(f.Index), values); err != nil {
			return err
		}
	}
	switch {
	case r.lenient:
	case left > 0 && known == nil:
		return cordon.Errorf(cordon.KindInvalid, "this takes no parameters")
	case left > 0:
		return cordon.Errorf(cordon.KindInvalid, "a parameter is not one of %s", strings.Join(known, ", "))
	}
	place, err := c.openCursor(q)
	if place != "" {
		in.FieldByName("Cursor").SetString(place)
	}
	return err
}

// readParameter reads the values given for a parameter into its field.
func readParameter(f reflect.StructField, to reflect.Value, values []string) error {
	name := f.Tag.Get("query")
	if slices.ContainsFunc(values, func(v string) bool { return !isText(v) }) {
		return cordon.Errorf(cordon.KindInvalid, "the parameter %s is not text", name)
	}
	if to.Kind() == reflect.Slice {
		list := reflect.MakeSlice(to.Type(), len(values), len(values))
		for i, v := range values {
			list.Index(i).SetString(v)
		}
		to.Set(list)
		return nil
	}
	if len(values) > 1 {
		return cordon.Errorf(cordon.KindInvalid, "the parameter %s is given twice", name)
	}
	text := f.Tag.Get("default")
	if len(values) == 1 && values[0] != "" {
		text = values[0]
	}
	switch to.Interface().(type) {
	case bool:
		if text != "" && text != "true" && text != "false" {
			return cordon.Errorf(cordon.KindInvalid, "%s is true or false", name)
		}
		to.SetBool(text == "true")
	case int, int64:
		n, err := number(f.Tag, text)
		if err != nil {
			return err
		}
		to.SetInt(n)
	case time.Time:
		at, err := instant(name, text)
		if err != nil {
			return err
		}
		to.Set(reflect.ValueOf(at))
	default:
		if closed := f.Tag.Get("enum"); closed != "" && text != "" && !slices.Contains(strings.Split(closed, ","), text) {
			return cordon.Errorf(cordon.KindInvalid, "%s is one of %s", name, strings.ReplaceAll(closed, ",", ", "))
		}
		to.SetString(text)
	}
	return nil
}

// number reads a whole number from 0, within the bounds of its tags.
func number(tag reflect.StructTag, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	name := tag.Get("query")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, cordon.Errorf(cordon.KindInvalid, "%s is not a whole number from 0", name)
	}
	least, _ := strconv.ParseInt(tag.Get("min"), 10, 64)
	most, err := strconv.ParseInt(tag.Get("max"), 10, 64)
	if err == nil && (n < least || n > most) {
		return 0, cordon.Errorf(cordon.KindInvalid, "%s is from %d to %d", name, least, most)
	}
	return n, nil
}

// instant reads a date or a date and time; the zero time where it is left out.
func instant(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, cordon.Errorf(cordon.KindInvalid, "%s is a date, 2026-05-15, or a date and time, 2026-05-15T09:00:00Z", name)
}

// isText reports whether the text is one that a database can hold: PostgreSQL
// knows no NUL.
func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// wellFormed reports whether all ids that are given in the value have the form
// of one, without which none reaches a store.
func wellFormed(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		id, ok := v.Interface().(cordon.ID)
		return !ok || id == "" || id.Valid()
	case reflect.Pointer:
		return v.IsNil() || wellFormed(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if !wellFormed(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Tag.Get("id") != "any" && !wellFormed(v.Field(i)) {
				return false
			}
		}
	}
	return true
}

// decode reads the body into a struct: JSON, nothing unknown and no key twice in
// it, nothing after it.
func (c *call) decode(into any) error {
	media, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return unsupported{cordon.Errorf(cordon.KindInvalid, "the body must be application/json")}
	}
	if !utf8.Valid(c.body) {
		return cordon.Errorf(cordon.KindInvalid, "the body is not valid UTF-8")
	}
	if string(bytes.TrimSpace(c.body)) == "null" {
		return cordon.Errorf(cordon.KindInvalid, "the body is null and should be an object").With(cordon.Issue{Line: 1, Column: 1, Problem: "this is null and should be an object"})
	}
	err = strictjson.Unmarshal(c.body, into)
	if err == strictjson.ErrMore {
		return cordon.Errorf(cordon.KindInvalid, "something follows the JSON value of the body")
	}
	if err != nil {
		return malformed(c.body, err)
	}
	return nil
}

// malformed puts the decoder's complaint into words, with its place.
func malformed(body []byte, err error) error {
	issue := cordon.Issue{Problem: strings.TrimPrefix(err.Error(), "json: ")}
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	var key *strictjson.KeyError
	var time *time.ParseError
	at := int64(-1)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &key):
		at = key.Offset + 1
	case errors.As(err, &mistyped):
		at = mistyped.Offset
		issue.Problem = mistype(mistyped)
	case errors.As(err, &time):
		issue.Problem = "a time is not a string such as \"2026-05-15T09:00:00Z\""
		at = after(body, strings.Trim(time.Value, `"`))
	case strings.HasPrefix(issue.Problem, "Time.UnmarshalJSON"):
		issue.Problem = "a time is not a string such as \"2026-05-15T09:00:00Z\""
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		at, issue.Problem = int64(len(body)), "the body ends before the JSON value does"
	}
	if name, ok := strings.CutPrefix(issue.Problem, "unknown field "); ok {
		at = after(body, strings.Trim(name, `"`))
	}
	if at >= 0 {
		before := body[:min(at, int64(len(body)))]
		issue.Line = 1 + bytes.Count(before, []byte("\n"))
		issue.Column = max(1, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]))
	}
	return cordon.Errorf(cordon.KindInvalid, "the body is not what this takes: %s", issue.Problem).With(issue)
}

// after is just behind where a name or a text first begins in a body, in quotes; less
// than 0 where it is written in another way.
func after(body []byte, text string) int64 {
	i := bytes.Index(body, []byte(`"`+text+`"`))
	if i < 0 {
		return -1
	}
	return int64(i) + 1
}

// mistype says which value is of which kind and should be of which. The field's
// path leaves out the structs that are embedded, which are not in the JSON.
func mistype(err *json.UnmarshalTypeError) string {
	where := "the body"
	path := slices.DeleteFunc(strings.Split(err.Field, "."), func(name string) bool { return name == "" || unicode.IsUpper(rune(name[0])) })
	if len(path) > 0 {
		where = "the value of " + strings.Join(path, ".")
	}
	is, ok := map[string]string{"array": "a list", "object": "an object", "bool": "true or false", "string": "a string", "number": "a number"}[err.Value]
	if !ok {
		is = "the " + err.Value // "number 1.5"
	}
	return where + " is " + is + " and should be " + kindOf(err.Type)
}

// kindOf says which kind of JSON value a type is read from.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "a string in base64"
		}
		return "a list"
	}
	return "an object"
}
