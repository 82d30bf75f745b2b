package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
)

var trusted = Trusted{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("fd00::/8")}

// from gives the address a request seems to come from, and whether it was said
// to be stray.
func from(header Header, peer string, fields http.Header) (seen string, strayed bool) {
	h := trusted.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RemoteAddr }), header,
		func(netip.Addr) { strayed = true })
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr, r.Header = peer, fields
	h.ServeHTTP(httptest.NewRecorder(), r)
	return seen, strayed
}

func TestForwardedBy(t *testing.T) {
	const x, f = XForwardedFor, Forwarded
	for _, c := range []struct {
		name   string
		header Header
		peer   string
		fields []string
		want   string
	}{
		{"no header", x, "10.0.0.1:9", nil, "10.0.0.1:9"},
		{"one hop", x, "10.0.0.1:9", []string{"192.0.2.7"}, "192.0.2.7:0"},
		{"the rightmost that is not trusted", x, "10.0.0.1:9", []string{"203.0.113.9, 192.0.2.7, 10.9.9.9"}, "192.0.2.7:0"},
		{"made up by the client", x, "10.0.0.1:9", []string{"10.1.1.1, 127.0.0.1, 192.0.2.7"}, "192.0.2.7:0"},
		{"in several fields", x, "10.0.0.1:9", []string{"203.0.113.9", "192.0.2.7", "10.2.2.2,10.3.3.3"}, "192.0.2.7:0"},
		{"all trusted", x, "10.0.0.1:9", []string{"10.4.4.4, 10.5.5.5"}, "10.4.4.4:0"},
		{"IPv6", x, "[fd00::1]:9", []string{"2001:db8::7"}, "[2001:db8::7]:0"},
		{"with a port", x, "10.0.0.1:9", []string{"192.0.2.7:4711"}, "192.0.2.7:0"},
		{"IPv6 with a port", x, "10.0.0.1:9", []string{"[2001:db8::7]:4711"}, "[2001:db8::7]:0"},
		{"in IPv6 form", x, "[::ffff:10.0.0.1]:9", []string{"::ffff:192.0.2.7"}, "192.0.2.7:0"},
		{"in IPv6 form, a proxy", x, "10.0.0.1:9", []string{"192.0.2.7, ::ffff:10.7.7.7"}, "192.0.2.7:0"},
		{"a name", x, "10.0.0.1:9", []string{"192.0.2.7, somewhere"}, "10.0.0.1:9"},
		{"a name before a proxy", x, "10.0.0.1:9", []string{"192.0.2.7, unknown, 10.6.6.6"}, "10.6.6.6:0"},
		{"empty", x, "10.0.0.1:9", []string{""}, "10.0.0.1:9"},
		{"an open bracket", x, "10.0.0.1:9", []string{"[2001:db8::7"}, "10.0.0.1:9"},
		{"the other header", x, "10.0.0.1:9", nil, "10.0.0.1:9"},
		{"in process", x, "", []string{"192.0.2.7"}, ""},

		{"Forwarded", f, "10.0.0.1:9", []string{`for=192.0.2.7;proto=https;by=10.0.0.1`}, "192.0.2.7:0"},
		{"Forwarded, other case", f, "10.0.0.1:9", []string{`proto=http; FOR="192.0.2.7:80"`}, "192.0.2.7:0"},
		{"Forwarded, IPv6", f, "10.0.0.1:9", []string{`for="[2001:db8::7]:4711"`}, "[2001:db8::7]:0"},
		{"Forwarded, several", f, "10.0.0.1:9", []string{`for=203.0.113.9, for=192.0.2.7`, `for=10.8.8.8`}, "192.0.2.7:0"},
		{"Forwarded, hidden", f, "10.0.0.1:9", []string{`for=192.0.2.7, for=_gateway`}, "10.0.0.1:9"},
		{"Forwarded, none", f, "10.0.0.1:9", []string{`for=192.0.2.7, proto=https`}, "10.0.0.1:9"},
		{"Forwarded, a comma in quotes", f, "10.0.0.1:9", []string{`for=192.0.2.7;x="a, for=203.0.113.9"`}, "192.0.2.7:0"},
		{"Forwarded, an escape", f, "10.0.0.1:9", []string{`for="192.0.2\.7";x="\""`}, "192.0.2.7:0"},
		{"Forwarded, twice", f, "10.0.0.1:9", []string{`for=192.0.2.7;for=203.0.113.9`}, "10.0.0.1:9"},
		{"Forwarded, no end", f, "10.0.0.1:9", []string{`for="192.0.2.7`}, "10.0.0.1:9"},
		{"Forwarded, malformed", f, "10.0.0.1:9", []string{`192.0.2.7`}, "10.0.0.1:9"},
	} {
		fields := http.Header{string(c.header): c.fields}
		if c.name == "the other header" {
			fields.Set("Forwarded", "for=192.0.2.7")
		}
		got, strayed := from(c.header, c.peer, fields)
		if got != c.want || strayed {
			t.Errorf("%s: from %q, want %q; stray %v", c.name, got, c.want, strayed)
		}
	}
}

// TestStrangersAreNotBelieved: a peer that is no trusted proxy counts as the
// client, whatever its headers say, and that it sends them is reported.
func TestStrangersAreNotBelieved(t *testing.T) {
	for _, peer := range []string{"192.0.2.1:9", "[2001:db8::1]:9", "11.0.0.1:9"} {
		for header, field := range map[Header]string{XForwardedFor: "203.0.113.9", Forwarded: "for=203.0.113.9"} {
			got, strayed := from(header, peer, http.Header{string(header): {field}})
			if got != peer || !strayed {
				t.Errorf("%s by %s: from %s, stray %v", header, peer, got, strayed)
			}
		}
	}
	if (Trusted{}).Has(netip.MustParseAddr("127.0.0.1")) {
		t.Error("nobody was named, and somebody is trusted")
	}
}

func TestParseHeader(t *testing.T) {
	for name, want := range map[string]Header{"x-forwarded-for": XForwardedFor, "Forwarded": Forwarded, "X-Real-IP": "", "": ""} {
		if got, err := ParseHeader(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

// TestProxyProtocol serves real connections on which a proxy says for whom it
// connects.
func TestProxyProtocol(t *testing.T) {
	version2 := func(command proxyproto.ProtocolVersionAndCommand, family proxyproto.AddressFamilyAndProtocol, from net.Addr) string {
		var b bytes.Buffer
		to := from
		h := proxyproto.Header{Version: 2, Command: command, TransportProtocol: family, SourceAddr: from, DestinationAddr: to}
		if _, err := h.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	client := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 4711}
	serve := func(trusted Trusted) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, r.RemoteAddr)
		})}
		go server.Serve(trusted.Listener(l))
		t.Cleanup(func() { server.Close() })
		return l.Addr().String()
	}
	ask := func(address, head string) string {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(5 * time.Minute))
		fmt.Fprintf(conn, "%sGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", head)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return "cut off"
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK {
			return fmt.Sprint(res.StatusCode)
		}
		return string(body)
	}
	behind := serve(Trusted{netip.MustParsePrefix("127.0.0.0/8")})
	for name, c := range map[string]struct{ head, want string }{
		"version 1":            {"PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\n", "192.0.2.7:4711"},
		"version 1, IPv6":      {"PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n", "[2001:db8::7]:4711"},
		"version 2":            {version2(proxyproto.PROXY, proxyproto.TCPv4, client), "192.0.2.7:4711"},
		"version 2, its own":   {version2(proxyproto.LOCAL, proxyproto.UNSPEC, nil), "127.0.0.1:"},
		"without":              {"", "cut off"},
		"unknown":              {"PROXY UNKNOWN\r\n", "127.0.0.1:"},
		"a socket file":        {version2(proxyproto.PROXY, proxyproto.UnixStream, &net.UnixAddr{Net: "unix", Name: "/run/x"}), "cut off"},
		"version 1, malformed": {"PROXY TCP4 nowhere 10.0.0.1 4711 443\r\n", "cut off"},
		"version 1, too long":  {"PROXY TCP4 " + strings.Repeat("1", 200) + "\r\n", "cut off"},
	} {
		got := ask(behind, c.head)
		if got != c.want && !(strings.HasSuffix(c.want, ":") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: from %q, want %q", name, got, c.want)
		}
	}
	// A peer that is no trusted proxy speaks HTTP and nothing else.
	direct := serve(Trusted{netip.MustParsePrefix("10.0.0.0/8")})
	if got := ask(direct, ""); !strings.HasPrefix(got, "127.0.0.1:") {
		t.Errorf("without a proxy: from %q", got)
	}
	if got := ask(direct, "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443\r\n"); got != "400" {
		t.Errorf("by somebody who is not trusted: %q", got)
	}
}

func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{
		`for=192.0.2.7;proto=https`, `for="[2001:db8::7]:4711", for=unknown`, `FOR="a\"b";x=y`, `,;=`, `for=`, `for="`, "10.0.0.1, 192.0.2.7:80,[::1]",
	} {
		f.Add(seed)
	}
	peer := netip.MustParseAddr("10.0.0.1")
	f.Fuzz(func(t *testing.T, field string) {
		for _, header := range []Header{XForwardedFor, Forwarded} {
			all := hops(header, []string{field})
			if len(all) == 0 || len(all) > maxHops {
				t.Fatalf("%d hops of one field", len(all))
			}
			at := trusted.client(peer, all)
			if !at.IsValid() || at.Is4In6() || at.Zone() != "" {
				t.Fatalf("the client is %v", at)
			}
			// A client's own header does not matter once the proxy has added one.
			const added = "192.0.2.7"
			own := map[Header]string{XForwardedFor: added, Forwarded: "for=" + added}[header]
			if got := trusted.client(peer, hops(header, []string{field, own})); got.String() != added {
				t.Fatalf("with what a client sent, it is %v", got)
			}
			if !slices.Equal(all, hops(header, []string{field})) {
				t.Fatal("read twice, it is another")
			}
		}
	})
}
