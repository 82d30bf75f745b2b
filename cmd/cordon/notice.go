package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
)

func (c *cli) noticeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "What your organisation was told, newest first",
		Long:    "List shows the notices to your organisation. It takes a release authority or a security officer.",
		Example: "  cordon notice list",
		Args:    cobra.NoArgs,
	}
	p := pageFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			all, err := pages(p, func(page client.Page) (client.List[client.Notice], error) { return api.Notices(ctx, page) })
			if err != nil {
				return err
			}
			if all == nil {
				all = []client.Notice{}
			}
			return c.show(list[client.Notice]{all}, func() { c.notices(all) })
		})
	}
	return parent("notice", "What your organisation was told",
		"Notice shows what concerns your organisation: requests, answers, recalls.",
		"  cordon notice list", cmd)
}

// notices are read one after the other, each under its time and marking.
func (c *cli) notices(all []client.Notice) {
	if len(all) == 0 {
		c.out.Printf("no notices\n")
	}
	for i, n := range all {
		if i > 0 {
			c.out.Printf("\n")
		}
		head := when(n.Created) + " UTC"
		if n.Marking != "" {
			head += "  " + asMark(n.Marking)
		}
		c.out.Printf("%s\n%s\n", c.out.Bold(tty.Clean(head)), tty.Indent(tty.Clean(n.Text), "  ", c.out.Width))
	}
}
