package client

import (
	"context"
	"net/url"
	"strconv"

	"cordon"
)

// Named is an organisation, a person or an arrangement as answers give it. Name is empty
// where it is not the asker's to know: the people of other organisations.
type Named struct {
	ID   cordon.ID `json:"id"`
	Name string    `json:"name,omitempty"`
}

// List is a page of a list.
type List[T any] struct {
	Items []T `json:"items"`
	// Next is the cursor of the page after; empty on the last one.
	Next string `json:"next,omitempty"`
}

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
		var out List[T]
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
