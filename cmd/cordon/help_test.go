package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/app"
)

// TestEveryCommandIsExplained holds that whoever asks any command for --help
// learns what it does and sees it done.
func TestEveryCommandIsExplained(t *testing.T) {
	var out, errs strings.Builder
	c := &cli{out: &tty.Screen{Writer: &out}, err: &tty.Screen{Writer: &errs}, env: none}
	n := 0
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		n++
		path := cmd.CommandPath()
		if !strings.Contains(cmd.Example, "cordon ") {
			t.Errorf("%s has no example", path)
		}
		if cmd.Long == "" || cmd.Short == "" {
			t.Errorf("%s does not say what it does", path)
		}
		if strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: a short text is a line in a list and has no full stop", path)
		}
		for _, line := range strings.Split(cmd.Long, "\n") {
			if tty.Width(line) > 120 {
				t.Errorf("%s: a line of %d columns in its help", path, tty.Width(line))
			}
		}
		if cmd.HasSubCommands() && cmd.HasParent() && cmd.Args == nil {
			t.Errorf("%s is a parent that takes any word for its own", path)
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(c.root())
	if n < 60 {
		t.Errorf("only %d commands were looked at", n)
	}
}

// The help of marking lists the schemes that there are.
func TestHelpListsSchemes(t *testing.T) {
	set, err := app.Schemes()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range set.Schemes() {
		names = append(names, s.Name())
	}
	if got := strings.Join(names, ", "); got != builtIn {
		t.Errorf("there are %s", got)
	}
}
