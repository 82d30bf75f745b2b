package delivery

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"cordon"
	"cordon/internal/core/notice"
)

// The poster's patience with receivers.
const (
	connectFor     = 5 * time.Second
	answerFor      = 10 * time.Second
	maxAnswer      = 64 << 10 // of a body that nobody reads
	maxAnswerHeads = 16 << 10
)

// poster posts webhooks.
type poster struct {
	https, http *http.Client
}

func newPoster(c Config) *poster {
	var v4, v6 []netip.Prefix
	for _, p := range c.Allow {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	// The address is checked as it is connected to, after the name was looked
	// up: a name that means another address the next time gains nothing.
	guard := ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	loopback := func(network, address string, conn syscall.RawConn) error {
		if at, err := netip.ParseAddrPort(address); err != nil || !at.Addr().IsLoopback() {
			return ssrf.ErrProhibitedIP
		}
		return guard.Safe(network, address, conn)
	}
	return &poster{https: clientThrough(guard.Safe, c.Roots), http: clientThrough(loopback, nil)}
}

// clientThrough is a client that connects where the guard lets it and nowhere
// else: through no proxy, after no redirect, and anew for each request.
func clientThrough(guard func(network, address string, conn syscall.RawConn) error, roots *x509.CertPool) *http.Client {
	dialer := &net.Dialer{Timeout: connectFor, Control: guard}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    connectFor,
			ResponseHeaderTimeout:  answerFor,
			MaxResponseHeaderBytes: maxAnswerHeads,
			DisableKeepAlives:      true,
			DisableCompression:     true,
		},
	}
}

// posted is the body of a webhook. Of a bare line there is the text alone.
type posted struct {
	ID      cordon.ID  `json:"id,omitempty"`
	Created *time.Time `json:"created,omitempty"`
	Marking string     `json:"marking,omitempty"`
	Text    string     `json:"text"`
}

func (p *poster) deliver(ctx context.Context, parcel notice.Parcel) error {
	out := posted{ID: parcel.Notice, Marking: parcel.Mark, Text: parcel.Text}
	if parcel.Notice != "" {
		out.Created = &parcel.Created
	}
	body, err := json.Marshal(out)
	if err != nil {
		return notDelivered("it does not encode", err)
	}
	to, err := url.Parse(parcel.Target.URL)
	if err != nil {
		return notDelivered("the URL is malformed", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return notDelivered("the URL is malformed", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Cordon")
	sign(req.Header, parcel, body)
	client := p.https
	if to.Scheme == "http" {
		client = p.http
	}
	res, err := client.Do(req)
	if err != nil {
		return notDelivered(whyNot(err), err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return notDelivered("the receiver answered with status "+strconv.Itoa(res.StatusCode), nil)
	}
	return nil
}

// sign sets the three headers of Standard Webhooks (v1, symmetric): a
// signature by each secret that is in force, over id, time and body.
func sign(h http.Header, parcel notice.Parcel, body []byte) {
	at := strconv.FormatInt(parcel.At.Unix(), 10)
	var signatures []string
	for _, s := range parcel.Target.Secrets {
		mac := hmac.New(sha256.New, s.Key)
		mac.Write([]byte(string(parcel.ID) + "." + at + "."))
		mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	h.Set("webhook-id", string(parcel.ID))
	h.Set("webhook-timestamp", at)
	h.Set("webhook-signature", strings.Join(signatures, " "))
}

// whyNot puts a failure into words that name nobody.
func whyNot(err error) string {
	if errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedNetwork) {
		return "the receiver's address is not one that may be connected to"
	}
	if why := whyNotReached("the receiver", err); why != "" {
		return why
	}
	return "the receiver cannot be reached, or does not speak as it should"
}
