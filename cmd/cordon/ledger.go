package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/internal/core/ledger"
	"cordon/wire"
)

func (c *cli) ledgerCommand() *cobra.Command {
	return parent("ledger", "Show and verify the record of every decision, read and release",
		`Ledger shows your organisation's feed and verifies it. With a bundle and the key you
can verify it without the server.`,
		"  cordon ledger feed\n  cordon ledger verify",
		c.ledgerFeed(), c.ledgerVerify(), c.ledgerCheckpoint(), c.ledgerBundle())
}

func (c *cli) ledgerFeed() *cobra.Command {
	var after int64
	var limit int
	cmd := &cobra.Command{
		Use:   "feed",
		Short: "Show what was done with your organisation's portions, entry by entry",
		Long: `Feed shows the entries of your organisation's feed, numbered without gaps: every
read, copy, release and refusal of its portions. It takes an auditor. With
--json, one entry on each line.`,
		Example: "  cordon ledger feed\n  cordon ledger feed --after 1000 --limit 200 --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				entries, err := feed(ctx, api, after, limit)
				if err != nil {
					return err
				}
				return showStream(c, entries, func() {
					rows := make([][]string, len(entries))
					for i, e := range entries {
						rows[i] = clean([]string{fmt.Sprint(e.Number), when(e.At), actor(e), string(e.Act), outcome(e), concerns(e)})
					}
					c.out.Table([]string{"NO", "WHEN (UTC)", "WHO", "ACT", "OUTCOME", "CONCERNS"}, rows)
				})
			})
		},
	}
	cmd.Flags().Int64Var(&after, "after", 0, "entries after this `number`")
	cmd.Flags().IntVar(&limit, "limit", 0, "at most this many; all where it is left out")
	return cmd
}

// feed fetches page after page.
func feed(ctx context.Context, api *client.Client, after int64, limit int) ([]wire.FeedEntry, error) {
	var out []wire.FeedEntry
	for {
		ask := cordon.MaxPage
		if limit > 0 {
			ask = min(ask, limit-len(out))
		}
		page, err := api.Feed(ctx, after, ask)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if page.Next == 0 || len(page.Items) == 0 || (limit > 0 && len(out) >= limit) {
			return out, nil
		}
		after = page.Next
	}
}

func actor(e wire.FeedEntry) string {
	var who []string
	for _, n := range []*wire.Named{e.ActorOrganisation, e.Actor} {
		if n != nil && n.Name != "" {
			who = append(who, n.Name)
		}
	}
	switch {
	case e.Act == cordon.ActSealed:
		return "not shown"
	case len(who) == 0:
		return "cordon"
	}
	return strings.Join(who, "/")
}

func outcome(e wire.FeedEntry) string {
	if len(e.Reasons) == 0 {
		return string(e.Outcome)
	}
	return string(e.Outcome) + ": " + strings.Join(e.Reasons, ", ")
}

func concerns(e wire.FeedEntry) string {
	var parts []string
	if n := len(e.Portions); n > 0 {
		parts = append(parts, fmt.Sprintf("%d %s", n, plural(n, "portion", "portions")))
	}
	if e.Audience != nil {
		parts = append(parts, "for "+name(*e.Audience))
	}
	if e.Subject != "" {
		parts = append(parts, string(e.Subject))
	}
	if e.Channel != "" {
		parts = append(parts, "by channel "+string(e.Channel))
	}
	if e.Step != "" {
		parts = append(parts, string(e.Step))
	}
	return strings.Join(parts, " ")
}

func (c *cli) ledgerCheckpoint() *cobra.Command {
	return &cobra.Command{
		Use:   "checkpoint",
		Short: "Print the signed head of the ledger, and the key that checks it",
		Long: `Checkpoint prints the signed head of the ledger's public log, which commits to
every feed as it is now. Keep it somewhere else: a ledger that was rewritten no
longer begins with it.`,
		Example: "  cordon ledger checkpoint --json > checkpoint.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				cp, err := api.Checkpoint(ctx)
				return c.result(cp, err, func() { c.out.Printf("%s\nkey  %s\n", strings.TrimRight(cp.Checkpoint, "\n"), cp.VerifierKey) })
			})
		},
	}
}

func (c *cli) ledgerBundle() *cobra.Command {
	var after, oldSize int64
	var limit int
	var output string
	cmd := &cobra.Command{
		Use:   "bundle",
		Short: "Write entries of your feed with the proofs to check them offline",
		Long: `Bundle writes entries of your organisation's feed with everything needed to
check them without the server: cordon ledger verify --bundle FILE --verifier KEY.
It takes an auditor.`,
		Example: "  cordon ledger bundle --output bundle.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			file, err := c.outText(output)
			if err != nil {
				return err
			}
			defer file.close()
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				data, err := api.Bundle(ctx, after, oldSize, limit)
				if err != nil {
					return err
				}
				data = append(data, '\n')
				if file != nil {
					return file.write(data, "write the bundle to another file")
				}
				_, err = c.out.Write(data)
				return err
			})
		},
	}
	f := cmd.Flags()
	f.Int64Var(&after, "after", 0, "entries after this `number`")
	f.Int64Var(&oldSize, "old-size", 0, "the `size` of the log you hold a checkpoint of")
	f.IntVar(&limit, "limit", ledger.MaxBundle, "at most this many; a longer feed takes several")
	f.StringVarP(&output, "output", "o", "", "write to this `file` instead of standard output")
	return cmd
}

func (c *cli) ledgerVerify() *cobra.Command {
	var bundle, held, verifier string
	var kept []string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Verify the whole ledger, or a bundle without the server",
		Long: `Verify recomputes the whole ledger: every entry, every feed's numbers and tree, the
public log and its signature. --kept names files with checkpoints kept somewhere
else, which the log must still begin with, and the feeds with what they committed
to. It takes an auditor, an administrator or an operator.

With --bundle it checks a bundle of one feed and needs nothing but the public
key. --held is the output of the last verification of a bundle with --json.

The exit code is 1 where something does not hold.`,
		Example: `  cordon ledger verify
  cordon ledger verify --kept checkpoint.json
  cordon ledger verify --bundle bundle.json --verifier cordon.example+7a1b2c3d+AbCd…`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if bundle != "" {
				return c.verifyBundle(bundle, verifier, held)
			}
			return c.verifyLedger(cmd.Context(), kept)
		},
	}
	f := cmd.Flags()
	f.StringVar(&bundle, "bundle", "", "check this `file`, offline")
	f.StringVar(&verifier, "verifier", "", "the ledger's public `key`, for --bundle")
	f.StringVar(&held, "held", "", "`file` with the output for the bundle before, for --bundle")
	f.StringArrayVar(&kept, "kept", nil, "`file` with a checkpoint kept somewhere else (repeatable)")
	cmd.MarkFlagsRequiredTogether("bundle", "verifier")
	cmd.MarkFlagsMutuallyExclusive("bundle", "kept")
	return cmd
}

func (c *cli) verifyLedger(ctx context.Context, kept []string) error {
	var draft wire.VerificationDraft
	for _, file := range kept {
		text, err := c.text(file)
		if err != nil {
			return err
		}
		draft.Kept = append(draft.Kept, checkpointText(text))
	}
	return c.with(ctx, func(ctx context.Context, api *client.Client) error {
		v, err := api.VerifyLedger(ctx, draft)
		if err != nil {
			return err
		}
		if err := c.show(v, func() { c.verification(v) }); err != nil {
			return err
		}
		if !v.OK {
			return foundf("not everything verifies")
		}
		return nil
	})
}

// checkpointText takes a checkpoint as "ledger checkpoint" prints it under
// --json, or the signed note alone.
func checkpointText(text string) string {
	var cp wire.Checkpoint
	if json.Unmarshal([]byte(text), &cp) == nil {
		return cp.Checkpoint
	}
	return text
}

func (c *cli) verification(v wire.Verification) {
	if v.OK {
		own := ""
		if v.Entries > 0 {
			own = fmt.Sprintf("; your organisation's has %d %s", v.Entries, plural(int(v.Entries), "entry", "entries"))
		}
		c.wrapped("%s: every feed is whole, and tick %d of the signed log commits to all of them%s", c.out.Green("the ledger verifies"), v.Size, own)
		rows := "every row of the database is as it was written"
		if v.State.Rows > 0 {
			rows = fmt.Sprintf("%d rows of the database, in %d sets, are as they were written", v.State.Rows, v.State.Sets)
		}
		c.wrapped("%s: %s", c.out.Green("the state verifies"), rows)
		return
	}
	if !v.State.OK {
		c.wrapped("%s: the database is not as this installation has written it", c.out.Red("the state does not verify"))
		for _, d := range v.State.Differences {
			c.fields(d.What, d.Why)
		}
		switch {
		case len(v.State.Differences) == 0:
			c.wrapped("An operator sees which rows.")
		case v.State.More:
			c.wrapped("There are more.")
		}
	}
	if f := v.Fault; f != nil {
		c.out.Printf("%s\n", c.out.Red("the ledger does not verify"))
		at, number := "", ""
		if f.Index >= 0 {
			at = fmt.Sprint(f.Index)
		}
		if f.Number > 0 {
			number = fmt.Sprint(f.Number)
		}
		c.fields("check", f.Check, "place in the log", at, "entry number", number, "entry", string(f.Entry), "feed", string(f.Feed), "problem", f.Problem)
	}
}

// verifyBundle needs no server: that is its point.
func (c *cli) verifyBundle(file, verifier, heldFile string) error {
	var b ledger.Bundle
	if err := c.readJSON(file, "a bundle", &b); err != nil {
		return err
	}
	held := ledger.Verified{Feed: b.Feed}
	if heldFile != "" {
		if err := c.readJSON(heldFile, "an output of cordon ledger verify --bundle", &held); err != nil {
			return err
		}
	}
	now, err := ledger.VerifyBundle(b, strings.TrimSpace(verifier), held)
	var fault *ledger.Fault
	if errors.As(err, &fault) {
		return cordon.Errorf(cordon.KindInvalid, "the bundle does not verify: %s", fault.Error())
	}
	if err != nil {
		return err
	}
	return c.show(now, func() {
		c.wrapped("%s: %d of %d entries of the feed, numbered without a gap, and the signed log commits to them",
			c.out.Green("the bundle verifies"), now.Seq, now.FeedSize)
	})
}

func (c *cli) readJSON(file, what string, into any) error {
	text, err := c.text(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return cordon.Errorf(cordon.KindInvalid, "%s is not %s: %s", shown(file), what, strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}
