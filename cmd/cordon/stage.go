package main

import (
	"fmt"
	"strings"

	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/demo"
)

// margin stands before the output of a command. Commands themselves begin at
// the edge, so that they can be copied whole.
const margin = "    "

// stage shows the story in a terminal, in 80 columns and without colour too.
type stage struct {
	*tty.Screen
	// full shows what commands are given and answer, and not the commands alone.
	full  bool
	pause func()
	step  int
}

var _ demo.Stage = (*stage)(nil)

func (s *stage) opening(begin []string, server, papers string) {
	s.Printf("\n%s\n", s.Bold("CORDON"))
	s.Say("A partner hands over a secret and still decides who sees it next. When it gets out all the same, it is contained. " +
		"Everything here is made up. The installation was made by:")
	s.line(begin)
	s.Printf("\n")
	s.Say("Each step shows the command that does it. They work in another terminal too, after:")
	if alias := callable(); alias != "" {
		s.Printf("%s\n", s.Cyan(alias))
	}
	s.Printf("%s\n", s.Cyan("export CORDON_SERVER="+server))
	s.Printf("%s\n", s.Cyan("cd "+quote(papers)))
}

func (s *stage) closing(papers string, kept bool) {
	s.Printf("\n%s\n\n", s.Bold(strings.Repeat("─", s.Width)))
	s.Printf("%s\n", s.Green("The story is told, and every step of it was held against what it should be."))
	s.Say("Your own begins with: cordon init, then cordon serve. All commands: cordon --help.")
	if kept {
		s.Say("The tokens of everybody in it are in " + papers + ".")
	}
}

// Step implements demo.Stage.
func (s *stage) Step(title, who, what string) {
	if s.step > 0 {
		s.pause()
	}
	s.step++
	head := fmt.Sprintf("─── %d. %s ", s.step, title)
	s.Printf("\n%s\n", s.Bold(head+strings.Repeat("─", max(0, s.Width-tty.Width(head)))))
	s.Say(s.Bold(who) + " " + what)
}

// Command implements demo.Stage.
func (s *stage) Command(cmd demo.Command, r demo.Result) {
	args := arguments(cmd)
	s.line(args)
	if !s.full {
		return
	}
	if cmd.In != "" {
		s.Printf("%s%s\n", cmd.In, s.Cyan("END"))
	}
	if !cmd.Quiet {
		s.within(r.Out)
	}
	if r.Code != exitOK {
		s.within(r.Err)
		s.Printf("%s%s\n", margin, s.Dim(fmt.Sprintf("exit code %d", r.Code)))
	}
}

// within writes the output of a command, behind the margin.
func (s *stage) within(text string) {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return
	}
	for _, line := range strings.Split(text, "\n") {
		s.Printf("%s\n", strings.TrimRight(margin+line, " "))
	}
}

// line writes a command as it is typed, broken where it is too long.
func (s *stage) line(args []string) {
	heredoc := ""
	for _, a := range args {
		if a == "-" {
			heredoc = " <<'END'"
		}
	}
	line := "cordon"
	used := len(line)
	for i, a := range args {
		word := " " + quote(a)
		// A flag stays with its value.
		next := 0
		if strings.HasPrefix(a, "--") && i+1 < len(args) && !strings.HasPrefix(args[i+1], "--") {
			next = 1 + tty.Width(quote(args[i+1]))
		}
		if flag := i > 0 && strings.HasPrefix(args[i-1], "--") && !strings.HasPrefix(a, "--"); !flag && used+tty.Width(word)+next > s.Width-2-len(heredoc) {
			line += " \\\n   "
			used = 3
		}
		line += word
		used += tty.Width(word)
	}
	s.Printf("\n")
	for _, part := range strings.Split(line+heredoc, "\n") {
		s.Printf("%s\n", s.Cyan(part))
	}
}

// Table implements demo.Stage.
func (s *stage) Table(caption string, head []string, rows [][]string) {
	s.Printf("\n%s\n", s.Bold(caption))
	for i, row := range rows {
		for j, cell := range row {
			switch {
			case j == 0:
			case cell == "nothing":
				rows[i][j] = s.Dim(cell)
			case strings.HasPrefix(cell, "all "), strings.Contains(cell, " of "):
				rows[i][j] = s.Green(cell)
			case cell == "DENIES":
				rows[i][j] = s.Red(cell)
			}
		}
	}
	inner := &tty.Screen{Writer: &indenter{to: s.Screen}, Colour: s.Colour, Width: s.Width - len(margin)}
	inner.Table(head, rows)
}

// Say implements demo.Stage.
func (s *stage) Say(text string) {
	s.Printf("%s\n", strings.Join(tty.Wrap(text, s.Width), "\n"))
}

// Proved implements demo.Stage.
func (s *stage) Proved(what string) {
	s.Printf("\n%s %s\n", s.Green("proved:"), what)
}

// record is the story for programs: JSON lines.
type record struct{ *cli }

var _ demo.Stage = record{}

// Step implements demo.Stage.
func (r record) Step(title, who, what string) {
	writeJSON(r.out, map[string]string{"step": title, "who": who, "what": what}, "")
}

// Command implements demo.Stage.
func (r record) Command(cmd demo.Command, result demo.Result) {
	writeJSON(r.out, map[string]any{"command": append([]string{"cordon"}, arguments(cmd)...), "code": result.Code}, "")
}

// Table implements demo.Stage.
func (r record) Table(caption string, head []string, rows [][]string) {
	writeJSON(r.out, map[string]any{"table": caption, "head": head, "rows": rows}, "")
}

// Say implements demo.Stage.
func (r record) Say(string) {}

// Proved implements demo.Stage.
func (r record) Proved(what string) { writeJSON(r.out, map[string]string{"proved": what}, "") }

// indenter puts the margin before each line; it is given whole lines.
type indenter struct{ to *tty.Screen }

func (i *indenter) Write(line []byte) (int, error) {
	i.to.Printf("%s%s", margin, line)
	return len(line), nil
}

// quote writes an argument as a shell takes it.
func quote(arg string) string {
	plain := func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%", r)
	}
	if arg != "" && strings.IndexFunc(arg, plain) < 0 {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
