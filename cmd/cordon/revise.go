package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/wire"
)

func (c *cli) reportRevise() *cobra.Command {
	var revision wire.Revision
	var sources, dismissed []string
	cmd := &cobra.Command{
		Use:   "revise REPORT PORTION FILE",
		Short: "Put another wording in a portion's place",
		Long: `Revise takes the new wording of a portion from a text file, or from standard input
for -. The new wording is never freer than the old one, and takes its place under an
id of its own. Every request for the report, and every answer to one, is void.`,
		Example: `  cordon report revise MEMO-12 PORTION better.txt
  cordon report revise MEMO-12 PORTION - --source OTHER`,
		Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			portion, err := idArg("portion", args[1])
			if err != nil {
				return err
			}
			if revision.Sources, err = portionIDs(sources); err != nil {
				return err
			}
			if revision.Dismissed, err = parseDismissed(dismissed); err != nil {
				return err
			}
			text, err := c.text(args[2])
			if err != nil {
				return err
			}
			revision.Text = strings.TrimSpace(text)
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				p, err := api.Revise(ctx, args[0], portion, revision)
				return c.result(p, err, func() {
					for _, w := range p.Warnings {
						w.File = shown(args[2])
						c.err.Printf("cordon: warning: %s\n", tty.Clean(issueLine(w)))
					}
					c.fields("portion", string(p.ID), "marking", p.Marking, "owners", names(p.Owners), "closed to you", strings.Join(p.Closed, ", "))
				})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&revision.Marking, "marking", "", "a `mark` rolled up with the one it has")
	f.BoolVar(&revision.MarksQuoted, "marks-quoted", false, "the text talks about markings: marks in it are quoted, and warned of only")
	f.StringArrayVar(&sources, "source", nil, "the `id` of a portion it was made from besides (repeatable)")
	f.StringArrayVar(&dismissed, "dismiss", nil, "`PORTION=REASON`: it repeats words of the portion and is not made from it; its owner is shown why (repeatable)")
	return cmd
}
