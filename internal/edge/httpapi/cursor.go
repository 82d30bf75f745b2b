package httpapi

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cordon"
	"cordon/wire"
)

var errCursor = cordon.Errorf(cordon.KindInvalid, "this cursor is not one that the list before gave you")

// cursorContext binds a cursor to its list, to everything that was asked of the
// list and to the person whom it was given to.
func (c *call) cursorContext() string {
	return "cursor\n" + string(c.person) + "\n" + c.Pattern + "\n" + c.asked
}

// sealCursor seals a place in a list, so that a cursor tells nothing and cannot be
// made up.
func (c *call) sealCursor(place string) string {
	return base64.RawURLEncoding.EncodeToString(c.Vault.SealRoot(c.cursorContext(), []byte(place)))
}

// openCursor gives the place in the cursor of the request; empty for none.
func (c *call) openCursor(q url.Values) (string, error) {
	of := maps.Clone(q)
	of.Del("cursor")
	of.Del("limit")
	c.asked = c.URL.EscapedPath() + "?" + of.Encode()
	if !q.Has("cursor") {
		return "", nil
	}
	if len(q.Get("cursor")) > 2048 {
		return "", errCursor
	}
	sealed, err := base64.RawURLEncoding.DecodeString(q.Get("cursor"))
	if err != nil {
		return "", errCursor
	}
	place, err := c.Vault.OpenRoot(c.cursorContext(), sealed)
	if err != nil {
		return "", errCursor
	}
	return string(place), nil
}

// place is the place of a cursor in a list ordered newest first.
func place(at cordon.Cursor) string {
	return strconv.FormatInt(at.Created.UnixMicro(), 10) + " " + string(at.ID)
}

// placed reads what place has written; the start of the list for no place.
func placed(place string) (cordon.Cursor, error) {
	if place == "" {
		return cordon.Cursor{}, nil
	}
	at, id, _ := strings.Cut(place, " ")
	micro, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return cordon.Cursor{}, errCursor
	}
	return cordon.Cursor{Created: time.UnixMicro(micro).UTC(), ID: cordon.ID(id)}, nil
}

// newest gives a page of a list ordered newest first. The page is fetched after
// a place, and whether more follows; at is the place of an item.
func newest[T any](page wire.Page, fetch func(after cordon.Cursor, limit int) (items []T, more bool, err error), at func(T) cordon.Cursor) (wire.List[T], error) {
	after, err := placed(page.Cursor)
	if err != nil {
		return wire.List[T]{}, err
	}
	items, more, err := fetch(after, page.Limit)
	out := whole(items)
	if more && len(items) > 0 {
		out.Next = place(at(items[len(items)-1]))
	}
	return out, err
}

// cut gives a page of a list that is loaded whole, because it is short or it is
// not known before which of it may be seen. The key is what the list is ordered
// by, ascending; the place is the key of the last item shown, so that an item
// that comes or goes meanwhile moves nothing else.
func cut[T any](page wire.Page, items []T, key func(T) string) wire.List[T] {
	if page.Cursor != "" {
		items = slices.DeleteFunc(items, func(item T) bool { return key(item) <= page.Cursor })
	}
	out := whole(items[:min(page.Limit, len(items))])
	if len(items) > page.Limit {
		out.Next = key(items[page.Limit-1])
	}
	return out
}

// whole is a list without a page after it; an empty one is a list too.
func whole[T any](items []T) wire.List[T] {
	if items == nil {
		items = []T{}
	}
	return wire.List[T]{Items: items}
}

// newestFirst is the key of a list ordered in time, the newest first.
func newestFirst(at time.Time, id cordon.ID) string {
	return fmt.Sprintf("%016x%s", ^(uint64(at.UnixMicro()) ^ (1 << 63)), id)
}
