package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) portionCommand() *cobra.Command {
	return parent("portion", "Ask who had a portion",
		"Portion answers questions about one portion.",
		"  cordon portion holders PORTION",
		c.portionHolders())
}

func (c *cli) portionHolders() *cobra.Command {
	return &cobra.Command{
		Use:     "holders PORTION",
		Short:   "List who was shown a portion, or something made from it",
		Long:    "Holders lists who was shown a portion, or a portion made from it, when and how.",
		Example: "  cordon portion holders PORTION",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("portion", args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				holders, err := api.Holders(ctx, id)
				if err != nil {
					return err
				}
				return showList(c, holders, "nobody was shown it", []string{"ORGANISATION", "PERSON", "TIMES", "FIRST (UTC)", "LAST (UTC)", "BY"},
					func(h wire.Holder) []string {
						by := acts(h.Via)
						if h.Derived {
							by += ", in what was made from it"
						}
						return []string{name(h.Organisation), name(h.Person), fmt.Sprint(h.Times), when(h.First), when(h.Last), by}
					})
			})
		},
	}
}

func acts(all []cordon.Act) string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = string(a)
	}
	return strings.Join(out, ", ")
}
