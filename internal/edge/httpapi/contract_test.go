package httpapi_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/go-cmp/cmp"

	"cordon/internal/edge/httpapi"
	"cordon/internal/harness/openapi"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// contract holds every exchange of these tests against the OpenAPI document.
// kin-openapi validates documents of version 3.1 with a JSON Schema 2020-12
// validator. It does not check headers beyond those documented.
type contract struct {
	doc *openapi3.T
	mux *http.ServeMux // finds the operation of a request

	mu   sync.Mutex // guards what follows
	done map[string]bool
	seen map[string]bool // the answers that were held against it
}

var theContract = sync.OnceValue(func() *contract {
	doc, err := openapi3.NewLoader().LoadFromData(httpapi.OpenAPI())
	if err != nil {
		panic(err)
	}
	c := &contract{doc: doc, mux: http.NewServeMux(), done: make(map[string]bool), seen: make(map[string]bool)}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			c.mux.Handle(method+" "+path, http.NotFoundHandler())
		}
	}
	return c
})

// TestMain fails a full run in which an operation was never answered with
// success: nothing is served that was never tried.
func TestMain(m *testing.M) {
	flag.Parse()
	openapi3filter.RegisterBodyDecoder("text/markdown", openapi3filter.PlainBodyDecoder)
	code := m.Run()
	if code == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" {
		c := theContract()
		for path, item := range c.doc.Paths.Map() {
			for method := range item.Operations() {
				if !c.done[method+" "+path] {
					fmt.Fprintf(os.Stderr, "%s %s is documented and was never tried\n", method, path)
					code = 1
				}
			}
		}
	}
	os.Exit(code)
}

func TestDocumentIsValid(t *testing.T) {
	if err := theContract().doc.Validate(t.Context(), openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Fatal(err)
	}
}

// TestDocumentIsGenerated makes the document again of what is declared; go
// generate writes it.
func TestDocumentIsGenerated(t *testing.T) {
	want, err := openapi.Document(httpapi.Operations(), httpapi.Statuses, filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(want), string(httpapi.OpenAPI())); d != "" {
		t.Errorf("openapi.json is not what the declarations say (-): run go generate ./internal/edge/httpapi\n%s", d)
	}
}

// TestDeclarations: each is whole, and its example is a request of it.
func TestDeclarations(t *testing.T) {
	names := map[string]bool{}
	for _, d := range httpapi.Operations() {
		if d.Name == "" || d.Tag == "" || names[d.Name] {
			t.Errorf("%s has not a name of its own, or no tag", d.Pattern)
		}
		names[d.Name] = true
		op := theContract().doc.Paths.Find(d.Path()).GetOperation(d.Method())
		if op.Summary == "" || op.OperationID != d.Name {
			t.Errorf("%s: the document says %q of %s", d.Name, op.Summary, op.OperationID)
		}
		for _, p := range op.Parameters {
			if in := p.Value.In; in == "path" && p.Value.Example == nil || in != "header" && p.Value.Description == "" {
				t.Errorf("%s: the parameter %s has no example, or nothing is said of it", d.Name, p.Value.Name)
			}
		}
	}
}

// checked wraps a handler so that every exchange fails the test where the
// document does not describe it. A request that was refused as bad input need
// not be as documented.
func (c *contract) checked(t testing.TB, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked := r.Clone(context.Background())
		asked.Body = io.NopCloser(bytes.NewReader(body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		c.check(t, asked, rec)
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	})
}

func (c *contract) check(t testing.TB, asked *http.Request, rec *httptest.ResponseRecorder) {
	_, pattern := c.mux.Handler(asked)
	if pattern == "" {
		if rec.Code != http.StatusNotFound && rec.Code != http.StatusUnauthorized {
			t.Errorf("%s %s is documented nowhere and answered %d", asked.Method, asked.URL.Path, rec.Code)
		}
		return
	}
	method, path, _ := strings.Cut(pattern, " ")
	item := c.doc.Paths.Find(path)
	in := &openapi3filter.RequestValidationInput{
		Request: asked, PathParams: pathParams(path, asked.URL),
		Route: &routers.Route{Spec: c.doc, Path: path, PathItem: item, Method: method, Operation: item.GetOperation(method)},
		Options: &openapi3filter.Options{
			AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
			IncludeResponseStatus: true,
			MultiError:            true,
		},
	}
	if rec.Code < 300 {
		c.mu.Lock()
		c.done[pattern] = true
		c.mu.Unlock()
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			t.Errorf("%s: the request is not as documented and was taken: %v", pattern, err)
		}
	}
	// Refusals are alike by the thousand.
	seen := fmt.Sprint(pattern, rec.Code, slices.Sorted(maps.Keys(rec.Header())), rec.Body)
	c.mu.Lock()
	known := c.seen[seen]
	c.seen[seen] = true
	c.mu.Unlock()
	if known {
		return
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: rec.Code, Header: rec.Header(), Options: in.Options,
		Body: io.NopCloser(bytes.NewReader(rec.Body.Bytes())),
	}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("%s: the answer %d is not as documented: %v\n%s", pattern, rec.Code, err, rec.Body)
	}
}

func pathParams(pattern string, u *url.URL) map[string]string {
	params := make(map[string]string)
	given := strings.Split(u.EscapedPath(), "/")
	for i, segment := range strings.Split(pattern, "/") {
		if strings.HasPrefix(segment, "{") {
			params[strings.Trim(segment, "{}")], _ = url.PathUnescape(given[i])
		}
	}
	return params
}
