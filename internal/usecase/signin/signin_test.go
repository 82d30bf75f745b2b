package signin_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/signin"
)

const (
	password = "correct horse battery"
	another  = "another horse and battery"
	here     = "192.0.2.7:4711"
)

func whole(w *casetest.World, name string) act.Caller { return w.By(w.ID(name)) }

// enrolled gives the person a password, and a session.
func enrolled(t testing.TB, w *casetest.World, name string) signin.Signed {
	t.Helper()
	_, secret, _, err := w.SignIn.Enrol(t.Context(), w.Local(), w.ID(name))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := w.SignIn.EnrolPassword(t.Context(), secret, password)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func wantKind(t testing.TB, what string, err error, kind cordon.Kind) {
	t.Helper()
	if err == nil || cordon.KindOf(err) != kind {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}

func TestWhoeverFailsLearnsNothing(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		enrolled(t, w, "ana")
		enrolled(t, w, "sol")
		sol := w.Person["sol"]
		sol.Suspended = true
		if _, err := people.ChangePerson(t.Context(), w.Local(), sol); err != nil {
			t.Fatal(err)
		}
		signed, err := w.SignIn.WithPassword(t.Context(), "valdor/ana", password, here)
		if err != nil || signed.Person.ID != w.ID("ana") {
			t.Fatalf("signed in as %+v, %v", signed.Person, err)
		}
		for what, try := range map[string][2]string{
			"a wrong password":           {"VALDOR/ana", another},
			"no password":                {"VALDOR/ana", ""},
			"a password cut short":       {"VALDOR/ana", password[:len(password)-1]},
			"a password in other case":   {"VALDOR/ana", strings.ToUpper(password)},
			"a name nobody has":          {"VALDOR/nobody", password},
			"an organisation nobody has": {"NOWHERE/ana", password},
			"another organisation":       {"TARSIS/ana", password},
			"no organisation":            {"ana", password},
			"no name":                    {"", ""},
			"somebody without password":  {"TARSIS/theo", password},
			"somebody suspended":         {"VALDOR/sol", password},
			"a name too long":            {"VALDOR/" + strings.Repeat("a", 2000), password},
			"a password too long":        {"VALDOR/ana", strings.Repeat(password, 100)},
		} {
			if _, err := w.SignIn.WithPassword(t.Context(), try[0], try[1], here); err != error(reader.ErrUnauthenticated) {
				t.Errorf("%s: %v, want ErrUnauthenticated itself", what, err)
			}
		}
		// Failures are in the installation's feed; a person who exists has their id there.
		var known, unknown int
		for _, e := range w.Feed(t, "", cordon.ActSignIn, cordon.OutcomeRefused) {
			if e.Subject == "" {
				unknown++
			} else {
				known++
			}
			if e.Actor != "" {
				t.Errorf("a failure has an actor: %+v", e)
			}
		}
		if known != 6 || unknown != 5 {
			t.Errorf("%d failures of known and %d of unknown names are recorded, want 6 and 5", known, unknown)
		}
		w.AbsentFromFiles(t, password, another, signed.Secret, "nobody", "NOWHERE", here, "192.0.2.7", "argon2id")
	})
}

// TestFailuresAreLimited: for names that somebody has and that nobody has in
// the same way, on every node, and never for ever.
func TestFailuresAreLimited(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		enrolled(t, w, "ana")
		node := w.Node(t)
		heard := func(name, password, from string) []string {
			var answers []string
			for i := range 9 {
				at := w.SignIn
				if i%2 == 1 {
					at = node.SignIn
				}
				_, err := at.WithPassword(t.Context(), name, password, from)
				answers = append(answers, err.Error())
			}
			return answers
		}
		known, unknown := heard("VALDOR/ana", another, here), heard("VALDOR/nobody", another, "192.0.2.8:1")
		if strings.Join(known, "\n") != strings.Join(unknown, "\n") {
			t.Errorf("a known name is told from an unknown one:\n%s\n\n%s", strings.Join(known, "\n"), strings.Join(unknown, "\n"))
		}
		if known[5] != reader.ErrUnauthenticated.Error() || !strings.Contains(known[6], "try again in 1 second") {
			t.Errorf("the seventh is heard: %q", known)
		}
		_, err := w.SignIn.WithPassword(t.Context(), "VALDOR/ana", password, here)
		wantKind(t, "the right password while it has to wait", err, cordon.KindTooMany)
		_, err = w.SignIn.WithPassword(t.Context(), "valdor/ana", password, here)
		wantKind(t, "the name in other case", err, cordon.KindTooMany)
		if _, err := w.SignIn.WithPassword(t.Context(), "VALDOR/ana", password, "198.51.100.1:1"); err != nil {
			t.Errorf("the person himself from elsewhere: %v", err)
		}
		// However long it is kept up, the wait has an end.
		wait := time.Duration(0)
		for range 40 {
			w.Clock.Advance(15*time.Minute + time.Second)
			if _, err := w.SignIn.WithPassword(t.Context(), "VALDOR/ana", another, here); err != error(reader.ErrUnauthenticated) {
				t.Fatalf("after a quarter of an hour: %v", err)
			}
			wait += 15 * time.Minute
		}
		w.Clock.Advance(15*time.Minute + time.Second)
		if _, err := w.SignIn.WithPassword(t.Context(), "VALDOR/ana", password, here); err != nil {
			t.Errorf("the right one, after the longest wait: %v", err)
		}
		// And success begins anew.
		for i := range 5 {
			if _, err := w.SignIn.WithPassword(t.Context(), "VALDOR/ana", another, "198.51.100.1:1"); err != error(reader.ErrUnauthenticated) {
				t.Errorf("failure %d after a success: %v", i+1, err)
			}
		}
	})
}

func TestOnePlaceDoesNotTryManyNames(t *testing.T) {
	w := casetest.New(t)
	var err error
	tried := 0
	for ; tried < 60; tried++ {
		// Addresses of one IPv6 network are one place.
		from := "[2001:db8::" + string("123456789abcdef"[tried%15]) + "]:443"
		if _, err = w.SignIn.WithPassword(t.Context(), "VALDOR/"+strings.Repeat("x", tried+1), password, from); cordon.KindOf(err) == cordon.KindTooMany {
			break
		}
	}
	if tried != 31 {
		t.Errorf("%d names were heard from one place, %v; want 31", tried, err)
	}
	if _, err := w.SignIn.WithPassword(t.Context(), "VALDOR/y", password, "[2001:db8:0:1::1]:443"); err != error(reader.ErrUnauthenticated) {
		t.Errorf("from the next network: %v", err)
	}
}

// TestManyAtOnceAreNotHeardForOne: an attempt counts before it is heard.
func TestManyAtOnceAreNotHeardForOne(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		enrolled(t, w, "ana")
		var wg sync.WaitGroup
		var mu sync.Mutex
		heard := 0
		for range 24 {
			wg.Go(func() {
				_, err := w.SignIn.WithPassword(context.Background(), "VALDOR/ana", another, here)
				mu.Lock()
				defer mu.Unlock()
				switch cordon.KindOf(err) {
				case cordon.KindUnauthenticated:
					heard++
				case cordon.KindTooMany, cordon.KindUnavailable:
				default:
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		if heard > 6 || heard == 0 {
			t.Errorf("%d of 24 at once were heard, want at most 6", heard)
		}
	})
}

func TestSessions(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := t.Context()
		node := w.Node(t)
		tick := func(d time.Duration) { w.Clock.Advance(d); node.Clock.Advance(d) }
		begin := func() (string, cordon.ID) {
			t.Helper()
			s, err := w.SignIn.WithPassword(ctx, "VALDOR/ana", password, here)
			if err != nil {
				t.Fatal(err)
			}
			return s.Secret, s.Session.ID
		}
		ends := func(what, secret string) {
			t.Helper()
			for _, n := range []*casetest.World{w, node} {
				if _, err := n.SignIn.Authenticate(ctx, secret); err != error(reader.ErrUnauthenticated) {
					t.Errorf("%s: %v, want ErrUnauthenticated itself", what, err)
				}
			}
		}
		holds := func(what, secret string) act.Caller {
			t.Helper()
			p, err := node.SignIn.Authenticate(ctx, secret)
			if err != nil || p.Person != w.ID("ana") || !p.Scopes.Cover(cordon.AllScopes()...) {
				t.Errorf("%s: %+v, %v", what, p, err)
			}
			return node.As(p)
		}
		first := enrolled(t, w, "ana")
		holds("after the enrolment", first.Secret)

		// Idle, and absolute.
		a, _ := begin()
		for range 11 {
			tick(59 * time.Minute)
			holds("used every hour", a)
		}
		ends("not used for an hour", first.Secret)
		tick(59 * time.Minute)
		holds("before twelve hours", a)
		tick(13 * time.Minute)
		ends("after twelve hours", a)

		// Sign out ends one; an administrator another; nobody else any.
		a, idA := begin()
		b, idB := begin()
		if err := node.SignIn.SignOut(ctx, holds("one", a)); err != nil {
			t.Fatal(err)
		}
		ends("signed out", a)
		wantKind(t, "ending it twice", w.SignIn.EndSession(ctx, w.Local(), w.ID("ana"), idA), cordon.KindNotFound)
		wantKind(t, "ended by a colleague", w.SignIn.EndSession(ctx, whole(w, "sol"), w.ID("ana"), idB), cordon.KindDenied)
		wantKind(t, "ended under another's name", w.SignIn.EndSession(ctx, whole(w, "sol"), w.ID("sol"), idB), cordon.KindNotFound)
		_, err := w.SignIn.Sessions(ctx, whole(w, "sol"), w.ID("ana"), cordon.Cursor{}, 10)
		wantKind(t, "listed by a colleague", err, cordon.KindDenied)
		list, err := w.SignIn.Sessions(ctx, w.Local(), w.ID("ana"), cordon.Cursor{}, 10)
		if err != nil || len(list) != 1 || list[0].ID != idB {
			t.Errorf("listed %+v, %v", list, err)
		}
		holds("the other", b)
		if err := w.SignIn.EndSession(ctx, w.Local(), w.ID("ana"), idB); err != nil {
			t.Fatal(err)
		}
		ends("ended by an administrator", b)

		// The person's rights are looked up each time, on each node.
		a, _ = begin()
		ana := w.Person["ana"]
		ana.Suspended = true
		if _, err := people.ChangePerson(ctx, w.Local(), ana); err != nil {
			t.Fatal(err)
		}
		ends("suspended", a)
		ana.Suspended = false
		if _, err := people.ChangePerson(ctx, w.Local(), ana); err != nil {
			t.Fatal(err)
		}
		ends("suspended and restored", a)
		for what, bad := range map[string]string{"none": "", "the prefix": signin.SessionPrefix, "another": signin.SessionPrefix + strings.Repeat("A", 43)} {
			ends(what, bad)
		}
		w.AbsentFromFiles(t, strings.TrimPrefix(a, signin.SessionPrefix), strings.TrimPrefix(first.Secret, signin.SessionPrefix))

		// Ended sessions are cleared away with a later sign-in, which may run
		// more than once.
		kept := func() error {
			return w.Store.View(ctx, func(tx cordon.ReadTx) error {
				_, err := tx.SessionByHash(sha256.Sum256([]byte(b)))
				return err
			})
		}
		b, _ = begin()
		tick(2 * 24 * time.Hour)
		if err := kept(); err != nil {
			t.Errorf("before it is cleared away: %v", err)
		}
		begin()
		wantKind(t, "a session that ended two days ago", kept(), cordon.KindNotFound)
	})
}

func TestEnrolment(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := t.Context()
		for _, who := range []string{"ana", "sol"} {
			_, _, _, err := w.SignIn.Enrol(ctx, whole(w, who), w.ID("ana"))
			wantKind(t, "enrolled by "+who, err, cordon.KindDenied)
		}
		enrol := func() string {
			_, secret, _, err := w.SignIn.Enrol(ctx, w.Local(), w.ID("ana"))
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		use := func(secret, password string) error {
			_, err := w.SignIn.EnrolPassword(ctx, secret, password)
			return err
		}
		before := enrol()
		secret := enrol()
		wantKind(t, "one made before", use(before, password), cordon.KindUnauthenticated)
		wantKind(t, "a short password", use(secret, "elevenchars"), cordon.KindInvalid)
		wantKind(t, "a long one", use(secret, strings.Repeat("a", 1025)), cordon.KindTooLarge)
		wantKind(t, "one that is no text", use(secret, "\xff\xfe and other bytes"), cordon.KindInvalid)
		var wg sync.WaitGroup
		var mu sync.Mutex
		good := 0
		for range 4 {
			wg.Go(func() {
				err := use(secret, password)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					good++
				}
			})
		}
		wg.Wait()
		if good != 1 {
			t.Errorf("it was good %d times, want once", good)
		}
		late := enrol()
		w.Clock.Advance(24*time.Hour + time.Second)
		wantKind(t, "a day later", use(late, another), cordon.KindUnauthenticated)
		if _, err := w.SignIn.WithPassword(ctx, "VALDOR/ana", password, here); err != nil {
			t.Errorf("the password is another: %v", err)
		}
		w.AbsentFromFiles(t, secret, late)
	})
}

func TestChangingThePassword(t *testing.T) {
	w := casetest.New(t)
	ctx := t.Context()
	kept := enrolled(t, w, "ana")
	other, err := w.SignIn.WithPassword(ctx, "VALDOR/ana", password, here)
	if err != nil {
		t.Fatal(err)
	}
	principal, err := w.SignIn.Authenticate(ctx, kept.Secret)
	if err != nil {
		t.Fatal(err)
	}
	by := w.As(principal)
	for range 6 {
		wantKind(t, "with a wrong old one", w.SignIn.ChangePassword(ctx, by, another, another, here), cordon.KindDenied)
	}
	wantKind(t, "after too many", w.SignIn.ChangePassword(ctx, by, password, another, here), cordon.KindTooMany)
	w.Clock.Advance(time.Minute)
	wantKind(t, "to a short one", w.SignIn.ChangePassword(ctx, by, password, "short", here), cordon.KindInvalid)
	if err := w.SignIn.ChangePassword(ctx, by, password, another, here); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SignIn.Authenticate(ctx, kept.Secret); err != nil {
		t.Errorf("the session that did it: %v", err)
	}
	if _, err := w.SignIn.Authenticate(ctx, other.Secret); err != error(reader.ErrUnauthenticated) {
		t.Errorf("another session: %v", err)
	}
	if _, err := w.SignIn.WithPassword(ctx, "VALDOR/ana", password, here); err != error(reader.ErrUnauthenticated) {
		t.Errorf("the old password: %v", err)
	}
	again, err := w.SignIn.WithPassword(ctx, "VALDOR/ana", another, here)
	if err != nil {
		t.Fatalf("the new password: %v", err)
	}
	// Taken away, it and the sessions that are not the one that does it end.
	list, err := w.SignIn.Credentials(ctx, by, w.ID("ana"))
	if err != nil || len(list) != 1 || list[0].Kind != cordon.CredentialPassword {
		t.Fatalf("%+v, %v", list, err)
	}
	wantKind(t, "taken away by a colleague", w.SignIn.DropCredential(ctx, whole(w, "sol"), w.ID("ana"), list[0].ID), cordon.KindDenied)
	wantKind(t, "taken away under another's name", w.SignIn.DropCredential(ctx, whole(w, "sol"), w.ID("sol"), list[0].ID), cordon.KindNotFound)
	if err := w.SignIn.DropCredential(ctx, by, w.ID("ana"), list[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SignIn.Authenticate(ctx, again.Secret); err != error(reader.ErrUnauthenticated) {
		t.Errorf("a session begun with it: %v", err)
	}
	if _, err := w.SignIn.WithPassword(ctx, "VALDOR/ana", another, here); err != error(reader.ErrUnauthenticated) {
		t.Errorf("taken away: %v", err)
	}
}

// TestNothingIsHalfDone: wherever a step fails, either it is all done or
// nothing of it.
func TestNothingIsHalfDone(t *testing.T) {
	w := casetest.New(t)
	_, secret, _, err := w.SignIn.Enrol(t.Context(), w.Local(), w.ID("ana"))
	if err != nil {
		t.Fatal(err)
	}
	base := *w.Base
	base.Store = breaking{w.Store}
	broken, err := signin.New(&base, w.SignIn.Config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := broken.EnrolPassword(t.Context(), secret, another); !errors.Is(err, errBroken) {
		t.Fatalf("with the disk gone: %v", err)
	}
	if _, err := w.SignIn.WithPassword(t.Context(), "VALDOR/ana", another, here); err != error(reader.ErrUnauthenticated) {
		t.Errorf("half an enrolment set a password: %v", err)
	}
	if _, err := w.SignIn.EnrolPassword(t.Context(), secret, password); err != nil {
		t.Errorf("half an enrolment used it up: %v", err)
	}
	if _, err := broken.WithPassword(t.Context(), "VALDOR/ana", password, here); !errors.Is(err, errBroken) {
		t.Fatalf("with the disk gone: %v", err)
	}
	list, err := w.SignIn.Sessions(t.Context(), whole(w, "ana"), w.ID("ana"), cordon.Cursor{}, 9)
	if err != nil || len(list) != 1 {
		t.Errorf("half a sign-in left a session: %+v, %v", list, err)
	}
}

var errBroken = errors.New("the disk is gone")

// breaking is a store on which the ledger cannot be written.
type breaking struct{ cordon.Store }

func (b breaking) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return b.Store.Update(ctx, func(tx cordon.WriteTx) error { return fn(brokenLedger{tx}) })
}

type brokenLedger struct{ cordon.WriteTx }

func (brokenLedger) Append(cordon.Entry) error { return errBroken }

func TestTokensDoNotWiden(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := t.Context()
		made := func(by act.Caller, person string, draft people.TokenDraft) (act.Caller, error) {
			secret, _, err := people.NewToken(ctx, by, w.ID(person), draft)
			if err != nil {
				return act.Caller{}, err
			}
			p, err := people.Authenticate(ctx, w.Base, secret)
			return w.As(p), err
		}
		program, err := people.AddPerson(ctx, w.Local(), cordon.Person{Org: w.ID("HUB"), Name: "prog", Service: true})
		if err != nil {
			t.Fatal(err)
		}
		w.Person["prog"] = program
		soon, later := w.Clock.Now().Add(time.Hour), w.Clock.Now().Add(2*time.Hour)
		reads := cordon.Scopes{cordon.ScopeRead}
		narrow, err := made(whole(w, "root"), "root", people.TokenDraft{Scopes: cordon.Scopes{cordon.ScopeRead, cordon.ScopeAdminister}, Expires: soon})
		if err != nil {
			t.Fatal(err)
		}
		child, err := made(narrow, "root", people.TokenDraft{Scopes: reads})
		if err != nil || !child.Expires.Equal(soon) || len(child.Scopes) != 1 {
			t.Fatalf("%+v, %v", child, err)
		}
		for what, try := range map[string]struct {
			by     act.Caller
			person string
			draft  people.TokenDraft
		}{
			"a scope more":                   {child, "root", people.TokenDraft{Scopes: cordon.Scopes{cordon.ScopeRead, cordon.ScopeWrite}}},
			"longer":                         {narrow, "root", people.TokenDraft{Expires: later}},
			"a program's, with more":         {narrow, "prog", people.TokenDraft{Scopes: cordon.AllScopes()}},
			"a program's, not administering": {child, "prog", people.TokenDraft{Scopes: reads}},
			"another's, by one who may not":  {whole(w, "ana"), "sol", people.TokenDraft{}},
			"another's, who is in one's org": {whole(w, "sol"), "ana", people.TokenDraft{}},
		} {
			_, err := made(try.by, try.person, try.draft)
			wantKind(t, what, err, cordon.KindDenied)
		}
		_, err = made(narrow, "root", people.TokenDraft{Scopes: cordon.Scopes{"everything"}})
		wantKind(t, "a scope that is none", err, cordon.KindInvalid)
		_, err = made(narrow, "root", people.TokenDraft{Scopes: cordon.Scopes{cordon.ScopeRead, cordon.ScopeRead}})
		wantKind(t, "a scope twice", err, cordon.KindInvalid)
		programs, err := made(narrow, "prog", people.TokenDraft{Scopes: reads})
		if err != nil {
			t.Fatal(err)
		}

		// Revoking is for those who can do as much, and reaches all that came of it.
		wantKind(t, "revoked by its child", people.RevokeToken(ctx, child, w.ID("root"), narrow.Token), cordon.KindDenied)
		wantKind(t, "revoked by another", people.RevokeToken(ctx, whole(w, "ana"), w.ID("ana"), narrow.Token), cordon.KindNotFound)
		list, err := people.Tokens(ctx, child, w.ID("root"), cordon.Cursor{}, 9)
		if err != nil || len(list) != 3 {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := people.RevokeToken(ctx, whole(w, "root"), w.ID("root"), narrow.Token); err != nil {
			t.Fatal(err)
		}
		for what, one := range map[string]act.Caller{"itself": narrow, "its child": child, "a program's that it made": programs} {
			err := w.Store.View(ctx, func(tx cordon.ReadTx) error {
				token, err := tx.Token(one.Token)
				if err == nil && !token.Revoked {
					t.Errorf("%s was not revoked", what)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		// A token that was revoked while it was at work makes nothing any more.
		_, err = made(narrow, "root", people.TokenDraft{})
		wantKind(t, "made with what was revoked", err, cordon.KindUnauthenticated)
		// A line of tokens has an end, so that it can be taken back whole.
		by := whole(w, "root")
		for n := 0; err == nil || n == 0; n++ {
			if n > 40 {
				t.Fatal("the line has no end")
			}
			next, e := made(by, "root", people.TokenDraft{})
			by, err = next, e
		}
		wantKind(t, "the last of the line", err, cordon.KindDenied)
	})
}
