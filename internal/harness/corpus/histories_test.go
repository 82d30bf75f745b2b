package corpus

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cordon/internal/edge/httpapi"
)

// TestTwoHistories plays the attacker: an author who writes what stands in a hidden portion,
// and one who writes the same where no portion has it, do everything that the API lets them
// do. They get the same answers, byte for byte but for what is drawn at random.
func TestTwoHistories(t *testing.T) {
	t.Parallel()
	walk := func(hidden string) []exchange {
		x := newPlay(t, sqlite, "histories")
		x.people()
		// wen holds every role but the auditor's: an auditor of the organisation that owns
		// the hidden portion finds the match in its feed.
		x.add("VALDOR", "wen", "reader author release-authority security-officer")
		x.quiet("mara", "POST", "/reports", report("", "("+narrow+") Kept", "("+narrow+") "+hidden), "")
		x.quiet("mara", "POST", "/reports", report(`"ref":"SEEN","recipients":["VALDOR","TARSIS"],`, "(U) For all", "(U) "+general), "")
		x.attack()
		return x.written
	}
	with, without := walk(courier), walk(method)
	if len(with) != len(without) {
		t.Fatalf("%d exchanges and %d", len(with), len(without))
	}
	for i := range with {
		if d := difference(unordered(without[i].lines), unordered(with[i].lines)); d != "" {
			t.Errorf("%s: what nobody has (-) and what somebody hides (+) are answered differently:\n%s", with[i].lines[0], d)
		}
	}
	// It is not for want of a match that they are alike.
	x := newPlay(t, sqlite, "histories")
	x.people()
	x.quiet("mara", "POST", "/reports", report("", "("+narrow+") Kept", "("+narrow+") "+courier), "")
	x.send("ana", "POST", "/reports", report(`"recipients":["TARSIS"],`, "(U) Heard", "(U) "+courier), "memo=report")
	if a := x.send("theo", "GET", "/reports/$memo", ""); a.status != 404 {
		t.Errorf("what repeats hidden words is read by others: %s", a.body)
	}
}

var drawn = regexp.MustCompile(`#(new|\d+)\.\d+`)

// unordered is the lines without the order of what is of one instant, or alike, which ids
// drawn at random decide.
func unordered(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.TrimRight(drawn.ReplaceAllString(line, "#"), "]},")
	}
	slices.Sort(out[1:])
	return out
}

// attack is everything that wen does: with a report, a new wording, a derivative and a
// tearline that repeat the words, and with nothing.
func (x *play) attack() {
	heard := report(`"ref":"HEARD","recipients":["TARSIS"],`, "(U) Heard", "(U) "+courier, "(U) Something else of ours altogether.")
	x.post("wen", "/reports", heard, "memo=report", "memoTitle=portions.0.id", "words=portions.1.id", "other=portions.2.id", "Idempotency-Key: once")
	x.post("wen", "/reports", heard, "Idempotency-Key: once")
	x.post("wen", "/imports", `{"reports":[`+heard+`,`+report("", "(U) Own", "(U) Words of our own.")+`]}`)
	x.post("wen", "/reports", `{"kind":"memo","ref":"MADE","recipients":["TARSIS"],"title":{"marking":"U","text":"Made of it"},"portions":[{"text":"In short, a meeting.","sources":["$words"]}]}`, "made=report", "short=portions.1.id")
	x.post("wen", "/reports", `{"kind":"memo","ref":"PLAIN","recipients":["TARSIS"],"title":{"marking":"U","text":"Plain"},"portions":[{"marking":"U","text":"Nothing of anybody."}]}`, "plain=report", "bare=portions.1.id")
	x.put("wen", "/reports/$plain/portions/$bare", `{"text":"`+courier+`"}`, "newer=id")
	x.put("wen", "/reports/$plain/portions/$bare", `{"text":"Too late."}`)
	x.get("wen", "/reports/$plain/portions/$newer/wordings")
	x.post("wen", "/tearlines", `{"recipients":["TARSIS"],"against":["$other"],"title":{"marking":"U","text":"Line"},"portions":[{"marking":"U","text":"`+courier+`"}]}`, "line=report")
	x.post("wen", "/release-requests", `{"portions":["$words"],"audience":"ORDEN","purpose":"to know"}`, "request=id", "part=parts.0.id")
	x.post("wen", "/incidents", `{"title":"Ours"}`, "incident=id")
	x.post("wen", "/registries", `{"name":"Men","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"Harbourtown"}}]}`, "registry=id")
	bodies := map[string][]string{
		"planRelease":        {`{"portions":["$words"],"audience":"ORDEN"}`, `{"report":"HEARD","audience":"TARSIS"}`},
		"requestRelease":     {`{"portions":["$words"],"audience":"ORDEN","purpose":"again"}`},
		"checkDraft":         {`{"audience":"TARSIS","text":"` + courier + `"}`},
		"scanText":           {`{"text":"` + courier + `"}`},
		"checkTearline":      {`{"report":"$line"}`, `{"against":["$other"],"paragraphs":[{"marking":"U","text":"` + courier + `"}]}`},
		"setCompilation":     {`{"marking":"C"}`},
		"narrowReport":       {`{"people":["wen","sol"]}`},
		"revise":             {`{"text":"Said otherwise: a meeting on Tuesday."}`, `{"text":"` + courier + ` Again."}`},
		"addFacts":           {`{"facts":[{"attribute":"city","values":["Harbourtown"]}]}`},
		"contain":            {`{"preview":true,"strike":["$words"]}`, `{"strike":["$short"]}`, `{"limit":[{"report":"HEARD","circle":["wen"]}]}`},
		"checkMosaic":        {`{"audience":"TARSIS","portions":["$words"]}`},
		"releaseInEmergency": {`{"portions":["$words"],"audience":"ORDEN","reason":"a life"}`},
		"decideWaiting":      {`{"verdict":"dismiss","reason":"mine"}`, `{"verdict":"object"}`},
		"decidePart":         {`{"grant":["$words"]}`},
		"addProposition":     {`{"id":"P1","text":"A city was named.","portions":["$words"]}`},
		"release":            {`{}`},
	}
	queries := map[string][]string{
		"search": {"?q=courier", "?q=%22fish+market%22", "?q=Tuesday&arrangement=QUIET"}, "suggest": {"?q=harb"}, "exportReport": {"?format=markdown", "?format=json"},
	}
	things := map[string][]string{
		"{report}": {"$memo", "$made", "$plain", "$line", "HEARD", "$absent"}, "{portion}": {"$words", "$newer", "$short", "$bare", "$absent"},
		"{request}": {"$request"}, "{part}": {"$part"}, "{incident}": {"$incident"}, "{registry}": {"$registry"},
	}
	// Not run: what signs them out or away, and what is of the whole installation.
	apart := []string{"signOut", "endSession", "verifyLedger", "getOpenAPI", "useEnrolment", "signIn", "changePassword", "revokeToken", "getReadiness", "getHealth", "newToken", "openCustody"}
	for _, op := range httpapi.Operations() {
		if slices.Contains(apart, op.Name) {
			continue
		}
		method, path, _ := strings.Cut(op.Pattern, " ")
		under, ok := strings.CutPrefix(path, "/api/v1")
		if !ok {
			continue
		}
		paths := []string{under}
		for param, of := range things {
			var next []string
			for _, p := range paths {
				if !strings.Contains(p, param) {
					next = append(next, p)
					continue
				}
				for _, thing := range of {
					next = append(next, strings.ReplaceAll(p, param, thing))
				}
			}
			paths = next
		}
		slices.Sort(paths)
		for _, p := range paths {
			for from, to, found := strings.Cut(p, "{"); found; from, to, found = strings.Cut(p, "{") {
				_, rest, _ := strings.Cut(to, "}")
				p = from + "$absent" + rest
			}
			for _, query := range append(queries[op.Name], "")[:max(1, len(queries[op.Name]))] {
				all := bodies[op.Name]
				if method == "GET" {
					all = []string{""}
				} else if all == nil {
					all = []string{`{}`}
				}
				for _, body := range all {
					x.do("wen", method, p+query, body)
				}
			}
		}
	}
	for _, path := range []string{"/reports", "/counts", "/notices", "/waiting", "/reports/$memo", "/reports/$plain", "/search?q=courier", "/grants", "/incidents"} {
		x.get("wen", path)
	}
	if len(x.written) < 150 {
		x.t.Error(fmt.Sprint("only so many exchanges: ", len(x.written)))
	}
}
