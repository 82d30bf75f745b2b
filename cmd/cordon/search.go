package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) reportCount() *cobra.Command {
	return &cobra.Command{
		Use:     "count",
		Short:   "Count the reports and portions you may see",
		Long:    "Count tells how many reports you may see something of, and how many of their portions you may\nsee, exactly.",
		Example: "  cordon report count\n  cordon report count --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				n, err := api.Counts(ctx)
				return c.result(n, err, func() {
					c.out.Printf("%d %s, %d %s\n", n.Reports, plural(int(n.Reports), "report", "reports"), n.Portions, plural(int(n.Portions), "portion", "portions"))
				})
			})
		},
	}
}

func (c *cli) reportSearch() *cobra.Command {
	var q wire.Query
	var kind, from, until string
	cmd := &cobra.Command{
		Use:   "search WORD...",
		Short: "Find portions among those you may see",
		Long: `Search finds the portions you may see that have every one of the words, the best
answers first. A phrase in quotes must be there as it is. A word or phrase after a
minus must not be there (put -- before the first). Of words with OR between them one
will do. "-" reads the search from standard input. The search is kept nowhere.

Ranks, totals and everything else come from what you may see and from nothing else.`,
		Example: `  cordon report search beacon ferries
  cordon report search '"harbour street"' OR pier --owner MERIDIAN --from 2026-05-01
  cordon report search --sort new --marking S//NF -- beacon -ferries`,
		Args: cobra.MinimumNArgs(1),
	}
	f := cmd.Flags()
	f.StringVar(&q.Owner, "owner", "", "only portions that this organisation owns")
	f.StringVar(&q.Arrangement, "arrangement", "", "only portions shared under this arrangement, by id or name")
	f.StringVar(&q.Marking, "marking", "", "only portions marked exactly so, such as S//NF")
	f.StringVar(&q.AtLeast, "at-least", "", "only portions that demand at least this clearance, such as us:S")
	f.StringVar(&q.AtMost, "at-most", "", "only portions that demand no higher clearance than this, such as us:S")
	f.StringVar(&kind, "kind", "", "only in reports of this kind")
	f.StringVar(&from, "from", "", "only portions written on this date or later")
	f.StringVar(&until, "until", "", "only portions written before this date")
	f.StringVar(&q.Sort, "sort", "best", "which come first: best or new")
	p := pageFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		q.Text = strings.Join(args, " ")
		if q.Text == "-" {
			var err error
			if q.Text, err = c.text("-"); err != nil {
				return err
			}
		}
		if q.Sort != "best" && q.Sort != "new" {
			return usagef("--sort %q is not an order: give best or new", q.Sort)
		}
		q.Kind = cordon.ReportKind(kind)
		var err error
		if q.From, err = dateFlag("from", from); err != nil {
			return err
		}
		if q.Until, err = dateFlag("until", until); err != nil {
			return err
		}
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			var total *wire.Total
			all, err := pages(p, func(page wire.Page) (wire.List[wire.Hit], error) {
				found, err := api.Search(ctx, q, page)
				total = found.Total
				return wire.List[wire.Hit]{Items: found.Items, Next: found.Next}, err
			})
			if err != nil {
				return err
			}
			if all == nil {
				all = []wire.Hit{}
			}
			return c.show(wire.Results{Items: all, Total: total}, func() { c.hits(all, total) })
		})
	}
	return cmd
}

// hits writes the portions found as a table, and how many there are if that
// is more.
func (c *cli) hits(all []wire.Hit, total *wire.Total) {
	if len(all) == 0 {
		c.out.Printf("nothing found\n")
		return
	}
	rows := make([][]string, len(all))
	for i, h := range all {
		var snippet strings.Builder
		for _, piece := range h.Snippet {
			snippet.WriteString(piece.Text)
		}
		rows[i] = clean([]string{asMark(h.Marking), snippet.String(), string(h.ID), string(h.Report)})
	}
	c.out.Table([]string{"MARKING", "FOUND", "PORTION", "REPORT"}, rows)
	if total != nil && total.Portions > len(all) {
		more := ""
		if total.AtLeast {
			more = " at least"
		}
		c.out.Printf("%d of%s %d\n", len(all), more, total.Portions)
	}
}

// dateFlag reads a date or a date and time.
func dateFlag(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, usagef("--%s %q is not a date: write 2026-05-15, or with a time 2026-05-15T09:00:00Z", name, text)
}

func (c *cli) reportSuggest() *cobra.Command {
	return &cobra.Command{
		Use:   "suggest WORD",
		Short: "Suggest words to search for",
		Long: `Suggest gives words that begin as the one you give, or are one letter away from
it, from the newest text you may see. Their portions' owners see it in their
feeds as a search.`,
		Example: "  cordon report suggest harb",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				words, err := api.Suggest(ctx, args[0])
				if err != nil {
					return err
				}
				return showList(c, words, "nothing to suggest", []string{"WORD", "PORTIONS"}, func(s wire.Suggestion) []string {
					return []string{s.Word, fmt.Sprint(s.Portions)}
				})
			})
		},
	}
}
