package webui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"cordon"
	"cordon/marking"
	"cordon/wire"
)

//go:embed assets/* pages/* texts/*
var files embed.FS

// look is what all pages share: the templates in each language, and the files
// that go along with them.
type look struct {
	schemes   *marking.Set
	templates map[string]*template.Template // by language
	texts     map[string]texts
	assets    map[string]asset // by the name they are served under
}

// asset is a file as it is served, and the same compressed. A page with
// somebody's information is never compressed: how long it gets would tell of it.
type asset struct {
	contentType  string
	body, zipped []byte
}

// newLook reads what is embedded. That a file of it is wrong is found by the
// first test that runs.
func newLook(schemes *marking.Set) look {
	l := look{schemes: schemes, templates: make(map[string]*template.Template), texts: catalogue(), assets: make(map[string]asset)}
	served := make(map[string]string)
	for _, name := range embedded("assets") {
		body, err := files.ReadFile("assets/" + name)
		if err != nil {
			panic("webui: an embedded file is always there: " + err.Error())
		}
		// By its hash: a browser may keep it, and never has an old one.
		sum := sha256.Sum256(body)
		hashed := hex.EncodeToString(sum[:8]) + "-" + name
		l.assets[hashed], served[name] = asset{mediaTypes[path.Ext(name)], body, zipped(body)}, "/assets/"+hashed
	}
	for language, texts := range l.texts {
		l.templates[language] = template.Must(template.New("").Funcs(template.FuncMap{
			"t":     texts.say,
			"tf":    func(text string, args []any) string { return texts.say(text, args...) },
			"asset": func(name string) string { return served[name] },
			"tone":  tone,
			"when":  when, "iso": iso, "day": day, "ahead": ahead,
			"list": func(items ...any) []any { return items },
			"or0":  func(s, other string) string { return first(s, other) },
			"names": func(all []wire.Named) string {
				var names []string
				for _, n := range all {
					names = append(names, first(n.Name, string(n.ID)))
				}
				return strings.Join(names, ", ")
			},
			"name": func(n wire.Named) string { return first(n.Name, texts.say("somebody else's")) },
			"short": func(id cordon.ID) string {
				if len(id) > 8 {
					return string(id[:8])
				}
				return string(id)
			},
			"word": func(v any) string { return texts.word(v) },
			"pct":  func(of float64) int { return int(of*100 + 0.5) },
		}).ParseFS(files, "pages/*.html"))
	}
	return l
}

// page is the template of the name with the view in it.
func (l look) page(r *http.Request, name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := l.templates[l.language(r)].ExecuteTemplate(&b, name, view); err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "something went wrong inside Cordon").Because(errors.New(failedAt(name, err)))
	}
	return showUnseen(b.Bytes()), nil
}

// failedAt is where a template failed, for the log: the file, the line and the
// column. The rest of such an error has in it what was to be shown.
func failedAt(name string, err error) string {
	at, _, ok := strings.Cut(err.Error(), ": executing")
	if !ok {
		at = "template: " + name
	}
	return at + ": the template failed"
}

var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func embedded(dir string) []string {
	all, err := fs.ReadDir(files, dir)
	if err != nil {
		panic("webui: the embedded folder is always there: " + err.Error())
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := p.look.assets[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(a.zipped)
		return
	}
	w.Write(a.body)
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic("webui: there is that level: " + err.Error())
	}
	z.Write(body)
	z.Close()
	return b.Bytes()
}

// tone is the colour in which a marking is set: by the conventions of its
// scheme where it has some, or else by how far down its words stand.
func tone(mark string) string {
	mark = strings.ToUpper(strings.Trim(mark, "()"))
	has := func(all ...string) bool {
		for _, one := range all {
			if mark == one || strings.HasPrefix(mark, one+"/") || strings.HasPrefix(mark, one+" ") || strings.HasPrefix(mark, one+"+") {
				return true
			}
		}
		return false
	}
	switch {
	case mark == "":
		return "none"
	case has("TLP:RED", "PAP:RED"):
		return "tlp-red"
	case has("TLP:AMBER", "PAP:AMBER"):
		return "tlp-amber"
	case has("TLP:GREEN", "PAP:GREEN"):
		return "tlp-green"
	case has("TLP:CLEAR", "TLP:WHITE", "PAP:CLEAR", "PAP:WHITE"):
		return "tlp-clear"
	case has("TS", "TOP SECRET") && compartmented(mark):
		return "sci"
	case has("TS", "TOP SECRET", "CTS", "COSMIC TOP SECRET", "TRÈS SECRET UE", "H3"):
		return "top"
	case has("S", "SECRET", "NS", "NATO SECRET", "SECRET UE", "H2"):
		return "secret"
	case has("C", "CONFIDENTIAL", "NC", "NATO CONFIDENTIAL", "H1"):
		return "confidential"
	case has("U", "UNCLASSIFIED", "NU", "NATO UNCLASSIFIED", "H0"):
		return "open"
	}
	return "other"
}

// compartmented reports whether a US marking names control systems.
func compartmented(mark string) bool {
	for part := range strings.SplitSeq(mark, "//") {
		for _, system := range []string{"SI", "TK", "HCS", "COMINT", "RSV", "KDK", "BUR"} {
			if part == system || strings.HasPrefix(part, system+"-") || strings.HasPrefix(part, system+"/") {
				return true
			}
		}
	}
	return false
}

// when is an instant for people, in UTC; the script of the pages shows it in the
// reader's zone.
func when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ahead reports whether an instant has not come yet.
func ahead(t, now time.Time) bool { return t.After(now) }

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// rollUp is the banner of everything that a page shows: the roll-up of its
// marks, or, where a scheme has none for them together, the most of their
// banners side by side.
func (l look) rollUp(marks []string) string {
	seen := make(map[string]bool)
	var all []marking.Marks
	for _, mark := range marks {
		if mark == "" || seen[mark] {
			continue
		}
		seen[mark] = true
		m, err := l.schemes.Parse(mark)
		if err != nil {
			if m, err = l.schemes.ParseBanner(mark); err != nil {
				continue
			}
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		return ""
	}
	if whole, err := l.schemes.RollUp(all); err == nil {
		return whole.Banner()
	}
	var banners []string
	for _, m := range all {
		banners = append(banners, m.Banner())
	}
	return strings.Join(banners, " | ")
}
