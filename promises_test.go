package cordon_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSECURITYNamesTestsThatAreThere: the table of promises is only worth
// something while the tests it names exist, in the folders it names.
func TestSECURITYNamesTestsThatAreThere(t *testing.T) {
	text, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	folders := make(map[string][]string)
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range function.FindAllSubmatch(source, -1) {
			folders[string(m[1])] = append(folders[string(m[1])], filepath.ToSlash(filepath.Dir(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(text), -1)
	if len(named) < 12 {
		t.Errorf("SECURITY.md names only %d tests", len(named))
	}
	for _, m := range named {
		if len(folders[m[1]]) == 0 {
			t.Errorf("SECURITY.md names %s, which is not there", m[1])
		}
	}
	// A row of the table: "| 1 One door | … | `TestA`, `TestB` in folder; `TestC` in folder |".
	group := regexp.MustCompile("^`Test\\w+`(, `Test\\w+`)* in ([\\w/]+)$")
	for n := '1'; n <= '8'; n++ {
		row := regexp.MustCompile(`(?m)^\| ` + string(n) + ` .* \| (.*) \|$`).FindSubmatch(text)
		if row == nil {
			t.Errorf("SECURITY.md has no row for promise %c", n)
			continue
		}
		for tests := range strings.SplitSeq(string(row[1]), "; ") {
			if whole, ok := strings.CutPrefix(tests, "and all of "); ok {
				if _, err := os.Stat(whole); err != nil {
					t.Errorf("promise %c: %s is not there", n, whole)
				}
				continue
			}
			m := group.FindStringSubmatch(tests)
			if m == nil {
				t.Errorf("promise %c: %q does not say in which folder the tests lie", n, tests)
				continue
			}
			for _, name := range regexp.MustCompile(`Test\w+`).FindAllString(tests, -1) {
				if !slices.Contains(folders[name], m[2]) {
					t.Errorf("promise %c: %s is not in %s but in %v", n, name, m[2], folders[name])
				}
			}
		}
	}
}
