package webui

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/act"
	"cordon/marking"
)

// TestOneTemplateOfAName: of two templates of one name the later would silently be
// both.
func TestOneTemplateOfAName(t *testing.T) {
	t.Parallel()
	where := make(map[string]string)
	all, err := filepath.Glob("pages/*.html")
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`{{-? *define "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			if where[m[1]] != "" {
				t.Errorf("%q is defined in %s and again in %s", m[1], where[m[1]], file)
			}
			where[m[1]] = file
		}
	}
}

// TestAFailingTemplate: the log is told where it failed and nothing of what was to
// be shown; the person gets a page, and nothing of it either.
func TestAFailingTemplate(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	p := &pages{Services: Services{Base: &act.Base{Clock: cordon.SystemClock{}}, Log: slog.New(slog.NewTextHandler(&log, nil))}, look: newLook(&marking.Set{})}
	rec := httptest.NewRecorder()
	rec.Header().Set("Request-Id", "number-of-the-request")
	// What cannot be ranged over is quoted in the error.
	p.show(rec, httptest.NewRequest("GET", "/", nil), "grants-table", http.StatusOK, struct{ Codeword string }{"HEARTHSTONE"})
	page := rec.Body.String()
	if rec.Code != 500 || !strings.Contains(page, "<main") || !strings.Contains(page, "number-of-the-request") || !strings.Contains(page, `href="/"`) {
		t.Errorf("%d: %s", rec.Code, page)
	}
	if !strings.Contains(log.String(), "answers.html:") {
		t.Errorf("the log does not say where: %s", log.String())
	}
	if strings.Contains(log.String()+page, "HEARTHSTONE") {
		t.Errorf("what was to be shown is in the log or the page: %s", log.String())
	}
}
