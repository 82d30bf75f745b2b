package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/wire"
)

func (c *cli) custodyCommand() *cobra.Command {
	return parent("custody", "Struck originals, kept for those who assess the damage",
		"Custody reads and destroys struck portions.",
		"  cordon custody read PORTION",
		c.custodyRead(), c.custodyDestroy())
}

func (c *cli) custodyRead() *cobra.Command {
	return &cobra.Command{
		Use:     "read PORTION",
		Short:   "Read a struck portion",
		Long:    "Read opens a struck portion to a person of its incident's custody circle. The reading is\nin its owners' feeds before anything is shown.",
		Example: "  cordon custody read PORTION",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("portion", args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				k, err := api.Custody(ctx, id)
				return c.result(k, err, func() {
					banner := k.Marking
					if v := judge(c.set.Parse(k.Marking)); v.Error == nil {
						banner = v.Banner
					}
					bar := c.out.Bar(tty.Clean(banner), c.colours(banner))
					c.out.Printf("%s\n\n", bar)
					c.portion(wire.Shown{Marking: k.Marking, Text: k.Text})
					c.out.Printf("\n%s\n\n%s\n", c.out.Dim("struck from "+string(k.Report)+" under incident "+string(k.Incident)), bar)
				})
			})
		},
	}
}

func (c *cli) custodyDestroy() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "destroy PORTION --yes",
		Short: "Destroy a struck portion for good",
		Long: `Destroy removes a struck portion from custody. Nobody ever reads it again. It takes
a security officer of the one organisation that owns it; they need not be cleared for it.`,
		Example: "  cordon custody destroy PORTION --yes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("portion", args[0])
			if err != nil {
				return err
			}
			if !yes {
				return usagef("destroying a portion cannot be undone: give --yes if it is meant")
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if err := api.Destroy(ctx, id); err != nil {
					return err
				}
				return c.show(map[string]cordon.ID{"destroyed": id}, func() { c.out.Printf("portion %s is destroyed\n", id) })
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm that it is meant")
	return cmd
}
