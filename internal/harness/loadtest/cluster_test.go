package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon/client"
	"cordon/internal/harness/soak"
)

// build makes the program.
func build(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "cordon")
	if out, err := exec.Command("go", "build", "-o", binary, "cordon/cmd/cordon").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// cluster is one installation and the processes that serve it.
type cluster struct {
	t      testing.TB
	binary string
	where  []string
	token  string
	nodes  []*node
	kills  int
}

type node struct {
	address string

	mu  sync.Mutex // guards what follows
	cmd *exec.Cmd
	log *bytes.Buffer
}

// newCluster sets an installation up and serves it; postgres is the URL of its
// database, empty for SQLite.
func newCluster(t testing.TB, binary, postgres string, nodes int) *cluster {
	t.Helper()
	dir := t.TempDir()
	c := &cluster{t: t, binary: binary, where: []string{"--data", filepath.Join(dir, "data")}}
	if postgres != "" {
		c.where = []string{"--postgres", postgres, "--key", filepath.Join(dir, "root.key")}
	}
	token := filepath.Join(dir, "token")
	out, err := exec.Command(binary, append([]string{"init", "--org", "HUB", "--token-output", token}, c.where...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(token)
	if err != nil {
		t.Fatal(err)
	}
	c.token = strings.TrimSpace(string(text))
	for range nodes {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		n := &node{address: l.Addr().String()}
		l.Close()
		c.nodes = append(c.nodes, n)
		c.start(n)
	}
	t.Cleanup(func() {
		for _, n := range c.nodes {
			n.kill()
			if text := n.log.String(); text != "" {
				t.Logf("%s logged:\n%s", n.address, text[:min(len(text), 1000)])
			}
		}
	})
	return c
}

// start starts the node and waits until it serves.
func (c *cluster) start(n *node) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.log == nil {
		n.log = &bytes.Buffer{}
	}
	args := append([]string{"serve", "--listen", n.address, "--rate-person", "0", "--rate-address", "0", "--log-level", "error"}, c.where...)
	n.cmd = exec.Command(c.binary, args...)
	n.cmd.Stderr = n.log
	out, err := n.cmd.StdoutPipe()
	if err == nil {
		err = n.cmd.Start()
	}
	if err != nil {
		c.t.Error(err)
		return
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.Contains(lines.Text(), n.address) {
		c.t.Errorf("%s does not serve: %s %s", n.address, lines.Text(), n.log)
	}
}

func (n *node) kill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cmd.Process.Kill()
	n.cmd.Wait()
}

// killNow kills a node every few seconds, or each time so much has been done, at
// any moment, and starts it again. In a long run the first node of several is left alone, and one alone is from
// half-time on, so that it can be seen whether its memory grows.
func (c *cluster) killNow(ctx context.Context, s size, did <-chan struct{}) {
	r := soak.Rand(c.t, 1_000_003)
	begun := time.Now()
	for s.moment(ctx, r, did) {
		among := c.nodes
		switch {
		case s.long && len(among) > 1:
			among = among[1:]
		case s.long && time.Since(begun) > s.lasts/2:
			return
		}
		n := among[r.IntN(len(among))]
		n.kill()
		c.kills++
		time.Sleep(time.Duration(r.IntN(300)) * time.Millisecond)
		c.start(n)
	}
}

// moment waits for the next kill, and reports whether there is to be one.
func (s size) moment(ctx context.Context, r *rand.Rand, did <-chan struct{}) bool {
	if s.each == 0 {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(2*time.Second + time.Duration(r.IntN(4000))*time.Millisecond):
			return true
		}
	}
	for range s.kill {
		select {
		case <-ctx.Done():
			return false
		case <-did:
		}
	}
	return true
}

func (c *cluster) client(node int, token string) *client.Client {
	base := &url.URL{Scheme: "http", Host: c.nodes[node].address}
	return client.New(base, token, &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}})
}

// samples is the resident memory of the first node, in bytes.
type samples struct {
	mu  sync.Mutex
	rss []int64
	pid []int
}

func sampled(ctx context.Context, all *sync.WaitGroup, c *cluster) *samples {
	s := &samples{}
	all.Go(func() {
		for ctx.Err() == nil {
			n := c.nodes[0]
			n.mu.Lock()
			pid := n.cmd.Process.Pid
			n.mu.Unlock()
			if rss, err := resident(pid); err == nil {
				s.mu.Lock()
				s.rss, s.pid = append(s.rss, rss), append(s.pid, pid)
				s.mu.Unlock()
			}
			select {
			case <-ctx.Done():
			case <-time.After(500 * time.Millisecond):
			}
		}
	})
	return s
}

func resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	kib, err := strconv.ParseInt(strings.Fields(after + " x")[0], 10, 64)
	return kib << 10, err
}

// growth is how much more memory the last quarter of a process's life may take
// than its second, by the median: what is kept for each report, and chance.
const (
	growth = 1.5
	slack  = 32 << 20
)

// check holds the memory of the process that lived to the end to growth, in a
// long run.
func (s *samples) check(t testing.TB, size size) {
	if !size.long {
		return
	}
	last := s.pid[len(s.pid)-1]
	own := s.rss[slices.Index(s.pid, last):]
	quarter := func(i int) int64 {
		part := slices.Sorted(slices.Values(own[i*len(own)/4 : (i+1)*len(own)/4]))
		return part[len(part)/2]
	}
	t.Logf("resident memory by quarters of %v: %d, %d, %d, %d MiB; most %d MiB", time.Duration(len(own))*500*time.Millisecond,
		quarter(0)>>20, quarter(1)>>20, quarter(2)>>20, quarter(3)>>20, slices.Max(own)>>20)
	if before, after := quarter(1), quarter(3); float64(after) > growth*float64(before)+slack {
		t.Errorf("memory grows: %d MiB, later %d MiB", before>>20, after>>20)
	}
}
