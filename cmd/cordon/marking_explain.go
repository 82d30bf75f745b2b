package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cordon/marking"
)

func (c *cli) markingExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [MARK...|-]",
		Short: "Explain the banner of a whole, rule by rule",
		Long: `Explain rolls up portions as rollup does and says why: every rule that made a
part of the banner or left something out of it, its section in the scheme's
manual, and the portions it comes from, numbered from 1.

The arguments are the portions of one whole. Without arguments, or with "-",
each line of standard input is one whole: its marks separated by semicolons, or
a JSON object {"portions":["…","…"]}. Empty lines are passed over.

The answer to a JSON line, and with --json every answer, is one line of JSON:
{"banner","portion","steps":[{"scheme","part","result","rule","section","portions"}]}
or {"error":{"kind","message","at"}}. An empty result is something left out.`,
		Example: `  cordon marking explain 'S//REL TO USA, GBR' 'U//FOUO' 'C//REL TO USA, FRA'
  echo '(S//OC/NF); (TLP:AMBER)' | cordon marking explain -
  cordon marking explain --json 'TS//SI//NF' 'U'`,
		RunE: func(_ *cobra.Command, args []string) error {
			return c.answerEach(args, allTogether, false, func(in input) answer {
				portions, bad := in.whole()
				if bad != nil {
					return verdict{Error: bad}
				}
				all, _, bad := readAll(portions, c.reading(false))
				if bad != nil {
					return verdict{Error: bad}
				}
				return c.explain(all)
			})
		},
	}
}

// explanation is the answer on one whole with the rules that made it.
type explanation struct {
	verdict
	Steps []marking.Step `json:"steps"`
}

func (c *cli) explain(portions []marking.Marks) answer {
	whole, err := c.set.RollUp(portions)
	if err != nil {
		return judge(nil, err)
	}
	steps, err := c.set.Explain(portions)
	if err != nil {
		return judge(nil, err)
	}
	for _, s := range steps {
		for i := range s.Portions {
			s.Portions[i]++ // people count from 1
		}
	}
	return explanation{judge(whole, nil), steps}
}

func (e explanation) print(c *cli) {
	e.verdict.print(c)
	rows := make([][]string, len(e.Steps))
	for i, s := range e.Steps {
		result := s.Result
		if result == "" {
			result = "(left out)"
		}
		rows[i] = clean([]string{s.Scheme, s.Part, result, s.Rule, s.Section, ranges(s.Portions)})
	}
	c.out.Table([]string{"SCHEME", "PART", "RESULT", "RULE", "SECTION", "PORTIONS"}, rows)
}

// ranges writes ascending numbers, three or more in a row by their ends:
// "1-4, 7".
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		if end < i+2 {
			end = i
		}
		if parts = append(parts, fmt.Sprint(numbers[i])); end > i {
			parts[len(parts)-1] = fmt.Sprintf("%d-%d", numbers[i], numbers[end])
		}
		i = end + 1
	}
	return strings.Join(parts, ", ")
}
