package delivery_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"cordon"
	"cordon/client"
	"cordon/internal/core/notice"
	"cordon/internal/edge/delivery"
	"cordon/wire"
)

// Loopback is where the receivers of these tests are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func deliverer(t testing.TB, c delivery.Config) notice.DeliverFunc {
	t.Helper()
	out, err := delivery.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// hook is a parcel for a webhook with two secrets in force.
func hook(url string) notice.Parcel {
	return notice.Parcel{
		ID: cordon.NewID(), Channel: cordon.NewID(), Kind: cordon.ChannelWebhook, At: time.Now(), Notice: cordon.NewID(),
		Mark: "TLP:GREEN", Banner: "TLP:GREEN", Created: time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC),
		Text:   "MERIDIAN asks for “two” portions <b>",
		Target: notice.Target{URL: url, Secrets: []notice.Secret{{Key: bytes.Repeat([]byte{1}, 32)}, {Key: bytes.Repeat([]byte{2}, 32)}}},
	}
}

// bare is the same parcel with nothing said.
func bare(p notice.Parcel) notice.Parcel {
	p.Notice, p.Mark, p.Banner, p.Created, p.Text = "", "", "", time.Time{}, notice.Line
	return p
}

// wantNot wants a failure whose words name nobody.
func wantNot(t testing.TB, name string, err error, says string) {
	t.Helper()
	if err == nil || cordon.KindOf(err) != cordon.KindUnavailable || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want %q", name, err, says)
		return
	}
	for _, secret := range []string{"127.0.0.1", "localhost", "example.org", "duty", "MERIDIAN"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %q has %q in it", name, err, secret)
		}
	}
}

func TestWebhook(t *testing.T) {
	type got struct {
		header http.Header
		body   []byte
	}
	var mu sync.Mutex
	var all []got
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		all = append(all, got{r.Header, body})
		mu.Unlock()
		io.WriteString(w, strings.Repeat("thank you ", 100_000)) // more than anybody reads
	}))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	c := deliverer(t, delivery.Config{Allow: loopback, Roots: roots})
	p := hook(server.URL + "/in?x=1")
	if err := c(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := c(t.Context(), bare(p)); err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 {
		t.Fatalf("posted %d times", len(all))
	}
	for i, one := range all {
		for _, s := range p.Target.Secrets {
			if err := client.VerifyWebhook(s.String(), one.header, one.body, time.Now()); err != nil {
				t.Errorf("post %d: %v", i, err)
			}
		}
		if err := client.VerifyWebhook(notice.Secret{Key: make([]byte, 32)}.String(), one.header, one.body, time.Now()); err == nil {
			t.Error("another secret verifies")
		}
		if one.header.Get("webhook-id") != string(p.ID) {
			t.Errorf("its id is %q", one.header.Get("webhook-id"))
		}
	}
	var n wire.WebhookNotice
	if err := json.Unmarshal(all[0].body, &n); err != nil || n.ID != p.Notice || n.Marking != p.Mark || n.Text != p.Text || !n.Created.Equal(p.Created) {
		t.Errorf("%s: %v", all[0].body, err)
	}
	if want := `{"text":"` + notice.Line + `"}`; string(all[1].body) != want {
		t.Errorf("a bare line is %s", all[1].body)
	}

	// Without the certificate's authority, nothing is said.
	wantNot(t, "untrusted", deliverer(t, delivery.Config{Allow: loopback})(t.Context(), p), "an authority that is not known here")
	if len(all) != 2 {
		t.Error("it was posted to an untrusted receiver")
	}
}

// TestWebhookReachesNothingWithin: neither by address, nor by a name that
// means one, nor by a redirect.
func TestWebhookReachesNothingWithin(t *testing.T) {
	reached := 0
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer inner.Close()
	_, port, _ := net.SplitHostPort(inner.Listener.Addr().String())
	closed := deliverer(t, delivery.Config{})
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255", "2130706433", "0x7f.1",
	} {
		for _, scheme := range []string{"https", "http"} {
			p := hook(scheme + "://" + host + ":" + port + "/")
			limited, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			err := closed(limited, p)
			cancel()
			if err == nil || cordon.KindOf(err) != cordon.KindUnavailable {
				t.Errorf("%s://%s: %v", scheme, host, err)
			}
			if !strings.Contains(err.Error(), "may be connected to") && !strings.Contains(err.Error(), "not known") && !strings.Contains(err.Error(), "cannot be reached") {
				t.Errorf("%s://%s: %v", scheme, host, err)
			}
		}
	}
	// Where loopback is let through, http goes there and nowhere else.
	open := deliverer(t, delivery.Config{Allow: append([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, loopback...)})
	if reached != 0 {
		t.Fatalf("it was reached %d times", reached)
	}
	if err := open(t.Context(), hook(inner.URL)); err != nil || reached != 1 {
		t.Errorf("let through: %v, reached %d times", err, reached)
	}
	wantNot(t, "http elsewhere", open(t.Context(), hook("http://10.0.0.1/")), "may be connected to")
	if !(delivery.Config{Allow: loopback}).Plain() || (delivery.Config{Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}).Plain() {
		t.Error("Plain is wrong")
	}
	redirect := httptest.NewServer(http.RedirectHandler(inner.URL, http.StatusTemporaryRedirect))
	defer redirect.Close()
	wantNot(t, "a redirect", open(t.Context(), hook(redirect.URL)), "status 307")
	if reached != 1 {
		t.Errorf("it was reached %d times", reached)
	}
}

// TestReceiversThatMisbehave are failures, in time.
func TestReceiversThatMisbehave(t *testing.T) {
	release := make(chan struct{})
	raw := func(answer func(net.Conn)) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go func() { answer(conn); conn.Close() }()
			}
		}()
		return "http://" + l.Addr().String()
	}
	status := func(code int) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }))
		t.Cleanup(s.Close)
		return s.URL
	}
	t.Cleanup(func() { close(release) })
	c := deliverer(t, delivery.Config{Allow: loopback})
	for name, one := range map[string]struct{ url, says string }{
		"500":           {status(500), "status 500"},
		"404":           {status(404), "status 404"},
		"silent":        {raw(func(net.Conn) { <-release }), "too long"},
		"closes":        {raw(func(net.Conn) {}), "cannot be reached"},
		"no HTTP":       {raw(func(c net.Conn) { io.WriteString(c, "220 mail\r\n") }), "cannot be reached"},
		"endless heads": {raw(func(c net.Conn) { endless(c, "HTTP/1.1 200 OK\r\nX: ", "y") }), "cannot be reached"},
		"nobody there":  {"http://127.0.0.1:1/", "cannot be reached"},
	} {
		ctx, cancel := t.Context(), func() {}
		if name == "silent" {
			ctx, cancel = context.WithTimeout(ctx, time.Second)
		}
		wantNot(t, name, c(ctx, hook(one.url)), one.says)
		cancel()
	}
	// An answer without end is cut off, and was an answer.
	if err := c(t.Context(), hook(raw(func(c net.Conn) { endless(c, "HTTP/1.1 200 OK\r\n\r\n", strings.Repeat("z", 1000)) }))); err != nil {
		t.Errorf("a long answer: %v", err)
	}
}

func endless(c net.Conn, begin, more string) {
	io.ReadFull(c, make([]byte, 16))
	io.WriteString(c, begin)
	for {
		if _, err := io.WriteString(c, more); err != nil {
			return
		}
	}
}

// mailbox is a mail server that keeps what it is sent.
type mailbox struct {
	mu       sync.Mutex
	mails    []mailed
	refuse   *smtp.SMTPError // of every recipient
	hang     chan struct{}   // holds up every message
	password string
}

type mailed struct {
	from, to string
	tls      bool
	data     []byte
}

func (m *mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, encrypted := c.TLSConnectionState()
	return &session{box: m, mail: mailed{tls: encrypted}}, nil
}

type session struct {
	box  *mailbox
	mail mailed
	user string
}

func (s *session) AuthMechanisms() []string {
	if s.box.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != s.box.password {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.from = from
	if s.box.password != "" && s.user != "cordon" {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.box.refuse != nil {
		return s.box.refuse
	}
	s.mail.to += to
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if s.box.hang != nil {
		<-s.box.hang
	}
	s.mail.data = data
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.mails = append(s.box.mails, s.mail)
	return err
}

// serve serves the mailbox and gives its address and the authority of its
// certificate; without TLS if plain.
func (m *mailbox) serve(t testing.TB, plain, fromTheStart bool) (string, *x509.CertPool) {
	t.Helper()
	certificate, roots := certified(t)
	server := smtp.NewServer(m)
	server.Domain, server.AllowInsecureAuth = "mail.test", false
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	address := l.Addr().String()
	switch {
	case fromTheStart:
		l = tls.NewListener(l, config)
	case !plain:
		server.TLSConfig = config
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return address, roots
}

func certified(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

func letter() notice.Parcel {
	p := hook("")
	p.Kind, p.Target = cordon.ChannelMail, notice.Target{Address: "duty@example.org"}
	return p
}

func TestMail(t *testing.T) {
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("open sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                string
		scheme              string
		plain, fromTheStart bool
		user                string
	}{
		{name: "STARTTLS", scheme: "smtp"},
		{name: "STARTTLS, signed in", scheme: "smtp", user: "cordon@"},
		{name: "TLS from the start, signed in", scheme: "smtps", fromTheStart: true, user: "cordon@"},
		{name: "no TLS, as the operator says", scheme: "smtp+plain", plain: true},
	} {
		box := &mailbox{}
		if c.user != "" {
			box.password = "open sesame"
		}
		address, roots := box.serve(t, c.plain, c.fromTheStart)
		carried := deliverer(t, delivery.Config{SMTP: c.scheme + "://" + c.user + address, SMTPPasswordFile: password, From: "cordon@hub.test", Roots: roots})
		p := letter()
		p.Text += "\r\n.\r\nBcc: everybody@example.org" // no notice does, and it would do nothing
		for _, one := range []notice.Parcel{p, bare(p)} {
			if err := carried(t.Context(), one); err != nil {
				t.Fatalf("%s: %v: %v", c.name, err, cause(err))
			}
		}
		if len(box.mails) != 2 {
			t.Fatalf("%s: %d mails", c.name, len(box.mails))
		}
		for i, one := range box.mails {
			if one.tls == c.plain || one.from != "cordon@hub.test" || one.to != "duty@example.org" {
				t.Errorf("%s: %+v", c.name, one)
			}
			m, err := mail.ReadMessage(bytes.NewReader(one.data))
			if err != nil {
				t.Fatal(err)
			}
			if m.Header.Get("Subject") != "A notice from Cordon" || m.Header.Get("Bcc")+m.Header.Get("User-Agent")+m.Header.Get("X-Mailer") != "" || m.Header.Get("To") != "<duty@example.org>" {
				t.Errorf("%s: %v", c.name, m.Header)
			}
			if want := fmt.Sprintf("<%s@hub.test>", p.ID); m.Header.Get("Message-Id") != want {
				t.Errorf("%s: its id is %s, want %s", c.name, m.Header.Get("Message-Id"), want)
			}
			m.Header["Message-Id"] = nil // random, as was checked
			for name, values := range m.Header {
				for _, secret := range []string{"TLP", "MERIDIAN", string(p.Notice), string(p.Channel)} {
					if strings.Contains(strings.Join(values, " "), secret) {
						t.Errorf("%s: header %s: %q", c.name, name, values)
					}
				}
			}
			body, err := io.ReadAll(m.Body)
			if err != nil {
				t.Fatal(err)
			}
			if i == 1 {
				if strings.TrimSpace(string(body)) != notice.Line {
					t.Errorf("%s: a bare line is %q", c.name, body)
				}
				continue
			}
			lines := strings.Split(strings.TrimSpace(string(body)), "\r\n")
			if lines[0] != "TLP:GREEN" || lines[len(lines)-1] != "TLP:GREEN" || !strings.Contains(string(body), "MERIDIAN asks for") {
				t.Errorf("%s: %q", c.name, body)
			}
		}
	}
}

func cause(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

// TestMailThatIsNotTaken: refused for now, refused for good, without the TLS
// that was asked for, too slow, or not at all.
func TestMailThatIsNotTaken(t *testing.T) {
	config := func(box *mailbox, plain bool) delivery.Config {
		address, roots := box.serve(t, plain, false)
		return delivery.Config{SMTP: "smtp://" + address, From: "cordon@hub.test", Roots: roots}
	}
	for code, class := range map[int]string{451: "later", 550: "never"} {
		box := &mailbox{refuse: &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: class + ", duty@example.org"}}
		wantNot(t, class, deliverer(t, config(box, false))(t.Context(), letter()), fmt.Sprintf("code %d", code))
	}
	box := &mailbox{}
	wantNot(t, "no TLS", deliverer(t, config(box, true))(t.Context(), letter()), "TLS")
	untrusted := config(box, false)
	untrusted.Roots = nil
	wantNot(t, "an unknown certificate", deliverer(t, untrusted)(t.Context(), letter()), "an authority that is not known here")
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	guarded := config(&mailbox{password: "open sesame"}, false)
	guarded.SMTP, guarded.SMTPPasswordFile = strings.Replace(guarded.SMTP, "smtp://", "smtp://cordon@", 1), secret
	wantNot(t, "a wrong password", deliverer(t, guarded)(t.Context(), letter()), "does not take the user and the password (code 535)")
	wantNot(t, "nobody there", deliverer(t, delivery.Config{SMTP: "smtp://127.0.0.1:1", From: "cordon@hub.test"})(t.Context(), letter()), "cannot be reached")
	wantNot(t, "no mail", deliverer(t, delivery.Config{})(t.Context(), letter()), "sends no mail")
	if len(box.mails) > 0 {
		t.Errorf("mailed %+v", box.mails)
	}
	slow := &mailbox{hang: make(chan struct{})}
	limited, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	// It would wait for ever if it did not heed its limit.
	wantNot(t, "too slow", deliverer(t, config(slow, false))(limited, letter()), "")
	close(slow.hang)
}

func TestMailServersThatAreNone(t *testing.T) {
	for _, c := range []delivery.Config{
		{SMTP: "mail.example.org", From: "a@example.org"},
		{SMTP: "http://mail.example.org", From: "a@example.org"},
		{SMTP: "smtp://user:password@mail.example.org", From: "a@example.org"},
		{SMTP: "smtp://mail.example.org/path", From: "a@example.org"},
		{SMTP: "smtp://mail.example.org:99999", From: "a@example.org"},
		{SMTP: "smtp://mail.example.org"},
		{SMTP: "smtp://mail.example.org", From: "Cordon <a@example.org>"},
		{SMTP: "smtp://user@mail.example.org", From: "a@example.org", SMTPPasswordFile: "nowhere"},
	} {
		if _, err := delivery.New(c); cordon.KindOf(err) != cordon.KindInvalid || strings.Contains(err.Error(), "user:password") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
