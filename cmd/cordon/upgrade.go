package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon/internal/app"
)

func (c *cli) upgradeCommand() *cobra.Command {
	var vouch string
	cmd := &cobra.Command{
		Use:   "upgrade",
		Short: "Bring a database of an older Cordon to this version",
		Long: `Upgrade changes a database that an older Cordon wrote so that this one can work on
it. Nothing else does: a command that meets an older database says so and leaves it
as it is. First stop every server on it and make a copy. The copy is the only way
back.

The upgrade is one transaction: if it is killed, it has changed nothing. It needs no
root key.

The rows that a Cordon of schema 12 or older wrote carry no MAC. With --sign-rows and the
words "as we left them" they are signed with the root key, as they are. Nobody can tell
then whether something else had changed them before. It stands in the ledger, and
is refused where rows were ever signed.`,
		Example: `  cordon upgrade
  cordon upgrade --postgres postgres://cordon@db/cordon
  cordon upgrade --sign-rows "as we left them"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.where.server != "" {
				return usagef("upgrade works on the database itself: give --data or --postgres")
			}
			if err := c.resolve(); err != nil {
				return err
			}
			if vouch != "" && vouch != vouched {
				return usagef("--sign-rows takes the words %q, so that nobody signs by chance", vouched)
			}
			return c.upgrade(cmd.Context(), vouch != "")
		},
	}
	cmd.Flags().StringVar(&vouch, "sign-rows", "", "sign the rows of a database of before; takes the `words` \""+vouched+"\"")
	return cmd
}

// vouched is said by whoever has rows signed.
const vouched = "as we left them"

func (c *cli) upgrade(ctx context.Context, sign bool) error {
	from, to, err := app.Upgrade(ctx, c.config())
	if err != nil {
		return err
	}
	out := struct {
		From int64 `json:"from"`
		To   int64 `json:"to"`
		// Signed is how many rows were signed.
		Signed int64 `json:"signed,omitempty"`
	}{From: from, To: to}
	if sign {
		if out.Signed, err = app.SignRows(ctx, c.config()); err != nil {
			return err
		}
	}
	return c.show(out, func() {
		if from == to {
			c.out.Printf("the database is of this version already (schema %d)\n", to)
		} else {
			c.out.Printf("the database was brought from schema %d to %d\n", from, to)
		}
		if sign {
			c.out.Printf("%d rows were signed as they were\n", out.Signed)
		}
	})
}
