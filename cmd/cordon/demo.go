package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/app"
	"cordon/internal/demo"
)

// beat is the pause after a step: the whole story is well under a minute.
const beat = 2 * time.Second

func (c *cli) demoCommand() *cobra.Command {
	var d demonstration
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play the whole story in this terminal, then be in it in a browser",
		Long: `Demo plays the story Cordon was made for, on a fresh data directory and through the
same API as everything else. A partner shares a secret report. It is read and used,
a release is asked for, it is told to people who may not have it, and then found
and contained; the ledger proves all of it. Each step shows the very command that
does it; --full shows what each command is given and answers too.

Afterwards it goes on serving: open the address that it ends with in a browser, and
be anybody in the story by one click, from this machine only. Everything in it is
made up. If anything is not as the story has it, the exit code is 1.`,
		Example: `  cordon demo
  cordon demo --full
  cordon demo --fast --exit
  cordon demo --data ./demo-data --listen 127.0.0.1:7878`,
		Args:        cobra.NoArgs,
		Annotations: map[string]string{notFromElsewhere: "all"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !c.where.onlyData() {
				return usagef("demo makes an installation of its own: of the global flags it takes --data")
			}
			d.cli = c
			return d.play(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.BoolVar(&d.fast, "fast", false, "leave out the pauses")
	f.BoolVar(&d.full, "full", false, "show what each command is given and answers")
	f.StringVar(&d.listen, "listen", "127.0.0.1:0", "the `address` to serve on; port 0 takes a free one")
	f.BoolVar(&d.exit, "exit", false, "end with the story instead of going on serving")
	return cmd
}

// demonstration is one showing of the story.
type demonstration struct {
	*cli
	fast, full, exit bool
	listen           string

	// papers is the directory with the tokens, in which the commands are
	// given; server is where they go.
	papers string
	server string
}

func (d *demonstration) play(ctx context.Context) error {
	data := d.path(d.where.data)
	if d.where.data == "" {
		dir, err := os.MkdirTemp("", "cordon-demo-")
		if err != nil {
			return cordon.Errorf(cordon.KindUnavailable, "no data directory can be made for the demo: %s", err)
		}
		defer os.RemoveAll(dir)
		data = dir
	}
	data, err := filepath.Abs(data)
	if err != nil {
		return err
	}
	d.papers = filepath.Join(data, "demo")
	if err := d.begin(ctx, data); err != nil {
		return err
	}
	players := &players{passwords: make(map[string]string)}
	a, err := app.New(ctx, app.Config{DataDir: data, Listen: d.listen, Logger: d.logger(), Beat: -1, Cast: players.cast()})
	if err != nil {
		return err
	}
	defer a.Close()
	players.app = a
	l, err := a.Listen()
	if err != nil {
		return err
	}
	d.server = browsable(l.Addr())
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- a.Serve(serving, l) }()

	err = d.tell(ctx, data)
	if err == nil && !d.exit {
		if !d.json {
			d.out.Printf("\nBe one of them in a browser, by one click: %s\n", d.out.Bold(d.server))
		}
		d.err.Printf("\nserving %s until you press Ctrl-C\n", d.server)
		select {
		case <-ctx.Done():
		case err = <-served:
			served <- nil
		}
	}
	stop()
	return errors.Join(err, <-served)
}

// browsable is where a browser on this machine finds the pages. It keeps their
// cookie for localhost, and not in every browser for a number.
func browsable(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if err == nil && net.ParseIP(host).IsLoopback() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// begin sets the installation up by the command that does it.
func (d *demonstration) begin(ctx context.Context, data string) error {
	if err := os.MkdirAll(d.papers, 0o700); err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the directory %s cannot be made", d.papers)
	}
	var errs bytes.Buffer
	c := &cli{out: &tty.Screen{Writer: &bytes.Buffer{}}, err: &tty.Screen{Writer: &errs}, env: none}
	if code := c.run(ctx, beginning(data, filepath.Join(d.papers, "security.token"))); code != exitOK {
		return hint(cordon.Errorf(cordon.KindConflict, "%s", strings.TrimPrefix(strings.TrimSpace(errs.String()), "cordon: ")),
			"the demo wants a data directory of its own: leave out --data, or give one that is not there yet")
	}
	return nil
}

func beginning(data, token string) []string {
	return []string{
		"init", "--data", data, "--org", "HARBOUR", "--country", "USA", "--person", "Iris Vane",
		"--clearance", "us=TS", "--read-in", "us:SI", "--token-output", token,
	}
}

func none(string) string { return "" }

func (d *demonstration) tell(ctx context.Context, data string) error {
	if d.json {
		return outcomeOf(ctx, demo.Play(ctx, d.command(d.out), record{d.cli}, time.Now()))
	}
	s := &stage{Screen: d.out, full: d.full, pause: func() { d.rest(ctx) }}
	if s.Width == 0 || s.Width > 100 {
		s.Screen = &tty.Screen{Writer: d.out, Colour: d.out.Colour, Width: 80}
	}
	s.opening(beginning(data, "security.token"), d.server, d.papers)
	if err := outcomeOf(ctx, demo.Play(ctx, d.command(s.Screen), s, time.Now())); err != nil {
		return err
	}
	s.closing(d.papers, d.where.data != "")
	return nil
}

func outcomeOf(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return foundf("the demo is not as the story has it: %s", err)
	}
	return nil
}

// rest is a pause that Ctrl-C ends.
func (d *demonstration) rest(ctx context.Context) {
	if d.fast {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(beat):
	}
}

// command runs a command of the story, as if it were typed in the papers'
// directory.
func (d *demonstration) command(screen *tty.Screen) func(context.Context, demo.Command) demo.Result {
	return func(ctx context.Context, cmd demo.Command) demo.Result {
		var out, errs, also bytes.Buffer
		c := &cli{
			in:  strings.NewReader(cmd.In),
			out: &tty.Screen{Writer: &out, Colour: screen.Colour, Width: max(0, screen.Width-len(margin))},
			err: &tty.Screen{Writer: &errs},
			env: func(name string) string {
				if name == "CORDON_SERVER" {
					return d.server
				}
				return ""
			},
			dir: d.papers, also: &also,
		}
		code := c.run(ctx, arguments(cmd))
		return demo.Result{Code: code, Out: out.String(), Err: errs.String(), JSON: also.Bytes()}
	}
}

// arguments are those of the command as it is typed.
func arguments(cmd demo.Command) []string {
	if cmd.As == "" {
		return cmd.Args
	}
	return append(append([]string{}, cmd.Args...), "--token-file", cmd.As)
}

// callable says how cordon is called, where it is not in the path.
func callable() string {
	if _, err := exec.LookPath("cordon"); err == nil {
		return ""
	}
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("alias cordon=%s", quote(self))
}
