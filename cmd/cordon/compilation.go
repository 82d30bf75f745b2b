package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon/client"
)

func (c *cli) reportCompilation() *cobra.Command {
	var marking string
	var lift bool
	cmd := &cobra.Command{
		Use:   "compilation REPORT --marking MARK|--lift",
		Short: "Decide how a whole is marked because of what its portions say together",
		Long: `Compilation sets, changes or lifts the marking that a report carries as a whole
because its portions together say more than each of them. It is a person's
decision: striking a portion leaves the marking as it is and asks for a new decision.
It takes a release authority of the organisation that holds the report.`,
		Example: `  cordon report compilation MEMO-12 --marking 'S//REL TO USA, GBR'
  cordon report compilation MEMO-12 --lift`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				out, err := api.SetCompilation(ctx, args[0], marking)
				return c.result(out, err, func() { c.fields("compilation", out.Marking, "banner", out.Banner) })
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&marking, "marking", "", "the `mark` of the whole")
	f.BoolVar(&lift, "lift", false, "lift it: the whole is marked no higher than its portions together")
	cmd.MarkFlagsOneRequired("marking", "lift")
	cmd.MarkFlagsMutuallyExclusive("marking", "lift")
	return cmd
}
