package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/wire"
)

func (c *cli) releaseCommand() *cobra.Command {
	return parent("release", "Ask every owner, and answer for what you own",
		`Release asks the owners of portions that an organisation outside their
recipients may have them. Each owner gets a part of its own, sees nothing of the
others, and decides for itself. Their permission takes effect when the requester
releases the portions, and only for the wording that was asked for.`,
		"  cordon release request --report MEMO-12 --audience VISITOR --purpose \"meeting on Thursday\"\n  cordon release parts",
		c.releasePlan(), c.releaseRequest(), c.releaseList(), c.releaseShow(), c.releaseRelease(), c.releaseWithdraw(),
		c.releaseParts(), c.releaseWording(), c.releaseDecide(), c.releaseConfirm(), c.releaseEmergency(), c.releaseReview())
}

// asking adds the flags by which something is asked for.
func asking(cmd *cobra.Command, portions *[]string, draft *wire.ReleaseDraft) {
	f := cmd.Flags()
	f.StringArrayVar(portions, "portion", nil, "the `id` of a portion (repeatable)")
	f.StringVar(&draft.Report, "report", "", "a `report`: all of it that you may see")
	f.StringVar(&draft.Audience, "audience", "", "the `organisation` that is to have it")
	cmd.MarkFlagRequired("audience")
	cmd.MarkFlagsOneRequired("portion", "report")
	cmd.MarkFlagsMutuallyExclusive("portion", "report")
}

func (c *cli) releasePlan() *cobra.Command {
	var portions []string
	var draft wire.ReleaseDraft
	cmd := &cobra.Command{
		Use:   "plan --audience ORG (--portion ID... | --report REPORT)",
		Short: "Show what a request would ask of whom",
		Long: `Plan says, paragraph by paragraph, whose permission is missing, which the audience
may have already, and which no permission opens. It files nothing.`,
		Example: "  cordon release plan --report MEMO-12 --audience VISITOR",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if draft.Portions, err = portionIDs(portions); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				plan, err := api.PlanRelease(ctx, draft)
				return c.result(plan, err, func() {
					rows := make([][]string, len(plan.Paragraphs))
					for i, p := range plan.Paragraphs {
						rows[i] = clean([]string{string(p.ID), asMark(p.Marking), standing(p)})
					}
					c.out.Table([]string{"PORTION", "MARKING", "FOR " + name(plan.Audience)}, rows)
				})
			})
		},
	}
	asking(cmd, &portions, &draft)
	return cmd
}

// standing says what stands between the audience and a paragraph.
func standing(p wire.PlannedParagraph) string {
	var says []string
	if p.Clear {
		says = append(says, "may have it already")
	}
	if len(p.Missing) > 0 {
		says = append(says, "ask "+names(p.Missing))
	}
	if p.Excluded {
		says = append(says, "left out by the marking: a tearline")
	}
	if p.RuledOut != "" {
		says = append(says, "not to be asked for: "+p.RuledOut)
	}
	return strings.Join(says, "; ")
}

func (c *cli) releaseRequest() *cobra.Command {
	var portions []string
	var draft wire.ReleaseDraft
	var expires string
	cmd := &cobra.Command{
		Use:   "request --audience ORG (--portion ID... | --report REPORT)",
		Short: "Ask that an organisation may have some portions",
		Long: `Request asks every owner whose permission is missing. Name portions one by one, or
name a report to ask for all of it that you may see.`,
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
				return c.result(r, err, func() { c.request(r) })
			})
		},
	}
	asking(cmd, &portions, &draft)
	f := cmd.Flags()
	f.StringVar(&draft.Purpose, "purpose", "", "what it is for; the owners asked are shown it")
	f.StringVar(&expires, "expires", "", "when the request lapses: a date, or how long from now (14d)")
	return cmd
}

// request writes a request with its parts.
func (c *cli) request(r wire.ReleaseRequest) {
	c.fields("request", string(r.ID), "state", string(r.State), "audience", name(r.Audience), "purpose", r.Purpose, "expires", when(r.Expires),
		"released", when(r.Released))
	c.out.Printf("\n")
	rows := make([][]string, len(r.Parts))
	for i, p := range r.Parts {
		rows[i] = partRow(p)
	}
	c.out.Table(partHead, rows)
	for _, p := range r.Parts {
		c.answer(p)
	}
	if len(r.Clear) > 0 {
		c.out.Printf("\n%s may have already:\n%s\n", name(r.Audience), tty.Indent(idList(r.Clear), "  ", c.out.Width))
	}
	if len(r.Excluded) > 0 {
		text := fmt.Sprintf("the marking leaves %s out, so that no grant opens these; ask for a tearline:", name(r.Audience))
		c.out.Printf("\n%s\n%s\n", tty.Indent(text, "", c.out.Width), tty.Indent(idList(r.Excluded), "  ", c.out.Width))
	}
}

var partHead = []string{"OWNER", "STATE", "PORTIONS", "PART"}

func partRow(p wire.ReleasePart) []string {
	return clean([]string{name(p.Owner), string(p.State), fmt.Sprintf("%d of %d", len(p.Granted), len(p.Portions)), string(p.ID)})
}

// answer writes an owner's answer, if there is one.
func (c *cli) answer(p wire.ReleasePart) {
	var says []string
	if p.Reason != "" {
		says = append(says, p.Reason)
	}
	if p.Tearline != "" {
		says = append(says, "tearline "+string(p.Tearline))
	}
	if p.Grant != "" {
		says = append(says, "grant "+string(p.Grant))
	}
	if len(says) > 0 {
		c.out.Printf("%s\n", tty.Indent(tty.Line(name(p.Owner)+": "+strings.Join(says, ", ")), "  ", c.out.Width))
	}
}

func (c *cli) releaseList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the requests of your organisation, newest first",
		Long:    "List shows your organisation's requests and how each owner answered.",
		Example: "  cordon release list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.ReleaseRequests(ctx)
				if err != nil {
					return err
				}
				if all == nil {
					all = []wire.ReleaseRequest{}
				}
				return c.show(list[wire.ReleaseRequest]{all}, func() {
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

// onRequest is a command that does something with one request and shows the
// result.
func (c *cli) onRequest(cmd *cobra.Command, do func(context.Context, *client.Client, cordon.ID) (wire.ReleaseRequest, error)) *cobra.Command {
	cmd.Args = cobra.ExactArgs(1)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := idArg("request", args[0])
		if err != nil {
			return err
		}
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			r, err := do(ctx, api, id)
			return c.result(r, err, func() { c.request(r) })
		})
	}
	return cmd
}

func (c *cli) releaseShow() *cobra.Command {
	return c.onRequest(&cobra.Command{
		Use:     "show REQUEST",
		Short:   "Show one request of your organisation, and how each owner answered",
		Long:    "Show shows one request as list does.",
		Example: "  cordon release show REQUEST",
	}, func(ctx context.Context, api *client.Client, id cordon.ID) (wire.ReleaseRequest, error) {
		return api.ReleaseRequest(ctx, id)
	})
}

func (c *cli) releaseRelease() *cobra.Command {
	var without []string
	cmd := c.onRequest(&cobra.Command{
		Use:   "release REQUEST [--without PORTION...]",
		Short: "Give the audience what every owner permitted",
		Long: `Release gives the audience every portion that all its owners have agreed to, all at
once. Name each portion that an owner refused outright with --without; the rest is
released without it.`,
		Example: "  cordon release release REQUEST\n  cordon release release REQUEST --without PORTION",
	}, func(ctx context.Context, api *client.Client, id cordon.ID) (wire.ReleaseRequest, error) {
		ids, err := portionIDs(without)
		if err != nil {
			return wire.ReleaseRequest{}, err
		}
		return api.Release(ctx, id, wire.Leaving{Without: ids})
	})
	cmd.Flags().StringArrayVar(&without, "without", nil, "the `id` of a portion to leave out (repeatable)")
	return cmd
}

func (c *cli) releaseWithdraw() *cobra.Command {
	return c.onRequest(&cobra.Command{
		Use:     "withdraw REQUEST",
		Short:   "Take a request back that has not been released",
		Long:    "Withdraw ends a request and tells its owners. Portions already released are theirs to revoke.",
		Example: "  cordon release withdraw REQUEST",
	}, func(ctx context.Context, api *client.Client, id cordon.ID) (wire.ReleaseRequest, error) {
		return api.Withdraw(ctx, id)
	})
}

func (c *cli) releaseWording() *cobra.Command {
	return &cobra.Command{
		Use:   "wording PART",
		Short: "Read the portions that a part asks for",
		Long: `Wording opens those portions of a part that you may read. Where a paragraph was made
from others' portions too, you may see only your own sources of it; see parts.`,
		Example: "  cordon release wording PART",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			part, err := idArg("part", args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.PartWording(ctx, part)
				return c.result(list[wire.PartWording]{all}, err, func() {
					if len(all) == 0 {
						c.out.Printf("nothing of it is yours to read\n")
					}
					for _, p := range all {
						c.out.Printf("%s\n%s\n", string(p.ID), tty.Indent(tty.Clean(asMark(p.Marking)+" "+p.Text), "  ", c.out.Width))
					}
				})
			})
		},
	}
}

func (c *cli) releaseConfirm() *cobra.Command {
	return &cobra.Command{
		Use:   "confirm PART PROPOSAL",
		Short: "Be the second person to consent to an answer",
		Long: `Confirm gives the second consent, where the arrangement asks for two people: the
proposal of another release authority becomes your organisation's answer. Look at
it first: cordon release parts shows its id, what it grants, until when, on what
conditions, to whom, and the reason that is told.`,
		Example: "  cordon release confirm PART PROPOSAL",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			part, err := idArg("part", args[0])
			if err != nil {
				return err
			}
			proposal, err := idArg("proposal", args[1])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				p, err := api.Confirm(ctx, part, proposal)
				return c.result(p, err, func() { c.answered(p) })
			})
		},
	}
}

// answered writes the outcome of a part.
func (c *cli) answered(p wire.ReleasePart) {
	c.fields(slices.Concat([]string{"part", string(p.ID), "state", string(p.State)}, terms(p), []string{"proposal", string(p.Proposal)})...)
}

// terms are the fields of an answer, or of a proposal of one, that somebody who is
// to confirm it goes by; none before there is one.
func terms(p wire.ReleasePart) []string {
	var until, shown, to string
	if len(p.Granted) > 0 || p.Tearline != "" {
		until, shown, to = when(p.Until), "may be shown and kept", "all of "+name(p.Audience)
		if p.Until.IsZero() {
			until = "30 days after the release, or as the arrangement says"
		}
		if p.ShownOnly {
			shown = "may be shown and not kept"
		}
		if len(p.People) > 0 {
			to = idList(p.People)
		}
	}
	return []string{"granted", idList(p.Granted), "tearline", string(p.Tearline), "until", until, "conditions", shown, "to", to, "reason", p.Reason}
}

func (c *cli) releaseParts() *cobra.Command {
	return &cobra.Command{
		Use:     "parts",
		Short:   "List the parts that wait for your organisation's answer, or had it",
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
					all = []wire.ReleasePart{}
				}
				return c.show(list[wire.ReleasePart]{all}, func() {
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

// waiting writes a part as its decider reads it.
func (c *cli) waiting(p wire.ReleasePart) {
	c.fields(slices.Concat([]string{
		"part", string(p.ID), "state", string(p.State), "request", string(p.RequestState), "from", name(p.Requester), "for", name(p.Audience),
		"purpose", p.Purpose, "expires", when(p.Expires),
	}, terms(p),
		[]string{"proposal", string(p.Proposal), "grant", string(p.Grant), "also asked", names(p.Others)})...)
	for _, portion := range p.Portions {
		line := "portion " + string(portion.ID) + " " + asMark(portion.Marking)
		if len(portion.Sources) > 0 {
			line += ", made from your " + idList(portion.Sources)
		}
		if !portion.Readable {
			line += "; not yours to read whole"
		}
		c.out.Printf("%s\n", tty.Indent(tty.Line(line), "  ", c.out.Width))
	}
}

func (c *cli) releaseDecide() *cobra.Command {
	var d wire.Decision
	var grant []string
	var grantAll, refuse bool
	var until string
	cmd := &cobra.Command{
		Use:   "decide PART (--grant PORTION... | --grant-all | --tearline REPORT | --refuse)",
		Short: "Answer your organisation's part of a request",
		Long: `Decide gives the answer, once: which portions are granted, on what conditions, and
what is offered in place of the rest. Portions not granted are refused. The answer
takes effect when the requester releases the portions. Until then --refuse takes it
back; afterwards cordon grant revoke does.`,
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
				return c.result(p, err, func() { c.answered(p) })
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&grant, "grant", nil, "the `id` of a portion granted (repeatable)")
	f.BoolVar(&grantAll, "grant-all", false, "grant every portion of the part")
	f.BoolVar(&refuse, "refuse", false, "grant nothing and offer nothing")
	f.StringVar(&d.Tearline, "tearline", "", "a `report` of yours, of kind tearline, offered in place of refused portions")
	f.StringVar(&until, "until", "", "when the permission ends: a date, or how long from now (30d)")
	f.BoolVar(&d.ShownOnly, "shown-only", false, "it may be shown and not kept")
	f.StringArrayVar(&d.People, "to", nil, "the `id` of one of the audience's people it is for (repeatable); none is all")
	f.BoolVar(&d.Known, "known", false, "let the other owners asked know that you were asked")
	f.StringVar(&d.Reason, "reason", "", "told to the requester")
	cmd.MarkFlagsOneRequired("grant", "grant-all", "tearline", "refuse")
	for _, other := range []string{"grant", "grant-all", "tearline"} {
		cmd.MarkFlagsMutuallyExclusive("refuse", other)
	}
	cmd.MarkFlagsMutuallyExclusive("grant", "grant-all")
	return cmd
}

func allOfPart(ctx context.Context, api *client.Client, part cordon.ID) ([]cordon.ID, error) {
	p, err := api.ReleasePart(ctx, part)
	var ids []cordon.ID
	for _, portion := range p.Portions {
		ids = append(ids, portion.ID)
	}
	return ids, err
}
