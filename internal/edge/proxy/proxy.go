// Package proxy finds the client of a request that a proxy passed on: by the
// header that the proxy adds (X-Forwarded-For, or Forwarded of RFC 7239), or by the
// PROXY protocol at the head of its connection. Only proxies named by address are
// believed.
package proxy

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pires/go-proxyproto"

	"cordon"
)

// Header is the header in which the trusted proxies say for whom they ask. It
// is one and no other: a proxy passes the others on as its client sent them.
type Header string

const (
	// XForwardedFor lists addresses, the last of which the nearest proxy added.
	XForwardedFor Header = "X-Forwarded-For"
	// Forwarded lists, likewise, elements that have the address as for=.
	Forwarded Header = "Forwarded"
)

// ParseHeader gives the header of the name, in any case.
func ParseHeader(name string) (Header, error) {
	for _, h := range []Header{XForwardedFor, Forwarded} {
		if strings.EqualFold(name, string(h)) {
			return h, nil
		}
	}
	return "", cordon.Errorf(cordon.KindInvalid, "the header %q is none that proxies are believed by: X-Forwarded-For or Forwarded", name)
}

// Trusted are the ranges of addresses that trusted proxies have.
type Trusted []netip.Prefix

// Has reports whether a trusted proxy has the address. An IPv4 address in IPv6
// form is the IPv4 address.
func (t Trusted) Has(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(t, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// Handler gives next the requests with the client's address as RemoteAddr,
// where a trusted proxy passed them on: the last in the header that is not a
// trusted proxy's own. Where that is no address, it is the proxy from which the
// entry came. Port 0 says that the port is not known. stray is called where
// somebody who is not trusted sends the header.
func (t Trusted) Handler(next http.Handler, header Header, stray func(peer netip.Addr)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fields := r.Header.Values(string(header))
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		switch {
		case err != nil || len(fields) == 0:
		case t.Has(peer.Addr()):
			if client := t.client(peer.Addr(), hops(header, fields)); client != peer.Addr() {
				r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
			}
		default:
			stray(peer.Addr().Unmap())
		}
		next.ServeHTTP(w, r)
	})
}

// client goes back from the peer, hop by hop, as far as each is trusted to say
// from whom it has the request.
func (t Trusted) client(peer netip.Addr, hops []string) netip.Addr {
	at := peer
	for i := len(hops) - 1; i >= 0 && t.Has(at); i-- {
		before, ok := address(hops[i])
		if !ok {
			break
		}
		at = before
	}
	return at
}

// maxHops bounds how many entries are looked at, the nearest ones. A header as
// a whole is bounded by the server.
const maxHops = 64

// hops are the entries of all fields of the header, in order, with what stands
// in each for an address.
func hops(header Header, fields []string) []string {
	var all []string
	for _, field := range fields {
		if header == Forwarded {
			all = append(all, forwardedFor(field)...)
			continue
		}
		for entry := range strings.SplitSeq(field, ",") {
			all = append(all, strings.Trim(entry, " \t"))
		}
	}
	return all[max(0, len(all)-maxHops):]
}

// address reads an address as proxies write it: alone, with a port, or an IPv6
// one in brackets with or without a port. "unknown" and names are none.
func address(text string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); !ok {
			return netip.Addr{}, false
		}
		text = inner
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}, false
	}
	return addr.Unmap().WithZone(""), true
}

// headerPatience bounds the wait for a proxy's word at the head of a
// connection. It is sent at once with the first packet.
const headerPatience = 5 * time.Second

// Listener gives the connections of l with the client's address where a trusted
// proxy says it by the PROXY protocol, version 1 or 2, as each trusted proxy
// must: one that does not ends its connection. Connections of others are as
// they are. A connection that a proxy opens for itself (LOCAL, a health check) is from the
// proxy.
func (t Trusted) Listener(l net.Listener) net.Listener {
	return &proxyproto.Listener{
		Listener:          l,
		ReadHeaderTimeout: headerPatience,
		ConnPolicy: func(o proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
			peer, err := netip.ParseAddrPort(o.Upstream.String())
			if err != nil || !t.Has(peer.Addr()) {
				return proxyproto.SKIP, nil
			}
			return proxyproto.REQUIRE, nil
		},
		ValidateHeader: func(h *proxyproto.Header) error {
			if h.Command.IsLocal() || h.TransportProtocol == proxyproto.TCPv4 || h.TransportProtocol == proxyproto.TCPv6 {
				return nil
			}
			// A client without an address would be none that is limited.
			return cordon.Errorf(cordon.KindInvalid, "a proxy passes on a connection that has no address")
		},
	}
}
