package webui_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/pages"
)

// TestTheStoryWithoutJavaScript: the whole story, by forms alone; and then what
// everybody may and may not find.
func TestTheStoryWithoutJavaScript(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	people := make(map[string]*pages.Plain)
	s := pages.Tell(t, w, func(who string) pages.Driver {
		people[who] = w.As(t, who)
		return people[who]
	}, func(string, pages.Driver) {})
	ally := w.As(t, "ally")
	people["ally"] = ally

	// Withheld and absent are one page, but for the token of its forms.
	_, _, withheld := ally.Do("GET", "/reports/"+s.Report, nil)
	status, _, absent := ally.Do("GET", "/reports/"+string(cordon.NewID()), nil)
	if status != 404 || withheld != absent {
		t.Errorf("%d: withheld and absent can be told apart:\n%s\n%s", status, withheld, absent)
	}
	for _, path := range []string{"/requests/", "/answers/", "/arrangements/", "/incidents/", "/portions/", "/custody/"} {
		for _, id := range []string{s.Report, s.Request, s.Part, s.Arrangement, s.Incident, s.Passage, s.Struck} {
			status, _, page := ally.Do("GET", path+id, nil)
			if status < 400 || strings.Contains(page, pages.Secret) || strings.Contains(page, "QUIET WATER") {
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
func onlyOnce(t *testing.T, p *pages.Plain) {
	p.T = t
	p.Open("/write")
	values := url.Values{"title": {"Once"}, "title-mark": {"U"}, "mark-1": {"U"}, "text-1": {"Once and no more."}}
	p.Send("/write", "look", values)
	form, _ := pages.FormOf(p.Page, "/write", "publish")
	for i, want := range []int{200, 409} {
		if status, _, page := p.Do("POST", "/write", form); status != want {
			t.Errorf("sent for the %d. time: %d: %s", i+1, status, pages.ProblemOf(page))
		}
	}
	if n := strings.Count(p.Open("/reports"), ">Once</a>"); n != 1 {
		t.Errorf("it was written %d times", n)
	}
}

var banners = regexp.MustCompile(`(?s)<aside class="banner top tone-[a-z-]+" aria-label="[^"]+">([^<]+)</aside>.*<div class="banner bottom tone-[a-z-]+" aria-hidden="true">([^<]+)</div>\s*</body>`)

// crawl visits all that is linked from the inbox.
func crawl(t *testing.T, p *pages.Plain, who string) {
	p.T = t
	mayKnow := who == "owner" || who == "officer" || who == "analyst"
	seen := map[string]bool{"/": true}
	from := make(map[string]string)
	queue := []string{"/"}
	for len(queue) > 0 && len(seen) < 400 {
		path := queue[0]
		queue = queue[1:]
		status, _, page := p.Do("GET", path, nil)
		if status != 200 {
			t.Errorf("%s is linked to from %s: %d: %s", path, from[path], status, pages.ProblemOf(page))
			continue
		}
		if m := banners.FindStringSubmatch(page); m == nil || m[1] != m[2] {
			t.Errorf("%s has not the same banner at the top and at the bottom", path)
		}
		if !mayKnow {
			for _, word := range []string{pages.Secret, "rope market", "QUIET WATER", "Meeting on Thursday", "TOP SECRET"} {
				if strings.Contains(page, word) {
					t.Errorf("%s shows %q", path, word)
				}
			}
		}
		for _, m := range pages.Linked.FindAllStringSubmatch(page, -1) {
			next := strings.ReplaceAll(m[1], "&amp;", "&")
			if !seen[next] && !strings.HasPrefix(next, "/assets/") && !strings.HasPrefix(next, "/api/") {
				seen[next], from[next] = true, path
				queue = append(queue, next)
			}
		}
	}
	t.Logf("%d pages", len(seen))
	if len(seen) < 10 {
		t.Errorf("only %d pages were found", len(seen))
	}
}
