// Package demo plays the story that Cordon was made for: a partner shares a
// report, its secret gets out, and the ledger proves what was done.
//
// It does nothing itself. It gives commands, the very ones it shows, and
// holds their outcome against the story. Its caller runs the commands, as a
// client of the API like everybody, and shows the stage. All organisations,
// people and texts are made up.
//
// No text lies in a file. Documents are given on standard input, so that
// after the containment the struck words are nowhere on disk.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Command is one command of the story.
type Command struct {
	// Args are the arguments after "cordon".
	Args []string
	// As is the file with the token of the person who gives it.
	As string
	// In is standard input, shown as a here-document.
	In string
	// Hidden is not shown: it repeats for somebody else a command that was
	// shown.
	Hidden bool
	// Quiet shows the command and not its output.
	Quiet bool
}

// Result is the outcome of a command.
type Result struct {
	// Code is the exit code.
	Code int
	// Out is its output for people, Err its standard error.
	Out, Err string
	// JSON is its output under --json.
	JSON []byte
}

// Stage is where the story is shown.
type Stage interface {
	// Step begins the next step: its title, who acts and what they do.
	Step(title, who, what string)
	// Command shows a command and its output.
	Command(Command, Result)
	// Table shows a table of the story's own under a caption.
	Table(caption string, head []string, rows [][]string)
	// Say shows an explanation.
	Say(text string)
	// Proved shows something that was just held against the story and is so.
	Proved(what string)
}

// Play plays the story through run on the stage. Now is the day it happens.
// An error says at which step something was not as the story has it.
func Play(ctx context.Context, run func(context.Context, Command) Result, stage Stage, now time.Time) error {
	s := &story{ctx: ctx, run: run, stage: stage, now: now}
	steps := s.steps()
	for i, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if step(); s.err != nil {
			return fmt.Errorf("step %d of %d: %w", i+1, len(steps), s.err)
		}
	}
	return nil
}

// story is one telling. Once err is set, nothing more is done, so that a step
// reads as if all went well.
type story struct {
	ctx   context.Context
	run   func(context.Context, Command) Result
	stage Stage
	now   time.Time
	err   error

	// Later steps need these of earlier ones. Portions begin with the title.
	report   string // the report's id
	kestrel  []string
	memoID   string
	memo     []string
	request  string
	parts    map[string]string // of the release request, by owner
	grant    string            // HARBOUR's, to CORMORANT
	incident string
}

func (s *story) steps() []func() {
	return []func(){
		s.people, s.share, s.analyst, s.thirdParty, s.derive, s.check, s.ask, s.answer,
		s.meeting, s.containment, s.afterwards, s.proof, s.whoHadIt, s.candidates, s.public,
	}
}

// fail notes the first thing that is not as the story has it.
func (s *story) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
}

// want notes a failure where something is not so.
func (s *story) want(ok bool, format string, args ...any) {
	if !ok {
		s.fail(format, args...)
	}
}

// do gives a command, shows it and holds its exit code against the one wanted.
func (s *story) do(code int, c Command) Result {
	if s.err != nil {
		return Result{}
	}
	r := s.run(s.ctx, c)
	if r.Code != code {
		s.fail("cordon %v, by %s: exit code %d where the story has %d: %s%s", c.Args, c.As, r.Code, code, r.Err, r.Out)
		return r
	}
	if !c.Hidden {
		s.stage.Command(c, r)
	}
	return r
}

// read decodes the JSON of a result.
func (s *story) read(r Result, into any) {
	if s.err != nil {
		return
	}
	if err := json.Unmarshal(r.JSON, into); err != nil {
		s.fail("the JSON of a command cannot be read: %w", err)
	}
}

// pick is an item of a list, or the end of the story.
func (s *story) pick(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	s.fail("%d portions where the story has more", len(list))
	return ""
}
