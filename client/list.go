package client

import (
	"context"
	"net/url"
	"strconv"

	"cordon"
	"cordon/wire"
)

// Page asks for a page of a list: the one of the cursor that List.Next gave,
// the first for none.
type Page struct {
	Cursor string
	// Limit is at most cordon.MaxPage; zero leaves it to the server.
	Limit int
}

// all reads a list page by page to its end.
func all[T any](ctx context.Context, c *Client, path string) ([]T, error) {
	var items []T
	for page := (Page{Limit: cordon.MaxPage}); ; {
		var out wire.List[T]
		if err := c.get(ctx, path, page.query(), &out); err != nil {
			return nil, err
		}
		items = append(items, out.Items...)
		if page.Cursor = out.Next; page.Cursor == "" {
			return items, nil
		}
	}
}

func (p Page) query() url.Values {
	q := url.Values{}
	if p.Cursor != "" {
		q.Set("cursor", p.Cursor)
	}
	if p.Limit != 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	return q
}
