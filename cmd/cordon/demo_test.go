package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cordon/cmd/cordon/internal/tty"
)

// playDemo plays the story on a directory and gives what it showed.
func playDemo(t *testing.T, dir string, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	c := &cli{in: strings.NewReader(""), out: tty.New(&o, none), err: tty.New(&e, none), env: none}
	args = append([]string{"demo", "--fast", "--exit", "--full", "--data", dir}, args...)
	if code := c.run(t.Context(), args); code != exitOK {
		t.Fatalf("exit code %d\n%s\n%s", code, o.String(), e.String())
	}
	return o.String(), e.String()
}

// TestDemo plays the story, which holds itself to its outcome, and then looks
// for what must be nowhere: the words of the struck passage, and of anything
// else that was protected, in every file it left and in what it logged.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	out, errs := playDemo(t, dir)
	if errs != "" {
		t.Errorf("on standard error: %s", errs)
	}
	for _, step := range []string{"1. Who takes part", "15. What is said in public", "The story is told"} {
		if !strings.Contains(out, step) {
			t.Errorf("the story does not show %q", step)
		}
	}
	if !strings.Contains(out, "Velmora") {
		t.Fatal("the story does not show the secret to those who may see it: the search below would prove nothing")
	}
	secrets := []string{
		"velmora", "rope market", "chandler", "grey heron", "false beacons", "talking points", // the texts
		"quiet water", "meeting on thursday", // names that say too much
		"sandhaven", "highmoor", // who could be the source
		"tidewater", "a city was named", // the public record is the incident's
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, word := range secrets {
			if bytes.Contains(bytes.ToLower(data), []byte(word)) {
				t.Errorf("%s holds %q", filepath.Base(path), word)
			}
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %s", filepath.Base(path), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 9 { // database, key, six tokens, a bundle
		t.Errorf("only %d files were searched", files)
	}
}

// TestDemoShowsEachPartyWhatIsItsOwn opens the kept installation as those who
// may not have the passage, and looks at everything they can get.
func TestDemoShowsEachPartyWhatIsItsOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	playDemo(t, dir)
	for _, who := range []string{"desk", "lantern", "cormorant"} {
		for _, command := range []string{
			"report list", "report open KESTREL-7", "report open MEMO-12", "report open MEETING-3", "report open KESTREL-7T",
			"report search beacons", "report search Velmora", "report export KESTREL-7", "report export MEMO-12",
			"arrangement list", "incident list", "notice list", "org list", "ledger feed", "mosaic registry list",
		} {
			for _, json := range []string{"", " --json"} {
				var o bytes.Buffer
				c := &cli{in: strings.NewReader(""), out: tty.New(&o, none), err: tty.New(&o, none), env: none}
				args := strings.Fields(command + json + " --data " + dir + " --token-file " + filepath.Join(dir, "demo", who+".token"))
				c.run(t.Context(), args)
				for _, word := range []string{"Velmora", "rope market", "chandler", "QUIET WATER"} {
					if strings.Contains(o.String(), word) {
						t.Errorf("cordon %s shows %s %q", command, who, word)
					}
				}
			}
		}
	}
}

// TestDemoFitsEightyColumns holds all that the story shows to 80 columns but
// for the ledger's public key, which is longer in itself.
func TestDemoFitsEightyColumns(t *testing.T) {
	out, _ := playDemo(t, filepath.Join(t.TempDir(), "data"))
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if tty.Width(line) > 80 && !strings.Contains(line, "--verifier") && !strings.Contains(line, os.TempDir()) && !strings.Contains(line, "alias cordon=") {
			t.Errorf("%d columns: %s", tty.Width(line), line)
		}
	}
}

// TestDemoIsShort holds the story as it is told at first to a screen a step.
func TestDemoIsShort(t *testing.T) {
	var o, e bytes.Buffer
	c := &cli{in: strings.NewReader(""), out: tty.New(&o, none), err: tty.New(&e, none), env: none}
	if code := c.run(t.Context(), []string{"demo", "--fast", "--exit", "--data", filepath.Join(t.TempDir(), "data")}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, e.String())
	}
	steps := strings.Split(o.String(), "\n─── ")[1:]
	if len(steps) != 15 {
		t.Errorf("%d steps", len(steps))
	}
	for _, step := range steps {
		if n := strings.Count(step, "\n"); n > 36 {
			t.Errorf("%d lines: %s", n, step)
		}
	}
}

// TestDemoAsJSON holds that the story is there for programs too.
func TestDemoAsJSON(t *testing.T) {
	out, _ := playDemo(t, filepath.Join(t.TempDir(), "data"), "--json")
	if n := strings.Count(out, `{"step":`) + strings.Count(out, `"step":"`); n < 15 {
		t.Errorf("%d steps", n)
	}
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "{") {
			t.Errorf("not a JSON line: %s", line)
		}
	}
}

// TestDemoFailsLoudly breaks the story in the middle: what was struck is gone
// though nobody struck it.
func TestDemoFailsLoudly(t *testing.T) {
	var o, e bytes.Buffer
	c := &cli{in: strings.NewReader(""), out: tty.New(&o, none), err: tty.New(&e, none), env: none}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(filepath.Join(dir, "demo"), 0o700); err != nil {
		t.Fatal(err)
	}
	// The analyst's token cannot be written: from here on nothing goes as
	// the story has it.
	if err := os.WriteFile(filepath.Join(dir, "demo", "analyst.token"), []byte("none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := c.run(t.Context(), []string{"demo", "--fast", "--exit", "--data", dir}); code != exitFound {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(e.String(), "cordon: the demo is not as the story has it: step 1 of 15: ") {
		t.Errorf("it says: %s", e.String())
	}
}

// TestDemoIsInterrupted holds that Ctrl-C ends the story and takes its
// directory away.
func TestDemoIsInterrupted(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var o, e bytes.Buffer
	c := &cli{in: strings.NewReader(""), out: tty.New(&o, none), err: tty.New(&e, none), env: none}
	ctx, cancel := context.WithCancel(t.Context())
	c.out.Writer = cancelAt{&o, "6. A check", cancel}
	if code := c.run(ctx, []string{"demo", "--fast"}); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	if got := e.String(); got != "cordon: interrupted\n" {
		t.Errorf("it says: %s", got)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestDemoGoesOnServing takes the commands that the story showed and gives them
// again, as a newcomer would, while it serves; Ctrl-C is then a clean end.
func TestDemoGoesOnServing(t *testing.T) {
	var o, e bytes.Buffer
	c := &cli{in: strings.NewReader(""), out: tty.New(&o, none), err: tty.New(&e, none), env: none}
	dir := filepath.Join(t.TempDir(), "data")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	tried := 0
	c.err.Writer = cancelAt{&e, "serving http", func() {
		defer stop()
		server := regexp.MustCompile(`(?m)^export CORDON_SERVER=(.*)$`).FindStringSubmatch(o.String())[1]
		for _, line := range regexp.MustCompile(`(?m)^cordon ((?:report|notice|ledger|arrangement|portion|whoami) .*[^\\])$`).FindAllStringSubmatch(o.String(), -1) {
			args := strings.Fields(line[1])
			var out bytes.Buffer
			again := &cli{
				in: strings.NewReader(""), out: tty.New(&out, none), err: tty.New(&out, none), dir: filepath.Join(dir, "demo"),
				env: func(name string) string { return map[string]string{"CORDON_SERVER": server}[name] },
			}
			want := exitOK
			if strings.Contains(line[1], "lantern.token") && strings.HasPrefix(line[1], "report open") {
				want = exitNotFound
			}
			if strings.Contains(line[1], "'") || strings.Contains(line[1], "bundle") {
				continue
			}
			tried++
			if code := again.run(t.Context(), args); code != want {
				t.Errorf("cordon %s: exit code %d: %s", line[1], code, out.String())
			}
		}
	}}
	if code := c.run(ctx, []string{"demo", "--fast", "--data", dir}); code != exitOK {
		t.Errorf("exit code %d: %s", code, e.String())
	}
	if tried < 10 {
		t.Errorf("only %d commands were tried", tried)
	}
}

// cancelAt cancels when a text is written.
type cancelAt struct {
	to     *bytes.Buffer
	text   string
	cancel func()
}

func (c cancelAt) Write(b []byte) (int, error) {
	if strings.Contains(string(b), c.text) {
		c.cancel()
	}
	return c.to.Write(b)
}
