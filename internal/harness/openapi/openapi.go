// Package openapi makes the OpenAPI document of the API of the operations that
// it declares, of the types of their requests and answers, and of the comments
// of both. It is run by go generate; nothing that is served depends on it.
package openapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"cordon"
	"cordon/wire"
)

// about is the description of the whole.
const about = "Originator-controlled sharing. In requests, organisations, people and arrangements are named by id or by name " +
	"(a person of another organisation as ORG/Name), reports by id or ref. Lists are {items, next}; cursors are opaque. Errors are " +
	"RFC 9457 problem details. Under /api/v1, everything that is absent or withheld, and every unknown route, is one and the same 404 " +
	"but for its Request-Id."

// The parts of a document that are used here, by OpenAPI 3.1.
type (
	object map[string]any

	operation struct {
		OperationID string                `json:"operationId"`
		Tags        []string              `json:"tags"`
		Summary     string                `json:"summary"`
		Description string                `json:"description,omitempty"`
		Security    []map[string][]string `json:"security"`
		Parameters  []any                 `json:"parameters,omitempty"`
		RequestBody *content              `json:"requestBody,omitempty"`
		Responses   map[string]any        `json:"responses"`
	}

	parameter struct {
		Name        string `json:"name"`
		In          string `json:"in"`
		Required    bool   `json:"required,omitempty"`
		Description string `json:"description,omitempty"`
		Schema      any    `json:"schema"`
		Example     any    `json:"example,omitempty"`
	}

	content struct {
		Description string           `json:"description,omitempty"`
		Required    bool             `json:"required,omitempty"`
		Headers     map[string]any   `json:"headers,omitempty"`
		Content     map[string]media `json:"content,omitempty"`
	}

	media struct {
		Schema  any `json:"schema"`
		Example any `json:"example,omitempty"`
	}
)

// Document is the document of the operations. Statuses are those of the kinds of
// error, and source is the folder of the module, whose comments are read.
func Document(operations []wire.Declaration, statuses map[cordon.Kind]int, source string) ([]byte, error) {
	g := generator{statuses: statuses, used: map[string]object{}}
	var err error
	if g.comments, err = readComments(source); err != nil {
		return nil, err
	}
	g.schemas = newSchemas(g.comments)
	paths := map[string]map[string]operation{}
	var tags []object
	for _, d := range operations {
		if tag := (object{"name": d.Tag}); !slices.ContainsFunc(tags, func(t object) bool { return t["name"] == d.Tag }) {
			tags = append(tags, tag)
		}
		method, path := strings.ToLower(d.Method()), d.Path()
		if paths[path] == nil {
			paths[path] = map[string]operation{}
		}
		paths[path][method] = g.operation(d)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err = e.Encode(struct {
		OpenAPI    string                          `json:"openapi"`
		Info       object                          `json:"info"`
		Servers    []object                        `json:"servers"`
		Tags       []object                        `json:"tags"`
		Paths      map[string]map[string]operation `json:"paths"`
		Components object                          `json:"components"`
	}{
		"3.1.0",
		object{"title": "Cordon", "version": "1", "license": object{"name": "Apache-2.0", "identifier": "Apache-2.0"}, "description": about},
		[]object{{"url": "/"}},
		tags, paths,
		object{
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
			"headers":         headers, "parameters": parameters, "responses": g.used, "schemas": g.schemas.defined,
		},
	})
	return bytes.ReplaceAll(b.Bytes(), []byte("#/$defs/"), []byte("#/components/schemas/")), err
}

func ref(part, name string) object { return object{"$ref": "#/components/" + part + "/" + name} }

func header(description string, schema object) object {
	return object{"description": description, "required": true, "schema": schema}
}

var (
	text = object{"type": "string"}

	headers = object{
		"RequestId":  header("The number of the request in the server's log; random.", text),
		"ETag":       header("Tags the answer, but for its cursor: equal tags mean equal answers to one person.", text),
		"Location":   header("The path of the thing that was made.", text),
		"RetryAfter": object{"description": "In how many seconds to try again, where it is known.", "schema": object{"type": "integer"}},
	}

	parameters = object{
		"IfNoneMatch": parameter{Name: "If-None-Match", In: "header", Schema: text, Description: "The ETag of the answer one has."},
		"IfMatch": parameter{
			Name: "If-Match", In: "header", Schema: text,
			Description: "The ETag of a GET of the same thing: where it was changed since, nothing is done.",
		},
		"IdempotencyKey": parameter{
			Name: "Idempotency-Key", In: "header", Schema: object{"type": "string", "maxLength": 255},
			Description: "The request is done at most once under a key of the person's. Sent again within a day it gets the first answer; " +
				"another request under the key, and one whose answer is not kept (a secret, or an answer lost in a crash), is a 409.",
		},
	}
)

type generator struct {
	statuses map[cordon.Kind]int
	comments comments
	schemas  *schemas
	// used are the responses that operations refer to.
	used map[string]object
}

func (g *generator) operation(d wire.Declaration) operation {
	summary, description := g.comments.operation(d.Name)
	o := operation{
		OperationID: d.Name, Tags: []string{d.Tag}, Summary: summary, Description: description,
		Security: []map[string][]string{}, Responses: map[string]any{},
	}
	switch d.Scope {
	case wire.Open:
	case wire.Any:
		o.Security = append(o.Security, map[string][]string{"token": {}})
	case wire.Every, "":
		o.Security = append(o.Security, map[string][]string{"token": scopes(cordon.AllScopes())})
	default:
		o.Security = append(o.Security, map[string][]string{"token": {string(d.Scope)}})
	}
	g.request(&o, d)
	g.answers(&o, d)
	return o
}

func scopes(all cordon.Scopes) []string {
	var out []string
	for _, s := range all {
		out = append(out, string(s))
	}
	return out
}

// request describes the parameters and the body of an operation.
func (g *generator) request(o *operation, d wire.Declaration) {
	example := reflect.ValueOf(d.Example)
	body := false
	for _, f := range reflect.VisibleFields(d.In) {
		name, in := f.Tag.Get("path"), "path"
		if name == "" {
			name, in = f.Tag.Get("query"), "query"
		}
		if name == "" {
			body = body || !f.Anonymous
			continue
		}
		p := parameter{
			Name: name, In: in, Required: in == "path" || f.Tag.Get("required") == "true", Description: g.comments.field(d.In, f), Schema: g.schemas.parameter(f),
		}
		if v := example.FieldByIndex(f.Index); !v.IsZero() {
			p.Example = v.Interface()
		}
		o.Parameters = append(o.Parameters, p)
	}
	if d.Method() == http.MethodGet {
		o.Parameters = append(o.Parameters, ref("parameters", "IfNoneMatch"))
	}
	if d.IfMatch {
		o.Parameters = append(o.Parameters, ref("parameters", "IfMatch"))
	}
	if d.Repeat != wire.RunsAgain {
		o.Parameters = append(o.Parameters, ref("parameters", "IdempotencyKey"))
	}
	if body {
		o.RequestBody = &content{Required: true, Content: map[string]media{
			"application/json": {Schema: g.schemas.body(d.In), Example: d.Example},
		}}
	}
}

// answers describes the answer of an operation and every error it can end in.
func (g *generator) answers(o *operation, d wire.Declaration) {
	ok := content{Description: "Done.", Headers: map[string]any{"Request-Id": ref("headers", "RequestId")}, Content: map[string]media{}}
	status := http.StatusOK
	if d.Creates {
		status = http.StatusCreated
		if d.Location != "" {
			ok.Headers["Location"] = ref("headers", "Location")
		}
		ok.Description = "Made."
	}
	if d.Method() == http.MethodGet {
		ok.Headers["ETag"] = ref("headers", "ETag")
		ok.Description = "Found."
		o.Responses["304"] = g.response("NotModified", "The answer is the one that the asker has, by the ETag in If-None-Match. "+
			"It was decided and recorded like any other reading.", nil)
	}
	if d.Media == nil {
		ok.Content["application/json"] = media{Schema: g.schemas.of(d.Out), Example: d.Answer}
	}
	for _, kind := range d.Media {
		schema := text
		if kind == "application/json" {
			schema = object{"type": "object"}
		}
		ok.Content[kind] = media{Schema: schema}
	}
	o.Responses[strconv.Itoa(status)] = ok
	for _, kind := range g.errors(d) {
		o.Responses[strconv.Itoa(g.statuses[kind])] = g.problem(kind)
	}
	if takesBody(d) {
		o.Responses["415"] = g.response("UnsupportedMediaType", "invalid: the body is not application/json.", problem(g))
	}
	o.Responses["406"] = g.response("NotAcceptable", "invalid: nothing that the operation answers with is among the Accept header's.", problem(g))
}

// takesBody reports whether an operation has a body in its request.
func takesBody(d wire.Declaration) bool {
	return slices.ContainsFunc(reflect.VisibleFields(d.In), func(f reflect.StructField) bool {
		return f.Tag.Get("path")+f.Tag.Get("query") == "" && !f.Anonymous
	})
}

// errors are the kinds of error of an operation.
func (g *generator) errors(d wire.Declaration) []cordon.Kind {
	kinds := []cordon.Kind{cordon.KindInvalid, cordon.KindTooMany, cordon.KindInternal, cordon.KindUnavailable}
	if d.Scope != wire.Open {
		kinds = append(kinds, cordon.KindUnauthenticated, cordon.KindDenied)
	}
	if strings.Contains(d.Pattern, "{") {
		kinds = append(kinds, cordon.KindNotFound)
	}
	if d.Method() != http.MethodGet {
		kinds = append(kinds, cordon.KindTooLarge)
	}
	if d.Repeat != wire.RunsAgain {
		kinds = append(kinds, cordon.KindConflict)
	}
	if d.IfMatch {
		kinds = append(kinds, cordon.KindChanged)
	}
	return append(kinds, d.Errors...)
}

func (g *generator) problem(kind cordon.Kind) object {
	var name string
	for word := range strings.SplitSeq(kind.String(), "-") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return g.response(name, kind.String()+": "+g.comments.kind(kind), problem(g))
}

func problem(g *generator) map[string]media {
	return map[string]media{"application/problem+json": {Schema: g.schemas.of(reflect.TypeFor[wire.Problem]())}}
}

// response refers to a response that many operations can end in.
func (g *generator) response(name, description string, body map[string]media) object {
	of := object{"description": description}
	hs := object{"Request-Id": ref("headers", "RequestId")}
	if name == "TooMany" || name == "Unavailable" {
		hs["Retry-After"] = ref("headers", "RetryAfter")
	}
	of["headers"] = hs
	if body != nil {
		of["content"] = body
	}
	g.used[name] = of
	return ref("responses", name)
}
