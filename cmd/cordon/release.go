package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
)

func (c *cli) releaseCommand() *cobra.Command {
	return parent("release", "Ask every owner, and answer for what you own",
		`Release asks the owners of portions that an organisation outside their
recipients may have them. Each owner gets a part of its own, sees nothing of the
others, and decides for itself.`,
		"  cordon release request --report MEMO-12 --audience VISITOR --purpose \"meeting on Thursday\"\n  cordon release parts",
		c.releaseRequest(), c.releaseList(), c.releaseParts(), c.releaseDecide(), c.releaseEmergency(), c.releaseReview())
}

func (c *cli) releaseRequest() *cobra.Command {
	var portions []string
	var draft client.ReleaseDraft
	var expires string
	cmd := &cobra.Command{
		Use:   "request --audience ORG (--portion ID... | --report REPORT)",
		Short: "Ask that an organisation may have some portions",
		Long: `Request asks every owner whose permission is missing. Name portions one by one,
or a report to ask for all of it that you may see.`,
		Example: `  cordon release request --portion PORTION --audience VISITOR --purpose "meeting on Thursday"
  cordon release request --report MEMO-12 --audience VISITOR --expires 7d`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if draft.Portions, err = portionIDs(portions); err != nil {
				return err
			}
			if draft.Expires, err = instant("expires", expires); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.RequestRelease(ctx, draft)
				if err != nil {
					return err
				}
				return c.show(r, func() { c.request(r) })
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&portions, "portion", nil, "the `id` of a portion (repeatable)")
	f.StringVar(&draft.Report, "report", "", "a `report`: all of it that you may see")
	f.StringVar(&draft.Audience, "audience", "", "the `organisation` that is to have it")
	f.StringVar(&draft.Purpose, "purpose", "", "what for; the owners asked are shown it")
	f.StringVar(&expires, "expires", "", "when undecided parts lapse: a date, or how long from now (14d)")
	cmd.MarkFlagRequired("audience")
	cmd.MarkFlagsOneRequired("portion", "report")
	cmd.MarkFlagsMutuallyExclusive("portion", "report")
	return cmd
}

// request writes a request with its parts.
func (c *cli) request(r client.ReleaseRequest) {
	c.fields("request", string(r.ID), "audience", name(r.Audience), "purpose", r.Purpose, "expires", when(r.Expires))
	c.out.Printf("\n")
	rows := make([][]string, len(r.Parts))
	for i, p := range r.Parts {
		rows[i] = partRow(p)
	}
	c.out.Table(partHead, rows)
	if len(r.Clear) > 0 {
		c.out.Printf("\n%s may have already:\n%s\n", name(r.Audience), tty.Indent(idList(r.Clear), "  ", c.out.Width))
	}
	if len(r.Excluded) > 0 {
		text := fmt.Sprintf("the marking leaves %s out, so that no grant opens these; ask for a tearline:", name(r.Audience))
		c.out.Printf("\n%s\n%s\n", tty.Indent(text, "", c.out.Width), tty.Indent(idList(r.Excluded), "  ", c.out.Width))
	}
}

var partHead = []string{"OWNER", "STATE", "PORTIONS", "PART", "ANSWER"}

func partRow(p client.ReleasePart) []string {
	answer := p.Reason
	if p.Tearline != "" {
		answer = "tearline " + string(p.Tearline) + " " + answer
	}
	if p.Grant != "" {
		answer = "grant " + string(p.Grant) + " " + answer
	}
	return clean([]string{name(p.Owner), string(p.State), fmt.Sprint(len(p.Portions)), string(p.ID), answer})
}

func (c *cli) releaseList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "The requests of your organisation, newest first",
		Long:    "List shows what your organisation asked for and how each owner answered.",
		Example: "  cordon release list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.ReleaseRequests(ctx)
				if err != nil {
					return err
				}
				if all == nil {
					all = []client.ReleaseRequest{}
				}
				return c.show(list[client.ReleaseRequest]{all}, func() {
					if len(all) == 0 {
						c.out.Printf("no requests\n")
					}
					for i, r := range all {
						if i > 0 {
							c.out.Printf("\n")
						}
						c.request(r)
					}
				})
			})
		},
	}
}

func (c *cli) releaseParts() *cobra.Command {
	return &cobra.Command{
		Use:     "parts",
		Short:   "What waits for your organisation's answer, or had it",
		Long:    "Parts shows your organisation's parts of others' requests, newest first. It takes a release authority.",
		Example: "  cordon release parts",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.ReleaseParts(ctx)
				if err != nil {
					return err
				}
				if all == nil {
					all = []client.ReleasePart{}
				}
				return c.show(list[client.ReleasePart]{all}, func() {
					if len(all) == 0 {
						c.out.Printf("nothing waits for you\n")
					}
					for i, p := range all {
						if i > 0 {
							c.out.Printf("\n")
						}
						c.waiting(p)
					}
				})
			})
		},
	}
}

// waiting writes a part as whoever decides on it reads it.
func (c *cli) waiting(p client.ReleasePart) {
	c.fields("part", string(p.ID), "state", string(p.State), "from", name(p.Requester), "for", name(p.Audience),
		"purpose", p.Purpose, "expires", when(p.Expires)+" UTC")
	for _, portion := range p.Portions {
		line := "portion " + string(portion.ID) + " " + asMark(portion.Marking)
		if len(portion.Sources) > 0 {
			line += ", made from your " + idList(portion.Sources)
		}
		c.out.Printf("%s\n", tty.Indent(tty.Clean(line), "  ", c.out.Width))
	}
}

func (c *cli) releaseDecide() *cobra.Command {
	var d client.Decision
	var grant []string
	var grantAll, refuse bool
	var until string
	cmd := &cobra.Command{
		Use:   "decide PART (--grant PORTION... | --grant-all | --tearline REPORT | --refuse)",
		Short: "Answer your organisation's part of a request",
		Long: `Decide gives the answer, once: which portions are granted, until when, and what
is offered in place of the rest. What is not granted is refused.`,
		Example: `  cordon release decide PART --grant PORTION --until 7d
  cordon release decide PART --tearline KESTREL-7T --reason "not the place, not the source"
  cordon release decide PART --refuse --reason "the source would be known"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			part, err := idArg("part", args[0])
			if err != nil {
				return err
			}
			if d.Grant, err = portionIDs(grant); err != nil {
				return err
			}
			if d.Until, err = instant("until", until); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if grantAll {
					if d.Grant, err = allOfPart(ctx, api, part); err != nil {
						return err
					}
				}
				p, err := api.Decide(ctx, part, d)
				if err != nil {
					return err
				}
				return c.show(p, func() {
					c.fields("part", string(p.ID), "state", string(p.State), "grant", string(p.Grant),
						"tearline", string(p.Tearline), "reason", p.Reason)
				})
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&grant, "grant", nil, "the `id` of a portion granted (repeatable)")
	f.BoolVar(&grantAll, "grant-all", false, "grant every portion of the part")
	f.BoolVar(&refuse, "refuse", false, "grant nothing and offer nothing")
	f.StringVar(&d.Tearline, "tearline", "", "a `report` of yours, of kind tearline, offered in place of what is refused")
	f.StringVar(&until, "until", "", "when the permission ends: a date, or how long from now (30d)")
	f.BoolVar(&d.ShownOnly, "shown-only", false, "it may be shown and not kept")
	f.StringVar(&d.Reason, "reason", "", "told to the requester")
	cmd.MarkFlagsOneRequired("grant", "grant-all", "tearline", "refuse")
	for _, other := range []string{"grant", "grant-all", "tearline"} {
		cmd.MarkFlagsMutuallyExclusive("refuse", other)
	}
	cmd.MarkFlagsMutuallyExclusive("grant", "grant-all")
	return cmd
}

func allOfPart(ctx context.Context, api *client.Client, part cordon.ID) ([]cordon.ID, error) {
	parts, err := api.ReleaseParts(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.ID == part {
			var ids []cordon.ID
			for _, portion := range p.Portions {
				ids = append(ids, portion.ID)
			}
			return ids, nil
		}
	}
	return nil, cordon.ErrNotFound
}
