package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/wire"
)

func (c *cli) releaseEmergency() *cobra.Command {
	var portions []string
	var draft wire.EmergencyDraft
	cmd := &cobra.Command{
		Use:   "emergency --audience ORG (--portion ID... | --report REPORT) --reason TEXT",
		Short: "Release without the owners' consent where life is in imminent danger",
		Long: `Emergency releases portions to an organisation at once, on behalf of every owner
whose permission is missing. Each portion, and everything it was made from, must
have been shared under an arrangement that names you for this.

Every owner is told as it happens and reviews it afterwards. The release runs as
long as the arrangement says, three days at most, and is not prolonged. It waives
the owners' permission and nothing else, and says what still stands in the way.`,
		Example: `  cordon release emergency --portion PORTION --audience VISITOR --reason "an attack on the ferry tonight"
  cordon release emergency --report MEMO-12 --audience VISITOR --reason "a life at the pier"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if draft.Portions, err = portionIDs(portions); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.ReleaseInEmergency(ctx, draft)
				return c.result(r, err, func() { c.releasedInEmergency(r) })
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&portions, "portion", nil, "the `id` of a portion (repeatable)")
	f.StringVar(&draft.Report, "report", "", "a `report`: all of it that you may see")
	f.StringVar(&draft.Audience, "audience", "", "the `organisation` that is to have it")
	f.StringVar(&draft.Reason, "reason", "", "which danger to whose life; every owner is shown it")
	cmd.MarkFlagRequired("audience")
	cmd.MarkFlagRequired("reason")
	cmd.MarkFlagsOneRequired("portion", "report")
	cmd.MarkFlagsMutuallyExclusive("portion", "report")
	return cmd
}

func (c *cli) releasedInEmergency(r wire.EmergencyRelease) {
	c.fields("release", string(r.ID), "audience", name(r.Audience), "until", when(r.Until),
		"released", idList(r.Portions), "had already", idList(r.Clear))
	for _, s := range r.Still {
		text := "portion " + string(s.Portion) + ": "
		if s.Shut {
			text += "not released: "
		}
		c.out.Printf("%s\n", tty.Indent(tty.Clean(text+strings.Join(s.Needs, "; ")), "", c.out.Width))
	}
}

func (c *cli) releaseReview() *cobra.Command {
	var uphold, overrule bool
	var until string
	var review wire.EmergencyReview
	all := false
	cmd := &cobra.Command{
		Use:   "review [PART (--uphold | --overrule)]",
		Short: "Review emergency releases of your organisation's portions",
		Long: `Without a part, review lists your organisation's parts of emergency releases that
await review, those that have ended among them. --all lists reviewed ones too.

With a part, it records your decision, once. An upheld part runs until its end, or
with --until as an ordinary grant until a date. An overruled part ends at once. It
takes a release authority.`,
		Example: `  cordon release review
  cordon release review PART --uphold --until 7d --note "the danger lasts"
  cordon release review PART --overrule --note "there was none"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				if uphold || overrule {
					return usagef("no part is named: cordon release review lists those that await review")
				}
				return c.emergencies(cmd.Context(), all)
			}
			if uphold == overrule {
				return usagef("a review needs a decision: give --uphold or --overrule")
			}
			part, err := idArg("part", args[0])
			if err != nil {
				return err
			}
			if review.Until, err = instant("until", until); err != nil {
				return err
			}
			review.Decision = "overrule"
			if uphold {
				review.Decision = "uphold"
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				p, err := api.ReviewEmergency(ctx, part, review)
				return c.result(p, err, func() { c.emergencyPart(p) })
			})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&uphold, "uphold", false, "let it stand")
	f.BoolVar(&overrule, "overrule", false, "end it at once")
	f.StringVar(&until, "until", "", "make an ordinary grant of it until a date, or how long from now (7d)")
	f.StringVar(&review.Note, "note", "", "kept with the review")
	f.BoolVar(&all, "all", false, "list those that were reviewed too")
	cmd.MarkFlagsMutuallyExclusive("uphold", "overrule")
	cmd.MarkFlagsMutuallyExclusive("overrule", "until")
	return cmd
}

func (c *cli) emergencies(ctx context.Context, all bool) error {
	return c.with(ctx, func(ctx context.Context, api *client.Client) error {
		parts, err := pages(&paging{all: true}, func(page wire.Page) (wire.List[wire.EmergencyPart], error) {
			return api.Emergencies(ctx, all, page)
		})
		if err != nil {
			return err
		}
		if parts == nil {
			parts = []wire.EmergencyPart{}
		}
		return c.show(list[wire.EmergencyPart]{parts}, func() {
			if len(parts) == 0 {
				c.out.Printf("%s\n", map[bool]string{false: "nothing awaits review", true: "nothing was released in an emergency"}[all])
			}
			for i, p := range parts {
				if i > 0 {
					c.out.Printf("\n")
				}
				c.emergencyPart(p)
			}
		})
	})
}

func (c *cli) emergencyPart(p wire.EmergencyPart) {
	state := string(p.State)
	if p.Overdue {
		state += ", overdue"
	}
	reviewed := ""
	if p.State != cordon.EmergencyAwaitsReview {
		reviewed = fmt.Sprintf("%s by %s", when(p.Reviewed), name(p.Reviewer))
	}
	c.fields("part", string(p.ID), "state", state, "released by", name(p.By)+" of "+name(p.Organisation), "to", name(p.Audience),
		"reason", p.Reason, "released", when(p.Created), "until", when(p.Until), "portions", idList(p.Portions),
		"grant", string(p.Grant), "reviewed", reviewed, "note", p.Note)
}
