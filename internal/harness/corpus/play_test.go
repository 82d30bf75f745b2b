package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock stands where the play puts it and moves by a microsecond with each
// reading, so that no two things are of the same instant.
type clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

// began is when every play begins, away from every date that a script names.
var began = time.Date(2031, 3, 3, 9, 0, 0, 0, time.UTC)

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	return c.now
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
}

// play is one script being played against an installation of its own.
type play struct {
	t       *testing.T
	handler http.Handler
	clock   *clock
	token   map[string]string
	script  string
	// dir is where the data lies; old are copies of its database of earlier on.
	dir string
	old []string
	// copies says that copies are made.
	copies bool

	// instants has, for each exchange, when it was; advance moves the next.
	instants []time.Time
	next     time.Time
	// vars are what a script keeps by name and uses as $name. labels are what
	// is written in place of a value that differs from run to run.
	vars   map[string]string
	labels map[string]string
	serial int
	fresh  int // labels given in this exchange
	// sizes has the ledger's written down, which grows with whatever anybody
	// was refused; not where everybody is refused everything.
	sizes bool
	about string // the request that a group is of
	asked string // in the exchange written last: the same body again is left out

	written []exchange
	bodies  map[string]int // the exchange in which each was first written
	calls   []call
}

// exchange is a request and its answer, or a group of them, as written in
// testdata. Its first line has its number.
type exchange struct{ lines []string }

// answer is one, with what is written down of it.
type answer struct {
	status int
	body   []byte
	lines  []string
}

// call is what the count of operations needs of an exchange.
type call struct {
	method, path string
	status       int
}

func newPlay(t *testing.T, in store, script string) *play {
	x := &play{
		t: t, clock: &clock{now: began}, token: make(map[string]string), script: script,
		next: began, vars: map[string]string{"absent": strings.Repeat("a", 26)}, labels: make(map[string]string),
		bodies: make(map[string]int), sizes: true,
	}
	x.labels[x.vars["absent"]] = "$absent"
	x.handler, x.token["root"], x.dir = start(t, in, x.clock)
	x.token["forger"] = "cordon_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	x.label(x.token["root"], "$token-root")
	x.label(x.token["forger"], "$token-forger")
	return x
}

// advance moves the time of the next exchange.
func (x *play) advance(d time.Duration) { x.next = x.next.Add(d) }

var variable = regexp.MustCompile(`\$[a-z][A-Za-z0-9]*`)

// fill puts in what the script kept.
func (x *play) fill(s string) string {
	return variable.ReplaceAllStringFunc(s, func(name string) string {
		v, ok := x.vars[name[1:]]
		if !ok {
			x.t.Fatalf("%s: %s was never kept", x.script, name)
		}
		return v
	})
}

func (x *play) label(value, label string) {
	if value != "" && x.labels[value] == "" {
		x.labels[value] = label
	}
}

// keep gives a value a name.
func (x *play) keep(name, value string) {
	x.vars[name] = value
	if value != "" {
		x.labels[value] = "$" + name
	}
}

// send sends one request. The path is that under /api/v1 unless it begins with
// two slashes. Of the extras "Name: value" is a header and "name=path" keeps
// what stands at the path of the answer.
func (x *play) send(who, method, path, body string, extras ...string) answer {
	x.t.Helper()
	if under, ok := strings.CutPrefix(path, "//"); ok {
		path = "/" + under
	} else {
		path = "/api/v1" + path
	}
	x.clock.set(x.next)
	x.instants = append(x.instants, x.next)
	x.next = x.next.Add(time.Second)
	x.fresh = 0

	var in io.Reader
	if body != "" {
		in = strings.NewReader(x.fill(body))
	}
	r := httptest.NewRequest(method, x.fill(path), in)
	if who != "nobody" {
		if x.token[who] == "" {
			x.t.Fatalf("%s: %s has no token", x.script, who)
		}
		r.Header.Set("Authorization", "Bearer "+x.token[who])
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, extra := range extras {
		if name, value, ok := strings.Cut(extra, ": "); ok {
			r.Header.Set(name, x.fill(value))
		}
	}
	rec := httptest.NewRecorder()
	x.handler.ServeHTTP(rec, r)
	if n := len(x.calls); x.copies && (n == 40 || n == 120) {
		x.copyDatabase()
	}
	x.calls = append(x.calls, call{method, r.URL.EscapedPath(), rec.Code})
	for _, extra := range extras {
		name, at, ok := strings.Cut(extra, "=")
		if !ok || strings.Contains(extra, ": ") {
			continue
		}
		value := rec.Header().Get("ETag")
		if at != "ETag" {
			if value, ok = lookUp(rec.Body.Bytes(), at); !ok {
				x.t.Fatalf("%s: %s %s as %s: nothing to keep at %s: %d %s", x.script, method, path, who, at, rec.Code, rec.Body)
			}
		}
		x.keep(name, value)
	}
	return answer{rec.Code, rec.Body.Bytes(), x.show(rec)}
}

// do sends a request and writes the exchange down.
func (x *play) do(who, method, path, body string, extras ...string) answer {
	x.t.Helper()
	a := x.send(who, method, path, body, extras...)
	x.write(who, method, path, body, extras, a.lines)
	return a
}

// write writes the last exchange down. A body that was written before is not
// written again.
func (x *play) write(who, method, path, body string, extras, answer []string, more ...string) {
	number := len(x.instants)
	request := method + " " + shortened(path)
	e := &exchange{}
	switch {
	case x.about == "":
		x.written = append(x.written, exchange{lines: []string{fmt.Sprintf("# %d %s: %s", number, who, request)}})
		e = &x.written[len(x.written)-1]
	case request == x.about:
		e = &x.written[len(x.written)-1]
		e.lines = append(e.lines, fmt.Sprintf("- %d %s", number, who))
	default:
		e = &x.written[len(x.written)-1]
		e.lines = append(e.lines, fmt.Sprintf("- %d %s: %s", number, who, request))
	}
	for _, extra := range extras {
		if strings.Contains(extra, ": ") {
			e.lines = append(e.lines, "> "+extra)
		}
	}
	if body != "" && body != "{}" && method+path+body != x.asked {
		e.lines = append(e.lines, "> "+shortened(body))
	}
	x.asked = method + path + body
	if long := strings.Join(answer[1:], "\n"); len(long) > 100 {
		if x.bodies[long] > 0 {
			answer = []string{answer[0], fmt.Sprintf("< the body of %d", x.bodies[long])}
		} else {
			x.bodies[long] = number
		}
	}
	e.lines = append(append(e.lines, answer...), more...)
}

// group has what follows written as one, under the request that most of it is;
// the empty one ends it.
func (x *play) group(method, path string) {
	if x.about, x.asked = "", ""; method != "" {
		x.about = method + " " + shortened(path)
		x.written = append(x.written, exchange{lines: []string{fmt.Sprintf("# %d %s", len(x.instants)+1, x.about)}})
	}
}

// quiet sends a request that only prepares another, which must succeed, and
// gives what stands at the path of its answer.
func (x *play) quiet(who, method, path, body, at string) string {
	x.t.Helper()
	a := x.send(who, method, path, body)
	if a.status >= 300 {
		x.t.Fatalf("%s: %s %s as %s: %d %s", x.script, method, path, who, a.status, a.body)
	}
	value, ok := lookUp(a.body, at)
	if !ok {
		x.t.Fatalf("%s: %s %s as %s: nothing at %s: %s", x.script, method, path, who, at, a.body)
	}
	return value
}

func (x *play) get(who, path string, extras ...string) answer {
	return x.do(who, "GET", path, "", extras...)
}

func (x *play) post(who, path, body string, extras ...string) answer {
	return x.do(who, "POST", path, body, extras...)
}

func (x *play) put(who, path, body string, extras ...string) answer {
	return x.do(who, "PUT", path, body, extras...)
}

func (x *play) delete(who, path string, extras ...string) answer {
	return x.do(who, "DELETE", path, "{}", extras...)
}

// lookUp gives what stands at a path such as portions.1.id of a JSON text; the
// empty path is the whole, and of no interest.
func lookUp(body []byte, path string) (string, bool) {
	if path == "" {
		return "", true
	}
	var v any
	if json.Unmarshal(body, &v) != nil {
		return "", false
	}
	for step := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				return "", false
			}
			v = at[i]
		default:
			return "", false
		}
	}
	s, ok := v.(string)
	return s, ok
}

// shortened is the text as it is shown; nobody reads a long one.
func shortened(s string) string {
	s = strings.ToValidUTF8(strings.NewReplacer("\n", `\n`, "\r", `\r`, "\x00", `\x00`).Replace(s), "\uFFFD")
	if len(s) > 600 {
		return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(s[:60], ""), len(s))
	}
	return s
}

// usual are the headers that every answer has; only others are written down.
var usual = map[string]string{
	"Cache-Control":           "no-store",
	"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	"Referrer-Policy":         "no-referrer",
	"X-Content-Type-Options":  "nosniff",
}

// requestID is the header that differs in every answer.
var requestID = regexp.MustCompile(`^(X-)?Request-Id$`)

// show is what is written down of an answer: status and headers, and the body
// if it has one. What is new in it is called so, and by its number afterwards. A
// Location is written after the body, whose ids it has.
func (x *play) show(rec *httptest.ResponseRecorder) []string {
	lines := x.lines(rec)
	if location := rec.Header().Get("Location"); location != "" {
		lines[0] += "; Location: " + x.plain(location)
	}
	number := strconv.Itoa(len(x.instants))
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], "#"+number+".", "#new.")
		lines[i] = regexp.MustCompile("@"+number+`\b`).ReplaceAllString(lines[i], "@now")
	}
	return lines
}

func (x *play) lines(rec *httptest.ResponseRecorder) []string {
	first := "< " + strconv.Itoa(rec.Code)
	body := rec.Body.Bytes()
	contentType, isJSON := "", false
	switch {
	case len(body) > 0 && rec.Code >= 400:
		contentType, isJSON = "application/problem+json", true
	case len(body) > 0:
		contentType, isJSON = "application/json; charset=utf-8", true
	}
	for name := range usual {
		if rec.Header().Get(name) == "" {
			first += "; no " + name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rec.Header())) {
		value := strings.Join(rec.Header()[name], ", ")
		switch {
		case value == usual[name], name == "Content-Type" && value == contentType, requestID.MatchString(textproto.CanonicalMIMEHeaderKey(name)), name == "Location":
			continue
		case name == "Content-Type":
			isJSON = strings.Contains(value, "json")
		case name == "Etag":
			name, value = "ETag", x.etag(value)
		}
		first += "; " + name + ": " + x.plain(value)
	}
	if len(body) == 0 {
		return []string{first}
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if !isJSON || d.Decode(&v) != nil {
		lines := []string{first}
		for text := range strings.SplitSeq(strings.TrimSuffix(x.plain(string(body)), "\n"), "\n") {
			lines = append(lines, "< "+text)
		}
		return lines
	}
	if kind, detail, issues, ok := usualProblem(rec.Code, v); ok {
		if first += " " + kind; detail != common[kind] {
			first += ": " + x.plain(detail)
		}
		lines := []string{first}
		for _, issue := range issues {
			if m, _ := issue.(map[string]any); m["problem"] != nil && strings.HasSuffix(detail, fmt.Sprint(m["problem"])) {
				m["problem"] = "…" // that of the detail
			}
			lines = append(lines, "< "+line(x.placed(issue)))
		}
		return lines
	}
	return append([]string{first}, strings.Split("< "+strings.ReplaceAll(layOut(x.placed(v), ""), "\n", "\n< "), "\n")...)
}

// common are the answers that say no more than their kind.
var common = map[string]string{
	"not-found":       "there is no such thing, or it is not yours to see",
	"unauthenticated": "these credentials do not hold: sign in again",
}

// usualProblem reads a problem in which nothing is out of the ordinary.
func usualProblem(status int, v any) (kind, detail string, issues []any, ok bool) {
	m, _ := v.(map[string]any)
	of, _ := m["type"].(string)
	kind, ok = strings.CutPrefix(of, "urn:cordon:error:")
	detail, has := m["detail"].(string)
	issues, listed := m["issues"].([]any)
	members := 4
	if listed {
		members++
	}
	return kind, detail, issues, ok && has && len(m) == members && m["title"] == http.StatusText(status) && m["status"] == json.Number(strconv.Itoa(status))
}

// etag is a tag by the exchange that first gave it.
func (x *play) etag(tag string) string {
	if x.labels[tag] == "" {
		x.labels[tag] = fmt.Sprintf("as in %d", len(x.instants))
		return "new"
	}
	return x.labels[tag]
}

var (
	// The parts that differ from run to run: an instant, an id, a token or another
	// secret, and long runs of base64.
	instant    = regexp.MustCompile(`20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	random     = regexp.MustCompile(`cordon_[A-Za-z0-9_-]{20,}|[A-Za-z0-9+/_-]{38,}=*|\b[a-km-np-z2-9]{26}\b`)
	onlyNumber = regexp.MustCompile(`(?m)^\d+$`)
	onlyID     = regexp.MustCompile(`^[a-km-np-z2-9]{26}$`)
)

// plain is a text with what differs from run to run replaced.
func (x *play) plain(s string) string {
	s = instant.ReplaceAllStringFunc(s, x.when)
	if !x.sizes && strings.Contains(s, "\n\n— cordon-") {
		s = onlyNumber.ReplaceAllString(s, "any")
	}
	s = random.ReplaceAllStringFunc(s, func(value string) string {
		if x.labels[value] == "" {
			x.fresh++
			x.labels[value] = fmt.Sprintf("#%d.%d", len(x.instants), x.fresh)
		}
		return x.labels[value]
	})
	return several.ReplaceAllStringFunc(s, func(list string) string {
		all := strings.Split(list, ", ")
		slices.SortFunc(all, compareLabels)
		return strings.Join(all, ", ")
	})
}

// several is a list of labels in a text; it is one of ids, which are in no
// order that means anything.
var several = regexp.MustCompile(`[#$][A-Za-z0-9.]*[A-Za-z0-9](, [#$][A-Za-z0-9.]*[A-Za-z0-9])+`)

// when is an instant by the exchange in which it was, or from which it was
// reckoned. Those before the play began are the script's own.
func (x *play) when(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Before(began) || at.After(began.AddDate(12, 0, 0)) {
		return text
	}
	if label := x.labels[text]; label != "" {
		return label
	}
	i, found := slices.BinarySearchFunc(x.instants, at, time.Time.Compare)
	if !found {
		i--
	}
	label := fmt.Sprintf("@%d", i+1)
	if since := at.Sub(x.instants[i]).Truncate(time.Second); since > 0 {
		label += "+" + since.String()
	}
	x.labels[text] = label
	return label
}

// placed is a JSON value with what differs from run to run replaced, and with
// those lists sorted that are sets, and those items that tie, which come in the
// order of their ids. Left out is which of the entries of one act, in several
// feeds, came first into the ledger.
func (x *play) placed(v any) any {
	switch v := v.(type) {
	case string:
		return x.plain(v)
	case []any:
		x.sort(v)
		out := make([]any, len(v))
		for i := range v {
			out[i] = x.placed(v[i])
		}
		return out
	case map[string]any:
		if parts, ok := v["parts"].([]any); ok {
			slices.SortFunc(parts, func(a, b any) int { return strings.Compare(ownerOf(a), ownerOf(b)) })
		}
		if owners, ok := v["owners"].([]any); ok { // the largest share first
			tied(owners, "portions", func(v any) string { return ownerOf(v) })
		}
		if steps, ok := v["steps"].([]any); ok { // of one containment
			tied(steps, "at", func(v any) string {
				target := member(v, "target")
				return fmt.Sprint(member(v, "step"), member(target, "name"), x.labels[fmt.Sprint(member(target, "id"))])
			})
		}
		for _, name := range []string{"known", "further"} {
			if effects, ok := v[name].([]any); ok {
				tied(effects, "left", func(v any) string { return line(member(v, "fact")) + x.labels[fmt.Sprint(member(v, "portion"))] })
			}
		}
		if items, ok := v["items"].([]any); ok && len(items) > 0 {
			switch first, _ := items[0].(map[string]any); {
			case first["snippet"] != nil: // of one report
				tied(items, "created", func(v any) string { return fmt.Sprint(member(v, "text")) })
			case first["tearline"] != nil:
				tied(items, "", func(v any) string {
					return x.labels[fmt.Sprint(member(v, "portion"))] + x.labels[fmt.Sprint(member(v, "original"))]
				})
			}
		}
		if !x.sizes && v["checkpoint"] != nil && v["size"] != nil {
			v["size"] = "any"
		}
		if v["rows"] != nil && v["sets"] != nil {
			v["rows"], v["sets"] = "any", "any"
		}
		if v["act"] != nil && v["index"] != nil {
			v["index"] = "any"
		}
		out := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out[x.plain(k)] = x.placed(v[k])
		}
		return out
	}
	return v
}

// tied sorts those by the key that stand together and have the same member.
func tied(list []any, same string, key func(any) string) {
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && fmt.Sprint(member(list[to], same)) == fmt.Sprint(member(list[from], same)) {
			to++
		}
		slices.SortStableFunc(list[from:to], func(a, b any) int { return compareLabels(key(a), key(b)) })
		from = to
	}
}

func member(v any, name string) any {
	m, _ := v.(map[string]any)
	return m[name]
}

func ownerOf(v any) string {
	name, _ := member(member(v, "owner"), "name").(string)
	return name
}

// sort sorts a set by what is known of its members. Two of which nothing is
// known cannot be told apart, and must not come in one set.
func (x *play) sort(list []any) {
	keys := make(map[any]string, len(list))
	for _, v := range list {
		id, name := "", ""
		switch v := v.(type) {
		case string:
			id = v
		case map[string]any:
			id, _ = v["id"].(string)
			name, _ = v["name"].(string)
			if len(v) > 2 || len(v) == 2 && name == "" {
				return
			}
		}
		if !onlyID.MatchString(id) {
			return
		}
		keys[id] = name + "\x00" + x.labels[id]
	}
	of := func(v any) string {
		if m, ok := v.(map[string]any); ok {
			v = m["id"]
		}
		return keys[v]
	}
	slices.SortFunc(list, func(a, b any) int { return compareLabels(of(a), of(b)) })
	for i := 1; i < len(list); i++ {
		if of(list[i]) == of(list[i-1]) && strings.HasSuffix(of(list[i]), "\x00") {
			x.t.Errorf("%s %d: a set has two members that nothing tells apart", x.script, len(x.instants))
		}
	}
}

var digits = regexp.MustCompile(`\d+`)

// compareLabels orders numbers in labels as numbers.
func compareLabels(a, b string) int {
	pad := func(s string) string {
		return digits.ReplaceAllStringFunc(s, func(n string) string { return fmt.Sprintf("%06s", n) })
	}
	return strings.Compare(pad(a), pad(b))
}

// line is a JSON value on one line.
func line(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// layOut writes a JSON value on one line, or, where that would be long, each
// member on its own, so that a difference is a line. The entries of a feed,
// of which there are many, keep to one each.
func layOut(v any, indent string) string {
	one := line(v)
	if m, ok := v.(map[string]any); len(one) <= 200 || ok && m["act"] != nil {
		return one
	}
	var b strings.Builder
	inner := indent + " "
	switch v := v.(type) {
	case []any:
		b.WriteString("[")
		for i := range v {
			b.WriteString("\n" + inner + layOut(v[i], inner))
		}
		b.WriteString("]")
	case map[string]any:
		b.WriteString("{")
		for _, k := range slices.Sorted(maps.Keys(v)) {
			b.WriteString("\n" + inner + strconv.Quote(k) + ":" + layOut(v[k], inner))
		}
		b.WriteString("}")
	default:
		return one
	}
	return b.String()
}
