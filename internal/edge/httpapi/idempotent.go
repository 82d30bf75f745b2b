package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/wire"
)

// maxKey bounds an Idempotency-Key.
const maxKey = 255

// keyHeader names the header by which a request is sent at most once.
const keyHeader = "Idempotency-Key"

// keepFor is how long an answer is given again. Afterwards, and where it is
// larger than keepBytes, a repeated request is a Conflict and still does
// nothing twice.
const (
	keepFor   = 24 * time.Hour
	keepBytes = 4 << 20
	// justNow is within which time of an act its answer may be on its way.
	justNow = 10 * time.Second
)

var (
	errOtherRequest = cordon.Errorf(cordon.KindConflict, "another request was sent under this Idempotency-Key: use a new key for each")
	errAnswering    = cordon.Errorf(cordon.KindConflict, "this request is being answered")
	errDone         = cordon.Errorf(cordon.KindConflict, "this request was done before under this Idempotency-Key, and its answer is not kept: look at what it did")
)

// Two rows stand for a request under a key. The first, "done", is written in
// the transaction of the use-case itself (see Idempotent): either the act is on
// disk and so is this, or neither, and of two at the same time one fails.
// A refusal writes neither, since nothing was done: the key is as free afterwards as
// where what was asked for is not there. The second, "answer", follows in a transaction of its own, since the answer
// is made after the commit. Where the process dies in between, a repeated
// request finds the first and not the second: it is told that it was done, and
// does nothing.

// idempotent runs a request under its key unless that was done before.
func (a *api) idempotent(w http.ResponseWriter, c *call, r route) {
	if n := len(c.Header.Values(keyHeader)); n > 1 {
		a.fail(w, c.Request, cordon.Errorf(cordon.KindInvalid, "there are %d Idempotency-Keys: a request is sent under one", n))
		return
	}
	key := c.Header.Get(keyHeader)
	if len(key) > maxKey {
		a.fail(w, c.Request, cordon.Errorf(cordon.KindInvalid, "an Idempotency-Key is at most %d bytes", maxKey))
		return
	}
	k := keyed{api: a, slot: slot(c.person, key), request: requestHash(c.Request, c.body)}
	before := k.before
	if r.Repeat == wire.AnsweredAgain {
		before = k.settled
	}
	first, err := before(c.Context())
	if err != nil {
		a.fail(w, c.Request, err)
		return
	}
	if first != nil {
		first.write(w)
		return
	}
	done := k.reservation()
	c.Request = c.WithContext(done.in(c.Context()))
	var out answered
	out.header = make(http.Header)
	value, err := r.do(c)
	if cordon.KindOf(err) == cordon.KindConflict && !done.taken {
		// What is in its way may be the same request, sent at the same time.
		if first, other := before(c.Context()); first != nil {
			first.write(w)
			return
		} else if other != nil {
			err = other
		}
	}
	a.answer(&out, c, value, err)
	if done.taken && r.Repeat == wire.AnsweredAgain && out.status < 500 {
		if err := k.keep(c.Context(), &out); err != nil {
			entryOf(c.Request).cause = "keeping an answer: " + cause(err)
		}
	}
	out.write(w)
}

// keyed is one request under a key.
type keyed struct {
	*api
	slot    []byte
	request []byte
}

// keptAnswer lies sealed in a row.
type keptAnswer struct {
	Request []byte
	At      time.Time
	// The answer; no status in a row that only says that it was done.
	Status      int    `json:",omitempty"`
	ContentType string `json:",omitempty"`
	Location    string `json:",omitempty"`
	Body        []byte `json:",omitempty"`
}

const keptContext = "idempotent answer"

func (k keyed) row(name string) []byte {
	sum := sha256.Sum256(append(bytes.Clone(k.slot), name...))
	return sum[:]
}

func (k keyed) seal(v keptAnswer) cordon.Sealed {
	v.Request, v.At = k.request, k.Clock.Now()
	text, err := json.Marshal(v)
	if err != nil {
		panic("httpapi: an answer always encodes: " + err.Error())
	}
	return k.Vault.SealRoot(keptContext, text)
}

// settled is before, but that it waits a moment for the answer to a request that
// was done just now.
func (k keyed) settled(ctx context.Context) (*answered, error) {
	for wait := 5 * time.Millisecond; ; wait *= 2 {
		out, err := k.look(ctx)
		if err != error(errAnswering) {
			return out, err
		}
		if wait > time.Second {
			return nil, errDone
		}
		select {
		case <-ctx.Done():
			return nil, errDone
		case <-time.After(wait):
		}
	}
}

// before gives the answer to the same request sent earlier, nil if there was
// none.
func (k keyed) before(ctx context.Context) (*answered, error) {
	out, err := k.look(ctx)
	if err == error(errAnswering) {
		err = errDone
	}
	return out, err
}

// look is before, and errAnswering where the answer may be on its way.
func (k keyed) look(ctx context.Context) (*answered, error) {
	var answer, done cordon.Sealed
	err := k.Store.View(ctx, func(tx cordon.ReadTx) (err error) {
		if answer, err = tx.Answer(k.row("answer")); cordon.KindOf(err) != cordon.KindNotFound {
			return err
		}
		if done, err = tx.Answer(k.row("done")); cordon.KindOf(err) == cordon.KindNotFound {
			return nil
		}
		return err
	})
	if err != nil || answer == nil && done == nil {
		return nil, err
	}
	if answer == nil {
		answer = done
	}
	text, err := k.Vault.OpenRoot(keptContext, answer)
	if err != nil {
		return nil, err
	}
	var v keptAnswer
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "a kept answer is not in the form it was sealed in").Because(err)
	}
	switch {
	case !bytes.Equal(v.Request, k.request):
		return nil, errOtherRequest
	case v.Status == 0 && k.Clock.Now().Sub(v.At) < justNow:
		return nil, errAnswering
	case v.Status == 0 || k.Clock.Now().Sub(v.At) > keepFor:
		return nil, errDone
	}
	out := &answered{header: make(http.Header), status: v.Status}
	out.header.Set("Content-Type", v.ContentType)
	if v.Location != "" {
		out.header.Set("Location", v.Location)
	}
	out.body.Write(v.Body)
	return out, nil
}

// keep stores the answer for a repeated request.
func (k keyed) keep(ctx context.Context, out *answered) error {
	if out.body.Len() > keepBytes {
		return nil
	}
	sealed := k.seal(keptAnswer{
		Status: out.status, ContentType: out.header.Get("Content-Type"), Location: out.header.Get("Location"), Body: out.body.Bytes(),
	})
	return k.Store.Update(context.WithoutCancel(ctx), func(tx cordon.WriteTx) error {
		return tx.PutAnswer(k.row("answer"), sealed, k.Clock.Now())
	})
}

// reservation is the row that an Idempotent store writes with the first transaction
// of the request.
func (k keyed) reservation() *reservation {
	return &reservation{row: k.row("done"), sealed: k.seal(keptAnswer{}), at: k.Clock.Now()}
}

type reservation struct {
	row    []byte
	sealed cordon.Sealed
	at     time.Time
	// taken is set once it is on disk. A reservation is used by the one
	// goroutine that runs its request.
	taken bool
	// refused is set while an Update runs that writes a refusal down.
	refused bool
}

// in is the context of a request, or of a part of one, that has the reservation.
func (r *reservation) in(ctx context.Context) context.Context {
	return act.OnRefusal(context.WithValue(ctx, reservationKey{}, r), func() { r.refused = true })
}

type reservationKey struct{}

// unreserved is the context for an act that only looks up what a request names, and
// is recorded: it is not the act that is to be done once.
func unreserved(ctx context.Context) context.Context {
	return context.WithValue(ctx, reservationKey{}, nil)
}

// inParts gives the contexts of the parts of a request that is many
// transactions, each of which is done at most once: under its own key where it
// has one, whatever request it comes in, or else with the request's. Done tells,
// when all have run, whether the answer is to be kept.
func (c *call) inParts(keys []string) (parts []context.Context, done func()) {
	parts = make([]context.Context, len(keys))
	whole, ok := c.Context().Value(reservationKey{}).(*reservation)
	each := make([]*reservation, 0, len(keys))
	for i, key := range keys {
		var r *reservation
		switch {
		case key != "":
			k := keyed{api: c.api, slot: slot(c.person, key)}
			r = &reservation{row: k.row("part"), sealed: k.seal(keptAnswer{}), at: k.Clock.Now()}
		case ok:
			sum := sha256.Sum256(binary.BigEndian.AppendUint64(bytes.Clone(whole.row), uint64(i)))
			r = &reservation{row: sum[:], sealed: whole.sealed, at: whole.at}
		default:
			parts[i] = c.Context()
			continue
		}
		each = append(each, r)
		parts[i] = r.in(c.Context())
	}
	return parts, func() {
		for _, r := range each {
			if ok {
				whole.taken = whole.taken || r.taken
			}
		}
	}
}

// Idempotent is a store whose Updates write, with their changes, that the request
// of their context was done. The use-cases of the API work on it.
func Idempotent(store cordon.Store) cordon.Store { return idempotentStore{store} }

type idempotentStore struct{ cordon.Store }

// Update implements cordon.Store.
func (s idempotentStore) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return s.reserving(ctx, fn, func(fn func(cordon.WriteTx) error) error { return s.Store.Update(ctx, fn) })
}

// Decide implements cordon.Store.
func (s idempotentStore) Decide(ctx context.Context, fn func(cordon.ReadTx) error) (cordon.Basis, error) {
	r, ok := ctx.Value(reservationKey{}).(*reservation)
	return s.Store.Decide(ctx, func(tx cordon.ReadTx) error {
		if ok {
			r.refused = false
		}
		return fn(tx)
	})
}

// Commit implements cordon.Store.
func (s idempotentStore) Commit(ctx context.Context, on cordon.Basis, fn func(cordon.WriteTx) error) error {
	return s.reserving(ctx, fn, func(fn func(cordon.WriteTx) error) error { return s.Store.Commit(ctx, on, fn) })
}

// Record implements cordon.Store. Decide has noted whether it is a refusal.
func (s idempotentStore) Record(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	r, ok := ctx.Value(reservationKey{}).(*reservation)
	if !ok || r.taken || r.refused {
		return s.Store.Record(ctx, on, log)
	}
	return s.Commit(ctx, on, func(tx cordon.WriteTx) error { return log.Write(tx) })
}

// reserving runs a transaction that writes with its changes, unless it is a refusal,
// that the request was done.
func (s idempotentStore) reserving(ctx context.Context, fn func(cordon.WriteTx) error, run func(func(cordon.WriteTx) error) error) error {
	r, ok := ctx.Value(reservationKey{}).(*reservation)
	if !ok || r.taken {
		return run(fn)
	}
	var before bool
	err := run(func(tx cordon.WriteTx) error {
		before, r.refused = false, false
		if err := fn(tx); err != nil || r.refused {
			return err
		}
		err := tx.PutAnswer(r.row, r.sealed, r.at)
		before = cordon.KindOf(err) == cordon.KindConflict
		return err
	})
	r.taken = err == nil && !r.refused
	if err != nil && (before || s.done(ctx, r)) {
		return errDone
	}
	return err
}

// done reports whether the request was done before: what it asks for may fail now
// because of that, as a name that is taken by it.
func (s idempotentStore) done(ctx context.Context, r *reservation) bool {
	return s.Store.View(ctx, func(tx cordon.ReadTx) error {
		_, err := tx.Answer(r.row)
		return err
	}) == nil
}

// slot is the name of a person's key: nobody else's request meets it.
func slot(person cordon.ID, key string) []byte {
	sum := sha256.Sum256([]byte(strconv.Itoa(len(person)) + ":" + string(person) + key))
	return sum[:]
}

// requestHash tells one request from another.
func requestHash(r *http.Request, body []byte) []byte {
	h := sha256.New()
	h.Write([]byte(r.Method + " " + r.URL.RequestURI() + "\n"))
	h.Write(body)
	return h.Sum(nil)
}

// answered is an answer held back until it has been kept.
type answered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answered) Header() http.Header { return a.header }

func (a *answered) WriteHeader(status int) { a.status = status }

func (a *answered) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.body.Write(b)
}

func (a *answered) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	w.Write(a.body.Bytes())
}
