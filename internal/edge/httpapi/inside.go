package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"cordon"
	"cordon/wire"
)

// Inside runs the operations of the API for the pages, which are served by the
// same process: by the same functions, on the same use-cases, with the same
// names, bounds and sealed cursors, and without JSON between them. The pages have
// no other way in.
type Inside struct {
	api *api
	// bound is the function of each operation, by its name.
	bound map[string]any
}

// NewInside makes the operations runnable from within.
func NewInside(services Services) *Inside {
	i := &Inside{api: newAPI(services), bound: make(map[string]any)}
	for _, r := range i.api.routes() {
		i.bound[r.Name] = r.bound
	}
	return i
}

// Caller is somebody who is signed in, for the length of one request to a page.
// It is used by one goroutine.
type Caller struct {
	inside *Inside
	call   *call
}

// Caller is the principal of a request to a page.
func (i *Inside) Caller(r *http.Request, p cordon.Principal) *Caller {
	entryOf(r).person = p.Person
	return &Caller{i, &call{api: i.api, Request: r.WithContext(r.Context()), principal: p, person: p.Person, by: i.api.As(p)}}
}

// Limit refuses a person who has sent too many requests of late.
func (c *Caller) Limit() error {
	return c.inside.api.limit(c.inside.api.perPerson, c.call.Request, string(c.call.person))
}

// Withhold holds an answer back that says that nothing is there; see
// delayRefusal.
func (i *Inside) Withhold(r *http.Request) { i.api.delayRefusal(r) }

// Together runs what a page reads on one state of the store: each Do within it
// that only reads sees the same. What writes is an act of its own, and sees what
// is there then.
func (c *Caller) Together(read func() error) error {
	before := c.call.Request
	defer func() { c.call.Request = before }()
	return c.inside.api.Store.View(before.Context(), func(tx cordon.ReadTx) error {
		c.call.Request = before.WithContext(context.WithValue(before.Context(), viewKey{}, tx))
		return read()
	})
}

type viewKey struct{}

// View gives what is read under Together the transaction of that.
func (s idempotentStore) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	if tx, ok := ctx.Value(viewKey{}).(cordon.ReadTx); ok {
		return fn(tx)
	}
	return s.Store.View(ctx, fn)
}

// Once has all that is done afterwards done at most once under the key, as under
// an Idempotency-Key: a form that is sent twice is a Conflict the second time.
func (c *Caller) Once(key string) error {
	if key == "" || len(key) > maxKey {
		return cordon.Errorf(cordon.KindInvalid, "this form is not one that a page of Cordon sent: load the page again")
	}
	k := keyed{api: c.inside.api, slot: slot(c.call.person, "form "+key)}
	r := k.reservation()
	if (idempotentStore{c.inside.api.Store}).done(c.call.Context(), r) {
		return errDone
	}
	c.call.Request = c.call.WithContext(r.in(c.call.Context()))
	return nil
}

// IsRepeated reports whether the error says that the form was sent before.
func IsRepeated(err error) bool { return err == error(errDone) }

// If has a change made only where the thing still has the tag that Tag gave.
func (c *Caller) If(tag string) {
	header := c.call.Header.Clone()
	header.Set("If-Match", tag)
	c.call.Request = c.call.WithContext(c.call.Context())
	c.call.Header = header
}

// Tag is the entity tag of a thing, as the answer of an operation gives it.
func (c *Caller) Tag(v any) (string, error) {
	body, err := encode(v)
	return c.inside.api.etag(c.call.person, body), err
}

// Do runs an operation. Its cursor, where it takes one, is one that an earlier
// answer of the same operation to the same request gave the same person.
func Do[In, Out any](c *Caller, op wire.Operation[In, Out], in In) (Out, error) {
	var none Out
	declared := op.Declared()
	request := reflect.ValueOf(&in).Elem()
	if err := withDefaults(request); err != nil {
		return none, err
	}
	if !wellFormed(request) {
		return none, cordon.ErrNotFound
	}
	seal, err := c.openCursor(declared, request)
	if err != nil {
		return none, err
	}
	out, err := c.inside.bound[op.Name].(func(*call, In) (Out, error))(c.call, in)
	if err != nil {
		return none, err
	}
	if page, ok := any(&out).(paged); ok && *page.Cursor() != "" {
		*page.Cursor() = seal(*page.Cursor())
	}
	return out, nil
}

// withDefaults fills in the numbers that a request leaves out, and holds the
// others to their bounds.
func withDefaults(in reflect.Value) error {
	for _, f := range reflect.VisibleFields(in.Type()) {
		to := in.FieldByIndex(f.Index)
		if f.Tag.Get("query") == "" || !to.CanInt() {
			continue
		}
		text := strconv.FormatInt(to.Int(), 10)
		if to.Int() == 0 {
			text = f.Tag.Get("default")
		}
		n, err := number(f.Tag, text)
		if err != nil {
			return err
		}
		to.SetInt(n)
	}
	return nil
}

// openCursor opens the cursor of a request, and gives what seals the next one.
// A request is told from another by all that it asks but for the cursor.
func (c *Caller) openCursor(op wire.Declaration, in reflect.Value) (seal func(string) string, err error) {
	field := in
	if in.Kind() != reflect.Struct || !in.FieldByName("Cursor").IsValid() {
		return nil, nil
	}
	field = in.FieldByName("Cursor")
	cursor := field.String()
	field.SetString("")
	asked, err := json.Marshal(plain(in))
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "a request does not encode").Because(err)
	}
	bound := "page cursor\n" + string(c.call.person) + "\n" + op.Name + "\n" + string(asked)
	seal = func(place string) string {
		return base64.RawURLEncoding.EncodeToString(c.call.Vault.SealRoot(bound, []byte(place)))
	}
	if cursor == "" {
		return seal, nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(cursor) > 2048 {
		return nil, errCursor
	}
	place, err := c.call.Vault.OpenRoot(bound, sealed)
	if err != nil {
		return nil, errCursor
	}
	field.SetString(string(place))
	return seal, nil
}

// plain is every field of a request, those among them that JSON leaves out.
func plain(in reflect.Value) map[string]any {
	out := make(map[string]any)
	for _, f := range reflect.VisibleFields(in.Type()) {
		if !f.Anonymous {
			out[f.Name] = in.FieldByIndex(f.Index).Interface()
		}
	}
	return out
}
