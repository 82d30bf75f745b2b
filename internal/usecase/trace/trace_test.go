package trace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/finder"
	"cordon/internal/harness/sample"
)

const (
	title  = "Traffic between Port Selwyn and Karlsgrad"
	open   = "Lorries leave the docks at Port Selwyn every second night and return empty from Karlsgrad by noon."
	secret = "The courier, who is known to the source as Pilgrim, will carry the second list to Karlsgrad on Friday."
	filler = "I have written to you about the weather before, and shall do so again when there is some.\n"
)

// story publishes a report of MERIDIAN's: a title and a portion open to HOME,
// and one for people read in to GLASS.
func (w *world) story() (titled, plain, glass cordon.Portion) {
	p := w.publish("MER/17/3",
		part{w.given(w.meridian), "", title},
		part{w.given(w.meridian), "para 1", open},
		part{w.given(w.meridian, "x:GLASS"), "para 2", secret})
	return p[0], p[1], p[2]
}

// anonymous makes two answers comparable: all that differs by chance is gone.
func anonymous(t testing.TB, answer any) string {
	b, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	delete(m, "id")
	b, _ = json.Marshal(m)
	return string(b)
}

func TestScanTellsWhatStandsWhere(t *testing.T) {
	w := newWorld(t)
	_, plain, glass := w.story()
	text := filler + "“" + strings.ToUpper(secret) + "”\n\n" + filler + "Lorries leave the docks at\n> Port Selwyn every second night, he said."
	report, err := Scan(context.Background(), w.By(w.analyst), text, 0)
	if err != nil {
		t.Fatal(err)
	}
	owners := []Owner{{ID: w.meridian.ID, Name: "MERIDIAN"}}
	first := strings.Index(text, "THE COURIER")
	second := strings.Index(text, "Lorries")
	want := []Hit{{
		Portion: glass.ID, Report: glass.Report, Ref: "para 2", ReportRef: "MER/17/3", Marking: "MARK", Owners: owners,
		Words: 19, Of: 19, Fraction: 1, Level: "alarm", How: "verbatim", Score: 0.873,
		Passages: []Passage{{
			Start: first, End: first + len(secret) - 1, Line: 2, EndLine: 2, Words: 19,
			Excerpt: strings.TrimSuffix(strings.ToUpper(secret), "."),
		}},
	}, {
		Portion: plain.ID, Report: plain.Report, Ref: "para 1", ReportRef: "MER/17/3", Marking: "MARK", Owners: owners,
		Words: 10, Of: 17, Fraction: 10.0 / 17, Level: "alarm", How: "verbatim", Score: 0.744,
		Passages: []Passage{{
			Start: second, End: second + len("Lorries leave the docks at\n> Port Selwyn every second night"), Line: 5, EndLine: 6, Words: 10,
			Excerpt: "Lorries leave the docks at\n> Port Selwyn every second night",
		}},
	}}
	if d := cmp.Diff(want, report.Hits); d != "" {
		t.Error(d)
	}
	entries := w.recorded(w.meridian.ID, cordon.ActScan)
	portions := []cordon.ID{plain.ID, glass.ID}
	slices.Sort(portions)
	if len(entries) != 1 || entries[0].Words != 29 || !slices.Equal(entries[0].Portions, portions) ||
		entries[0].Actor != w.ActorIn(w.meridian.ID, w.home.ID, w.analyst) || entries[0].ActorOrg != w.home.ID || entries[0].Subject != report.ID {
		t.Errorf("%+v", entries)
	}
	if told := w.told(w.meridian); len(told) != 0 {
		t.Errorf("a notice of what he may see: %q", told)
	}
}

// Portions they may not see show neither in the answer nor in the installation's
// feed, and show in their owner's.
func TestScanDoesNotTellOfWhatIsHidden(t *testing.T) {
	text := filler + secret + "\n" + filler + open

	absent, present := newWorld(t), newWorld(t)
	absent.publish("MER/17/3", part{absent.given(absent.meridian), "", title}, part{absent.given(absent.meridian), "para 1", open})
	_, _, glass := present.story()
	var answers []string
	for _, w := range []*world{absent, present} {
		report, err := Scan(context.Background(), w.By(w.clerk), text, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i := range report.Hits {
			h := &report.Hits[i]
			h.Portion, h.Report, h.Owners = "", "", nil // drawn by chance in each world
		}
		answers = append(answers, anonymous(t, report))
		if entries := w.recorded("", cordon.ActScan); len(entries) != 1 || entries[0].Words != 0 || entries[0].Portions != nil {
			t.Errorf("the installation's feed: %+v", entries)
		}
	}
	if answers[0] != answers[1] {
		t.Errorf("absent and withheld differ:\n%s\n%s", answers[0], answers[1])
	}
	if strings.Contains(answers[1], "Pilgrim") || strings.Contains(answers[1], "para 2") {
		t.Error("the answer has what is hidden")
	}
	entries := present.recorded(present.meridian.ID, cordon.ActScan)
	if len(entries) != 1 || !slices.Contains(entries[0].Portions, glass.ID) || entries[0].Words != 36 {
		t.Errorf("the owner's feed: %+v", entries)
	}
	told := present.told(present.meridian)
	if len(told) != 1 || !strings.Contains(told[0], "Cyd of HOME") || !strings.Contains(told[0], "19 words of a portion") ||
		strings.Contains(told[0], "Pilgrim") {
		t.Errorf("notices to the owner: %q", told)
	}
	if told := present.told(present.home); len(told) != 0 {
		t.Errorf("notices to others: %q", told)
	}
}

// A longer passage that they may not see does not sift out one that they may.
func TestWhatIsHiddenDoesNotSift(t *testing.T) {
	w := newWorld(t)
	w.publish("", part{w.given(w.meridian), "", title}, part{w.given(w.meridian), "short", "will carry the second list to Karlsgrad on Friday"})
	w.story()
	for person, want := range map[cordon.ID]string{w.clerk: "short", w.analyst: "para 2"} {
		report, err := Scan(context.Background(), w.By(person), filler+secret, 0)
		if err != nil || len(report.Hits) != 1 || report.Hits[0].Ref != want {
			t.Errorf("%+v, %v, want %s", report.Hits, err, want)
		}
	}
	if told := w.told(w.meridian); len(told) != 1 {
		t.Errorf("%q", told)
	}
}

// Words that their owner lets the person see elsewhere are no news to it.
func TestNoNoticeOfWhatIsSeenElsewhere(t *testing.T) {
	w := newWorld(t)
	w.publish("", part{w.given(w.meridian), "", title}, part{w.given(w.meridian), "tearline", "The lists are carried to Karlsgrad on Friday by road."})
	w.publish("", part{w.given(w.meridian), "", title}, part{w.given(w.meridian, "x:GLASS"), "full", "The lists are carried to Karlsgrad on Friday by road. Pilgrim drives."})
	report, err := Scan(context.Background(), w.By(w.clerk), filler+"The lists are carried to Karlsgrad on Friday by road, it is said.", 0)
	if err != nil || len(report.Hits) != 1 || report.Hits[0].Ref != "tearline" {
		t.Errorf("%+v, %v", report.Hits, err)
	}
	if told := w.told(w.meridian); len(told) != 0 {
		t.Errorf("%q", told)
	}
}

func TestReportRefComesWithTheTitle(t *testing.T) {
	w := newWorld(t)
	w.publish("MER/17/4", part{w.given(w.meridian, "x:GLASS"), "", title}, part{w.given(w.meridian), "para 1", open})
	for person, want := range map[cordon.ID]string{w.clerk: "", w.analyst: "MER/17/4"} {
		report, err := Scan(context.Background(), w.By(person), open, 0)
		if err != nil || len(report.Hits) != 1 || report.Hits[0].ReportRef != want {
			t.Errorf("%+v, %v, want %q", report.Hits, err, want)
		}
	}
}

func TestWhoMayAsk(t *testing.T) {
	w := newWorld(t)
	_, plain, _ := w.story()
	none := cordon.Person{ID: cordon.NewID(), Org: w.home.ID, Name: "Eve", Roles: []cordon.Role{cordon.RoleAdministrator, cordon.RoleAuthor}}
	gone := cordon.Person{ID: cordon.NewID(), Org: w.home.ID, Name: "Fay", Roles: []cordon.Role{cordon.RoleReader}, Suspended: true}
	w.update(func(tx cordon.WriteTx) error {
		if err := tx.PutPerson(none); err != nil {
			return err
		}
		return tx.PutPerson(gone)
	})
	ctx := context.Background()
	for person, want := range map[cordon.ID]cordon.Kind{none.ID: cordon.KindDenied, gone.ID: cordon.KindUnauthenticated, cordon.NewID(): cordon.KindUnauthenticated} {
		_, err1 := Scan(ctx, w.By(person), open, 0)
		_, err2 := Check(ctx, w.By(person), open, w.ally.ID)
		_, err3 := Holders(ctx, w.By(person), plain.ID)
		for _, err := range []error{err1, err2, err3} {
			if cordon.KindOf(err) != want {
				t.Errorf("%v, want %v", err, want)
			}
		}
	}
	if _, err := Scan(ctx, w.By(w.analyst), strings.Repeat("x", cordon.MaxFileBytes+1), 0); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("%v", err)
	}
	if e := w.recorded(w.meridian.ID, cordon.ActScan); len(e) != 0 {
		t.Errorf("%+v", e)
	}
}

func TestScanNeedsNoUTF8(t *testing.T) {
	w := newWorld(t)
	w.story()
	report, err := Scan(context.Background(), w.By(w.analyst), "\xff\xfe"+strings.Replace(open, "every", "every\xc3", 1)+"\xf0", 0)
	if err != nil || len(report.Hits) != 1 || !json.Valid([]byte(anonymous(t, report))) || strings.Contains(report.Hits[0].Passages[0].Excerpt, "\xc3") {
		t.Errorf("%+v, %v", report, err)
	}
}

// In other words it is found; a name that both have, in whatever script, is nothing.
func TestScanFindsOtherWords(t *testing.T) {
	w := newWorld(t)
	w.story()
	var others []part
	for i := range 120 {
		others = append(others, part{w.given(w.meridian), "", fmt.Sprintf("Minute %d: item n%d was taken, vote v%d followed, member m%d spoke.", i, i, i, i)})
	}
	w.publish("MINUTES", others...)
	w.publish("NAMES", part{w.given(w.meridian), "a", "据可靠来源称中华人民共和国国家安全部派往北港的联络员每周二夜里更换住处并由船长接应"},
		part{w.given(w.meridian), "b", "The Bureau of Foreign Harbours hears that the quartermaster keeps a second ledger behind the stove in the office and copies it on Sundays."})
	for _, c := range []struct{ text, ref, how string }{
		{"Behind a stove of the office there is a second ledger, which its quartermaster copies each Sunday, and keeps.", "b", "reworded"},
		{"The Bureau of Foreign Harbours opened.", "b", ""},
		{"新华社北京电 中华人民共和国国家安全部今天举行开放日活动欢迎市民参观", "a", ""},
	} {
		report, err := Scan(context.Background(), w.By(w.analyst), c.text, 0)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(report.Hits, func(h Hit) bool { return h.Ref == c.ref })
		if (i < 0) != (c.how == "") || i >= 0 && report.Hits[i].How != c.how {
			t.Errorf("%q: %+v", c.text, report.Hits)
		}
	}
}

// A portion struck between the comparison and the answer is not in the answer.
func TestScanAnswersAsThingsStand(t *testing.T) {
	w := newWorld(t)
	_, plain, glass := w.story()
	found, err := search(context.Background(), w.By(w.analyst), reading(cordon.ActScan), open+" "+secret, 0)
	if err != nil || len(found.found) != 2 {
		t.Fatalf("%+v, %v", found, err)
	}
	w.update(func(tx cordon.WriteTx) error { return tx.StrikePortion(plain.ID) })
	now, err := act.Read(context.Background(), w.By(w.analyst), reading(cordon.ActScan), func(s *act.Snapshot) ([]finder.Quotation, error) {
		q, err := inquire(s, open, found)
		return q.found, err
	})
	if err != nil || len(now) != 1 || now[0].Portion.ID != glass.ID {
		t.Errorf("%+v, %v", now, err)
	}
	report, err := Scan(context.Background(), w.By(w.analyst), open, 0)
	if err != nil || len(report.Hits) != 0 {
		t.Errorf("%+v, %v", report.Hits, err)
	}
}

func TestCheckSaysWhatIsNeeded(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	limited := w.given(w.meridian)
	limited.Circled, limited.Circle = true, []cordon.ID{w.analyst}
	onlyHome := w.given(w.meridian)
	onlyHome.Audience = []cordon.Audience{{Countries: []string{"HOM", "MER"}}}
	joint := w.given(w.meridian)
	joint = joint.Join(w.given(w.home))
	p := w.publish("MER/1", part{w.given(w.meridian), "", title},
		part{w.given(w.meridian), "given", open},
		part{onlyHome, "marked", "Nobody outside our two countries has been told of the house in Karlsgrad."},
		part{limited, "limited", "The name of the man who drives them is known to four people only."},
		part{joint, "joint", "Both services agreed in April that the docks should be watched until autumn."})
	text := open + "\n" + "nobody outside our two countries has been told of the house in Karlsgrad" + "\n" +
		"The name of the man who drives them is known to four people only" + "\n" +
		"both services agreed in April that the docks should be watched until autumn"

	check := func(audience cordon.Organisation) (allowed, refused []string) {
		t.Helper()
		report, err := Check(ctx, w.By(w.analyst), text, audience.ID)
		if err != nil {
			t.Fatal(err)
		}
		if report.Note != CheckNote || report.Audience != (Owner{ID: audience.ID, Name: audience.Name}) {
			t.Errorf("%+v", report)
		}
		for _, h := range report.Allowed {
			allowed = append(allowed, h.Ref)
		}
		for _, f := range report.Refused {
			refused = append(refused, fmt.Sprintf("%s: %s: %s", f.Ref, strings.Join(f.Reasons, "+"), strings.Join(f.Needs, "; ")))
		}
		return allowed, refused
	}

	allowed, refused := check(w.ally)
	both := "MERIDIAN and HOME"
	if w.home.ID < w.meridian.ID {
		both = "HOME and MERIDIAN"
	}
	want := []string{
		"given: owner: a grant to ALLY from MERIDIAN: ask by a release request",
		"marked: audience+owner: a tearline from MERIDIAN: the marking MARK leaves out ALLY, and no grant changes that",
		"limited: owner+circle: a tearline from MERIDIAN: this is limited to named people, none of them of ALLY",
		"joint: owner: a grant to ALLY from " + both + ": ask by a release request",
	}
	if d := cmp.Diff(want, refused); d != "" || allowed != nil {
		t.Errorf("%v %s", allowed, d)
	}
	entries := w.recorded(w.meridian.ID, cordon.ActCheck)
	if len(entries) != 3 || entries[0].Outcome != cordon.OutcomeRefused || entries[0].Audience != w.ally.ID || entries[0].Words == 0 {
		t.Errorf("%+v", entries)
	}

	// HOME may have it all: what is limited is limited to one of its own.
	if allowed, refused = check(w.home); len(allowed) != 4 || refused != nil {
		t.Errorf("%v, %v", allowed, refused)
	}

	// One owner's grant is one owner's; both together open.
	w.grant(w.meridian, w.ally, p[1].ID, p[4].ID)
	if allowed, refused = check(w.ally); !slices.Equal(allowed, []string{"given"}) ||
		refused[len(refused)-1] != "joint: owner: a grant to ALLY from HOME: ask by a release request" {
		t.Errorf("%v, %v", allowed, refused)
	}
	w.grant(w.home, w.ally, p[4].ID)
	if allowed, _ = check(w.ally); !slices.Equal(allowed, []string{"given", "joint"}) {
		t.Errorf("%v", allowed)
	}
	// A grant that has run out is none.
	w.clock.now = w.clock.now.Add(2 * time.Hour)
	if allowed, _ = check(w.ally); allowed != nil {
		t.Errorf("%v", allowed)
	}
}

func TestCheckDoesNotTellOfWhatIsHidden(t *testing.T) {
	absent, present := newWorld(t), newWorld(t)
	present.story()
	var answers []string
	for _, w := range []*world{absent, present} {
		report, err := Check(context.Background(), w.By(w.clerk), filler+secret, w.ally.ID)
		if err != nil {
			t.Fatal(err)
		}
		report.Audience.ID = ""
		answers = append(answers, anonymous(t, report))
	}
	if answers[0] != answers[1] {
		t.Errorf("absent and withheld differ:\n%s\n%s", answers[0], answers[1])
	}
	entries := present.recorded(present.meridian.ID, cordon.ActCheck)
	if len(entries) != 1 || entries[0].Outcome != cordon.OutcomeRefused || !slices.Equal(entries[0].Reasons, []string{"owner"}) {
		t.Errorf("%+v", entries)
	}
	if told := present.told(present.meridian); len(told) != 1 || !strings.Contains(told[0], "meant for ALLY") {
		t.Errorf("%q", told)
	}
	if entries := present.recorded("", cordon.ActCheck); len(entries) != 1 || entries[0].Outcome != cordon.OutcomeAllowed || entries[0].Portions != nil {
		t.Errorf("the installation's feed: %+v", entries)
	}
}

// An owner that lets an audience have words in one portion has let it have
// them; another owner has not.
func TestCheckKnowsATearline(t *testing.T) {
	w := newWorld(t)
	words := "The lists are carried to Karlsgrad on Friday by road."
	w.publish("", part{w.given(w.meridian), "", title}, part{w.given(w.meridian, "x:GLASS"), "full", words + " Pilgrim drives."})
	wide := w.given(w.meridian)
	wide.Owners[0].Recipients = []cordon.ID{w.ally.ID, w.home.ID}
	wide.Normalise()
	w.publish("", part{wide, "", title}, part{wide, "tearline", words})
	w.publish("", part{w.given(w.home), "", title}, part{w.given(w.home), "theirs", words + " So we say."})

	for _, c := range []struct{ text, allowed, refused string }{
		{words, "tearline", "theirs"},
		{words + " Pilgrim drives.", "tearline", "full theirs"},
	} {
		report, err := Check(context.Background(), w.By(w.analyst), c.text, w.ally.ID)
		if err != nil {
			t.Fatal(err)
		}
		var allowed, refused []string
		for _, h := range report.Allowed {
			allowed = append(allowed, h.Ref)
		}
		for _, f := range report.Refused {
			refused = append(refused, f.Ref)
		}
		slices.Sort(refused)
		if strings.Join(allowed, " ") != c.allowed || strings.Join(refused, " ") != c.refused {
			t.Errorf("%q: allowed %v, refused %v", c.text, allowed, refused)
		}
	}
}

func TestCheckOfNoAudience(t *testing.T) {
	w := newWorld(t)
	for audience, kind := range map[cordon.ID]cordon.Kind{
		"": cordon.KindInvalid, "NOWHERE": cordon.KindInvalid, cordon.NewID(): cordon.KindNotFound,
	} {
		if _, err := Check(context.Background(), w.By(w.analyst), open, audience); cordon.KindOf(err) != kind {
			t.Errorf("%q: %v", audience, err)
		}
	}
}

func TestHolders(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	titled, plain, glass := w.story()
	memo := w.publish("", part{w.given(w.meridian), "", "Memo"}, part{w.given(w.meridian, "x:GLASS"), "", secret})
	w.update(func(tx cordon.WriteTx) error {
		return tx.AddDerivations([]cordon.Derivation{{Portion: memo[1].ID, Source: glass.ID, How: cordon.DerivationDeclared}})
	})
	w.shown(w.analyst, w.home, time.Minute, titled, plain, glass)
	w.shown(w.analyst, w.home, time.Hour, glass)
	w.shown(w.clerk, w.home, 2*time.Minute, titled, plain)
	w.shown(w.stranger, w.ally, 3*time.Minute, memo...)

	holders := func(person cordon.ID, portion cordon.ID) (all []string) {
		t.Helper()
		list, err := Holders(ctx, w.By(person), portion)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range list {
			all = append(all, fmt.Sprintf("%s of %s %d %s to %s derived=%v", h.Name, h.OrgName, h.Times,
				h.First.Format("15:04"), h.Last.Format("15:04"), h.Derived))
		}
		return all
	}
	analyst, stranger := "Ben of HOME 2 12:01 to 13:00 derived=false", "Dov of ALLY 1 12:03 to 12:03 derived=true"
	if d := cmp.Diff([]string{analyst, stranger}, holders(w.owner, glass.ID)); d != "" {
		t.Errorf("the owner: %s", d)
	}
	if d := cmp.Diff([]string{analyst}, holders(w.analyst, glass.ID)); d != "" {
		t.Errorf("a recipient: %s", d)
	}
	w.update(func(tx cordon.WriteTx) error { return tx.StrikePortion(glass.ID) })
	if d := cmp.Diff([]string{analyst, stranger}, holders(w.owner, glass.ID)); d != "" {
		t.Errorf("the owner, once it is struck: %s", d)
	}
	if e := w.recorded(w.meridian.ID, cordon.ActList); len(e) != 3 || e[0].Subject != glass.ID || e[0].Outcome != cordon.OutcomeAllowed {
		t.Errorf("%+v", e)
	}

	for _, c := range []struct{ person, portion cordon.ID }{
		{w.clerk, glass.ID}, {w.stranger, glass.ID}, {w.officer, glass.ID}, {w.analyst, cordon.NewID()}, {w.analyst, "nonsense"},
	} {
		if _, err := Holders(ctx, w.By(c.person), c.portion); err != error(cordon.ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
	// The owner learns of those of its portion; the installation of all, and not
	// of what.
	for feed, want := range map[cordon.ID]int{w.meridian.ID: 3, "": 5} {
		refused := 0
		for _, e := range w.recorded(feed, cordon.ActList) { // all at one instant: in no order
			if e.Outcome == cordon.OutcomeRefused && (len(e.Reasons) > 0) == (feed != "") && (e.Subject == glass.ID) == (feed != "") {
				refused++
			}
		}
		if refused != want {
			t.Errorf("the feed of %q has %d such refusals, want %d", feed, refused, want)
		}
	}

	// Somebody who may not read is refused before anything is compared.
	w.update(func(tx cordon.WriteTx) error {
		p, err := tx.Person(w.clerk)
		p.Roles = nil
		return errors.Join(err, tx.PutPerson(p))
	})
	if _, err := Scan(ctx, w.By(w.clerk), open, 0); cordon.KindOf(err) != cordon.KindDenied {
		t.Error(err)
	}
	if _, err := Check(ctx, w.By(w.clerk), open, w.ally.ID); cordon.KindOf(err) != cordon.KindDenied {
		t.Error(err)
	}
	if _, err := Check(ctx, w.By(w.analyst), open, cordon.NewID()); err != error(cordon.ErrNotFound) {
		t.Error(err)
	}
	for what, want := range map[cordon.Act]int{cordon.ActScan: 1, cordon.ActCheck: 2} {
		if all := w.recorded("", what); len(all) != want || all[0].Outcome != cordon.OutcomeRefused {
			t.Errorf("%s: recorded %+v, want %d refusals", what, all, want)
		}
		if all := w.recorded(w.meridian.ID, what); len(all) != 0 {
			t.Errorf("%s: the owner has %+v of what compared nothing", what, all)
		}
	}
}

func TestUnionIsInOrder(t *testing.T) {
	w := newWorld(t)
	w.story()
	all, err := search(context.Background(), w.By(w.analyst), reading(cordon.ActScan), open+secret, 0)
	found := all.found
	if err != nil || len(found) != 2 {
		t.Fatal(err)
	}
	got := union([]finder.Quotation{found[1]}, found)
	if len(got) != 2 || got[0].Portion.ID != found[0].Portion.ID {
		t.Errorf("%+v", got)
	}
}

func BenchmarkScan100KB(b *testing.B) {
	s := sample.Largest(b)
	w := newWorld(b)
	parts := []part{{w.given(w.meridian), "", title}}
	portions, _ := s.Texts(b, "trace/portions.jsonl")
	for _, text := range portions {
		parts = append(parts, part{w.given(w.meridian), "", text})
	}
	w.publish("", parts...)
	text := s.Filled(b, 100_000, portions[10], portions[len(portions)/2])
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		report, err := Scan(context.Background(), w.By(w.analyst), text, 0)
		if err != nil || len(report.Hits) != 2 {
			b.Fatalf("%d hits, %v", len(report.Hits), err)
		}
	}
}
