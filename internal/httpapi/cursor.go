package httpapi

import (
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"time"

	"cordon"
	"cordon/internal/reading"
)

var errCursor = cordon.Errorf(cordon.Invalid, "this cursor is not one that the list before gave you")

// cursorContext binds a cursor to its list, to what was asked and to whom it
// was given.
func (c *call) cursorContext(asked string) string {
	return "cursor\n" + string(c.person) + "\n" + c.Pattern + "\n" + asked
}

// cursor seals a place in a list: it tells nothing, and none can be made up.
func (c *call) cursor(at cordon.Cursor, asked string) string {
	text := append(binary.BigEndian.AppendUint64(nil, uint64(at.Created.UnixMicro())), at.ID...)
	return base64.RawURLEncoding.EncodeToString(c.Vault.SealRoot(c.cursorContext(asked), text))
}

// page reads cursor and limit.
func (c *call) page(q url.Values, asked string) (reading.Page, error) {
	n, err := limit(q, cordon.MaxPage)
	if err != nil {
		return reading.Page{}, err
	}
	page := reading.Page{Limit: n}
	if !q.Has("cursor") {
		return page, nil
	}
	if len(q.Get("cursor")) > 256 {
		return page, errCursor
	}
	sealed, err := base64.RawURLEncoding.DecodeString(q.Get("cursor"))
	if err != nil {
		return page, errCursor
	}
	text, err := c.Vault.OpenRoot(c.cursorContext(asked), sealed)
	if err != nil || len(text) < 8 {
		return page, errCursor
	}
	page.After = cordon.Cursor{
		Created: time.UnixMicro(int64(binary.BigEndian.Uint64(text))).UTC(),
		ID:      cordon.ID(text[8:]),
	}
	return page, nil
}
