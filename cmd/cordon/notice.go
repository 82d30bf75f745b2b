package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon/client"
)

func (c *cli) noticeCommand() *cobra.Command {
	list := &cobra.Command{
		Use:     "list",
		Short:   "What your organisation was told, newest first",
		Long:    "List shows the notices to your organisation. It takes a release authority or a security officer.",
		Example: "  cordon notice list",
		Args:    cobra.NoArgs,
	}
	p := pageFlags(list)
	list.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			all, err := pages(p, func(page client.Page) (client.List[client.Notice], error) { return api.Notices(ctx, page) })
			if err != nil {
				return err
			}
			return showList(c, all, "no notices", []string{"WHEN (UTC)", "MARKING", "NOTICE"}, func(n client.Notice) []string {
				return []string{when(n.Created), n.Marking, n.Text}
			})
		})
	}
	return parent("notice", "What your organisation was told",
		"Notice shows what concerns your organisation: requests, answers, recalls.",
		"  cordon notice list", list)
}
