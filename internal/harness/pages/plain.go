package pages

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Password is what everybody signs in with.
const Password = "correct horse battery"

// Browser is a client that keeps cookies and says where it comes from, as
// browsers do, and has no JavaScript.
type Browser struct {
	T      testing.TB
	Origin string
	HTTP   http.Client
}

// NewBrowser is one without cookies.
func NewBrowser(t testing.TB, origin string) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{T: t, Origin: origin, HTTP: http.Client{Jar: secureOnLocalhost{jar}}}
}

// secureOnLocalhost gives and takes cookies as browsers do there.
type secureOnLocalhost struct{ http.CookieJar }

func https(u *url.URL) *url.URL { s := *u; s.Scheme = "https"; return &s }

func (j secureOnLocalhost) SetCookies(u *url.URL, c []*http.Cookie) {
	j.CookieJar.SetCookies(https(u), c)
}

func (j secureOnLocalhost) Cookies(u *url.URL) []*http.Cookie { return j.CookieJar.Cookies(https(u)) }

// Body posts a body of a type.
func (b *Browser) Body(path, contentType, body string) (int, string, string) {
	b.T.Helper()
	return b.request("POST", path, body, "Content-Type", contentType)
}

// Do gives the status, where it ended and the page.
func (b *Browser) Do(method, path string, form url.Values, header ...string) (int, string, string) {
	b.T.Helper()
	return b.request(method, path, form.Encode(), header...)
}

func (b *Browser) request(method, path, body string, header ...string) (int, string, string) {
	b.T.Helper()
	r, err := http.NewRequestWithContext(b.T.Context(), method, b.Origin+path, strings.NewReader(body))
	if err != nil {
		b.T.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if strings.HasPrefix(path, "/api/") {
		r.Header.Del("Accept")
	}
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.Origin)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			r.Header.Del(header[i])
		}
	}
	res, err := b.HTTP.Do(r)
	if err != nil {
		b.T.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	page := string(text)
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		b.T.Errorf("%s %s: policy %q", method, path, csp)
	}
	for _, inline := range []string{"style=", "onclick=", "<style", "<script>", "javascript:"} {
		if strings.Contains(page, inline) {
			b.T.Errorf("%s %s has %s in it", method, path, inline)
		}
	}
	return res.StatusCode, res.Request.URL.Path, page
}

// Driver is somebody at the pages: with a browser and its JavaScript, or without.
type Driver interface {
	// Open goes to a page, and gives its HTML.
	Open(path string) string
	// Send fills in the form of the action and presses the button of it that has
	// the value, or its only one; it gives the page that comes of it. Values
	// beginning with + are boxes to tick, with - boxes to clear.
	Send(action, button string, values url.Values) string
	// At is the path that the page has.
	At() string
}

// Plain is a driver without JavaScript.
type Plain struct {
	*Browser
	// Page is the one they see, Path its address.
	Page string
	Path string
}

// As signs in.
func (w *World) As(t testing.TB, who string) *Plain {
	t.Helper()
	b := NewBrowser(t, w.Origin)
	status, at, page := b.Do("POST", "/demo", url.Values{"person": {Cast[who]}})
	if status != 200 || at != "/" {
		t.Fatalf("%s is not signed in: %d at %s", who, status, at)
	}
	return &Plain{Browser: b, Page: page, Path: at}
}

// At is the path of the page.
func (p *Plain) At() string { return p.Path }

// Open goes to a page that has to be there.
func (p *Plain) Open(path string) string {
	p.T.Helper()
	status, at, page := p.Do("GET", path, nil)
	if status != 200 {
		p.T.Fatalf("GET %s: %d: %s", path, status, ProblemOf(page))
	}
	p.Page, p.Path = page, at
	return page
}

// Send sends a form that has to be right.
func (p *Plain) Send(action, button string, values url.Values) string {
	p.T.Helper()
	status, page := p.Try(action, button, values)
	if status != 200 {
		p.T.Fatalf("POST %s %s: %d: %s", action, button, status, ProblemOf(page))
	}
	return page
}

// Try is Send that may fail.
func (p *Plain) Try(action, button string, values url.Values) (int, string) {
	p.T.Helper()
	form, ok := FormOf(p.Page, action, button)
	if !ok {
		p.T.Fatalf("%s has no form %s with the button %q", p.Path, action, button)
	}
	for name, value := range values {
		for _, v := range value {
			switch {
			case strings.HasPrefix(v, "+"):
				form.Add(name, v[1:])
			case strings.HasPrefix(v, "-"):
				form[name] = slices.DeleteFunc(form[name], func(s string) bool { return s == v[1:] })
			default:
				form.Set(name, v)
			}
		}
	}
	status, at, page := p.Do("POST", action, form)
	p.Page, p.Path = page, at
	return status, page
}

var (
	formTag   = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)"[^>]*>(.*?)</form>`)
	inputTag  = regexp.MustCompile(`<input ([^>]*)>`)
	buttonTag = regexp.MustCompile(`(?s)<button([^>]*)>(.*?)</button>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea ([^>]*)>(.*?)</textarea>`)
	selectTag = regexp.MustCompile(`(?s)<select ([^>]*)>(.*?)</select>`)
	optionTag = regexp.MustCompile(`(?s)<option([^>]*)>(.*?)</option>`)
	nameOf    = regexp.MustCompile(`(?:^| )name="([^"]*)"`)
	valueOf   = regexp.MustCompile(`(?:^| )value="([^"]*)"`)
	checkedOf = regexp.MustCompile(` checked(?: |$)`)
	said      = regexp.MustCompile(`(?s)<div class="problem" id="problem"[^>]*>(.*?)</div>`)
)

// ProblemOf is what a page says went wrong; the page where it says nothing.
func ProblemOf(page string) string {
	if m := said.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(m[1])
	}
	return page
}

func attribute(of *regexp.Regexp, tag string) (string, bool) {
	m := of.FindStringSubmatch(tag)
	if m == nil {
		return "", false
	}
	return html.UnescapeString(m[1]), true
}

// FormOf is what a browser would send of the form if nothing was touched.
func FormOf(page, action, button string) (url.Values, bool) {
	for _, form := range formTag.FindAllStringSubmatch(page, -1) {
		if html.UnescapeString(form[1]) != action {
			continue
		}
		out := make(url.Values)
		pressed := button == ""
		for _, b := range buttonTag.FindAllStringSubmatch(form[2], -1) {
			if value, _ := attribute(valueOf, b[1]); value == button && button != "" {
				name, _ := attribute(nameOf, b[1])
				out.Set(name, value)
				pressed = true
			}
		}
		if !pressed {
			continue
		}
		for _, in := range inputTag.FindAllStringSubmatch(form[2], -1) {
			name, ok := attribute(nameOf, in[1])
			value, _ := attribute(valueOf, in[1])
			box := strings.Contains(in[1], `type="checkbox"`) || strings.Contains(in[1], `type="radio"`)
			if ok && !strings.Contains(in[1], `type="file"`) && (!box || checkedOf.MatchString(in[1])) {
				out.Add(name, value)
			}
		}
		for _, area := range areaTag.FindAllStringSubmatch(form[2], -1) {
			name, _ := attribute(nameOf, area[1])
			out.Add(name, html.UnescapeString(area[2]))
		}
		for _, choice := range selectTag.FindAllStringSubmatch(form[2], -1) {
			name, _ := attribute(nameOf, choice[1])
			value := ""
			for i, option := range optionTag.FindAllStringSubmatch(choice[2], -1) {
				v, ok := attribute(valueOf, option[1])
				if !ok {
					v = html.UnescapeString(option[2])
				}
				if i == 0 || strings.Contains(option[1], " selected") {
					value = v
				}
			}
			out.Add(name, value)
		}
		return out, true
	}
	return nil, false
}

// Upload sends a file with a form.
func (p *Plain) Upload(action, name, text string) (int, string) {
	p.T.Helper()
	form, ok := FormOf(p.Page, action, "")
	if !ok {
		p.T.Fatalf("no form %s", action)
	}
	var b strings.Builder
	const boundary = "between"
	for field, values := range form {
		for _, v := range values {
			b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + v + "\r\n")
		}
	}
	b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + text + "\r\n--" + boundary + "--\r\n")
	status, at, page := p.Body(action, "multipart/form-data; boundary="+boundary, b.String())
	p.Page, p.Path = page, at
	return status, page
}

// Linked finds what a page links to.
var Linked = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)
