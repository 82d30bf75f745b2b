package postgres

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"cordon/internal/harness/pgtest"
)

// A proxy stands between a store and its server and cuts the line when a
// message of the store goes by that it was told to look for.
type proxy struct {
	listener net.Listener

	mu    sync.Mutex // guards what follows
	cutAt []byte     // nil: never
	pass  bool       // let the message through first, and stop the answer
	cuts  int
}

func newProxy(t *testing.T) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go p.relay(client)
		}
	}()
	return p
}

// through is the URL with the proxy in the place of the server.
func (p *proxy) through(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Del("host")
	u.RawQuery, u.Host, u.User = q.Encode(), p.listener.Addr().String(), url.User("postgres")
	return u.String()
}

// cut has the line cut once, at the next message that holds the text.
func (p *proxy) cut(text string, pass bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cutAt, p.pass = []byte(text), pass
}

func (p *proxy) wasCut() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuts
}

// match says whether a message is the one to cut at, and if it is to pass.
func (p *proxy) match(message []byte) (cut, pass bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cutAt == nil || !bytes.Contains(message, p.cutAt) {
		return false, false
	}
	p.cutAt = nil
	p.cuts++
	return true, p.pass
}

func (p *proxy) relay(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", pgtest.Socket())
	if err != nil {
		return
	}
	defer server.Close()
	answers := make(chan struct{})
	muted := make(chan struct{})
	go func() {
		defer close(answers)
		buf := make([]byte, 1<<16)
		for {
			n, err := server.Read(buf)
			select {
			case <-muted: // what the server did, the store does not learn
				_, _ = io.Copy(io.Discard, server)
				return
			default:
			}
			if n > 0 {
				if _, err := client.Write(buf[:n]); err != nil {
					return
				}
			}
			if err != nil {
				_ = client.Close()
				return
			}
		}
	}()
	buf := make([]byte, 1<<16)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		cut, pass := p.match(buf[:n])
		if cut && !pass {
			return
		}
		if cut {
			close(muted)
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		if cut {
			// The server does what it was told, says so to nobody, and
			// sees that the line is gone when it reads on.
			_ = server.(*net.UnixConn).CloseWrite()
			<-answers
			return
		}
	}
}
