package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cordon/cmd/cordon/internal/tty"
)

// TestImportIsInterrupted: what was sent and not answered for is said, because
// sending it again would import it twice.
func TestImportIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then is it told that the client is gone
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	var out, errs bytes.Buffer
	c := &cli{in: strings.NewReader("(U) One.\n"), out: tty.New(&out, none), err: tty.New(&errs, none), env: none}
	if code := c.run(ctx, []string{"import", "-", "--server", server.URL, "--token", "t"}); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	want := "cordon: interrupted\n  hint: no answer came for the last 1 document sent, which may be imported or not"
	if got := errs.String(); !strings.HasPrefix(got, want) {
		t.Errorf("it says: %s", got)
	}
}
