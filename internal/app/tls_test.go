package app

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

// authority is a certificate authority of a test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{t: t, key: newKey(t)}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw := must(x509.CreateCertificate(rand.Reader, a.cert, a.cert, a.key.Public(), a.key))(t)
	a.cert = must(x509.ParseCertificate(raw))(t)
	return a
}

// issue makes a certificate that says what the function sets.
func (a *authority) issue(set func(*x509.Certificate)) tls.Certificate {
	a.t.Helper()
	key := newKey(a.t)
	c := &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, big.NewInt(1<<60)))(a.t), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	set(c)
	raw := must(x509.CreateCertificate(rand.Reader, c, a.cert, key.Public(), a.key))(a.t)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: must(x509.ParseCertificate(raw))(a.t)}
}

func writePEM(t *testing.T, path, kind string, der []byte) string {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestClientCertificates serves TLS: a certificate signs its holder in from the
// request after its mapping is added until the mapping is removed.
func TestClientCertificates(t *testing.T) {
	ca, stranger := newAuthority(t, "the authority"), newAuthority(t, "the authority")
	dir := t.TempDir()
	own := ca.issue(func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} })
	c, _ := initialised(t)
	c.Listen = "127.0.0.1:0"
	c.TLSCert = writePEM(t, filepath.Join(dir, "cert.pem"), "CERTIFICATE", own.Certificate[0])
	c.TLSKey = writePEM(t, filepath.Join(dir, "key.pem"), "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(own.PrivateKey))(t))
	c.ClientCA = writePEM(t, filepath.Join(dir, "ca.pem"), "CERTIFICATE", ca.cert.Raw)
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
	base := must(url.Parse("https://" + l.Addr().String()))(t)
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	by := func(certs ...tls.Certificate) *client.Client {
		return client.New(base, "", &http.Client{
			Timeout:   5 * time.Minute,
			Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: certs}},
		})
	}
	root := a.FirstPersonClient()
	for _, name := range []string{"ana", "bo"} {
		if _, err := root.AddPerson(t.Context(), wire.PersonDraft{Organisation: "HUB", Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	named := func(set func(*x509.Certificate)) tls.Certificate { return ca.issue(set) }
	spiffe := must(url.Parse("spiffe://hub.example/ana"))(t)
	print := named(func(c *x509.Certificate) { c.Subject.CommonName = "anything" })
	for _, k := range []struct {
		what, mapping string
		cert          tls.Certificate
	}{
		{"by its subject", "dn:CN=ana,O=HUB", named(func(c *x509.Certificate) {
			c.Subject = pkix.Name{CommonName: "ana", Organization: []string{"HUB"}}
		})},
		{"by a URI", "uri:spiffe://hub.example/ana", named(func(c *x509.Certificate) { c.URIs = []*url.URL{spiffe} })},
		{"by mail", "email:ana@hub.example", named(func(c *x509.Certificate) { c.EmailAddresses = []string{"ana@hub.example"} })},
		{"by a host", "dns:ANA.hub.example", named(func(c *x509.Certificate) { c.DNSNames = []string{"ana.hub.example"} })},
		{"by its fingerprint", "sha256:" + fingerprintOf(print), print},
	} {
		if _, err := by(k.cert).Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
			t.Errorf("%s, of nobody yet: %v", k.what, err)
		}
		one, err := root.AddCertificate(t.Context(), "HUB/ana", wire.CertificateDraft{Mapping: k.mapping})
		if err != nil {
			t.Fatalf("%s: %v", k.what, err)
		}
		if me, err := by(k.cert).Me(t.Context()); err != nil || me.Person.Name != "ana" {
			t.Errorf("%s: %+v, %v", k.what, me.Person, err)
		}
		if err := root.DropCredential(t.Context(), "HUB/ana", one.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := by(k.cert).Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
			t.Errorf("%s, taken away: %v", k.what, err)
		}
	}
	for mapping, who := range map[string]string{"uri:spiffe://hub.example/ana": "HUB/ana", "email:bo@hub.example": "HUB/bo"} {
		if _, err := root.AddCertificate(t.Context(), who, wire.CertificateDraft{Mapping: mapping}); err != nil {
			t.Fatal(err)
		}
	}
	good := named(func(c *x509.Certificate) { c.URIs = []*url.URL{spiffe} })
	for what, cert := range map[string]tls.Certificate{
		"of two people":      named(func(c *x509.Certificate) { c.URIs, c.EmailAddresses = []*url.URL{spiffe}, []string{"bo@hub.example"} }),
		"with many names":    named(func(c *x509.Certificate) { c.URIs, c.DNSNames = []*url.URL{spiffe}, manyNames() }),
		"of a similar name":  named(func(c *x509.Certificate) { c.EmailAddresses = []string{"BO@hub.example"} }),
		"with it as subject": named(func(c *x509.Certificate) { c.Subject.CommonName = "spiffe://hub.example/ana" }),
	} {
		if _, err := by(cert).Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, cert := range map[string]tls.Certificate{
		"of another authority of the same name": stranger.issue(func(c *x509.Certificate) { c.URIs = []*url.URL{spiffe} }),
		"expired":                               named(func(c *x509.Certificate) { c.URIs, c.NotAfter = []*url.URL{spiffe}, time.Now().Add(-time.Minute) }),
		"for servers": named(func(c *x509.Certificate) {
			c.URIs, c.ExtKeyUsage = []*url.URL{spiffe}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}),
	} {
		if _, err := by(cert).Me(t.Context()); cordon.KindOf(err) != cordon.KindUnavailable && cordon.KindOf(err) != cordon.KindUnauthenticated || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := by().Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
		t.Errorf("without one: %v", err)
	}
	// A header that proxies set says nothing here.
	r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, base.String()+"/api/v1/me", nil))(t)
	r.Header.Set("X-Forwarded-Client-Cert", "URI=spiffe://hub.example/ana")
	r.Header.Set("X-SSL-Client-Cert", url.QueryEscape(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: good.Certificate[0]}))))
	res := must((&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}).Do(r))(t)
	res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("by a header: %d", res.StatusCode)
	}
	// Nor does another site's page act by the browser's certificate.
	r = must(http.NewRequestWithContext(t.Context(), http.MethodPost, base.String()+"/api/v1/scan", bytes.NewReader([]byte(`{"text":"x"}`))))(t)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res = must((&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{good}}}}).Do(r))(t)
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %d", res.StatusCode)
	}
	if _, err := by(good).Me(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := root.ChangePerson(t.Context(), "HUB/ana", wire.PersonDraft{Organisation: "HUB", Name: "ana", Suspended: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := by(good).Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
		t.Errorf("suspended: %v", err)
	}
}

func manyNames() []string {
	var all []string
	for i := range 40 {
		all = append(all, string(rune('a'+i%26))+string(rune('a'+i/26))+".example")
	}
	return all
}

func fingerprintOf(c tls.Certificate) string {
	sum := sha256.Sum256(c.Certificate[0])
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

func TestTLSFilesAreToldApart(t *testing.T) {
	c, _ := initialised(t)
	for what, set := range map[string]func(*Config){
		"a certificate without key": func(c *Config) { c.TLSCert = "x" },
		"authorities without TLS":   func(c *Config) { c.ClientCA = "x" },
		"no origin":                 func(c *Config) { c.Origin = "cordon.example" },
		"http elsewhere":            func(c *Config) { c.Origin = "http://cordon.example" },
	} {
		bad := c
		set(&bad)
		if _, err := New(t.Context(), bad); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	bad := c
	bad.Listen, bad.TLSCert, bad.TLSKey = "127.0.0.1:0", filepath.Join(c.DataDir, "none"), filepath.Join(c.DataDir, "none")
	if _, err := New(t.Context(), bad); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
		t.Errorf("no such file: %v", err)
	}
}
