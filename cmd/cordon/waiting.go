package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/wire"
)

func (c *cli) waitingCommand() *cobra.Command {
	return parent("waiting", "List and decide what waits since words of others were found in it",
		`Waiting keeps the reports that nobody but their author reads yet, since words of
portions were found in them that the author may not see. The author is not told.`,
		"  cordon waiting list\n  cordon waiting decide REPORT dismiss --reason \"it is common knowledge\"",
		c.waitingList(), c.waitingDecide())
}

func (c *cli) waitingList() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the reports that wait for a decision in which you may take part",
		Long: `List shows reports of your organisation that wait, those that you wrote left out, and
reports of others in which words of yours were found: those words and no others. It
takes a release authority or security officer.`,
		Example: "  cordon waiting list\n  cordon waiting list --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.Waiting(ctx, limit)
				return c.result(all, err, func() {
					if len(all.Items) == 0 {
						c.out.Printf("nothing waits for you\n")
					}
					for _, r := range all.Items {
						c.held(r)
					}
				})
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 50, "how many at most, of your own and of others each")
	return cmd
}

func (c *cli) held(r wire.WaitingReport) {
	c.fields("report", string(r.Report), "of", name(r.Holder), "since", when(r.Since))
	if len(r.Matches) == 0 {
		c.out.Printf("  nothing was found in it: it waits for what it was made from, or for a security officer to look at it\n")
	}
	for _, m := range r.Matches {
		line := fmt.Sprintf("  match %s: %d words, %s", m.ID, m.Words, m.State)
		switch {
		case m.Source == "":
			line += ", of a portion that you may not see"
		default:
			line += fmt.Sprintf(", of portion %s of %s", m.Source, name(m.Owner))
		}
		if !m.Effective.IsZero() {
			line += ", dismissed on " + when(m.Effective) + " unless its owner objects"
		}
		c.out.Printf("%s\n", line)
		for _, p := range m.Passages {
			c.out.Printf("    “%s”\n", tty.Clean(strings.Join(strings.Fields(p), " ")))
		}
	}
}

func (c *cli) waitingDecide() *cobra.Command {
	var decision wire.WaitingDecision
	var matches []string
	cmd := &cobra.Command{
		Use:   "decide REPORT dismiss|declare|narrow|object",
		Short: "Decide on what was found in a report that waits",
		Long: `Decide says of the words that were found in a report what they are:

  dismiss  no quotation, or one that may stand as it is; say why
  declare  the report was made from the portion, as if its author had said so
  narrow   whoever reads what has the words must be one who may read the portion
  object   they must not be dismissed by somebody who may not see the portion

A release authority of the author's organisation who may see the portion decides at
once. One who may not can dismiss, which takes effect after three days unless the
portion's owner objects. The owner dismisses or objects. The author decides
nothing.`,
		Example: `  cordon waiting decide REPORT dismiss --reason "it is common knowledge"
  cordon waiting decide REPORT declare --match MATCH`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := idArg("report", args[0])
			if err != nil {
				return err
			}
			decision.Verdict = args[1]
			for _, m := range matches {
				id, err := idArg("match", m)
				if err != nil {
					return err
				}
				decision.Matches = append(decision.Matches, id)
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				d, err := api.DecideWaiting(ctx, report, decision)
				return c.result(d, err, func() {
					switch {
					case !d.Effective.IsZero():
						c.out.Printf("dismissed on %s unless the owner objects\n", when(d.Effective))
					case d.Open > 0:
						c.out.Printf("decided; %d more to decide\n", d.Open)
					default:
						c.out.Printf("decided\n")
					}
				})
			})
		},
	}
	cmd.Flags().StringArrayVar(&matches, "match", nil, "the `id` of a match; all that you may decide on if left out (repeatable)")
	cmd.Flags().StringVar(&decision.Reason, "reason", "", "why; the owner of what was found is shown it")
	return cmd
}
