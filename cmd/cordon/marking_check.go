package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/marking"
)

func (c *cli) markingCheck() *cobra.Command {
	var lenient bool
	cmd := &cobra.Command{
		Use:   "check [MARK...|-]",
		Short: "Check whether marks are right, and if not, say why",
		Long: `Check reads marks in portion or banner form. It gives the canonical banner and
portion mark of each, or says what is wrong with it and where.

Each argument is one mark. Without arguments, or with "-", each line of
standard input is one: a mark, or a JSON object with one of
  {"portion":"S//NF"}            a mark, answered {"banner","portion"}
  {"banner":"SECRET//NOFORN"}    a banner line, answered the same
  {"portions":["S//NF","U"]}     several, answered {"marks":[…]}
Empty lines are passed over.

The answer to a JSON line, and with --json every answer, is one line of JSON:
{"banner","portion"} or {"error":{"kind","message","at"}}, where at counts
characters from 1. A line that cannot be read is answered by its error, and the
next one goes on.

With --lenient a mark that has only one reading is read although it is not
written to the letter: lower case, stray spaces, wrong separators or order,
titles for abbreviations. The answer says what was changed ("changed" in JSON). No
control is ever added or left out.`,
		Example: `  cordon marking check '(TS//SI//NF)'
  cordon marking check TLP:AMBER+STRICT 'SECRET//NOFORN'
  cordon marking check --lenient 's // noforn'
  cut -f2 marks.tsv | cordon marking check --json`,
		RunE: func(_ *cobra.Command, args []string) error {
			read := c.reading(lenient)
			return c.answerEach(args, oneByOne, false, func(in input) answer {
				if in.object != nil {
					return c.checkObject(in.object, read, lenient)
				}
				return judgeRead(read(in.marks[0]))
			})
		},
	}
	lenientFlag(cmd, &lenient)
	return cmd
}

// checkObject answers a JSON line of check.
func (c *cli) checkObject(line []byte, read reading, lenient bool) answer {
	const form = `with one of "portions", "portion" and "banner"`
	o, bad := readObject(line, form)
	switch {
	case bad != nil:
		return verdict{Error: bad}
	case o.Portions != nil && o.Portion == nil && o.Banner == nil:
		all := verdicts{Marks: make([]verdict, len(o.Portions))}
		for i, p := range o.Portions {
			all.Marks[i] = judgeRead(read(p))
		}
		return all
	case o.Portion != nil && o.Portions == nil && o.Banner == nil:
		return judgeRead(read(*o.Portion))
	case o.Banner != nil && o.Portions == nil && o.Portion == nil:
		if lenient {
			return judgeRead(read(*o.Banner))
		}
		return judge(c.set.ParseBanner(*o.Banner))
	}
	return refused(cordon.KindInvalid, "the line is not a JSON object "+form, 0)
}

func (c *cli) markingRollup() *cobra.Command {
	var lenient bool
	cmd := &cobra.Command{
		Use:   "rollup [MARK...|-]",
		Short: "Give the banner of a whole, from the marks of its portions",
		Long: `Rollup gives the marking of a whole made of portions so marked.

The arguments are the portions of one whole. Without arguments, or with "-",
each line of standard input is one whole: its marks separated by semicolons, or
a JSON object {"portions":["…","…"]}. Empty lines are passed over.

The answer to a JSON line, and with --json every answer, is one line of JSON:
{"banner","portion"} or {"error":{"kind","message","at"}}, where at counts
characters from 1. A line that cannot be read is answered by its error, and the
next one goes on.

With --lenient a portion that has only one reading is read although it is not
written to the letter, as check does, and the answer says what was changed.`,
		Example: `  cordon marking rollup '(S//REL TO USA, GBR)' '(C//REL TO USA, FRA)'
  echo '(U); (TLP:AMBER); (S//NF)' | cordon marking rollup -
  echo '{"portions":["S//NF","U"]}' | cordon marking rollup`,
		RunE: func(_ *cobra.Command, args []string) error {
			read := c.reading(lenient)
			return c.answerEach(args, allTogether, false, func(in input) answer {
				portions, bad := in.whole()
				if bad != nil {
					return verdict{Error: bad}
				}
				all, changed, bad := readAll(portions, read)
				if bad != nil {
					return verdict{Error: bad}
				}
				whole, err := c.set.RollUp(all)
				return judgeRead(whole, changed, err)
			})
		},
	}
	lenientFlag(cmd, &lenient)
	return cmd
}

func lenientFlag(cmd *cobra.Command, lenient *bool) {
	cmd.Flags().BoolVar(lenient, "lenient", false, "read what has only one reading, and say what was changed")
}

// reading reads one mark, and says what it had to change.
type reading func(text string) (marks marking.Marks, changed []string, err error)

func (c *cli) reading(lenient bool) reading {
	if lenient {
		return c.set.Repair
	}
	return func(text string) (marking.Marks, []string, error) {
		marks, err := c.set.Parse(text)
		if err != nil {
			// Such as SECRET//NOFORN | TLP:AMBER, which rollup prints.
			if banner, bad := c.set.ParseBanner(text); bad == nil {
				return banner, nil, nil
			}
		}
		return marks, nil, err
	}
}

// readAll reads the marks of one whole, up to the first that is wrong.
func readAll(portions []string, read reading) (all []marking.Marks, changed []string, bad *markError) {
	all = make([]marking.Marks, len(portions))
	for i, p := range portions {
		marks, did, err := read(p)
		if err != nil {
			bad := judge(nil, err).Error
			bad.Portions = []int{i + 1}
			return nil, nil, bad
		}
		all[i] = marks
		for _, d := range did {
			changed = append(changed, fmt.Sprintf("portion %d: %s", i+1, d))
		}
	}
	return all, changed, nil
}

// verdict is the answer on one mark or one whole.
type verdict struct {
	Banner  string `json:"banner,omitempty"`
	Portion string `json:"portion,omitempty"`
	// Changed lists the changes of a lenient reading.
	Changed []string   `json:"changed,omitempty"`
	Error   *markError `json:"error,omitempty"`
}

// markError says what is wrong with a mark.
type markError struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	// At is the character at which it goes wrong, counted from 1; 0 for none.
	At int `json:"at"`
	// Suggestion is the text that was probably meant.
	Suggestion string `json:"suggestion,omitempty"`
	// Portions are those that conflict, from 1.
	Portions []int `json:"portions,omitempty"`
}

func refused(kind cordon.Kind, message string, at int) verdict {
	return verdict{Error: &markError{Kind: kind.String(), Message: message, At: at}}
}

// judgeRead is judge for marks that were read leniently.
func judgeRead(marks marking.Marks, changed []string, err error) verdict {
	v := judge(marks, err)
	v.Changed = changed
	return v
}

func judge(marks marking.Marks, err error) verdict {
	if err == nil {
		return verdict{Banner: marks.Banner(), Portion: marks.Portion()}
	}
	out := &markError{Kind: cordon.KindInvalid.String(), Message: err.Error()}
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

func (v verdict) wrong() int {
	if v.Error != nil {
		return 1
	}
	return 0
}

func (v verdict) print(c *cli) {
	if v.Error != nil {
		message := v.Error.Message
		if len(v.Error.Portions) == 1 {
			message = fmt.Sprintf("portion %d: %s", v.Error.Portions[0], message)
		}
		c.out.Printf("%s %s\n", c.out.Red("wrong:"), message)
		return
	}
	c.out.Printf("%s  %s\n", v.Banner, asMark(v.Portion))
	for _, change := range v.Changed {
		c.out.Printf("  %s\n", change)
	}
}

// verdicts is the answer on several marks, each by itself.
type verdicts struct {
	Marks []verdict `json:"marks"`
}

func (all verdicts) wrong() int {
	n := 0
	for _, v := range all.Marks {
		n += v.wrong()
	}
	return n
}

func (all verdicts) print(c *cli) {
	for _, v := range all.Marks {
		v.print(c)
	}
}
