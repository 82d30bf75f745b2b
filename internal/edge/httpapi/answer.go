package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"cordon"
	"cordon/wire"
)

// statuses are the HTTP statuses of the kinds of error.
var statuses = map[cordon.Kind]int{
	cordon.KindInternal:        http.StatusInternalServerError,
	cordon.KindInvalid:         http.StatusBadRequest,
	cordon.KindNotFound:        http.StatusNotFound,
	cordon.KindConflict:        http.StatusConflict,
	cordon.KindChanged:         http.StatusPreconditionFailed,
	cordon.KindDenied:          http.StatusForbidden,
	cordon.KindUnauthenticated: http.StatusUnauthorized,
	cordon.KindTooLarge:        http.StatusRequestEntityTooLarge,
	cordon.KindSpill:           http.StatusUnprocessableEntity,
	cordon.KindTooMany:         http.StatusTooManyRequests,
	cordon.KindUnavailable:     http.StatusServiceUnavailable,
}

const (
	jsonType    = "application/json; charset=utf-8"
	problemType = "application/problem+json"
)

// paged is an answer with the place of its next page: in the clear as an
// operation gives it, sealed as it goes out.
type paged interface{ Cursor() *string }

// answer writes the answer of an operation.
func (a *api) answer(w http.ResponseWriter, c *call, out answer, err error) {
	if err != nil {
		a.fail(w, c.Request, err)
		return
	}
	file, isFile := out.value.(*wire.File)
	if !isFile {
		file = &wire.File{Type: jsonType}
		if file.Body, err = encode(out.value); err != nil {
			a.fail(w, c.Request, err)
			return
		}
	}
	if a.unchanged(w, c.Request, file.Body) {
		return
	}
	if page, ok := out.value.(paged); ok && *page.Cursor() != "" {
		*page.Cursor() = c.sealCursor(*page.Cursor())
		if file.Body, err = encode(out.value); err != nil {
			a.fail(w, c.Request, err)
			return
		}
	}
	w.Header().Set("Content-Type", file.Type)
	if file.Name != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	}
	if out.location != "" {
		w.Header().Set("Location", out.location)
	}
	if out.made {
		w.WriteHeader(http.StatusCreated)
	}
	w.Write(file.Body)
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "the answer could not be written").Because(err)
	}
	return b.Bytes(), nil
}

// fail writes a problem and logs the cause of a fault: not the message, which
// may repeat what the person sent or may see.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problem(err)
	if p.Status >= 500 {
		entry := entryOf(r)
		if p.Status == http.StatusInternalServerError {
			p.Instance = "urn:cordon:request:" + string(entry.id)
		}
		entry.cause = cause(err)
	}
	switch p.Status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
		a.delayRefusal(r)
	case http.StatusNotFound:
		a.delayRefusal(r)
	case http.StatusTooManyRequests:
		var t *tooMany
		if errors.As(err, &t) {
			retryAfter(w, t)
		}
	case http.StatusServiceUnavailable:
		if address(r) != "" { // a process does not wait for itself
			w.Header().Set("Retry-After", unavailableFor)
		}
	}
	body, _ := encode(p) // strings and numbers always encode
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	w.Write(body)
}

// problem is the error as it is shown. All that is not found, and all that is
// wrong with credentials, is one and the same.
func problem(err error) wire.Problem {
	shown := cordon.Errorf(cordon.KindInternal, "something went wrong inside Cordon; its operator finds the cause in the log")
	var e *cordon.Error
	if errors.As(err, &e) {
		shown = e
	}
	switch shown.Kind {
	case cordon.KindNotFound:
		shown = cordon.ErrNotFound
	case cordon.KindUnauthenticated:
		shown = unauthenticated
	}
	status := statuses[shown.Kind]
	switch {
	case errors.As(err, new(notAcceptable)):
		status = http.StatusNotAcceptable
	case errors.As(err, new(unsupported)):
		status = http.StatusUnsupportedMediaType
	}
	return wire.Problem{
		Type: wire.ProblemType + shown.Kind.String(), Title: http.StatusText(status), Status: status,
		Detail: shown.Message, Issues: shown.Issues,
	}
}

// cause is what lies under the message, for operators.
func cause(err error) string {
	var e *cordon.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if inner := errors.Unwrap(e); inner != nil {
		return inner.Error()
	}
	return e.Kind.String()
}

// each gives what the function makes of each item.
func each[T, U any](items []T, of func(T) (U, error)) ([]U, error) {
	out := make([]U, len(items))
	for i, item := range items {
		var err error
		if out[i], err = of(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}
