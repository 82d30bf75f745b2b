package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"cordon"
	"cordon/wire"
)

// do sends the request of an operation and gives its answer.
func do[In, Out any](ctx context.Context, c *Client, op wire.Operation[In, Out], in In) (Out, error) {
	var out Out
	method, path, _ := strings.Cut(op.Pattern, " ")
	path, query := address(path, reflect.ValueOf(in))
	var body []byte
	if method != http.MethodGet {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return out, cordon.Errorf(cordon.KindInvalid, "the request cannot be written as JSON").Because(err)
		}
		if len(body) > cordon.MaxRequestBytes {
			return out, cordon.Errorf(cordon.KindTooLarge, "a request of %d bytes: at most %d are taken", len(body), cordon.MaxRequestBytes)
		}
	}
	answer, err := c.raw(ctx, method, path, query, body)
	if err != nil {
		return out, err
	}
	if file, ok := any(&out).(*wire.File); ok {
		file.Body = answer
		return out, nil
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return out, cordon.Errorf(cordon.KindInternal, "the server's answer is not one of this API").Because(err)
	}
	return out, nil
}

// address fills the path of an operation, each segment escaped, and its query,
// from the fields of a request; see wire.Operation.
func address(path string, in reflect.Value) (string, url.Values) {
	query := url.Values{}
	for _, f := range reflect.VisibleFields(in.Type()) {
		if name := f.Tag.Get("path"); name != "" {
			path = strings.Replace(path, "{"+name+"}", url.PathEscape(in.FieldByIndex(f.Index).String()), 1)
		}
		name, value := f.Tag.Get("query"), in.FieldByIndex(f.Index)
		if name == "" || value.IsZero() {
			continue
		}
		switch v := value.Interface().(type) {
		case []string:
			query[name] = v
		case time.Time:
			query.Set(name, v.Format(time.RFC3339Nano))
		default:
			query.Set(name, fmt.Sprint(v))
		}
	}
	return path, query
}

// all reads a list page by page to its end.
func all[T any](page func(wire.Page) (wire.List[T], error)) ([]T, error) {
	var items []T
	for at := (wire.Page{Limit: cordon.MaxPage}); ; {
		out, err := page(at)
		if err != nil {
			return nil, err
		}
		items = append(items, out.Items...)
		if at.Cursor = out.Next; at.Cursor == "" {
			return items, nil
		}
	}
}
