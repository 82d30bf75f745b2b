package httpapi_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"cordon"
	"cordon/internal/edge/httpapi"
)

// contract holds every exchange of these tests against the OpenAPI document.
// kin-openapi validates documents of version 3.1 with a JSON Schema 2020-12
// validator. What it does not check are headers beyond those documented.
type contract struct {
	doc *openapi3.T
	mux *http.ServeMux // finds the operation of a request

	mu   sync.Mutex // guards done
	done map[string]bool
}

var theContract = sync.OnceValue(func() *contract {
	doc, err := openapi3.NewLoader().LoadFromData(httpapi.OpenAPI())
	if err != nil {
		panic(err)
	}
	c := &contract{doc: doc, mux: http.NewServeMux(), done: make(map[string]bool)}
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

func TestEveryRouteIsDocumentedAndEveryDocumentedRouteIsThere(t *testing.T) {
	var documented []string
	for path, item := range theContract().doc.Paths.Map() {
		for method := range item.Operations() {
			documented = append(documented, method+" "+path)
		}
	}
	served := httpapi.Patterns()
	slices.Sort(documented)
	slices.Sort(served)
	for _, r := range served {
		if !slices.Contains(documented, r) {
			t.Errorf("%s is served and not documented", r)
		}
	}
	for _, r := range documented {
		if !slices.Contains(served, r) {
			t.Errorf("%s is documented and not served", r)
		}
	}
}

// TestEveryRouteSaysWhatScopeItNeeds: and the document says the same.
func TestEveryRouteSaysWhatScopeItNeeds(t *testing.T) {
	for pattern, want := range httpapi.Needs() {
		method, path, _ := strings.Cut(pattern, " ")
		item := theContract().doc.Paths.Find(path)
		if item == nil || item.GetOperation(method) == nil {
			continue // told by another test
		}
		security := item.GetOperation(method).Security
		switch {
		case security == nil:
			t.Errorf("%s: the document does not say which scope it needs", pattern)
		case want == nil && len(*security) == 0:
		case len(*security) != 1:
			t.Errorf("%s: the document says %v, and the route needs %v", pattern, *security, want)
		default:
			var said cordon.Scopes
			for _, s := range (*security)[0]["token"] {
				said = append(said, cordon.Scope(s))
			}
			if want == nil || !said.Cover(want...) || !want.Cover(said...) {
				t.Errorf("%s: the document says %v, and the route needs %v", pattern, said, want)
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
