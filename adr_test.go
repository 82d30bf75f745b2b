package cordon_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDecisionRecords: numbers have no gap, each record has its date and its
// status, and the list names it by its title.
func TestDecisionRecords(t *testing.T) {
	files, err := filepath.Glob("docs/adr/0*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no decision records: %v", err)
	}
	list, err := os.ReadFile("docs/adr/README.md")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`(?s)^# ([^\n]+)\n\nDate: \d{4}-\d\d-\d\d · Status: (accepted|void|superseded by \d{4})\n\n\S`)
	for i, file := range files {
		name := filepath.Base(file)
		if want := fmt.Sprintf("%04d-", i+1); !strings.HasPrefix(name, want) {
			t.Fatalf("%s stands where %s is due", name, want)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !form.Match(text) {
			t.Errorf("%s does not begin with a title, a date and a status", name)
		}
		if !strings.Contains(string(list), "]("+name+") | ") {
			t.Errorf("docs/adr/README.md does not list %s", name)
		}
	}
}
