package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// block is a fenced block of the README with the comment before it: "file
// NAME" for a file the example works on, "run" or "run 1" for commands with
// what they print, in full lines but not all of them.
var block = regexp.MustCompile("(?m)^<!-- (file|run) ?(.*?) -->\n```[a-z]+\n((?s:.*?))^```$")

// anID is masked in expected output: every installation draws its own.
var anID = regexp.MustCompile(`\b[a-z2-9]{26}\b`)

// TestREADME runs the README's worked example, in its order, in one directory.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var script, files strings.Builder
	commands := 0
	for _, m := range block.FindAllStringSubmatch(string(readme), -1) {
		if m[1] == "file" {
			fmt.Fprintf(&files, "-- %s --\n%s", m[2], m[3])
			continue
		}
		code := m[2]
		if code == "" {
			code = "0"
		}
		for _, line := range strings.Split(strings.TrimSuffix(m[3], "\n"), "\n") {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				commands++
				fmt.Fprintf(&script, "code %s %s\n", code, command)
				continue
			}
			want := regexp.QuoteMeta(strings.TrimSpace(line))
			want = strings.ReplaceAll(anID.ReplaceAllString(want, `[a-z2-9]{26}`), "'", ".")
			fmt.Fprintf(&script, "stdout '%s'\n", want)
		}
	}
	if commands < 8 {
		t.Fatalf("the README has only %d commands to run", commands)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(script.String()+files.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:  dir,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"cordon": program, "code": exitsWith},
	})
}
