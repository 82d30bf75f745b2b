package sqlite

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestLibc holds modernc.org/libc to the version that modernc.org/sqlite was
// made with: the two are one program cut in halves, and with another version
// it may corrupt data rather than fail to build.
func TestLibc(t *testing.T) {
	golist := func(format, module string) string {
		out, err := exec.Command("go", "list", "-m", "-f", format, module).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", module, err)
		}
		return strings.TrimSpace(string(out))
	}
	file := golist("{{.GoMod}}", "modernc.org/sqlite")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := modfile.ParseLax(file, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, r := range parsed.Require {
		if r.Mod.Path == "modernc.org/libc" {
			want = r.Mod.Version
		}
	}
	if got := golist("{{.Version}}", "modernc.org/libc"); got != want || want == "" {
		t.Errorf("go.mod has modernc.org/libc %s, and modernc.org/sqlite was made with %q", got, want)
	}
}
