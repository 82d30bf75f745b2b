package notice_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
)

// send writes a notice as Cordon itself.
func send(t testing.TB, w *casetest.World, m notice.Message) {
	t.Helper()
	write(t, w, func(c *act.Commit) (act.Done, error) { return act.Done{}, notice.Send(c, m) })
}

// intern gives the number of the rule.
func intern(t testing.TB, w *casetest.World, rule cordon.Rule) cordon.RuleNo {
	t.Helper()
	return write(t, w, func(c *act.Commit) (cordon.RuleNo, error) { return c.Tx.Intern(rule) })
}

func write[T any](t testing.TB, w *casetest.World, fn func(*act.Commit) (T, error)) T {
	t.Helper()
	out, err := act.Do(t.Context(), w.Itself(), act.ByAnyone(cordon.ActNotify),
		func(*act.Snapshot) (act.Done, error) { return act.Done{}, nil }, func(c *act.Commit, _ act.Done) (T, error) { return fn(c) })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func texts(t testing.TB, w *casetest.World, person string) (texts []string) {
	t.Helper()
	list, err := notice.List(t.Context(), w.By(w.ID(person)), cordon.Cursor{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		texts = append(texts, n.Text)
	}
	return texts
}

func add(t testing.TB, w *casetest.World, org, name, cleared string, roles ...cordon.Role) {
	t.Helper()
	p := cordon.Person{Org: w.ID(org), Name: name, Roles: roles}
	if cleared != "" {
		p.Clearances = map[string]string{"us": cleared}
	}
	p, err := people.AddPerson(t.Context(), w.Local(), p)
	if err != nil {
		t.Fatal(err)
	}
	w.Person[name] = p
}

// TestANoticeReachesWhomItIsForAndWhoMaySeeIt, and nobody else, not by a count.
func TestANoticeReachesWhomItIsForAndWhoMaySeeIt(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		add(t, w, "VALDOR", "una", "", cordon.RoleSecurityOfficer) // not cleared
		add(t, w, "VALDOR", "vic", "S", cordon.RoleSecurityOfficer)
		add(t, w, "VALDOR", "rea", "S", cordon.RoleReader)
		valdor := w.ID("VALDOR")
		circle := intern(t, w, cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: valdor}}, Circled: true, Circle: []cordon.ID{w.ID("vic"), w.ID("theo")}})
		for _, m := range []notice.Message{
			{Text: "open"},
			{Text: "secret", Mark: "S"},
			{Text: "top secret", Mark: "TS"},
			{Text: "to rea", Person: w.ID("rea")},
			{Text: "secret to una", Person: w.ID("una"), Mark: "S"},
			{Text: "to readers", Roles: []cordon.Role{cordon.RoleReader}},
			{Text: "circled", Rule: circle},
			{Text: "to those addressed", Mark: "TLP:RED"},
		} {
			m.Org = valdor
			send(t, w, m)
		}
		for person, want := range map[string][]string{
			"sol":  {"to those addressed", "to readers", "secret", "open"},
			"vic":  {"to those addressed", "circled", "secret", "open"},
			"una":  {"to those addressed", "open"},
			"rea":  {"to readers", "to rea"},
			"ana":  {"to readers"},
			"theo": nil, // in the circle, of another organisation
			"root": nil,
		} {
			if got := texts(t, w, person); !slices.Equal(got, want) {
				t.Errorf("%s has %q, want %q", person, got, want)
			}
			n, err := notice.CountUnread(t.Context(), w.By(w.ID(person)))
			if err != nil || n != int64(len(want)) {
				t.Errorf("%s: %d unread of %d, %v", person, n, len(want), err)
			}
		}

		// What one may see changes with the next request.
		una := w.Person["una"]
		una.Clearances = map[string]string{"us": "S"}
		if _, err := people.ChangePerson(t.Context(), w.Local(), una); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, w, "una"); len(got) != 4 {
			t.Errorf("cleared, she has %q", got)
		}
	})
}

func TestRead(t *testing.T) {
	w := casetest.New(t)
	add(t, w, "VALDOR", "vic", "S", cordon.RoleSecurityOfficer)
	for _, text := range []string{"one", "two", "three"} {
		send(t, w, notice.Message{Org: w.ID("VALDOR"), Text: text})
	}
	send(t, w, notice.Message{Org: w.ID("VALDOR"), Text: "above", Mark: "TS"})
	send(t, w, notice.Message{Org: w.ID("VALDOR"), Text: "to ana", Person: w.ID("ana")})
	list, err := notice.List(t.Context(), w.By(w.ID("sol")), cordon.Cursor{}, 0)
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	hers, err := notice.List(t.Context(), w.By(w.ID("ana")), cordon.Cursor{}, 0)
	if err != nil || len(hers) != 1 {
		t.Fatalf("%+v, %v", hers, err)
	}
	// With one that they may not see, none is marked, and that one is absent.
	for name, id := range map[string]cordon.ID{"another's": hers[0].ID, "absent": cordon.NewID()} {
		err := notice.MarkRead(t.Context(), w.By(w.ID("sol")), []cordon.ID{list[0].ID, id})
		if err != error(cordon.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := notice.CountUnread(t.Context(), w.By(w.ID("sol"))); err != nil || n != 3 {
		t.Errorf("%d unread, %v", n, err)
	}
	if err := notice.MarkRead(t.Context(), w.By(w.ID("sol")), []cordon.ID{list[0].ID, list[2].ID}); err != nil {
		t.Fatal(err)
	}
	unread, err := notice.Unread(t.Context(), w.By(w.ID("sol")), cordon.Cursor{}, 0)
	if err != nil || len(unread) != 1 || unread[0].Text != "two" {
		t.Errorf("%+v, %v", unread, err)
	}
	// Each person has their own marks.
	if n, err := notice.CountUnread(t.Context(), w.By(w.ID("vic"))); err != nil || n != 3 {
		t.Errorf("of another %d are unread, %v", n, err)
	}
	if err := notice.MarkRead(t.Context(), w.By(w.ID("sol")), slices.Repeat([]cordon.ID{list[0].ID}, cordon.MaxPage+1)); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("more than a page: %v", err)
	}
}

func webhook(t testing.TB, w *casetest.World, person string, terms notice.ChannelTerms) notice.Channel {
	t.Helper()
	c, secret, err := notice.AddChannel(t.Context(), w.By(w.ID(person)), w.Channels, notice.ChannelDraft{URL: "https://hooks.example.org/", Terms: terms})
	if err != nil || !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("%+v, %q, %v", c, secret, err)
	}
	return c
}

// take gives what is due to the channel now; nil where nothing is, or it was
// dropped.
func take(t testing.TB, w *casetest.World, channel cordon.ID) *notice.Parcel {
	t.Helper()
	taken, err := notice.Take(t.Context(), w.Base, channel)
	if err != nil {
		t.Fatal(err)
	}
	return taken.Parcel
}

// TestNothingLeavesAboveItsChannel: what a channel is not cleared for does not
// leave by it, whatever was so when the notice was written.
func TestNothingLeavesAboveItsChannel(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		valdor := w.ID("VALDOR")
		portion := w.Publish(t, "ana", nil, "(U) Title", "(S) The tide tables.").Portions[1].ID
		other := w.Publish(t, "ana", nil, "(U) Title", "(S) The pilot's name.")
		limited := other.Portions[1].ID
		circle := intern(t, w, cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: valdor}}, Circled: true, Circle: []cordon.ID{w.ID("sol")}})
		secret := notice.ChannelTerms{Clearance: "S"}
		for _, c := range []struct {
			name     string
			terms    notice.ChannelTerms
			message  notice.Message
			then     func(channel cordon.ID) // before it is taken
			carried  bool
			reasons  string
			dropped  bool // not even a line
			unposted bool // no row at all
		}{
			{name: "covered", terms: secret, message: notice.Message{Mark: "S"}, carried: true},
			{name: "below", terms: secret, message: notice.Message{Mark: "U"}, carried: true},
			{name: "its portions too", terms: secret, message: notice.Message{Mark: "U", Portions: []cordon.ID{portion}}, carried: true},
			{name: "above", terms: notice.ChannelTerms{Clearance: "U"}, message: notice.Message{Mark: "S"}, reasons: "clearance"},
			{name: "a portion above", terms: notice.ChannelTerms{Clearance: "U"}, message: notice.Message{Mark: "U", Portions: []cordon.ID{portion}}, reasons: "clearance"},
			{name: "another scheme", terms: notice.ChannelTerms{Clearance: "TLP:AMBER"}, message: notice.Message{Mark: "U"}, reasons: "clearance"},
			{name: "no marking", terms: secret, message: notice.Message{}, reasons: "clearance"},
			{name: "by name", terms: secret, message: notice.Message{Mark: "S", Rule: circle}, reasons: "circle"},
			{name: "above, quiet", terms: notice.ChannelTerms{Clearance: "U", Quiet: true}, message: notice.Message{Mark: "S"}, reasons: "clearance", dropped: true},
			{name: "lowered since", terms: secret, message: notice.Message{Mark: "S"}, reasons: "clearance", then: func(id cordon.ID) {
				if _, err := notice.ChangeChannel(t.Context(), w.By(w.ID("sol")), id, notice.ChannelTerms{Clearance: "U"}); err != nil {
					t.Fatal(err)
				}
			}},
			{name: "limited since", terms: secret, message: notice.Message{Mark: "S", Portions: []cordon.ID{limited}}, reasons: "circle", then: func(cordon.ID) {
				containing(t, w, contain.Plan{Limit: []contain.Limit{{Report: other.Report, Circle: []cordon.ID{w.ID("sol")}}}})
			}},
			{name: "struck since", terms: secret, message: notice.Message{Mark: "S", Portions: []cordon.ID{portion}}, reasons: "struck", then: func(cordon.ID) {
				containing(t, w, contain.Plan{Strike: []cordon.ID{portion}})
			}},
			{name: "of another kind", terms: notice.ChannelTerms{Clearance: "S", Kinds: []cordon.NoticeKind{cordon.NoticeTrace}}, message: notice.Message{Mark: "U", Kind: cordon.NoticeRelease}, unposted: true},
			{name: "of its kind", terms: notice.ChannelTerms{Clearance: "S", Kinds: []cordon.NoticeKind{cordon.NoticeTrace}}, message: notice.Message{Mark: "U", Kind: cordon.NoticeTrace}, carried: true},
			{name: "to one person", terms: secret, message: notice.Message{Mark: "U", Person: w.ID("sol")}, unposted: true},
			{name: "that channels fail", terms: secret, message: notice.Message{Mark: "U", Kind: cordon.NoticeChannel}, unposted: true},
			{name: "removed since", terms: secret, message: notice.Message{Mark: "U"}, unposted: true, then: func(id cordon.ID) {
				if err := notice.RemoveChannel(t.Context(), w.By(w.ID("sol")), id); err != nil {
					t.Fatal(err)
				}
			}},
		} {
			channel := webhook(t, w, "sol", c.terms)
			c.message.Org, c.message.Text = valdor, "MERIDIAN asks for "+c.name
			send(t, w, c.message)
			if c.then != nil {
				c.then(channel.ID)
			}
			due, err := notice.Due(t.Context(), w.Base)
			if err != nil || slices.Contains(due, channel.ID) == c.unposted {
				t.Errorf("%s: due %v, %v", c.name, due, err)
			}
			p := take(t, w, channel.ID)
			if (p == nil) != (c.dropped || c.unposted) {
				t.Errorf("%s: taken %+v", c.name, p)
			}
			if p != nil && c.carried != (p.Text == c.message.Text) {
				t.Errorf("%s: it says %q", c.name, p.Text)
			}
			if p != nil && !c.carried && (p.Text != notice.Line || p.Notice != "" || p.Mark != "" || p.Banner != "" || !p.Created.IsZero()) {
				t.Errorf("%s: a bare line carries %+v", c.name, p)
			}
			for outcome, want := range map[cordon.Outcome]bool{cordon.OutcomeAllowed: c.carried, cordon.OutcomeRefused: c.reasons != ""} {
				entries := w.Feed(t, "VALDOR", cordon.ActDeliver, outcome)
				entries = slices.DeleteFunc(entries, func(e cordon.Entry) bool { return e.Channel != channel.ID })
				if len(entries) > 1 || (len(entries) == 1) != want {
					t.Errorf("%s: the feed says %s %d times", c.name, outcome, len(entries))
				}
				if len(entries) == 1 && (strings.Join(entries[0].Reasons, " ") != c.reasons || entries[0].Subject == "" || entries[0].Actor != "") {
					t.Errorf("%s: the feed says %+v", c.name, entries[0])
				}
			}
			if c.name != "removed since" {
				if err := notice.RemoveChannel(t.Context(), w.By(w.ID("sol")), channel.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func containing(t testing.TB, w *casetest.World, plan contain.Plan) {
	t.Helper()
	i, err := contain.OpenIncident(t.Context(), w.By(w.ID("sol")), "A leak", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := contain.Contain(t.Context(), w.By(w.ID("sol")), i.ID, plan); err != nil {
		t.Fatal(err)
	}
}

// TestAtLeastOnce: what was taken is nobody else's until its time is up, and
// then comes again under the same id; what has arrived does not.
func TestAtLeastOnce(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		channel := webhook(t, w, "sol", notice.ChannelTerms{Clearance: "S"})
		send(t, w, notice.Message{Org: w.ID("VALDOR"), Mark: "U", Text: "once"})
		first := take(t, w, channel.ID)
		if first == nil || first.Attempt != 1 {
			t.Fatalf("taken %+v", first)
		}
		if again := take(t, w, channel.ID); again != nil {
			t.Errorf("taken twice: %+v", again)
		}
		w.Clock.Advance(notice.Lease + time.Second) // it was killed
		second := take(t, w, channel.ID)
		if second == nil || second.ID != first.ID || second.Attempt != 2 || second.Text != "once" {
			t.Fatalf("after a kill %+v", second)
		}
		if err := notice.Failed(t.Context(), w.Base, *first); err != nil { // it was not dead after all
			t.Error(err)
		}
		if third := take(t, w, channel.ID); third != nil {
			t.Errorf("put back by whose time was up: %+v", third)
		}
		if err := notice.Arrived(t.Context(), w.Base, *second); err != nil {
			t.Fatal(err)
		}
		if err := notice.Arrived(t.Context(), w.Base, *first); err != nil {
			t.Errorf("arrived twice: %v", err)
		}
		w.Clock.Advance(48 * time.Hour)
		if p := take(t, w, channel.ID); p != nil {
			t.Errorf("arrived and sent again: %+v", p)
		}
	})
}

// TestGivingUp: after so many attempts, each later than the one before, and
// then those who keep the channel are told, in the inbox alone, and once.
func TestGivingUp(t *testing.T) {
	w := casetest.New(t)
	channel := webhook(t, w, "sol", notice.ChannelTerms{Clearance: "S"})
	giveUp := func() time.Duration {
		send(t, w, notice.Message{Org: w.ID("VALDOR"), Mark: "U", Text: "lost"})
		var waited time.Duration
		for attempt := 1; attempt <= notice.MaxAttempts; attempt++ {
			p := take(t, w, channel.ID)
			if p == nil || p.Attempt != attempt {
				t.Fatalf("attempt %d: %+v", attempt, p)
			}
			if err := notice.Failed(t.Context(), w.Base, *p); err != nil {
				t.Fatal(err)
			}
			pause := time.Duration(0)
			for ; attempt < notice.MaxAttempts; pause += time.Second {
				if due, err := notice.Due(t.Context(), w.Base); err != nil || len(due) > 0 {
					break
				}
				w.Clock.Advance(time.Second)
			}
			least := 5 * time.Second << (attempt - 1)
			if attempt < 12 && (pause < least || pause > 2*least+time.Second) {
				t.Errorf("after attempt %d it waited %v", attempt, pause)
			}
			waited += pause
		}
		return waited
	}
	if waited := giveUp(); waited < 12*time.Hour || waited > 36*time.Hour {
		t.Errorf("given up after %v", waited)
	}
	told := func() (n int) {
		for _, text := range texts(t, w, "sol") {
			if strings.Contains(text, string(channel.ID)) {
				n++
			}
		}
		return n
	}
	if told() != 1 {
		t.Errorf("she was told %d times: %q", told(), texts(t, w, "sol"))
	}
	if due, err := notice.Due(t.Context(), w.Base); err != nil || len(due) > 0 {
		t.Errorf("that it fails is sent by it: %v, %v", due, err)
	}
	giveUp()
	if told() != 1 {
		t.Errorf("she was told %d times", told())
	}
	list, err := notice.ListChannels(t.Context(), w.By(w.ID("sol")))
	if err != nil || len(list) != 1 || list[0].Failing.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
	send(t, w, notice.Message{Org: w.ID("VALDOR"), Mark: "U", Text: "arrives"})
	if err := notice.Arrived(t.Context(), w.Base, *take(t, w, channel.ID)); err != nil {
		t.Fatal(err)
	}
	if list, err = notice.ListChannels(t.Context(), w.By(w.ID("sol"))); err != nil || !list[0].Failing.IsZero() {
		t.Errorf("it arrives: %+v, %v", list, err)
	}
	w.AbsentFromFiles(t, "hooks.example.org", "lost", "arrives")
}

func TestChannels(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	add(t, w, "VALDOR", "adm", "", cordon.RoleAdministrator)
	url := func(u string) notice.ChannelDraft {
		return notice.ChannelDraft{URL: u, Terms: notice.ChannelTerms{Clearance: "U"}}
	}
	mail := func(a string) notice.ChannelDraft {
		return notice.ChannelDraft{Address: a, Terms: notice.ChannelTerms{Clearance: "U"}}
	}
	both := mail("duty@example.org")
	both.URL = "https://example.org"
	cleared := func(mark string) notice.ChannelDraft {
		return notice.ChannelDraft{Address: "duty@example.org", Terms: notice.ChannelTerms{Clearance: mark}}
	}
	kind := mail("duty@example.org")
	kind.Terms.Kinds = []cordon.NoticeKind{"gossip"}
	for _, c := range []struct {
		person string
		draft  notice.ChannelDraft
		kind   cordon.Kind
	}{
		{"sol", notice.ChannelDraft{Terms: notice.ChannelTerms{Clearance: "U"}}, cordon.KindInvalid},
		{"sol", both, cordon.KindInvalid},
		{"sol", kind, cordon.KindInvalid},
		{"sol", cleared(""), cordon.KindInvalid},
		{"sol", cleared("VERY SECRET"), cordon.KindInvalid},
		{"sol", cleared("TLP:RED"), cordon.KindInvalid},
		{"sol", cleared("TS"), cordon.KindDenied},
		{"adm", cleared("S"), cordon.KindDenied}, // an administrator reads nothing, and has nothing sent
		{"ana", cleared("U"), cordon.KindDenied},
		{"sol", url("http://example.org/"), cordon.KindInvalid},
		{"sol", url("ftp://example.org/"), cordon.KindInvalid},
		{"sol", url("https://user:secret@example.org/"), cordon.KindInvalid},
		{"sol", url("https:///path"), cordon.KindInvalid},
		{"sol", url("https://example.org/#part"), cordon.KindInvalid},
		{"sol", url("https://example.org/a b"), cordon.KindInvalid},
		{"sol", url("https://example.org/" + strings.Repeat("x", notice.MaxURLBytes)), cordon.KindInvalid},
		{"sol", mail("duty"), cordon.KindInvalid},
		{"sol", mail("Duty <duty@example.org>"), cordon.KindInvalid},
		{"sol", mail("duty@example.org\r\nBcc: all@example.org"), cordon.KindInvalid},
		{"sol", mail("duty@example.org,other@example.org"), cordon.KindInvalid},
		{"sol", mail("\"a b\"@example.org"), cordon.KindInvalid},
		{"sol", mail(strings.Repeat("x", 250) + "@example.org"), cordon.KindInvalid},
	} {
		if _, secret, err := notice.AddChannel(ctx, w.By(w.ID(c.person)), w.Channels, c.draft); err == nil || cordon.KindOf(err) != c.kind || secret != "" {
			t.Errorf("%+v by %s: %v", c.draft, c.person, err)
		}
	}
	w.Channels.Mail = false
	if _, _, err := notice.AddChannel(ctx, w.By(w.ID("sol")), w.Channels, mail("duty@example.org")); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("mail where none is sent: %v", err)
	}
	w.Channels.Mail = true

	if _, secret, err := notice.AddChannel(ctx, w.By(w.ID("adm")), w.Channels, mail("duty@example.org")); err != nil || secret != "" {
		t.Errorf("mail: %q, %v", secret, err)
	}
	hook := webhook(t, w, "sol", notice.ChannelTerms{Clearance: "S", Kinds: []cordon.NoticeKind{cordon.NoticeTrace, cordon.NoticeTrace}})
	list, err := notice.ListChannels(ctx, w.By(w.ID("adm")))
	if err != nil || len(list) != 2 || list[0].Address != "duty@example.org" || list[1].URL != "https://hooks.example.org/" || len(list[1].Terms.Kinds) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := notice.ListChannels(ctx, w.By(w.ID("ana"))); cordon.KindOf(err) != cordon.KindDenied {
		t.Errorf("a reader sees channels: %v", err)
	}
	// A keeper elsewhere finds nothing.
	for name, do := range map[string]func(id cordon.ID) error{
		"change": func(id cordon.ID) error {
			_, err := notice.ChangeChannel(ctx, w.By(w.ID("theo")), id, notice.ChannelTerms{Clearance: "U"})
			return err
		},
		"secret": func(id cordon.ID) error { _, _, err := notice.NewSecret(ctx, w.By(w.ID("theo")), id); return err },
		"test": func(id cordon.ID) error {
			_, err := notice.TestChannel(ctx, w.By(w.ID("theo")), w.Channels.Deliver, id)
			return err
		},
		"remove": func(id cordon.ID) error { return notice.RemoveChannel(ctx, w.By(w.ID("theo")), id) },
	} {
		if withheld, absent := do(hook.ID), do(cordon.NewID()); withheld != absent || absent != error(cordon.ErrNotFound) {
			t.Errorf("%s of another's: %v, of none: %v", name, withheld, absent)
		}
	}
	if _, err := notice.ChangeChannel(ctx, w.By(w.ID("adm")), hook.ID, notice.ChannelTerms{Clearance: "S"}); cordon.KindOf(err) != cordon.KindDenied {
		t.Errorf("she clears it for more than herself: %v", err)
	}

	// Both secrets sign for a day.
	_, fresh, err := notice.NewSecret(ctx, w.By(w.ID("sol")), hook.ID)
	if err != nil {
		t.Fatal(err)
	}
	secrets := func() (all []string) {
		send(t, w, notice.Message{Org: w.ID("VALDOR"), Kind: cordon.NoticeTrace, Mark: "U", Text: "signed"})
		p := take(t, w, hook.ID)
		for _, s := range p.Target.Secrets {
			all = append(all, s.String())
		}
		return all
	}
	if got := secrets(); len(got) != 2 || got[0] != fresh || got[1] == fresh {
		t.Errorf("signed with %q", got)
	}
	if _, fresh, err = notice.NewSecret(ctx, w.By(w.ID("sol")), hook.ID); err != nil {
		t.Fatal(err)
	}
	if got := secrets(); len(got) != 2 || got[0] != fresh {
		t.Errorf("changed twice, signed with %q", got)
	}
	w.Clock.Advance(notice.Overlap)
	if got := secrets(); len(got) != 1 || got[0] != fresh {
		t.Errorf("a day later signed with %q", got)
	}
	if n := len(w.Feed(t, "VALDOR", cordon.ActChannel, cordon.OutcomeAllowed)); n != 4 {
		t.Errorf("%d entries of channels, want 4", n)
	}
	for i := range notice.MaxChannels - 2 {
		if _, _, err := notice.AddChannel(ctx, w.By(w.ID("sol")), w.Channels, mail("duty@example.org")); err != nil {
			t.Fatalf("channel %d: %v", i+3, err)
		}
	}
	if _, _, err := notice.AddChannel(ctx, w.By(w.ID("sol")), w.Channels, mail("duty@example.org")); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("one more: %v", err)
	}
}
