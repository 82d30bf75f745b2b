package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/strictjson"
	"cordon/wire"
)

func (c *cli) containCommand() *cobra.Command {
	var strike, limit, revoke, notify []string
	var found string
	cmd := &cobra.Command{
		Use:   "contain INCIDENT",
		Short: "Strike, limit, revoke and notify, all at once",
		Long: `Contain does everything that its flags say, or nothing. When it returns, no read
gives the struck text. Owners of struck or limited portions are always told.

--found takes the output of "cordon scan --json" ("-" for standard input) and puts
it on the incident's record, in its owners' feeds too. It takes a security officer, who
need not be cleared for a text that their organisation holds or owns to strike it:
containment does not wait for clearance.`,
		Example: `  cordon contain INCIDENT --strike PORTION --limit "MEETING-1=Iris Vane,Tomas Reed" --notify ALLY
  cordon scan transcript.txt --json | cordon contain INCIDENT --found - --strike PORTION
  cordon contain INCIDENT --revoke GRANT`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			incident, err := idArg("incident", args[0])
			if err != nil {
				return err
			}
			plan := wire.Plan{Notify: notify}
			if plan.Strike, err = portionIDs(strike); err != nil {
				return err
			}
			if plan.Limit, err = limits(limit); err != nil {
				return err
			}
			for _, g := range revoke {
				id, err := idArg("grant", g)
				if err != nil {
					return err
				}
				plan.Revoke = append(plan.Revoke, id)
			}
			if found != "" {
				if plan.Disclosed, err = c.disclosed(found); err != nil {
					return err
				}
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				done, err := api.Contain(ctx, incident, plan)
				return c.result(done, err, func() { c.containment(done) })
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&strike, "strike", nil, "the `id` of a portion to take out, with everything made from it (repeatable)")
	f.StringArrayVar(&limit, "limit", nil, "`REPORT=person,person`: narrow a report to these people (repeatable)")
	f.StringArrayVar(&revoke, "revoke", nil, "the `id` of a grant to end (repeatable)")
	f.StringArrayVar(&notify, "notify", nil, "an `organisation` to tell, besides the owners (repeatable)")
	f.StringVar(&found, "found", "", "`file` with the findings of a scan, for the record")
	cmd.MarkFlagsOneRequired("strike", "limit", "revoke", "notify", "found")
	return cmd
}

func limits(texts []string) ([]wire.Limit, error) {
	all, err := pairs("limit", "REPORT=person,person", texts)
	if err != nil {
		return nil, err
	}
	out := make([]wire.Limit, len(all))
	for i, p := range all {
		out[i].Report = p[0]
		for _, person := range strings.Split(p[1], ",") {
			if person = strings.TrimSpace(person); person != "" {
				out[i].Circle = append(out[i].Circle, person)
			}
		}
		if len(out[i].Circle) == 0 {
			return nil, usagef("--limit %q names nobody: write REPORT=person,person", texts[i])
		}
	}
	return out, nil
}

// disclosed reads the findings of a scan.
func (c *cli) disclosed(file string) ([]wire.Disclosed, error) {
	text, err := c.text(file)
	if err != nil {
		return nil, err
	}
	var scan wire.Scanned
	if err := strictjson.Unmarshal([]byte(text), &scan); err != nil {
		return nil, usagef("%s is not an output of cordon scan --json: %w", shown(file), err)
	}
	var out []wire.Disclosed
	for _, f := range scan.Hits {
		out = append(out, wire.Disclosed{Portion: f.Portion, Words: f.Words})
	}
	return out, nil
}

func (c *cli) containment(d wire.Containment) {
	portions := func(ids []cordon.ID) string {
		if len(ids) == 0 {
			return ""
		}
		return fmt.Sprintf("%d  %s", len(ids), idList(ids))
	}
	c.fields("incident", string(d.Incident), "struck", portions(d.Struck), "limited", portions(d.Limited),
		"revoked", portions(d.Revoked), "notified", names(d.Notified))
	for _, report := range d.Review {
		c.err.Printf("cordon: note: %s is marked as a whole by compilation, and that marking stands: decide on it with cordon report compilation\n", report)
	}
	for _, t := range d.Tearlines {
		text := fmt.Sprintf("note: tearline %s of %s stands; look at it again", t.Report, idList(t.Originals))
		if len(t.To) > 0 {
			text += ": released to " + names(t.To)
		}
		c.err.Printf("cordon: %s\n", tty.Clean(text))
	}
	if len(d.Struck) > 0 && !d.Scrubbed {
		c.err.Printf("cordon: the sealed bytes of the struck portions leave the database's files at the next start\n")
	}
}
