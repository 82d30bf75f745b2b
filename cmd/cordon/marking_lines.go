package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"cordon"
)

// input is one question put to a marking command: the arguments, or one line
// of standard input.
type input struct {
	marks   []string // of the arguments or a plain line
	object  []byte   // of a line that is a JSON object, or was meant as one
	tooLong bool     // the line was passed over
}

// answer is the answer of a marking command to one input.
type answer interface {
	// wrong is how many marks of the input are not right.
	wrong() int
	// print shows the answer to a person.
	print(*cli)
}

// answerEach answers every input with one line of JSON or as people read it.
// From the first JSON object on, all answers are JSON; with asJSON they are
// from the beginning.
func (c *cli) answerEach(args []string, g grouping, asJSON bool, respond func(input) answer) error {
	wrong := 0
	err := eachInput(c.in, args, g, func(in input) error {
		asJSON = asJSON || in.object != nil
		var a answer = refused(cordon.KindTooLarge, "the line is longer than 16 MiB", 0)
		if !in.tooLong {
			a = respond(in)
		}
		wrong += a.wrong()
		return c.showAnswer(a, asJSON)
	})
	if err != nil {
		return err
	}
	if wrong > 0 {
		return foundf("%d %s wrong", wrong, plural(wrong, "marking is", "markings are"))
	}
	return nil
}

func (c *cli) showAnswer(a answer, asJSON bool) (err error) {
	return errors.Join(c.showLine(a, func() {
		if asJSON {
			err = writeJSON(c.out, a, "")
			return
		}
		a.print(c)
	}), err)
}

// How arguments and plain lines divide into inputs.
type grouping int

const (
	oneByOne    grouping = iota // each argument, each line
	allTogether                 // all arguments; each line, cut at semicolons
)

func eachInput(in io.Reader, args []string, g grouping, ask func(input) error) error {
	if len(args) == 0 || len(args) == 1 && args[0] == "-" {
		return eachLine(in, func(line []byte, tooLong bool) error {
			switch {
			case tooLong:
				return ask(input{tooLong: true})
			case isObject(line):
				return ask(input{object: line})
			case g == allTogether:
				return ask(input{marks: cut(string(line))})
			}
			return ask(input{marks: []string{string(line)}})
		})
	}
	if g == allTogether {
		return ask(input{marks: args})
	}
	for _, arg := range args {
		if err := ask(input{marks: []string{arg}}); err != nil {
			return err
		}
	}
	return nil
}

// isObject reports whether a line is JSON or was meant as JSON. Machine tags have
// quotes too: nato:classification="NS".
func isObject(line []byte) bool {
	return line[0] == '{' || bytes.HasPrefix(line, []byte(`["`)) || line[0] == '"' && bytes.Contains(line, []byte(`":`))
}

// eachLine gives every line that is not empty, without the blanks around it.
// One that is too long is passed over and reported as such. A line is valid
// until use returns.
func eachLine(in io.Reader, use func(line []byte, tooLong bool) error) error {
	r := bufio.NewReaderSize(in, 64<<10)
	var long []byte // what has been read of a line longer than the buffer
	tooLong := false
	for {
		part, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if tooLong = tooLong || len(long)+len(part) > cordon.MaxLineBytes; !tooLong {
				long = append(long, part...)
			}
			continue
		}
		if err != nil && err != io.EOF {
			return err
		}
		line := part
		if len(long) > 0 {
			line = append(long, part...)
		}
		line = bytes.TrimSpace(line)
		if tooLong = tooLong || len(line) > cordon.MaxLineBytes; tooLong || len(line) > 0 {
			if err := use(line, tooLong); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		long, tooLong = long[:0], false
	}
}

// cut divides a line at semicolons, which no marking has in it.
func cut(line string) []string {
	parts := strings.Split(line, ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// object is the keys that a JSON line may have; other keys are passed over.
type object struct {
	Portions []string `json:"portions"`
	Portion  *string  `json:"portion"`
	Banner   *string  `json:"banner"`
}

// readObject reads a JSON line, of which form is what it ought to be.
func readObject(line []byte, form string) (object, *markError) {
	var o object
	err := json.Unmarshal(line, &o)
	if err == nil {
		return o, nil
	}
	at := 0
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = int(syntax.Offset)
	case errors.As(err, &kind):
		at = int(kind.Offset)
	}
	return o, refused(cordon.KindInvalid, "the line is not a JSON object "+form, at).Error
}

// whole are the marks of one whole.
func (in input) whole() ([]string, *markError) {
	if in.object == nil {
		return in.marks, nil
	}
	const form = `{"portions":["…"]}`
	o, bad := readObject(in.object, form)
	if bad == nil && o.Portions == nil {
		bad = refused(cordon.KindInvalid, "the line is not a JSON object "+form, 0).Error
	}
	return o.Portions, bad
}
