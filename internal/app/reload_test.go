package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon"
	"cordon/wire"
)

// TestReload: what the files say rules from the next connection or request on,
// and a file that cannot be used changes nothing.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	c, _ := initialised(t)
	ca := newAuthority(t, "the authority")
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue := func(name string) {
		one := ca.issue(func(c *x509.Certificate) { c.DNSNames = []string{name} })
		writePEM(t, cert, "CERTIFICATE", one.Certificate[0])
		writePEM(t, key, "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(one.PrivateKey))(t))
	}
	issue("first.example")
	c.Listen, c.TLSCert, c.TLSKey = "127.0.0.1:0", cert, key
	a := opened(t, c)
	l := must(a.Listen())(t)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	shows := func(when, name string) {
		t.Helper()
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		defer conn.Close()
		if got := conn.ConnectionState().PeerCertificates[0].DNSNames; len(got) != 1 || got[0] != name {
			t.Errorf("%s the certificate is of %v, want %s", when, got, name)
		}
	}
	shows("at first", "first.example")

	// A connection that is open stays.
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	kept := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "first.example"}}}
	t.Cleanup(kept.CloseIdleConnections)
	ask := func() {
		t.Helper()
		res, err := kept.Get("https://" + l.Addr().String() + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	ask()

	issue("second.example")
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	shows("anew", "second.example")
	ask()

	// A scheme that somebody has defined since.
	mark := func() error {
		d := draft("a report")
		d.Title.Marking = "HOUSE:QUIET"
		_, err := a.FirstPersonClient().Publish(t.Context(), d)
		return err
	}
	if err := mark(); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
		t.Fatalf("a marking that nobody defined: %v", err)
	}
	scheme := filepath.Join(c.DataDir, SchemeDir, "house.json")
	if err := os.MkdirAll(filepath.Dir(scheme), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(scheme, []byte(houseScheme), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	if err := mark(); err != nil {
		t.Errorf("a marking that is defined: %v", err)
	}
	if _, err := a.FirstPersonClient().AddPerson(t.Context(), wire.PersonDraft{Organisation: "HUB", Name: "ana"}); err != nil {
		t.Error(err)
	}

	// Files that are no good, each alone: the error names them, and all stays.
	for _, broken := range []string{cert, key, scheme} {
		good, err := os.ReadFile(broken)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(broken, []byte("nonsense"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := a.Reload(); cordon.KindOf(err) != cordon.KindInvalid || err == nil || !strings.Contains(err.Error(), broken) {
			t.Errorf("%s is broken: %v", broken, err)
		}
		shows("with a broken "+broken, "second.example")
		if err := mark(); err != nil {
			t.Errorf("with a broken %s: %v", broken, err)
		}
		if err := os.WriteFile(broken, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Reload(); err != nil {
		t.Errorf("mended: %v", err)
	}
}

const houseScheme = `{
	"name": "house", "title": "Marks of the house", "source": "House rules", "prefix": "HOUSE",
	"levels": [{"portion": "HOUSE:QUIET", "onward": "none", "section": "House rules 1", "meaning": "For few."}]
}`

// TestBeyondLoopback: nothing is served in the clear over a network unless
// somebody says so.
func TestBeyondLoopback(t *testing.T) {
	c, _ := initialised(t)
	for address, want := range map[string]bool{
		"127.0.0.1:0": true, "[::1]:0": true, "localhost:0": true, "127.8.9.1:0": true,
		":0": false, "0.0.0.0:0": false, "[::]:0": false, "192.0.2.7:0": false, "cordon.example:0": false,
	} {
		for what, set := range map[string]func(*Config){
			"to serve on":    func(c *Config) { c.Listen = address },
			"of the metrics": func(c *Config) { c.MetricsListen = address },
		} {
			config := c
			set(&config)
			_, err := config.withDefaults()
			if (err == nil) != want || err != nil && !strings.Contains(err.Error(), "--plain-http") {
				t.Errorf("%s %s: %v", address, what, err)
			}
			config.PlainHTTP = true
			if _, err := config.withDefaults(); err != nil {
				t.Errorf("%s %s, said so: %v", address, what, err)
			}
		}
	}
	c.Listen, c.TLSCert, c.TLSKey = ":0", "cert.pem", "key.pem"
	if _, err := c.withDefaults(); err != nil {
		t.Errorf("with TLS: %v", err)
	}
	c.ProxyProtocol = true
	if _, err := c.withDefaults(); err == nil || !strings.Contains(err.Error(), "--trusted-proxy") {
		t.Errorf("the PROXY protocol of nobody: %v", err)
	}
}
