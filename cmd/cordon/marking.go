package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/marking"
)

func (c *cli) markingCommand() *cobra.Command {
	return parent("marking", "Check and roll up markings, without any data",
		"Marking works on markings alone: no data directory, no server, no token.",
		"  cordon marking check '(S//NF)' TLP:AMBER\n  cordon marking rollup '(S//REL TO USA, GBR)' '(U)'",
		c.markingCheck(), c.markingRollup(), c.markingSchemes())
}

func (c *cli) markingCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check [MARK...|-]",
		Short: "Whether marks are right, and if not, why",
		Long: `Check reads marks in portion or banner form and gives the canonical banner and
portion mark of each, or what is wrong with it and where.

Each argument is one mark. Without arguments, or with "-", each line of
standard input is one: a mark, or a JSON object {"portions":["…","…"]}, all of
which are checked and answered as {"marks":[…]}. Empty lines are passed over.

With --json the answer is one line for each: {"banner","portion"} or
{"error":{"kind","message","at"}}, where at counts characters from 1.`,
		Example: `  cordon marking check '(TS//SI//NF)'
  cordon marking check TLP:AMBER+STRICT 'SECRET//NOFORN'
  cut -f2 marks.tsv | cordon marking check --json`,
		RunE: func(_ *cobra.Command, args []string) error {
			return c.eachMark(args, oneByOne, func(portions []string, asJSON bool) (any, int) {
				verdicts := make([]verdict, len(portions))
				bad := 0
				for i, p := range portions {
					if verdicts[i] = judge(c.set.Parse(p)); verdicts[i].Error != nil {
						bad++
					}
				}
				if asJSON {
					return map[string][]verdict{"marks": verdicts}, bad
				}
				return verdicts[0], bad
			})
		},
	}
}

func (c *cli) markingRollup() *cobra.Command {
	return &cobra.Command{
		Use:   "rollup [MARK...|-]",
		Short: "The banner of a whole, from the marks of its portions",
		Long: `Rollup gives the marking of a whole made of portions so marked.

The arguments are the portions of one whole. Without arguments, or with "-",
each line of standard input is one whole: its marks separated by semicolons, or
a JSON object {"portions":["…","…"]}. Empty lines are passed over.

With --json the answer is one line for each: {"banner","portion"} or
{"error":{"kind","message","at"}}, where at counts characters from 1.`,
		Example: `  cordon marking rollup '(S//REL TO USA, GBR)' '(C//REL TO USA, FRA)'
  echo '(U); (TLP:AMBER); (S//NF)' | cordon marking rollup -
  echo '{"portions":["S//NF","U"]}' | cordon marking rollup --json`,
		RunE: func(_ *cobra.Command, args []string) error {
			return c.eachMark(args, allTogether, func(portions []string, _ bool) (any, int) {
				v := c.rollUp(portions)
				if v.Error != nil {
					return v, 1
				}
				return v, 0
			})
		},
	}
}

func (c *cli) markingSchemes() *cobra.Command {
	type scheme struct {
		Name   string   `json:"name"`
		Title  string   `json:"title"`
		Ladder []string `json:"ladder"`
	}
	return &cobra.Command{
		Use:     "schemes",
		Short:   "The schemes in force",
		Long:    "Schemes lists the families of markings that are understood, and the clearances of each, lowest first.",
		Example: "  cordon marking schemes",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			var all []scheme
			for _, s := range c.set.Schemes() {
				all = append(all, scheme{s.Name(), s.Title(), append([]string{}, s.Ladder()...)})
			}
			return showList(c, all, "no scheme is in force", []string{"SCHEME", "TITLE", "CLEARANCES"}, func(s scheme) []string {
				return []string{s.Name, s.Title, strings.Join(s.Ladder, " < ")}
			})
		},
	}
}

// verdict is the answer on one mark or one whole.
type verdict struct {
	Banner  string     `json:"banner,omitempty"`
	Portion string     `json:"portion,omitempty"`
	Error   *markError `json:"error,omitempty"`
}

// markError says what is wrong with a mark.
type markError struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	// At is the character at which it goes wrong, from 1; 0 for none.
	At int `json:"at"`
	// Suggestion is what was probably meant.
	Suggestion string `json:"suggestion,omitempty"`
	// Portions are those that conflict, from 1.
	Portions []int `json:"portions,omitempty"`
}

func judge(marks marking.Marks, err error) verdict {
	if err == nil {
		return verdict{Banner: marks.Banner(), Portion: marks.Portion()}
	}
	out := &markError{Kind: cordon.Invalid.String(), Message: err.Error()}
	var e *marking.Error
	if errors.As(err, &e) {
		if e.Text != "" {
			out.At = len([]rune(e.Text[:min(max(e.At, 0), len(e.Text))])) + 1
		}
		out.Suggestion = e.Suggestion
		for _, p := range e.Portions {
			out.Portions = append(out.Portions, p+1)
		}
	}
	return verdict{Error: out}
}

func (c *cli) rollUp(portions []string) verdict {
	all := make([]marking.Marks, len(portions))
	for i, p := range portions {
		marks, err := c.set.Parse(p)
		if err != nil {
			v := judge(nil, err)
			v.Error.Portions = []int{i + 1}
			return v
		}
		all[i] = marks
	}
	return judge(c.set.RollUp(all))
}

// How arguments and plain lines divide into questions.
type grouping int

const (
	oneByOne    grouping = iota // each argument, each line
	allTogether                 // all arguments; each line, cut at semicolons
)

// eachMark puts the question for every argument or line and writes the
// answers. The question gives its answer and how much was wrong with it.
func (c *cli) eachMark(args []string, g grouping, question func(portions []string, asJSON bool) (any, int)) error {
	bad := 0
	ask := func(portions []string, asJSON bool) error {
		answer, n := question(portions, asJSON)
		bad += n
		return c.showLine(answer, func() { c.printVerdicts(answer) })
	}
	if err := eachQuestion(c.in, args, g, ask); err != nil {
		return err
	}
	if bad > 0 {
		return foundf("%d %s wrong", bad, plural(bad, "marking is", "markings are"))
	}
	return nil
}

func eachQuestion(in io.Reader, args []string, g grouping, ask func([]string, bool) error) error {
	if len(args) > 0 && (len(args) > 1 || args[0] != "-") {
		if g == allTogether {
			return ask(args, false)
		}
		for _, arg := range args {
			if err := ask([]string{arg}, false); err != nil {
				return err
			}
		}
		return nil
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, cordon.MaxLineBytes)
	number := 0
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if line[0] != '{' {
			portions := []string{string(line)}
			if g == allTogether {
				portions = cut(string(line))
			}
			if err := ask(portions, false); err != nil {
				return err
			}
			continue
		}
		var object struct {
			Portions []string `json:"portions"`
		}
		if err := json.Unmarshal(line, &object); err != nil {
			return usagef(`line %d is not a JSON object {"portions":["…"]}: %w`, number, err)
		}
		if err := ask(object.Portions, true); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return cordon.Errorf(cordon.TooLarge, "line %d is longer than %d bytes", number+1, cordon.MaxLineBytes)
	}
	return lines.Err()
}

// cut divides a line at semicolons, which no marking has in it.
func cut(line string) []string {
	parts := strings.Split(line, ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (c *cli) printVerdicts(answer any) {
	switch a := answer.(type) {
	case verdict:
		c.printVerdict(a)
	case map[string][]verdict:
		for _, v := range a["marks"] {
			c.printVerdict(v)
		}
	}
}

func (c *cli) printVerdict(v verdict) {
	if v.Error != nil {
		message := v.Error.Message
		if len(v.Error.Portions) == 1 {
			message = fmt.Sprintf("portion %d: %s", v.Error.Portions[0], message)
		}
		c.out.Printf("%s %s\n", c.out.Red("wrong:"), message)
		return
	}
	c.out.Printf("%s  %s\n", v.Banner, asMark(v.Portion))
}
