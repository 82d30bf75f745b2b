package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/demo"
)

// keeps is a jar that keeps cookies of localhost as browsers do, though they are
// for secure connections.
type keeps struct{ http.CookieJar }

func (k keeps) SetCookies(u *url.URL, c []*http.Cookie) {
	s := *u
	s.Scheme = "https"
	k.CookieJar.SetCookies(&s, c)
}

func (k keeps) Cookies(u *url.URL) []*http.Cookie {
	s := *u
	s.Scheme = "https"
	return k.CookieJar.Cookies(&s)
}

// TestDemoEndsInTheBrowser: the address that the demo ends with shows its people,
// each of whom one click signs in as, marked as a demonstration.
func TestDemoEndsInTheBrowser(t *testing.T) {
	var o, e bytes.Buffer
	c := &cli{in: strings.NewReader(""), out: tty.New(&o, none), err: tty.New(&e, none), env: none}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	looked := 0
	c.err.Writer = cancelAt{&e, "serving http", func() {
		defer stop()
		address := regexp.MustCompile(`by one click: (http://localhost:\d+)`).FindStringSubmatch(o.String())[1]
		for _, one := range demo.Cast() {
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Error(err)
				return
			}
			browser := http.Client{Jar: keeps{jar}}
			for range 2 { // the second time they have a password already
				r, err := http.NewRequestWithContext(t.Context(), "POST", address+"/demo", strings.NewReader(url.Values{"person": {one.Key()}}.Encode()))
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Origin", address)
				r.Header.Set("Accept", "text/html")
				answer, err := browser.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				page, _ := io.ReadAll(answer.Body)
				answer.Body.Close()
				if text := string(page); answer.StatusCode != 200 || !strings.Contains(text, "<strong>"+one.Name+"</strong>") || !strings.Contains(text, "everything here is made up") {
					t.Errorf("%s is not signed in: %d", one.Key(), answer.StatusCode)
				}
				looked++
			}
			browser.CloseIdleConnections()
		}
	}}
	if code := c.run(ctx, []string{"demo", "--fast", "--data", filepath.Join(t.TempDir(), "data")}); code != exitOK {
		t.Errorf("exit code %d: %s", code, e.String())
	}
	if looked != 2*len(demo.Cast()) {
		t.Errorf("looked at %d people", looked)
	}
}
