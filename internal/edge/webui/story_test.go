package webui_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cordon"
)

// secret is in the struck passage, and in nothing that is shown to people who may
// not have it.
const secret = "Velmora"

const (
	kestrel = `# (S//REL TO USA, XMD) False beacons aboard ferries

(S//REL TO USA, XMD) A group that calls itself the Grey Heron is about to plant false beacons aboard passenger ferries.

(TS//SI//REL TO USA, XMD) The beacons are assembled in the port city of Velmora, in a workshop behind the old rope market.

(S//REL TO USA, XMD) A ferry that tests its beacon against the signal of the harbour before it sails is in no danger.
`
	speech   = "Thank you for coming.\nThe beacons are assembled in the port city of Velmora, in a workshop\nbehind the old rope market. Please send us your serial numbers.\n"
	registry = `{"name": "beacons", "threshold": 3, "attributes": [{"name": "city"}, {"name": "trade"}], "candidates": [
 {"id": "c01", "values": {"city": "Velmora", "trade": "radios"}}, {"id": "c02", "values": {"city": "Velmora", "trade": "ropes"}},
 {"id": "c03", "values": {"city": "Tarn", "trade": "radios"}}, {"id": "c04", "values": {"city": "Orrin", "trade": "radios"}}]}`
	record = `{"propositions": [{"id": "P1", "text": "A secret was told"}, {"id": "P2", "text": "The source itself was named"}],
 "sources": [{"id": "courier", "who": "two officials", "via": "Tidewater Courier"}, {"id": "envoy", "who": "the envoy", "named": true}],
 "statements": [{"id": "A1", "source": "courier", "published": "2026-01-01T10:00:00Z", "stances": {"P1": "confirms"}},
  {"id": "A2", "source": "envoy", "published": "2026-01-01T12:00:00Z", "stances": {"P2": "denies"}}]}`
)

// told is what of a story the tests after it need.
type told struct {
	report, memo, tearline, request, part, incident, arrangement, struck, passage string
}

// tell plays the whole story, everybody at a page of their own. Picture is shown the
// ten pages that stand for it.
func tell(t *testing.T, w *world, as func(who string) driver, picture func(name string, at driver)) told {
	t.Helper()
	var s told
	say := func(ok bool, what string, args ...any) {
		t.Helper()
		if !ok {
			t.Fatalf("the story: "+what, args...)
		}
	}
	has := func(page, text string) {
		t.Helper()
		say(strings.Contains(page, text), "the page does not say %q: %s", text, clip(page))
	}
	hasNot := func(page, text string) {
		t.Helper()
		say(!strings.Contains(page, text), "the page says %q", text)
	}
	id := func(name string) string { return string(w.ids[name]) }
	owner, officer, analyst := as("owner"), as("officer"), as("analyst")

	// An arrangement so secret that most may not know of it.
	owner.open("/arrangements/new")
	page := owner.send("/arrangements/new", "", url.Values{"name": {"QUIET WATER"}, "marking": {"TS//SI//REL TO USA, XMD"}, "party": {"+" + id("HARBOUR")}})
	has(page, "hold when one of each has agreed")
	has(owner.send("/arrangements/new", "", nil), "QUIET WATER")
	s.arrangement = last(owner.at())
	has(officer.open("/"), "proposes terms")
	officer.open("/arrangements/" + s.arrangement)
	picture("1-arrangement", officer)
	officer.send("/arrangements/"+s.arrangement, "agree", nil)
	has(officer.send("/arrangements/"+s.arrangement, "", nil), "in force")

	// A report is pasted, looked at and published.
	owner.open("/write")
	page = owner.send("/write", "paste", url.Values{"document": {kestrel}})
	has(page, "The beacons are assembled")
	page = owner.send("/write", "look", url.Values{"arrangement": {s.arrangement}, "ref": {"KESTREL-7"}})
	has(page, "Who could read it")
	has(page, "HARBOUR")
	picture("2-who-could-read-it", owner)
	page = owner.send("/write", "publish", nil)
	has(page, "False beacons aboard ferries")
	s.report = last(owner.at())

	// The analyst reads all of it, the desk less, the ally nothing.
	page = analyst.open("/reports/" + s.report)
	has(page, secret)
	has(page, "TOP SECRET//SI//REL TO USA, XMD")
	s.passage = passage(page)
	picture("3-the-analyst", analyst)
	desk := as("desk")
	page = desk.open("/reports/" + s.report)
	hasNot(page, secret)
	hasNot(page, "TOP SECRET")
	has(page, "SECRET//REL TO USA, XMD")
	picture("4-the-desk", desk)

	// A memo is made from it.
	analyst.open("/write?from=" + s.report)
	page = analyst.send("/write", "look", url.Values{
		"title": {"Talking points"}, "title-mark": {"S//REL TO USA, XMD"}, "text-1": {"The port city is Velmora; this goes no further."}, "source-1": {"+" + s.passage},
		"mark-2": {"S//REL TO USA, XMD"}, "text-2": {"Operators should test every beacon before they sail."},
	})
	has(page, "TS//SI//REL TO USA, XMD")
	page = analyst.send("/write", "publish", nil)
	has(page, "Talking points")
	s.memo = last(analyst.at())
	memoPassage := passage(page)

	// Before it is told.
	analyst.open("/check")
	page = analyst.send("/check", "check", url.Values{"text": {speech}, "audience": {"+" + id("CORMORANT")}})
	has(page, "Passages that may not be told")
	has(page, "MERIDIAN")
	picture("5-before-it-is-told", analyst)

	// A release is asked for, and a tearline given in its place.
	analyst.open("/requests/new?report=" + s.memo)
	page = analyst.send("/requests/new", "look", url.Values{"audience": {id("CORMORANT")}, "purpose": {"to warn their ferries"}})
	has(page, "What it would take")
	page = analyst.send("/requests/new", "ask", nil)
	has(page, "MERIDIAN")
	s.request = last(analyst.at())
	owner.open("/tearlines/new?report=" + s.report)
	page = owner.send("/tearlines/new", "check", url.Values{"title": {"Advice on beacons"}, "title-mark": {"C//REL TO USA, XCO, XMD"}, "mark-1": {"C//REL TO USA, XCO, XMD"}, "text-1": {"Test each beacon aboard before sailing."}, "recipient": {"+" + id("HARBOUR"), "+" + id("CORMORANT")}})
	has(page, "What still stands in it")
	has(owner.send("/tearlines/new", "publish", nil), "Advice on beacons")
	s.tearline = last(owner.at())
	page = owner.open("/")
	has(page, "asks for a release")
	s.part = first(regexp.MustCompile(`href="/answers/([^"]+)"`), page)
	page = owner.open("/answers/" + s.part)
	has(page, "The beacons are assembled in the port city") // of the owner's own, that it was made from
	has(page, "Advice on beacons")                          // the tearline that could stand for it
	picture("6-a-request", owner)
	page = owner.send("/answers/"+s.part, "", url.Values{"reason": {"Too much would be told."}})
	has(page, "are refused")
	has(owner.send("/answers/"+s.part, "", nil), "Your answer is recorded")
	has(analyst.open("/requests/"+s.request), "Too much would be told.")
	visitor := as("visitor")
	has(visitor.open("/reports/"+s.tearline), "Test each beacon aboard")

	// It is said all the same, found and contained.
	officer.open("/incidents")
	has(officer.send("/incidents", "", url.Values{"title": {"Meeting on Thursday"}}), "Meeting on Thursday")
	s.incident = last(officer.at())
	officer.open("/check")
	has(officer.send("/check", "scan", url.Values{"text": {speech}}), "Portions found")
	page = officer.send("/incidents/take", "", url.Values{"incident": {s.incident}})
	has(page, "found just now")
	picture("7-the-incident-room", officer)
	page = officer.send("/incidents/"+s.incident+"/contain", "", url.Values{"strike": {"+" + memoPassage}, "limit-more": {s.memo}, "circle": {"+" + id("Iris Vane"), "+" + id("Tomas Reed")}, "notify": {"+" + id("LANTERN")}})
	has(page, "All of it happens or nothing")
	picture("8-before-it-is-contained", officer)
	page = officer.send("/incidents/"+s.incident+"/contain", "", nil)
	has(page, "Contained. Portions struck: 1; reports limited: 1")
	s.struck = memoPassage
	hasNot(analyst.open("/reports/"+s.memo), secret)
	has(officer.open("/custody/"+s.struck), secret)

	// Who had it, the mosaic, the public record, the ledger.
	page = owner.open("/portions/" + s.passage)
	has(page, "Tomas Reed")
	has(page, "HARBOUR")
	owner.open("/mosaic")
	has(owner.send("/mosaic/registries", "", url.Values{"list": {registry}}), "beacons")
	page = owner.send("/mosaic", "check", url.Values{"facts": {"city=Velmora"}})
	has(page, "4 of 4 candidates fit what is known; 2 would fit afterwards")
	picture("9-does-the-city-give-the-source-away", owner)
	officer.open("/incidents/" + s.incident + "/claims")
	has(officer.send("/incidents/"+s.incident+"/claims", "record", url.Values{"record": {record}}), "The source itself was named")
	officer.open("/ledger")
	has(officer.send("/ledger/verify", "", nil), "Everything holds")
	picture("10-the-ledger", officer)
	return s
}

// passage is the id of the portion of the page that is marked TS.
func passage(page string) string {
	return first(regexp.MustCompile(`class="portion [a-z]+ tone-sci" id="p-([^"]+)"`), page)
}

func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func first(re *regexp.Regexp, page string) string {
	if m := re.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

func clip(page string) string {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	return fmt.Sprintf("%.1500s", page)
}

// TestTheStoryWithoutJavaScript: the whole story, by forms alone; and then what
// everybody may and may not find.
func TestTheStoryWithoutJavaScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := make(map[string]*plain)
	s := tell(t, w, func(who string) driver {
		people[who] = w.as(t, who)
		return people[who]
	}, func(string, driver) {})
	ally := w.as(t, "ally")
	people["ally"] = ally

	// Withheld and absent are one page, but for the token of its forms.
	_, _, withheld := ally.do("GET", "/reports/"+s.report, nil)
	status, _, absent := ally.do("GET", "/reports/"+string(cordon.NewID()), nil)
	if status != 404 || withheld != absent {
		t.Errorf("%d: withheld and absent can be told apart:\n%s\n%s", status, withheld, absent)
	}
	for _, path := range []string{"/requests/", "/answers/", "/arrangements/", "/incidents/", "/portions/", "/custody/"} {
		for _, id := range []string{s.report, s.request, s.part, s.arrangement, s.incident, s.passage, s.struck} {
			status, _, page := ally.do("GET", path+id, nil)
			if status < 400 || strings.Contains(page, secret) || strings.Contains(page, "QUIET WATER") {
				t.Errorf("the ally gets %d at %s", status, path)
			}
		}
	}
	for who, p := range people {
		t.Run(who, func(t *testing.T) { crawl(t, p, who) })
	}
	t.Run("a form is done once", func(t *testing.T) { onlyOnce(t, people["analyst"]) })
}

// onlyOnce sends a form twice.
func onlyOnce(t *testing.T, p *plain) {
	p.t = t
	p.open("/write")
	values := url.Values{"title": {"Once"}, "title-mark": {"U"}, "mark-1": {"U"}, "text-1": {"Once and no more."}}
	p.send("/write", "look", values)
	form, _ := formOf(p.page, "/write", "publish")
	for i, want := range []int{200, 409} {
		if status, _, page := p.do("POST", "/write", form); status != want {
			t.Errorf("sent for the %d. time: %d: %s", i+1, status, problemOf(page))
		}
	}
	if n := strings.Count(p.open("/reports"), ">Once</a>"); n != 1 {
		t.Errorf("it was written %d times", n)
	}
}

var banners = regexp.MustCompile(`(?s)<aside class="banner top tone-[a-z-]+" aria-label="[^"]+">([^<]+)</aside>.*<div class="banner bottom tone-[a-z-]+" aria-hidden="true">([^<]+)</div>\s*</body>`)

var linked = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// crawl visits all that is linked from the inbox.
func crawl(t *testing.T, p *plain, who string) {
	p.t = t
	mayKnow := who == "owner" || who == "officer" || who == "analyst"
	seen := map[string]bool{"/": true}
	queue := []string{"/"}
	for len(queue) > 0 && len(seen) < 400 {
		path := queue[0]
		queue = queue[1:]
		status, _, page := p.do("GET", path, nil)
		if status != 200 {
			// A link to what was struck, or is nobody's of ours, may be dead
			// to some; it never is a fault.
			if status >= 500 || !strings.HasPrefix(path, "/portions/") && !strings.HasPrefix(path, "/custody/") && !strings.HasPrefix(path, "/reports/") && !strings.HasPrefix(path, "/emergencies/new") && !strings.HasPrefix(path, "/tearlines/") {
				t.Errorf("%s: %d: %s", path, status, problemOf(page))
			}
			continue
		}
		if m := banners.FindStringSubmatch(page); m == nil || m[1] != m[2] {
			t.Errorf("%s has not the same banner at the top and at the bottom", path)
		}
		if !mayKnow {
			for _, word := range []string{secret, "rope market", "QUIET WATER", "Meeting on Thursday", "TOP SECRET"} {
				if strings.Contains(page, word) {
					t.Errorf("%s shows %q", path, word)
				}
			}
		}
		for _, m := range linked.FindAllStringSubmatch(page, -1) {
			next := strings.ReplaceAll(m[1], "&amp;", "&")
			if !seen[next] && !strings.HasPrefix(next, "/assets/") && !strings.HasPrefix(next, "/api/") {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	t.Logf("%d pages", len(seen))
	if len(seen) < 10 {
		t.Errorf("only %d pages were found", len(seen))
	}
}
