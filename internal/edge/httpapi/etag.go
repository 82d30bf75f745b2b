package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"cordon"
)

// etag is the entity tag of an answer to a person (RFC 9110 section 8.8): equal
// tags mean equal bytes, but for the sealing of a cursor. It is keyed, and made for one person, so that it is no
// fingerprint of a text and two people cannot compare theirs.
func (a *api) etag(person cordon.ID, body []byte) string {
	key := a.Vault.Subkey("entity tags")
	h := hmac.New(sha256.New, key[:])
	h.Write([]byte(person + "\n"))
	h.Write(body)
	return `"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16]) + `"`
}

// matches reports whether an If-Match header names the tag. This API gives no weak
// tags, and so they match nothing (RFC 9110, 13.1.1).
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimSpace(one); one == "*" || one == tag {
			return true
		}
	}
	return false
}

// unconditional refuses a change that is to be made only if the thing is as it was
// read, by an operation that does not hold that.
func (r route) unconditional(req *http.Request) error {
	if reads := req.Method == http.MethodGet || req.Method == http.MethodHead; reads || r.IfMatch || req.Header.Get("If-Match") == "" {
		return nil
	}
	return cordon.Errorf(cordon.KindInvalid, "this operation does not hold an If-Match: leave it out, and the change is made to the thing as it is now")
}

// fits checks a change against the If-Match of its request, so that nobody
// overwrites a state that they have not seen. The tag is compared with that of the
// thing as a GET would answer it now.
func (c *call) fits(now any, err error) error {
	header := c.Header.Get("If-Match")
	if header == "" || err != nil {
		return err
	}
	body, err := encode(now)
	if err != nil {
		return err
	}
	if !matches(header, c.etag(c.person, body)) {
		return cordon.Errorf(cordon.KindChanged, "it was changed since you read it: read it again, and change that")
	}
	return nil
}

// unchanged answers a GET whose answer the asker has already: 304, without a
// body. It was decided and recorded like any other reading of it.
func (a *api) unchanged(w http.ResponseWriter, r *http.Request, body []byte) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	tag := a.etag(entryOf(r).person, body)
	w.Header().Set("ETag", tag)
	// A proxy that compresses weakens tags, and reading compares weakly (RFC 9110,
	// 13.1.2).
	if header := r.Header.Get("If-None-Match"); header == "" || !matches(strings.ReplaceAll(header, `W/"`, `"`), tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}
