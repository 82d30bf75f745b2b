package webui

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// texts are the pages' own words in one language, by the English ones. The message
// of a use-case is English in every language, and is marked so.
type texts struct {
	language string
	of       map[string]string
}

// say is the text with its figures and names in it. A text that was not
// translated is English.
func (t texts) say(english string, args ...any) string {
	text := t.of[english]
	if text == "" {
		text = english
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// word is a word of an API's closed list ("in-force") for people.
func (t texts) word(v any) string {
	return t.say(strings.ReplaceAll(fmt.Sprint(v), "-", " "))
}

// catalogue reads the texts of every language: texts/de.txt has an English line,
// its translation below it, and an empty line.
func catalogue() map[string]texts {
	all := map[string]texts{"en": {language: "en"}}
	for _, name := range embedded("texts") {
		body, err := files.ReadFile("texts/" + name)
		if err != nil {
			panic("webui: an embedded file is always there: " + err.Error())
		}
		language := strings.TrimSuffix(name, path.Ext(name))
		all[language] = texts{language, parseTexts(body)}
	}
	return all
}

func parseTexts(body []byte) map[string]string {
	out := make(map[string]string)
	english := ""
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		switch line := lines.Text(); {
		case line == "" || strings.HasPrefix(line, "#"):
			english = ""
		case english == "":
			english = line
		default:
			out[english] = line
		}
	}
	return out
}

// languageCookie keeps the language that somebody chose.
const languageCookie = "cordon-language"

// language is that in which a request is answered: the one chosen, or the first
// that the browser asks for and the pages have.
func (l look) language(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && l.templates[c.Value] != nil {
		return c.Value
	}
	best, quality := "en", 0.0
	for one := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(one), ";")
		language, _, _ := strings.Cut(strings.ToLower(tag), "-")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(value, 64)
		}
		if l.templates[language] != nil && q > quality {
			best, quality = language, q
		}
	}
	return best
}

func (p *pages) setLanguage(w http.ResponseWriter, r *http.Request) {
	if err := unreadable(r.ParseForm()); err != nil {
		p.refused(w, r, err)
		return
	}
	if chosen := r.PostForm.Get("language"); p.look.templates[chosen] != nil {
		http.SetCookie(w, &http.Cookie{
			Name: languageCookie, Value: chosen, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
		})
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
}
