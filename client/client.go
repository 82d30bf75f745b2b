package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cordon"
)

// Client speaks to one server as one person. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	token string
	http  *http.Client
}

const (
	// attempts bounds how often a request is sent when connections are lost.
	attempts = 3
	// pause is how long to wait before the second attempt, twice as long
	// before the third.
	pause = 200 * time.Millisecond
	// patience is the longest wait for a server that has too much to do.
	patience = 10 * time.Second
	// maxAnswer bounds an answer: a report of the largest size with every
	// character escaped is within it.
	maxAnswer = 512 << 20
)

// New makes a client of the server at base, which is the part of its address
// before /api. It acts as the person the token was made for; an empty token
// reaches only what is open to everybody. A nil hc is a client with sensible
// timeouts. Redirects are never followed: a token goes where it was sent.
func New(base *url.URL, token string, hc *http.Client) *Client {
	if hc == nil {
		hc = &http.Client{Timeout: 10 * time.Minute}
	}
	own := *hc
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: base, token: token, http: &own}
}

type keyContext struct{}

// WithKey makes the requests under the context carry this Idempotency-Key in
// place of a random one: a program that was killed before it had the answer
// can ask again, under the same key and with the same arguments, and gets the
// answer to the first. It is for one request each.
func WithKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyContext{}, key)
}

type matchContext struct{}

// WithTag makes a change under the context hold only for the thing as it was
// when it was read with this entity tag: where somebody changed it meanwhile,
// nothing is done, and the error is of kind cordon.KindChanged.
func WithTag(ctx context.Context, tag string) context.Context {
	return context.WithValue(ctx, matchContext{}, tag)
}

type tagContext struct{}

// tagged is a context under which the entity tag of the answer is put into tag.
func tagged(ctx context.Context, tag *string) context.Context {
	return context.WithValue(ctx, tagContext{}, tag)
}

func idempotencyKey(ctx context.Context) string {
	if key, ok := ctx.Value(keyContext{}).(string); ok {
		return key
	}
	return rand.Text()
}

// raw sends a request, again where the connection is lost or the server has too
// much to do, and gives the body of the answer. All attempts carry one
// Idempotency-Key.
func (c *Client) raw(ctx context.Context, method, path string, query url.Values, body []byte) ([]byte, error) {
	key := ""
	if method != http.MethodGet {
		key = idempotencyKey(ctx)
	}
	for try := 1; ; try++ {
		answer, again, err := c.once(ctx, method, path, query, body, key)
		if again == never || try == attempts || ctx.Err() != nil {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(max(again, time.Duration(try)*pause)):
		}
	}
}

// never says that another attempt would fare no better.
const never time.Duration = -1

// once is one attempt. Where no answer came, or not all of it, or one that
// says to try again, it says after how long to make another.
func (c *Client) once(ctx context.Context, method, path string, query url.Values, body []byte, key string) (answer []byte, again time.Duration, err error) {
	u := *c.base
	u.RawPath = strings.TrimSuffix(c.base.EscapedPath(), "/") + path
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return nil, never, cordon.Errorf(cordon.KindInvalid, "the server's address is malformed: give it as https://cordon.example").Because(err)
	}
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, never, cordon.Errorf(cordon.KindInvalid, "the server's address is malformed: give it as https://cordon.example").Because(err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	if tag, ok := ctx.Value(matchContext{}).(string); ok && method != http.MethodGet {
		req.Header.Set("If-Match", tag)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, 0, c.unreachable(ctx, err)
	}
	defer res.Body.Close()
	if tag, ok := ctx.Value(tagContext{}).(*string); ok {
		*tag = res.Header.Get("ETag")
	}
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, 0, c.unreachable(ctx, err)
	case len(answer) > maxAnswer:
		return nil, never, cordon.Errorf(cordon.KindTooLarge, "the server's answer is larger than %d bytes, the most that is read: ask for less at a time", maxAnswer)
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusServiceUnavailable:
		return nil, wait(res), problemOf(res, answer)
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, never, problemOf(res, answer)
	}
	return answer, never, nil
}

// wait is how long the server says to wait (RFC 9110 section 10.2.3), unless
// that is longer than anybody would.
func wait(res *http.Response) time.Duration {
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if d := time.Duration(seconds) * time.Second; err == nil && d >= 0 && d <= patience {
		return d
	}
	return never
}

// unreachable names the server and not the path or query, which may hold
// search words and names.
func (c *Client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the request was cancelled or took too long").Because(ctx.Err())
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return cordon.Errorf(cordon.KindUnavailable, "the server %s does not answer: %v", c.base.Host, err).Because(err)
}
