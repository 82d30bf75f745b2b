package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) grantCommand() *cobra.Command {
	return parent("grant", "List and revoke your organisation's permissions",
		"Grant lists the permissions your organisation gave, and ends one at once.",
		"  cordon grant list PORTION\n  cordon grant revoke GRANT",
		c.grantList(), c.grantRevoke())
}

func (c *cli) grantList() *cobra.Command {
	return &cobra.Command{
		Use:     "list [PORTION...]",
		Short:   "List the grants your organisation gave",
		Long:    "List shows your organisation's grants, or those that cover any of the portions, newest first, ended ones too.",
		Example: "  cordon grant list\n  cordon grant list PORTION",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			portions, err := portionIDs(args)
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				grants, err := api.Grants(ctx, portions...)
				if err != nil {
					return err
				}
				return showList(c, grants, "no grants", []string{"TO", "PORTIONS", "UNTIL (UTC)", "REVOKED (UTC)", "GRANT"}, func(g wire.Grant) []string {
					return []string{name(g.To), fmt.Sprint(len(g.Portions)), when(g.Until), when(g.Revoked), string(g.ID)}
				})
			})
		},
	}
}

func (c *cli) grantRevoke() *cobra.Command {
	return &cobra.Command{
		Use:     "revoke GRANT",
		Short:   "End a grant at once",
		Long:    "Revoke ends a grant of your organisation: the audience's next request is decided without it.",
		Example: "  cordon grant revoke GRANT",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("grant", args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if err := api.Revoke(ctx, id); err != nil {
					return err
				}
				return c.show(map[string]cordon.ID{"revoked": id}, func() { c.out.Printf("grant %s is revoked\n", id) })
			})
		},
	}
}
