package pages

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Secret is in the struck passage, and in nothing that is shown to people who may
// not have it.
const Secret = "Velmora"

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

// Told is what of a story the tests after it need.
type Told struct {
	Report, Memo, Tearline, Request, Part, Incident, Arrangement, Struck, Passage string
}

// Tell plays the whole story, everybody at a page of their own. Picture is shown the
// ten pages that stand for it.
func Tell(t *testing.T, w *World, as func(who string) Driver, picture func(name string, at Driver)) Told {
	t.Helper()
	var s Told
	say := func(ok bool, what string, args ...any) {
		t.Helper()
		if !ok {
			t.Fatalf("the story: "+what, args...)
		}
	}
	has := func(page, text string) {
		t.Helper()
		say(strings.Contains(page, text), "the page does not say %q: %s", text, Clip(page))
	}
	hasNot := func(page, text string) {
		t.Helper()
		say(!strings.Contains(page, text), "the page says %q", text)
	}
	id := func(name string) string { return string(w.IDs[name]) }
	owner, officer, analyst := as("owner"), as("officer"), as("analyst")

	// An arrangement so secret that most may not know of it.
	owner.Open("/arrangements/new")
	page := owner.Send("/arrangements/new", "", url.Values{"name": {"QUIET WATER"}, "marking": {"TS//SI//REL TO USA, XMD"}, "party": {"+" + id("HARBOUR")}})
	has(page, "hold when one of each has agreed")
	has(owner.Send("/arrangements/new", "", nil), "QUIET WATER")
	s.Arrangement = Last(owner.At())
	has(officer.Open("/"), "proposes terms")
	officer.Open("/arrangements/" + s.Arrangement)
	picture("1-arrangement", officer)
	officer.Send("/arrangements/"+s.Arrangement, "agree", nil)
	has(officer.Send("/arrangements/"+s.Arrangement, "", nil), "in force")

	// A report is pasted, looked at and published.
	owner.Open("/write")
	page = owner.Send("/write", "paste", url.Values{"document": {kestrel}})
	has(page, "The beacons are assembled")
	page = owner.Send("/write", "look", url.Values{"arrangement": {s.Arrangement}, "ref": {"KESTREL-7"}})
	has(page, "Who could read it")
	has(page, "HARBOUR")
	picture("2-who-could-read-it", owner)
	page = owner.Send("/write", "publish", nil)
	has(page, "False beacons aboard ferries")
	s.Report = Last(owner.At())

	// The analyst reads all of it, the desk less, the ally nothing.
	page = analyst.Open("/reports/" + s.Report)
	has(page, Secret)
	has(page, "TOP SECRET//SI//REL TO USA, XMD")
	s.Passage = passage(page)
	picture("3-the-analyst", analyst)
	desk := as("desk")
	page = desk.Open("/reports/" + s.Report)
	hasNot(page, Secret)
	hasNot(page, "TOP SECRET")
	has(page, "SECRET//REL TO USA, XMD")
	picture("4-the-desk", desk)

	// A memo is made from it.
	analyst.Open("/write?from=" + s.Report)
	page = analyst.Send("/write", "look", url.Values{
		"title": {"Talking points"}, "title-mark": {"S//REL TO USA, XMD"}, "text-1": {"The port city is Velmora; this goes no further."}, "source-1": {"+" + s.Passage},
		"mark-2": {"S//REL TO USA, XMD"}, "text-2": {"Operators should test every beacon before they sail."},
	})
	has(page, "TS//SI//REL TO USA, XMD")
	page = analyst.Send("/write", "publish", nil)
	has(page, "Talking points")
	s.Memo = Last(analyst.At())
	memoPassage := passage(page)

	// Before it is told.
	analyst.Open("/check")
	page = analyst.Send("/check", "check", url.Values{"text": {speech}, "audience": {"+" + id("CORMORANT")}})
	has(page, "Passages that may not be told")
	has(page, "MERIDIAN")
	picture("5-before-it-is-told", analyst)

	// A release is asked for, and a tearline given in its place.
	analyst.Open("/requests/new?report=" + s.Memo)
	page = analyst.Send("/requests/new", "look", url.Values{"audience": {id("CORMORANT")}, "purpose": {"to warn their ferries"}})
	has(page, "What it would take")
	page = analyst.Send("/requests/new", "ask", nil)
	has(page, "MERIDIAN")
	s.Request = Last(analyst.At())
	owner.Open("/tearlines/new?report=" + s.Report)
	page = owner.Send("/tearlines/new", "check", url.Values{"title": {"Advice on beacons"}, "title-mark": {"C//REL TO USA, XCO, XMD"}, "mark-1": {"C//REL TO USA, XCO, XMD"}, "text-1": {"Test each beacon aboard before sailing."}, "recipient": {"+" + id("HARBOUR"), "+" + id("CORMORANT")}})
	has(page, "What still stands in it")
	has(owner.Send("/tearlines/new", "publish", nil), "Advice on beacons")
	s.Tearline = Last(owner.At())
	page = owner.Open("/")
	has(page, "asks for a release")
	s.Part = First(regexp.MustCompile(`href="/answers/([^"]+)"`), page)
	page = owner.Open("/answers/" + s.Part)
	has(page, "The beacons are assembled in the port city") // of the owner's own, that it was made from
	has(page, "Advice on beacons")                          // the tearline that could stand for it
	picture("6-a-request", owner)
	page = owner.Send("/answers/"+s.Part, "", url.Values{"reason": {"Too much would be told."}})
	has(page, "are refused")
	has(owner.Send("/answers/"+s.Part, "", nil), "Your answer is recorded")
	has(analyst.Open("/requests/"+s.Request), "Too much would be told.")
	visitor := as("visitor")
	has(visitor.Open("/reports/"+s.Tearline), "Test each beacon aboard")

	// It is said all the same, found and contained.
	officer.Open("/incidents")
	has(officer.Send("/incidents", "", url.Values{"title": {"Meeting on Thursday"}}), "Meeting on Thursday")
	s.Incident = Last(officer.At())
	officer.Open("/check")
	has(officer.Send("/check", "scan", url.Values{"text": {speech}}), "Portions found")
	page = officer.Send("/incidents/take", "", url.Values{"incident": {s.Incident}})
	has(page, "found just now")
	picture("7-the-incident-room", officer)
	page = officer.Send("/incidents/"+s.Incident+"/contain", "", url.Values{"strike": {"+" + memoPassage}, "limit-more": {s.Memo}, "circle": {"+" + id("Iris Vane"), "+" + id("Tomas Reed")}, "notify": {"+" + id("LANTERN")}})
	has(page, "All of it happens or nothing")
	picture("8-before-it-is-contained", officer)
	page = officer.Send("/incidents/"+s.Incident+"/contain", "", nil)
	has(page, "Contained. Portions struck: 1; reports limited: 1")
	s.Struck = memoPassage
	hasNot(analyst.Open("/reports/"+s.Memo), Secret)
	has(officer.Open("/custody/"+s.Struck), Secret)

	// Who had it, the mosaic, the public record, the ledger.
	page = owner.Open("/portions/" + s.Passage)
	has(page, "Tomas Reed")
	has(page, "HARBOUR")
	owner.Open("/mosaic")
	has(owner.Send("/mosaic/registries", "", url.Values{"list": {registry}}), "beacons")
	page = owner.Send("/mosaic", "check", url.Values{"facts": {"city=Velmora"}})
	has(page, "4 of 4 candidates fit what is known; 2 would fit afterwards")
	picture("9-does-the-city-give-the-source-away", owner)
	officer.Open("/incidents/" + s.Incident + "/claims")
	has(officer.Send("/incidents/"+s.Incident+"/claims", "record", url.Values{"record": {record}}), "The source itself was named")
	officer.Open("/ledger")
	has(officer.Send("/ledger/verify", "", nil), "Everything holds")
	picture("10-the-ledger", officer)
	return s
}

// passage is the id of the portion of the page that is marked TS.
func passage(page string) string {
	return First(regexp.MustCompile(`class="portion [a-z]+ tone-sci" id="p-([^"]+)"`), page)
}

// Last is the last part of a path.
func Last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// First is what the expression takes out of a page.
func First(re *regexp.Regexp, page string) string {
	if m := re.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

// Clip is the beginning of what a page is about.
func Clip(page string) string {
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	return fmt.Sprintf("%.1500s", page)
}
