package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"cordon/cmd/cordon/internal/manual"
	"cordon/cmd/cordon/internal/tty"
)

// TestManual makes what a release has: a page for each command, completions for
// each shell, and twice the same.
func TestManual(t *testing.T) {
	write := func() string {
		c := &cli{out: &tty.Screen{Writer: &strings.Builder{}}, err: &tty.Screen{Writer: &strings.Builder{}}, env: none}
		dir := t.TempDir()
		if err := manual.Write(c.root(), dir, "v1.2.3", time.Date(2026, 5, 15, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	one, two := write(), write()
	c := &cli{out: &tty.Screen{Writer: &strings.Builder{}}, err: &tty.Screen{Writer: &strings.Builder{}}, env: none}
	n := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		page := filepath.Join("man", "man1", strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1")
		text := read(t, filepath.Join(one, page))
		// roff has a dash of its own for what is not a hyphen.
		if !strings.Contains(strings.ReplaceAll(text, `\-`, "-"), cmd.Short) || !strings.Contains(text, "v1.2.3") || !strings.Contains(text, "May 2026") {
			t.Errorf("%s does not say what %s is, or of which version it is", page, cmd.CommandPath())
		}
		n++
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				walk(sub)
			}
		}
	}
	walk(c.root())
	if n < 60 {
		t.Errorf("only %d pages", n)
	}
	for _, name := range []string{"cordon.bash", "_cordon", "cordon.fish", "cordon.ps1"} {
		if !strings.Contains(read(t, filepath.Join(one, "completions", name)), "cordon") {
			t.Errorf("%s completes nothing", name)
		}
	}
	err := filepath.WalkDir(one, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(one, path)
		if read(t, path) != read(t, filepath.Join(two, name)) {
			t.Errorf("%s is another the second time", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestUnit has systemd judge the unit that is shipped.
func TestUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed: install Debian's package systemd")
	}
	dir := t.TempDir()
	unit := filepath.Join(dir, "cordon.service")
	// It asks that the program is there.
	text := strings.ReplaceAll(read(t, filepath.Join("..", "..", "packaging", "cordon.service")), "/usr/bin/cordon ", os.Args[0]+" ")
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(analyze, "verify", "--man=no", unit)
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "cordon.service") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	// 10 is a service that may do anything, 0 one that may do nothing.
	out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=15", "--no-pager", unit).CombinedOutput()
	overall := regexp.MustCompile(`Overall exposure level for cordon.service: ([0-9.]+)`).FindSubmatch(out)
	if err != nil || overall == nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	} else {
		t.Logf("%s", overall[0])
	}
	// What stops a service of systemd is longer than what the program takes.
	for _, line := range []string{"ExecReload=/bin/kill -HUP $MAINPID", "Type=notify", "TimeoutStopSec=40"} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("the unit does not have %s", line)
		}
	}
}
