package webui_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/app"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// world is an installation with the people of the story, each of whom can be
// signed in as.
type world struct {
	origin string
	api    *client.Client
	app    *app.App
	ids    map[string]cordon.ID // of people and organisations, by name

	mu       sync.Mutex
	enrolled []string
}

// cast are the people of the story, by who they are to it.
var cast = map[string]string{
	"owner": "MERIDIAN/Edda Storm", "officer": "HARBOUR/Iris Vane", "analyst": "HARBOUR/Tomas Reed", "desk": "HARBOUR/Noor Falk",
	"ally": "LANTERN/Jun Okafor", "visitor": "CORMORANT/Pell Hartmann",
}

// newWorld is one in which nothing has happened yet.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{ids: make(map[string]cordon.ID)}
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	w.origin = "http://localhost:" + port
	config := app.Config{DataDir: filepath.Join(t.TempDir(), "data"), Origin: w.origin, Cast: &app.Cast{Session: w.session}, PerPerson: &httpapi.Rate{}, PerAddress: &httpapi.Rate{}}
	for _, name := range cast {
		config.Cast.People = append(config.Cast.People, app.Role{Key: name, Name: name[strings.Index(name, "/")+1:]})
	}
	first := cordon.Person{Name: "Iris Vane", Clearances: map[string]string{"us": "TS"}, ReadIns: cordon.ReadIns("us:SI"), Roles: cordon.Roles()}
	if _, _, err := app.Init(t.Context(), config, cordon.Organisation{Name: "HARBOUR", Country: "USA"}, first); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = a.Handler()
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close(); a.Close() })
	w.app, w.api = a, a.FirstPersonClient()
	for name, country := range map[string]string{"MERIDIAN": "XMD", "LANTERN": "XLN", "CORMORANT": "XCO"} {
		o, err := w.api.AddOrganisation(t.Context(), wire.OrganisationDraft{Name: name, Country: country})
		if err != nil {
			t.Fatal(err)
		}
		w.ids[name] = o.ID
	}
	everything, most := cordon.ReadIns("us:SI"), []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleAuditor}
	for _, p := range []wire.PersonDraft{
		{Organisation: "MERIDIAN", Name: "Edda Storm", Clearances: map[string]string{"us": "TS"}, ReadIns: everything, Roles: most},
		{Organisation: "HARBOUR", Name: "Tomas Reed", Clearances: map[string]string{"us": "TS"}, ReadIns: everything, Roles: most[:2]},
		{Organisation: "HARBOUR", Name: "Noor Falk", Clearances: map[string]string{"us": "S"}, Roles: most[:1]},
		{Organisation: "LANTERN", Name: "Jun Okafor", Clearances: map[string]string{"us": "TS"}, ReadIns: everything, Roles: most[:2]},
		{Organisation: "CORMORANT", Name: "Pell Hartmann", Clearances: map[string]string{"us": "C"}, Roles: most[:1]},
	} {
		added, err := w.api.AddPerson(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		w.ids[p.Name] = added.ID
	}
	me, err := w.api.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.ids["HARBOUR"], w.ids["Iris Vane"] = me.Organisation.ID, me.Person.ID
	return w
}

// session signs a person in, who is enrolled before for the first time.
func (w *world) session(r *http.Request, key string) (string, time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.enrolled, key) {
		s, err := w.app.Client("").SignIn(r.Context(), wire.Credentials{Name: key, Password: password})
		return s.Secret, s.Expires, err
	}
	w.enrolled = append(w.enrolled, key)
	e, err := w.api.Enrol(r.Context(), key)
	if err != nil {
		return "", time.Time{}, err
	}
	s, err := w.app.Client("").UseEnrolment(r.Context(), wire.EnrolmentUse{Secret: e.Secret, Password: password})
	return s.Secret, s.Expires, err
}

// driver is somebody at the pages: with a browser and its JavaScript, or without.
type driver interface {
	// open goes to a page, and gives its HTML.
	open(path string) string
	// send fills in the form of the action and presses the button of it that has
	// the value, or its only one; it gives the page that comes of it. Values
	// beginning with + are boxes to tick, with - boxes to clear.
	send(action, button string, values url.Values) string
	// at is the path that the page has.
	at() string
}

// plain is a driver without JavaScript.
type plain struct {
	*browser
	page string
	path string
}

// as signs in.
func (w *world) as(t testing.TB, who string) *plain {
	t.Helper()
	b := newBrowser(t, w.origin)
	status, at, page := b.do("POST", "/demo", url.Values{"person": {cast[who]}})
	if status != 200 || at != "/" {
		t.Fatalf("%s is not signed in: %d at %s", who, status, at)
	}
	return &plain{browser: b, page: page, path: at}
}

func (p *plain) at() string { return p.path }

func (p *plain) open(path string) string {
	p.t.Helper()
	status, at, page := p.do("GET", path, nil)
	if status != 200 {
		p.t.Fatalf("GET %s: %d: %s", path, status, problemOf(page))
	}
	p.page, p.path = page, at
	return page
}

func (p *plain) send(action, button string, values url.Values) string {
	p.t.Helper()
	status, page := p.try(action, button, values)
	if status != 200 {
		p.t.Fatalf("POST %s %s: %d: %s", action, button, status, problemOf(page))
	}
	return page
}

// try is send that may fail.
func (p *plain) try(action, button string, values url.Values) (int, string) {
	p.t.Helper()
	form, ok := formOf(p.page, action, button)
	if !ok {
		p.t.Fatalf("%s has no form %s with the button %q", p.path, action, button)
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
	status, at, page := p.do("POST", action, form)
	p.page, p.path = page, at
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

func problemOf(page string) string {
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

// formOf is what a browser would send of the form if nothing was touched.
func formOf(page, action, button string) (url.Values, bool) {
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
