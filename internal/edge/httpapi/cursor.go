package httpapi

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/url"
	"slices"
	"time"

	"cordon"
	"cordon/internal/usecase/reading"
	"cordon/wire"
)

var errCursor = cordon.Errorf(cordon.Invalid, "this cursor is not one that the list before gave you")

// cursorContext binds a cursor to its list, to what was asked and to whom it
// was given.
func (c *call) cursorContext(asked string) string {
	return "cursor\n" + string(c.person) + "\n" + c.Pattern + "\n" + asked
}

// sealCursor seals a place in a list: it tells nothing, and none can be made up.
func (c *call) sealCursor(place []byte, asked string) string {
	return base64.RawURLEncoding.EncodeToString(c.Vault.SealRoot(c.cursorContext(asked), place))
}

// openCursor gives the place in the cursor of the request.
func (c *call) openCursor(q url.Values, asked string) ([]byte, error) {
	if len(q.Get("cursor")) > 2048 {
		return nil, errCursor
	}
	sealed, err := base64.RawURLEncoding.DecodeString(q.Get("cursor"))
	if err != nil {
		return nil, errCursor
	}
	place, err := c.Vault.OpenRoot(c.cursorContext(asked), sealed)
	if err != nil {
		return nil, errCursor
	}
	return place, nil
}

// cursor is that of a list ordered newest first.
func (c *call) cursor(at cordon.Cursor, asked string) string {
	return c.sealCursor(append(binary.BigEndian.AppendUint64(nil, uint64(at.Created.UnixMicro())), at.ID...), asked)
}

// page reads cursor and limit of a list ordered newest first.
func (c *call) page(q url.Values, asked string) (reading.Page, error) {
	n, err := limit(q, cordon.MaxPage)
	if err != nil {
		return reading.Page{}, err
	}
	page := reading.Page{Limit: n}
	if !q.Has("cursor") {
		return page, nil
	}
	place, err := c.openCursor(q, asked)
	if err != nil {
		return page, err
	}
	if len(place) < 8 {
		return page, errCursor
	}
	page.After = cordon.Cursor{
		Created: time.UnixMicro(int64(binary.BigEndian.Uint64(place))).UTC(),
		ID:      cordon.ID(place[8:]),
	}
	return page, nil
}

// paged gives the page that the request asks for of a list that is loaded
// whole, because it is short or what may be seen of it is not known before.
// The key is what the list is ordered by, ascending; the cursor keeps that of
// the last item shown, so that what comes or goes meanwhile moves nothing else.
func paged[T any](c *call, items []T, key func(T) string) (any, error) {
	q, err := c.query("cursor", "limit")
	if err != nil {
		return nil, err
	}
	n, err := limit(q, cordon.MaxPage)
	if err != nil {
		return nil, err
	}
	if q.Has("cursor") {
		last, err := c.openCursor(q, "")
		if err != nil {
			return nil, err
		}
		items = slices.DeleteFunc(items, func(item T) bool { return key(item) <= string(last) })
	}
	out := wire.List[T]{Items: items[:min(n, len(items))]}
	if len(items) > n {
		out.Next = c.sealCursor([]byte(key(items[n-1])), "")
	}
	if out.Items == nil {
		out.Items = []T{}
	}
	return out, nil
}

// newestFirst is the key of a list ordered in time, the newest first.
func newestFirst(at time.Time, id cordon.ID) string {
	return fmt.Sprintf("%016x%s", ^(uint64(at.UnixMicro()) ^ (1 << 63)), id)
}
