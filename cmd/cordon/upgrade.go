package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon/internal/app"
)

func (c *cli) upgradeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "upgrade",
		Short: "Bring a database of an older Cordon to this version",
		Long: `Upgrade changes a database that an older Cordon wrote so that this one can work on
it. Nothing else does: a command that meets an older database says so and leaves it
as it is. First stop every server on it and make a copy. The copy is the only way
back.

The upgrade is one transaction: if it is killed, it has changed nothing. It needs no
root key.`,
		Example: `  cordon upgrade
  cordon upgrade --postgres postgres://cordon@db/cordon`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.where.server != "" {
				return usagef("upgrade works on the database itself: give --data or --postgres")
			}
			if err := c.resolve(); err != nil {
				return err
			}
			return c.upgrade(cmd.Context())
		},
	}
}

func (c *cli) upgrade(ctx context.Context) error {
	from, to, err := app.Upgrade(ctx, c.config())
	if err != nil {
		return err
	}
	return c.show(struct {
		From int64 `json:"from"`
		To   int64 `json:"to"`
	}{from, to}, func() {
		if from == to {
			c.out.Printf("the database is of this version already (schema %d)\n", to)
			return
		}
		c.out.Printf("the database was brought from schema %d to %d\n", from, to)
	})
}
