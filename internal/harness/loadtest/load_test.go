// Package loadtest puts real servers under load while they are killed, and
// holds every answer against a model of who may read what. It has tests only:
// `make load` runs it for five minutes.
package loadtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/harness/pgtest"
	"cordon/internal/harness/soak"
	"cordon/wire"
)

// size is how much load there is.
type size struct {
	// each is how much each client does, and kill after how much of all of
	// them together a node is killed; where it is 0 a run lasts for a time.
	each, kill int
	lasts      time.Duration
	clients    int
	nodes      int
	// long runs are long enough to tell whether memory grows.
	long bool
}

// TestLoad: nothing that was acknowledged is lost, and nobody reads what they
// may not, while nodes are killed and restarted. CORDON_LOAD says for how long
// (5m); where it is not set a certain number of things are done.
func TestLoad(t *testing.T) {
	s := size{each: soak.Pick(25, 400), kill: soak.Pick(60, 200), clients: soak.Pick(8, 32), nodes: soak.Pick(2, 3)}
	if text := os.Getenv("CORDON_LOAD"); text != "" {
		lasts, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		s = size{lasts: lasts, clients: 64, nodes: 3, long: lasts >= time.Minute}
	}
	binary := build(t)
	t.Run("sqlite", func(t *testing.T) {
		one := s
		one.nodes = 1
		run(t, newCluster(t, binary, "", one.nodes), one)
	})
	t.Run("postgres", func(t *testing.T) { run(t, newCluster(t, binary, pgtest.Start(t), s.nodes), s) })
}

func run(t *testing.T, c *cluster, s size) {
	w := newWorld(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	if s.each == 0 {
		ctx, cancel = context.WithTimeout(t.Context(), s.lasts)
	}
	defer cancel()
	did := make(chan struct{}, s.clients*s.each)
	var clients, all sync.WaitGroup
	for i := range s.clients {
		clients.Go(func() { w.work(ctx, i, s.each, did) })
	}
	all.Go(func() { c.killNow(ctx, s, did) })
	memory := sampled(ctx, &all, c)
	clients.Wait()
	cancel()
	all.Wait()
	if t.Failed() {
		return
	}
	w.report()
	memory.check(t, s)
	w.verify(s)
}

// orgs take part, each with its own people.
var orgs = []string{"ALFA", "BRAVO", "CHARLIE", "DELTA", "ECHO"}

// world is the model: what was asked for, and what was acknowledged.
type world struct {
	t       *testing.T
	cluster *cluster
	as      map[string][]*client.Client // by organisation, for each node
	root    *client.Client

	texts atomic.Int64

	mu       sync.Mutex                  // guards what follows
	readers  map[string]map[string]bool  // of a text: to whom it was given
	granted  map[string]map[string]grant // of a text: to whom besides
	reports  []published
	parts    []part
	grants   []*grantMade
	done     map[string]int
	took     map[string][]time.Duration
	unsure   int // answers that say that it was done, and were lost
	tried    int // requests sent again, the client's own tries not counted
	occurred int // texts in answers that were held against the model
}

// grant is how an organisation stands to a text that it was not given. It may
// have it from the moment in which the grant was asked for, since that is then
// in nobody's hands, to the one in which a revocation was acknowledged.
type grant struct {
	ended time.Time
	asked int // how often a grant was asked for, answered or not
}

type published struct {
	id    cordon.ID
	owner string
	texts []string
	parts []cordon.ID // of texts
}

type part struct {
	id      cordon.ID
	request cordon.ID
	portion cordon.ID
	text    string
	report  cordon.ID
	owner   string
	from    string
	to      string
}

// grantMade is a grant that was acknowledged.
type grantMade struct {
	part
	grant   cordon.ID
	revoked bool
}

func newWorld(t *testing.T, c *cluster) *world {
	w := &world{
		t: t, cluster: c, as: make(map[string][]*client.Client), readers: make(map[string]map[string]bool),
		granted: make(map[string]map[string]grant), done: make(map[string]int), took: make(map[string][]time.Duration),
	}
	w.root = c.client(0, c.token)
	for _, org := range orgs {
		if _, err := w.root.AddOrganisation(t.Context(), wire.OrganisationDraft{Name: org, Country: "USA"}); err != nil {
			t.Fatal(err)
		}
		invited, err := w.root.InviteAdministrator(t.Context(), org, "all")
		if err != nil {
			t.Fatal(err)
		}
		session, err := c.client(0, "").UseEnrolment(t.Context(), wire.EnrolmentUse{Secret: invited.Secret, Password: "correct horse battery"})
		if err != nil {
			t.Fatal(err)
		}
		all := c.client(0, session.Secret)
		if _, err := all.ChangePerson(t.Context(), "all", wire.PersonDraft{
			Organisation: org, Name: "all", Clearances: map[string]string{"us": "S"},
			Roles: slices.DeleteFunc(cordon.Roles(), func(r cordon.Role) bool { return r == cordon.RoleOperator }),
		}); err != nil {
			t.Fatal(err)
		}
		token, err := all.NewToken(t.Context(), "all", wire.TokenDraft{})
		if err != nil {
			t.Fatal(err)
		}
		for node := range c.nodes {
			w.as[org] = append(w.as[org], c.client(node, token.Token))
		}
	}
	return w
}

// work is one client: it does one thing after the other, each times or, where
// that is 0, until time is up, and says so of each.
func (w *world) work(ctx context.Context, client, each int, did chan<- struct{}) {
	r := soak.Rand(w.t, uint64(client))
	for i := 0; (each == 0 || i < each) && ctx.Err() == nil && !w.t.Failed(); i++ {
		org := orgs[r.IntN(len(orgs))]
		name, do := "open", w.open
		switch n := r.IntN(100); {
		case n < 12:
			name, do = "publish", w.publish
		case n < 30:
			name, do = "search", w.search
		case n < 40:
			name, do = "list", w.list
		case n < 50:
			name, do = "request", w.request
		case n < 58:
			name, do = "decide", w.decide
		case n < 61:
			name, do = "revoke", w.revoke
		}
		begun := time.Now()
		if do(ctx, r, org) {
			w.mu.Lock()
			w.done[name]++
			w.took[name] = append(w.took[name], time.Since(begun))
			w.mu.Unlock()
		}
		if each > 0 {
			did <- struct{}{}
		}
	}
}

const mostWaits = 200

// persist sends a request until it is answered, by any node, under one key. It
// reports whether it was answered before time was up; an answer that was lost
// counts as none, and what it did may have been done or not.
//
// What was published a moment ago waits for others until it has been compared, so that it
// is asked for again, mostWaits times: by then it must be there.
func (w *world) persist(ctx context.Context, r *rand.Rand, org string, send func(context.Context, *client.Client) error) bool {
	keyed := client.WithKey(ctx, string(cordon.NewID()))
	for try := 0; ctx.Err() == nil; try++ {
		err := send(keyed, w.as[org][r.IntN(len(w.as[org]))])
		switch {
		case err == nil:
			return true
		case cordon.KindOf(err) == cordon.KindUnavailable:
			w.mu.Lock()
			w.tried++
			w.mu.Unlock()
			time.Sleep(time.Duration(20+r.IntN(80)) * time.Millisecond)
		case cordon.KindOf(err) == cordon.KindNotFound && try < mostWaits:
			time.Sleep(time.Duration(20+r.IntN(80)) * time.Millisecond)
		case cordon.KindOf(err) == cordon.KindConflict && strings.Contains(err.Error(), "was done before"):
			w.mu.Lock()
			w.unsure++
			w.mu.Unlock()
			return false
		case ctx.Err() != nil:
			return false
		default:
			w.t.Errorf("%s: %v (%v: %v)", org, err, cordon.KindOf(err), errors.Unwrap(err))
			return false
		}
	}
	return false
}

var syllables = strings.Fields("ba de fi go ku la me ni po ru sa te vi wo xu ya ze")

func noise(r *rand.Rand, words int) string {
	var out []string
	for range words {
		out = append(out, syllables[r.IntN(17)]+syllables[r.IntN(17)]+syllables[r.IntN(17)]+syllables[r.IntN(17)])
	}
	return strings.Join(out, " ")
}

// publish gives a report of three portions to one or two organisations.
func (w *world) publish(ctx context.Context, r *rand.Rand, org string) bool {
	to := slices.DeleteFunc(slices.Clone(orgs), func(o string) bool { return o == org })
	r.Shuffle(len(to), func(i, j int) { to[i], to[j] = to[j], to[i] })
	to = to[:1+r.IntN(2)]
	p := published{owner: org}
	draft := wire.Draft{Kind: cordon.ReportOriginal, Recipients: to}
	for i := range 3 {
		key := fmt.Sprintf("key%dkey", w.texts.Add(1))
		may := map[string]bool{org: true}
		for _, o := range to {
			may[o] = true
		}
		w.mu.Lock()
		w.readers[key] = may
		w.mu.Unlock()
		one := wire.PortionDraft{Marking: "S", Text: key + " harbour " + noise(r, 20)}
		if i == 0 {
			draft.Title = one
		} else {
			draft.Portions = append(draft.Portions, one)
		}
		p.texts = append(p.texts, key)
	}
	if !w.persist(ctx, r, org, func(ctx context.Context, api *client.Client) error {
		out, err := api.Publish(ctx, draft)
		p.id, p.parts = out.Report, nil
		for _, one := range out.Portions {
			p.parts = append(p.parts, one.ID)
		}
		return err
	}) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reports = append(w.reports, p)
	return true
}

// may reports whether the organisation may be shown the text in the answer to
// a request begun then.
func (w *world) may(org, key string, begun time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.occurred++
	if w.readers[key][org] {
		return true
	}
	g, ok := w.granted[key][org]
	return ok && (g.ended.IsZero() || !begun.After(g.ended))
}

// check holds the texts of an answer against the model, and gives their keys.
func (w *world) check(org string, begun time.Time, what string, texts ...string) []string {
	var keys []string
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r != 'k' && r != 'e' && r != 'y' && (r < '0' || r > '9') }) {
			if !strings.HasPrefix(word, "key") || !strings.HasSuffix(word, "key") || len(word) < 7 {
				continue
			}
			keys = append(keys, word)
			if !w.may(org, word, begun) {
				w.t.Errorf("%s of %s shows it %q, which it may not read", what, org, text)
			}
		}
	}
	return keys
}

func (w *world) some(r *rand.Rand) (published, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.reports) == 0 {
		return published{}, false
	}
	return w.reports[r.IntN(len(w.reports))], true
}

// open opens a report that was acknowledged: whoever it was given to is shown
// all of it.
func (w *world) open(ctx context.Context, r *rand.Rand, org string) bool {
	p, ok := w.some(r)
	if !ok {
		return false
	}
	return w.persist(ctx, r, org, func(ctx context.Context, api *client.Client) error { return w.opened(ctx, api, org, p) })
}

func (w *world) opened(ctx context.Context, api *client.Client, org string, p published) error {
	begun := time.Now()
	out, err := api.Open(ctx, string(p.id))
	w.mu.Lock()
	given := w.readers[p.texts[0]][org]
	w.mu.Unlock()
	if cordon.KindOf(err) == cordon.KindNotFound && err != nil && !given {
		return nil
	}
	if err != nil {
		return err
	}
	var texts []string
	for _, one := range out.Portions {
		texts = append(texts, one.Text)
	}
	shown := w.check(org, begun, "opening", texts...)
	if given && strings.Join(shown, " ") != strings.Join(p.texts, " ") {
		w.t.Errorf("%s was given %q and is shown %q", org, p.texts, shown)
	}
	return nil
}

func (w *world) search(ctx context.Context, r *rand.Rand, org string) bool {
	query := "harbour"
	if p, ok := w.some(r); ok && r.IntN(2) == 0 {
		query = p.texts[r.IntN(len(p.texts))] // whoever's
	}
	return w.persist(ctx, r, org, func(ctx context.Context, api *client.Client) error {
		begun := time.Now()
		hits, err := api.Search(ctx, wire.Query{Text: query}, wire.Page{Limit: 20})
		for _, h := range hits.Items {
			w.check(org, begun, "searching", h.Text, fmt.Sprint(h.Snippet))
		}
		return err
	})
}

func (w *world) list(ctx context.Context, r *rand.Rand, org string) bool {
	return w.persist(ctx, r, org, func(ctx context.Context, api *client.Client) error {
		begun := time.Now()
		items, err := api.Reports(ctx, wire.Page{Limit: 20})
		for _, i := range items.Items {
			w.check(org, begun, "listing", i.Title)
		}
		return err
	})
}

// request asks, as one of those a report was given to, that a third may have a
// portion of it.
func (w *world) request(ctx context.Context, r *rand.Rand, _ string) bool {
	p, ok := w.some(r)
	if !ok {
		return false
	}
	i := 1 + r.IntN(len(p.texts)-1)
	var holders, others []string
	w.mu.Lock()
	for _, o := range orgs {
		switch {
		case o == p.owner:
		case w.readers[p.texts[i]][o]:
			holders = append(holders, o)
		default:
			others = append(others, o)
		}
	}
	w.mu.Unlock()
	from, to := holders[r.IntN(len(holders))], others[r.IntN(len(others))]
	ask := part{portion: p.parts[i], text: p.texts[i], report: p.id, owner: p.owner, from: from, to: to}
	answered := w.persist(ctx, r, from, func(ctx context.Context, api *client.Client) error {
		out, err := api.RequestRelease(ctx, wire.ReleaseDraft{Portions: []cordon.ID{ask.portion}, Audience: to, Purpose: "load"})
		if err == nil && len(out.Parts) > 0 {
			ask.id, ask.request = out.Parts[0].ID, out.ID
		}
		if cordon.KindOf(err) == cordon.KindInvalid || cordon.KindOf(err) == cordon.KindConflict && !strings.Contains(err.Error(), "done before") {
			return nil // it has been granted meanwhile: nothing to ask for
		}
		return err
	})
	if answered && ask.id != "" {
		w.mu.Lock()
		w.parts = append(w.parts, ask)
		w.mu.Unlock()
	}
	return answered
}

// decide grants a part that waits, and who asked releases it.
func (w *world) decide(ctx context.Context, r *rand.Rand, _ string) bool {
	w.mu.Lock()
	if len(w.parts) == 0 {
		w.mu.Unlock()
		return false
	}
	i := r.IntN(len(w.parts))
	p := w.parts[i]
	w.parts = slices.Delete(w.parts, i, i+1)
	if w.granted[p.text] == nil {
		w.granted[p.text] = make(map[string]grant)
	}
	w.granted[p.text][p.to] = grant{asked: w.granted[p.text][p.to].asked + 1}
	w.mu.Unlock()
	made := &grantMade{part: p}
	if !w.persist(ctx, r, p.owner, func(ctx context.Context, api *client.Client) error {
		_, err := api.Decide(ctx, p.id, wire.Decision{Grant: []cordon.ID{p.portion}})
		return err
	}) || !w.persist(ctx, r, p.from, func(ctx context.Context, api *client.Client) error {
		out, err := api.Release(ctx, p.request, wire.Leaving{})
		if err == nil {
			made.grant = out.Parts[0].Grant
		}
		return err
	}) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.grants = append(w.grants, made)
	return true
}

// revoke ends a grant. Afterwards the organisation may have the text only if
// another grant of it was asked for.
func (w *world) revoke(ctx context.Context, r *rand.Rand, _ string) bool {
	w.mu.Lock()
	var live []*grantMade
	for _, g := range w.grants {
		if !g.revoked && w.granted[g.text][g.to].asked == 1 {
			live = append(live, g)
		}
	}
	if len(live) == 0 {
		w.mu.Unlock()
		return false
	}
	g := live[r.IntN(len(live))]
	g.revoked = true
	w.mu.Unlock()
	if !w.persist(ctx, r, g.owner, func(ctx context.Context, api *client.Client) error { return api.Revoke(ctx, g.grant) }) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.granted[g.text][g.to].asked == 1 {
		w.granted[g.text][g.to] = grant{ended: time.Now(), asked: 1}
	}
	return true
}

// report says what was done.
func (w *world) report() {
	w.mu.Lock()
	defer w.mu.Unlock()
	total := 0
	var names []string
	for name, n := range w.done {
		total += n
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		took := w.took[name]
		slices.Sort(took)
		w.t.Logf("%-8s %7d, median %v, p99 %v", name, w.done[name], took[len(took)/2].Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond))
	}
	w.t.Logf("%d done, %d reports and %d grants acknowledged; %d kills; %d sent again, %d answers lost; %d texts held against the model",
		total, len(w.reports), len(w.grants), w.cluster.kills, w.tried, w.unsure, w.occurred)
	if total == 0 || len(w.reports) == 0 || w.cluster.kills == 0 || w.occurred == 0 {
		w.t.Error("nothing was tried")
	}
}

// verify asks, when all is quiet and every node is up, for everything that was
// acknowledged.
func (w *world) verify(s size) {
	ctx := w.t.Context()
	work := make(chan func(*rand.Rand))
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 2))
			for do := range work {
				do(r)
			}
		})
	}
	for _, p := range w.reports {
		work <- func(r *rand.Rand) { // one that it was given to, and one that it was not
			for _, given := range []bool{true, false} {
				org := orgs[r.IntN(len(orgs))]
				for w.readers[p.texts[0]][org] != given {
					org = orgs[r.IntN(len(orgs))]
				}
				if err := w.opened(ctx, w.as[org][r.IntN(s.nodes)], org, p); err != nil {
					w.t.Errorf("report %s as %s: %v", p.id, org, err)
				}
			}
		}
	}
	for _, g := range w.grants {
		if g.revoked {
			continue
		}
		work <- func(r *rand.Rand) {
			out, err := w.as[g.to][r.IntN(s.nodes)].Open(ctx, string(g.report))
			if err != nil || !slices.ContainsFunc(out.Portions, func(p wire.Shown) bool { return strings.HasPrefix(p.Text, g.text+" ") }) {
				w.t.Errorf("%s was granted %s and is shown %+v, %v", g.to, g.text, out.Portions, err)
			}
		}
	}
	close(work)
	all.Wait()

	acts := make(map[cordon.ID]int)
	for _, org := range orgs {
		number := int64(0)
		for {
			feed, err := w.as[org][0].Feed(ctx, number, cordon.MaxPage)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, e := range feed.Items {
				if number++; e.Number != number {
					w.t.Fatalf("the feed of %s has %d where %d should be", org, e.Number, number)
				}
				published := e.Act == cordon.ActPublish && e.ActorOrganisation != nil && e.ActorOrganisation.Name == org
				granted := e.Act == cordon.ActGrant && e.Audience != nil && e.Audience.Name != org // it is in the audience's feed too
				if e.Outcome == cordon.OutcomeAllowed && (published || granted) {
					acts[e.Subject]++
				}
			}
			if feed.Next == 0 {
				break
			}
		}
	}
	for _, p := range w.reports {
		if acts[p.id] != 1 {
			w.t.Errorf("report %s was published %d times by its feed", p.id, acts[p.id])
		}
	}
	for _, g := range w.grants {
		if acts[g.grant] != 1 {
			w.t.Errorf("grant %s was made %d times by its feed", g.grant, acts[g.grant])
		}
	}
	v, err := w.root.VerifyLedger(ctx, wire.VerificationDraft{})
	if err != nil || !v.OK {
		w.t.Errorf("the ledger does not verify: %+v, %v", v.Fault, err)
	}
	w.t.Logf("the ledger of %d entries verifies", v.Size)
}
