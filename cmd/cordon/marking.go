package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func (c *cli) markingCommand() *cobra.Command {
	return parent("marking", "Check, roll up and explain markings, without any data",
		"Marking works on markings alone: no data directory, no server, no token. It knows the schemes\n"+
			builtIn+"\nand those in the files that --scheme names; \"cordon marking schemes\" says what they are.",
		"  cordon marking check '(S//NF)' TLP:AMBER\n  cordon marking rollup '(S//REL TO USA, GBR)' '(U)'\n  cordon marking explain 'S//REL TO USA, GBR' 'C//NF'",
		c.markingCheck(), c.markingRollup(), c.markingExplain(), c.markingISM(), c.markingSchemes())
}

// builtIn are the schemes that come with Cordon; a test holds them against those
// in force.
const builtIn = "us, tlp, tlp-ex, pap, europol, nato, eu, uk, cui, de, fr, au, ca"

func (c *cli) markingSchemes() *cobra.Command {
	type scheme struct {
		Name   string   `json:"name"`
		Title  string   `json:"title"`
		Ladder []string `json:"ladder"`
	}
	return &cobra.Command{
		Use:     "schemes",
		Short:   "List the schemes in force",
		Long:    "Schemes lists the families of markings that Cordon understands, and the clearances of each,\nlowest first.",
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
