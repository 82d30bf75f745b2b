package httpapi

import (
	"cordon"
	"cordon/client"
)

func (a *api) notices(c *call) (any, error) {
	q, err := c.query("cursor", "limit")
	if err != nil {
		return nil, err
	}
	page, err := c.page(q, "")
	if err != nil {
		return nil, err
	}
	all, err := a.Notice.List(c.Context(), c.person, page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := client.List[client.Notice]{Items: make([]client.Notice, len(all))}
	for i, n := range all {
		out.Items[i] = client.Notice{ID: n.ID, Marking: n.Mark, Text: n.Text, Created: n.Created}
	}
	if n := len(all); n == page.Limit {
		out.Next = c.cursor(cordon.Cursor{Created: all[n-1].Created, ID: all[n-1].ID}, "")
	}
	return out, nil
}
