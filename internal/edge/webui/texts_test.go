package webui_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cordon/internal/harness/pages"
)

// The places in which the pages' own words stand.
var (
	inTemplates = regexp.MustCompile(`[ ({]t "((?:[^"\\]|\\.)*)"`)
	inGo        = []*regexp.Regexp{
		regexp.MustCompile(`\.frame\((?:r, )?"((?:[^"\\]|\\.)*)"`),
		regexp.MustCompile(`\b(?:title|says|do|Says|Step|How):\s+"((?:[^"\\]|\\.)*)"`),
		regexp.MustCompile(`\bsay\("((?:[^"\\]|\\.)*)"`),
		regexp.MustCompile(`(?:title|says|Title|then)(?:, [a-zA-Z.]+)? :?= "((?:[^"\\]|\\.)*)"`),
		regexp.MustCompile(`"([A-Z](?:[^"\\]|\\.)*[.!?])"`), // a whole sentence
	}
	verbs = regexp.MustCompile(`%[ds]`)
)

// TestEveryTextIsTranslated: each of the pages' own words is in the catalogue, with
// the same figures in it, and nothing else is.
func TestEveryTextIsTranslated(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("texts/de.txt")
	if err != nil {
		t.Fatal(err)
	}
	german := make(map[string]string)
	for i, lines := 0, strings.Split(string(body), "\n"); i+1 < len(lines); i++ {
		if lines[i] == "" || strings.HasPrefix(lines[i], "#") {
			continue
		}
		if german[lines[i]] != "" {
			t.Errorf("twice: %q", lines[i])
		}
		german[lines[i]] = lines[i+1]
		i++
	}
	used := make(map[string]bool)
	want := func(file, text string) {
		text = strings.ReplaceAll(text, `\"`, `"`)
		used[text] = true
		switch translated := german[text]; {
		case translated == "":
			t.Errorf("%s: no German for %q", file, text)
		case !slices.Equal(verbs.FindAllString(text, -1), verbs.FindAllString(translated, -1)):
			t.Errorf("%q has other figures in it than %q", translated, text)
		}
	}
	templates, _ := filepath.Glob("pages/*.html")
	sources, _ := filepath.Glob("*.go")
	everything := ""
	for _, file := range slices.Concat(templates, sources) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		everything += string(text)
		if strings.HasSuffix(file, ".html") {
			for _, m := range inTemplates.FindAllStringSubmatch(string(text), -1) {
				want(file, m[1])
			}
			continue
		}
		for _, where := range inGo {
			for _, m := range where.FindAllStringSubmatch(string(text), -1) {
				if !strings.Contains(m[1], ": a ") && m[1] != "" {
					want(file, m[1])
				}
			}
		}
	}
	if len(used) < 600 {
		t.Errorf("only %d texts were found", len(used))
	}
	// Words of the API's closed lists are short; all other texts stand somewhere.
	for text := range german {
		if !used[text] && strings.Contains(text, " ") && len(text) > 25 && !strings.Contains(everything, text) {
			t.Errorf("nobody says %q any more", text)
		}
	}
}

// TestEveryWordIsTranslated: the words of the API's closed lists, which templates show
// by what they are and not by a text of their own, are in the catalogue too.
func TestEveryWordIsTranslated(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("texts/de.txt")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("../../../*.go")
	if err != nil {
		t.Fatal(err)
	}
	constant := regexp.MustCompile(`(?m)^\t(?:Act|Step|Outcome|Report|Portion|Role|Notice|Derivation|Credential|Scope|Channel|Part)[A-Z]\w*(?: +\w+)? *= "([a-z-]+)"`)
	words := 0
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range constant.FindAllStringSubmatch(string(text), -1) {
			words++
			if word := strings.ReplaceAll(m[1], "-", " "); !strings.Contains("\n"+string(body), "\n"+word+"\n") {
				t.Errorf("%s: no German for %q", filepath.Base(file), word)
			}
		}
	}
	if words < 90 {
		t.Errorf("only %d words were found", words)
	}
}

// TestInGerman: a page is in the language that the browser asks for, or that was
// chosen, and says so; messages of Cordon are marked as English.
func TestInGerman(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "officer")
	_, _, page := p.Do("GET", "/", nil, "Accept-Language", "fr, de-AT;q=0.8, en;q=0.5")
	if !strings.Contains(page, `<html lang="de">`) || !strings.Contains(page, "Wartet auf Ihre Entscheidung") {
		t.Errorf("not German: %.300s", page)
	}
	p.Do("POST", "/language", map[string][]string{"language": {"de"}})
	page = p.Open("/write")
	if !strings.Contains(page, `<html lang="de">`) || strings.Contains(page, ">Write<") {
		t.Errorf("not German: %.300s", page)
	}
	if _, page = p.Try("/write", "look", nil); !strings.Contains(page, `<p lang="en">The report has no title`) || !strings.Contains(page, "Ihr Text steht noch unten") {
		t.Errorf("it says: %s", pages.ProblemOf(page))
	}
}
