package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/wire"
)

func (c *cli) noticeCommand() *cobra.Command {
	return parent("notice", "Show what you were told",
		"Notice shows what concerns you and your organisation: requests, answers, recalls.",
		"  cordon notice list --unread\n  cordon notice read --all", c.noticeList(), c.noticeRead())
}

func (c *cli) noticeList() *cobra.Command {
	var unread bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what you were told, newest first",
		Long: `List shows the notices addressed to you, by name or as one who holds a role in
your organisation, as far as you are cleared for them. * stands before those
that you have not marked as read.`,
		Example: "  cordon notice list\n  cordon notice list --unread --all",
		Args:    cobra.NoArgs,
	}
	cmd.Flags().BoolVar(&unread, "unread", false, "only those not marked as read")
	p := pageFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			fetch := api.Notices
			if unread {
				fetch = api.UnreadNotices
			}
			all, err := pages(p, func(page wire.Page) (wire.List[wire.Notice], error) { return fetch(ctx, page) })
			if err != nil {
				return err
			}
			if all == nil {
				all = []wire.Notice{}
			}
			return c.show(list[wire.Notice]{all}, func() { c.notices(all) })
		})
	}
	return cmd
}

func (c *cli) noticeRead() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "read [NOTICE...]",
		Short: "Mark notices as read",
		Long: `Read marks notices as read by you; others' lists stay as they are. NOTICE is an id.
--all means every one that list --unread shows.`,
		Example: "  cordon notice read --all",
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) > 0) {
				return usagef("no notice is named: give their ids, or --all")
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				ids := make([]cordon.ID, len(args))
				for i, arg := range args {
					ids[i] = cordon.ID(arg)
				}
				if all {
					unread, err := pages(&paging{all: true}, func(page wire.Page) (wire.List[wire.Notice], error) { return api.UnreadNotices(ctx, page) })
					if err != nil {
						return err
					}
					for _, n := range unread {
						ids = append(ids, n.ID)
					}
				}
				for some := range slices.Chunk(ids, cordon.MaxPage) {
					if err := api.ReadNotices(ctx, some...); err != nil {
						return err
					}
				}
				return c.show(map[string]int{"read": len(ids)}, func() { c.out.Printf("%d marked as read\n", len(ids)) })
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "all that are not marked yet")
	return cmd
}

// notices writes notices one after the other, each under its time and
// marking.
func (c *cli) notices(all []wire.Notice) {
	if len(all) == 0 {
		c.out.Printf("no notices\n")
	}
	for i, n := range all {
		if i > 0 {
			c.out.Printf("\n")
		}
		head := when(n.Created)
		if n.Marking != "" {
			head += "  " + asMark(n.Marking)
		}
		if n.Read.IsZero() {
			head = "* " + head
		}
		c.out.Printf("%s\n%s\n", c.out.Bold(tty.Line(head)), tty.Indent(tty.Clean(n.Text), "  ", c.out.Width))
	}
}

func (c *cli) channelCommand() *cobra.Command {
	return parent("channel", "Keep the ways by which notices leave Cordon",
		`Channel keeps the ways by which notices to your organisation leave Cordon: mail
addresses and signed webhooks. It takes a security officer or an administrator.`,
		`  cordon channel add --mail duty@example.org --clearance TLP:GREEN
  cordon channel test CHANNEL`,
		c.channelAdd(), c.channelList(), c.channelChange(), c.channelSecret(), c.channelTest(), c.channelRemove())
}

// termsFlags are the flags of the terms of a channel.
func termsFlags(cmd *cobra.Command, terms *wire.ChannelTerms) func() {
	var kinds []string
	f := cmd.Flags()
	f.StringVar(&terms.Clearance, "clearance", "", "the highest `marking` that may be sent there")
	f.BoolVar(&terms.Quiet, "quiet", false, "send nothing of a notice above it, not even that one waits")
	f.StringSliceVar(&kinds, "kind", nil, "send only notices of this `kind` (release, arrangement, incident, trace, other); can be repeated")
	cmd.MarkFlagRequired("clearance")
	return func() {
		for _, k := range kinds {
			terms.Kinds = append(terms.Kinds, cordon.NoticeKind(k))
		}
	}
}

func (c *cli) channelAdd() *cobra.Command {
	var draft wire.ChannelDraft
	var output string
	cmd := &cobra.Command{
		Use:   "add (--mail ADDRESS | --webhook URL) --clearance MARKING",
		Short: "Add a mail address or a webhook",
		Long: `Add adds one mail address or one webhook. A notice that its clearance covers is sent
there whole. For any other, a bare line is sent that a notice waits, or with --quiet
nothing. You cannot clear a channel for more than you may read yourself.

A webhook's secret is shown once; with --output it is written to a file that
only you can read and is not shown. Posts are signed by the rules of Standard
Webhooks; in Go, client.VerifyWebhook verifies them.`,
		Example: `  cordon channel add --mail duty@example.org --clearance TLP:GREEN
  cordon channel add --webhook https://soc.example.org/cordon --clearance "TLP:AMBER" --kind incident --output hook.secret`,
		Args: cobra.NoArgs,
	}
	finish := termsFlags(cmd, &draft.ChannelTerms)
	f := cmd.Flags()
	f.StringVar(&draft.Address, "mail", "", "a mail `address`")
	f.StringVar(&draft.URL, "webhook", "", "the `URL` to post to")
	f.StringVar(&output, "output", "", "write the secret to this new `file` instead of showing it")
	cmd.MarkFlagsOneRequired("mail", "webhook")
	cmd.MarkFlagsMutuallyExclusive("mail", "webhook")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		finish()
		file, err := c.outSecret(output)
		if err != nil {
			return err
		}
		defer file.close()
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			added, err := api.AddChannel(ctx, draft)
			return c.showSecret(added, file, err)
		})
	}
	return cmd
}

func (c *cli) channelList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List your organisation's channels",
		Long:    "List shows the channels of your organisation, and since when deliveries to one have failed.",
		Example: "  cordon channel list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.Channels(ctx)
				return c.result(all, err, func() {
					if len(all.Items) == 0 {
						c.out.Printf("no channels\n")
					}
					for i, one := range all.Items {
						if i > 0 {
							c.out.Printf("\n")
						}
						c.channel(one, "")
					}
				})
			})
		},
	}
}

func (c *cli) channelChange() *cobra.Command {
	var terms wire.ChannelTerms
	cmd := &cobra.Command{
		Use:   "change CHANNEL --clearance MARKING",
		Short: "Change the terms of a channel",
		Long: `Change sets all terms of a channel anew: clearance, --quiet and --kind. They rule
notices that wait already too. A notice on its way is not called back.`,
		Example: "  cordon channel change CHANNEL --clearance TLP:CLEAR --quiet",
		Args:    cobra.ExactArgs(1),
	}
	finish := termsFlags(cmd, &terms)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		finish()
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			changed, err := api.ChangeChannel(ctx, cordon.ID(args[0]), terms)
			return c.result(changed, err, func() { c.channel(changed, "") })
		})
	}
	return cmd
}

func (c *cli) channelSecret() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "secret CHANNEL",
		Short: "Give a webhook another secret",
		Long: `Secret gives a webhook another secret and shows it, once. With --output it is written
to a file that only you can read. For a day, posts are signed with the old secret
too, so that the receiver can change over.`,
		Example: "  cordon channel secret CHANNEL --output hook.secret",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := c.outSecret(output)
			if err != nil {
				return err
			}
			defer file.close()
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				changed, err := api.NewChannelSecret(ctx, cordon.ID(args[0]))
				return c.showSecret(changed, file, err)
			})
		},
	}
	cmd.Flags().StringVar(&output, "output", "", "write the secret to this new `file` instead of showing it")
	return cmd
}

func (c *cli) channelTest() *cobra.Command {
	return &cobra.Command{
		Use:     "test CHANNEL",
		Short:   "Send a test by a channel",
		Long:    "Test sends a line by the channel which says only that it is a test, and shows whether it was\ntaken.",
		Example: "  cordon channel test CHANNEL",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				tested, err := api.TestChannel(ctx, cordon.ID(args[0]))
				if err != nil {
					return err
				}
				if err := c.show(tested, func() {
					if tested.Delivered {
						c.out.Printf("it was taken\n")
					}
				}); err != nil || tested.Delivered {
					return err
				}
				return foundf("%s", tested.Problem)
			})
		},
	}
}

func (c *cli) channelRemove() *cobra.Command {
	return &cobra.Command{
		Use:     "remove CHANNEL",
		Short:   "Remove a channel, and the notices on their way to it",
		Long:    "Remove removes a channel with its secret and with every notice on its way to it. The notices\nstay in the inbox.",
		Example: "  cordon channel remove CHANNEL",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if err := api.RemoveChannel(ctx, cordon.ID(args[0])); err != nil {
					return err
				}
				return c.show(map[string]string{"removed": args[0]}, func() { c.out.Printf("removed\n") })
			})
		},
	}
}

// showSecret shows a channel with the secret that was made, or writes that to
// a file.
func (c *cli) showSecret(one wire.Channel, file *outFile, err error) error {
	if err != nil {
		return err
	}
	written := ""
	if file != nil && one.Secret != "" {
		if err := file.write([]byte(one.Secret+"\n"), "give the channel another secret: cordon channel secret "+string(one.ID)); err != nil {
			return err
		}
		one.Secret, written = "", file.name
	}
	return c.show(one, func() { c.channel(one, written) })
}

func (c *cli) channel(one wire.Channel, written string) {
	above := "a line that one waits"
	if one.Quiet {
		above = "nothing"
	}
	kinds := ""
	if len(one.Kinds) > 0 {
		kinds = fmt.Sprint(one.Kinds)
	}
	c.fields("channel", string(one.ID), "mail", one.Address, "webhook", one.URL, "cleared for", asMark(one.Clearance),
		"above that", above, "kinds", kinds, "failing since", when(one.Failing), "secret", one.Secret, "written to", written)
}
