package main

import (
	"github.com/spf13/cobra"

	"cordon"
	"cordon/marking"
	"cordon/marking/us"
)

func (c *cli) markingISM() *cobra.Command {
	return &cobra.Command{
		Use:   "ism [-]",
		Short: "Convert US markings to ISM attributes, and back",
		Long: `Ism reads JSON lines from standard input, each a US marking in one of two forms,
and writes it in the other, one line of JSON for each line:
  {"portion":"S//NF"} or {"banner":"SECRET//NOFORN"}
  {"classification":"S","ownerProducer":"USA","disseminationControls":"NF"}

The names are those of the attributes of urn:us:gov:ic:ism, with or without the
prefix "ism:". Attributes are answered by {"banner","portion"}. A banner beside
a portion is that of its document: it gives S//REL its list. A line that cannot
be converted is answered by {"error":{"kind","message","at"}}. Empty lines are
passed over.`,
		Example: `  echo '{"portion":"S//NF"}' | cordon marking ism
  echo '{"classification":"U","ownerProducer":"USA"}' | cordon marking ism -
  cordon marking ism <portions.jsonl | cordon marking ism`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && args[0] != "-" {
				return usagef("ism takes no marks as arguments: give it JSON lines on standard input")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return c.answerEach(args, oneByOne, true, convert)
		},
	}
}

// attributes is the answer on a marking.
type attributes struct{ us.ISM }

func (attributes) wrong() int { return 0 }
func (attributes) print(*cli) {} // always JSON

// convert answers a line of ism.
func convert(in input) answer {
	if in.object == nil {
		return refused(cordon.KindInvalid, "the line is not a JSON object", 0)
	}
	o, bad := readObject(in.object, "of texts")
	switch {
	case bad != nil:
		return verdict{Error: bad}
	case o.Portion == nil && o.Banner == nil:
		return fromISM(in.object)
	}
	m, err := o.marking()
	if err != nil {
		return judge(nil, err)
	}
	ism, err := us.ToISM(m)
	if err != nil {
		return judge(nil, err)
	}
	return attributes{ism}
}

// marking is the US marking that an object gives as a portion mark, as a
// banner, or as a portion mark under a banner.
func (o object) marking() (marking.Marking, error) {
	scheme := us.Scheme()
	if o.Portion == nil {
		return scheme.ParseBanner(*o.Banner)
	}
	m, err := scheme.ParsePortion(*o.Portion)
	if err != nil || o.Banner == nil {
		return m, err
	}
	banner, err := scheme.ParseBanner(*o.Banner)
	if err != nil {
		return nil, err
	}
	resolved, err := marking.NewSet(scheme).Resolve(marking.Marks{m}, marking.Marks{banner})
	if err != nil {
		return nil, err
	}
	return resolved[0], nil
}

func fromISM(line []byte) answer {
	ism, err := us.ParseISM(line)
	if err != nil {
		return judge(nil, err)
	}
	m, err := us.FromISM(ism)
	if err != nil {
		return judge(nil, err)
	}
	return judge(marking.Marks{m}, nil)
}
