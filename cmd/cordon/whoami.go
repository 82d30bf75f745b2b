package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon/client"
)

func (c *cli) whoamiCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "whoami",
		Short:   "Show as whom you act, and what that person holds",
		Long:    "Whoami shows the person for whom your token acts, as they stand now.",
		Example: "  cordon whoami\n  cordon whoami --token-file analyst.token",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				me, err := api.Me(ctx)
				if err != nil {
					return err
				}
				if c.json {
					return c.show(me, nil)
				}
				return c.showPerson(me.Person)
			})
		},
	}
}
