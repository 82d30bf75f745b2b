package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/internal/strictjson"
	"cordon/wire"
)

func (c *cli) claimsCommand() *cobra.Command {
	return parent("claims", "The public record: who said what, and what it denies",
		`Claims keeps the public record of an incident: propositions, the sources that
speak, their statements. It never says what is true.`,
		"  cordon claims import INCIDENT record.json\n  cordon claims matrix INCIDENT",
		c.claimsImport(), c.claimsProposition(), c.claimsSource(), c.claimsStatement(), c.claimsMatrix())
}

func (c *cli) claimsImport() *cobra.Command {
	return &cobra.Command{
		Use:   "import INCIDENT FILE|-",
		Short: "Add a whole record, or nothing of it",
		Long: `Import adds the propositions, sources and statements of a JSON file:
{"propositions":[…],"sources":[…],"statements":[…]}.`,
		Example: "  cordon claims import INCIDENT record.json",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			incident, err := idArg("incident", args[0])
			if err != nil {
				return err
			}
			text, err := c.text(args[1])
			if err != nil {
				return err
			}
			var record wire.Record
			if err := strictjson.Unmarshal([]byte(text), &record); err != nil {
				return cordon.Errorf(cordon.KindInvalid, "%s is not a public record: %s", shown(args[1]), strings.TrimPrefix(err.Error(), "json: "))
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if err := api.ImportClaims(ctx, incident, record); err != nil {
					return err
				}
				added := map[string]int{
					"propositions": len(record.Propositions), "sources": len(record.Sources), "statements": len(record.Statements),
				}
				return c.show(added, func() {
					c.out.Printf("added %d propositions, %d sources, %d statements\n",
						len(record.Propositions), len(record.Sources), len(record.Statements))
				})
			})
		},
	}
}

// claimsAdd is a command that adds one item and gives its id.
func (c *cli) claimsAdd(cmd *cobra.Command, add func(cmd *cobra.Command, api *client.Client, incident cordon.ID, arg string) (string, error)) *cobra.Command {
	cmd.Args = cobra.ExactArgs(2)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		incident, err := idArg("incident", args[0])
		if err != nil {
			return err
		}
		return c.with(cmd.Context(), func(_ context.Context, api *client.Client) error {
			id, err := add(cmd, api, incident, args[1])
			return c.result(wire.Added{ID: id}, err, func() { c.out.Printf("%s\n", id) })
		})
	}
	return cmd
}

func (c *cli) claimsProposition() *cobra.Command {
	var p wire.Proposition
	var portions []string
	cmd := c.claimsAdd(&cobra.Command{
		Use:     "proposition INCIDENT TEXT",
		Short:   "Add something that can be claimed and denied",
		Long:    "Proposition adds one thing that can be claimed and denied, and prints its id.",
		Example: "  cordon claims proposition INCIDENT \"The passage was read out in the meeting\" --id P1",
	}, func(cmd *cobra.Command, api *client.Client, incident cordon.ID, arg string) (string, error) {
		var err error
		p.Text = arg
		if p.Portions, err = portionIDs(portions); err != nil {
			return "", err
		}
		return api.AddProposition(cmd.Context(), incident, p)
	})
	cmd.Flags().StringVar(&p.ID, "id", "", "its `name` in the record, such as P1; drawn at random where it is left out")
	cmd.Flags().StringArrayVar(&portions, "portion", nil, "the `id` of a protected portion it touches (repeatable)")
	return cmd
}

func (c *cli) claimsSource() *cobra.Command {
	var s wire.Source
	var inRoom bool
	cmd := c.claimsAdd(&cobra.Command{
		Use:     "source INCIDENT WHO",
		Short:   "Add somebody to whom statements are attributed",
		Long:    "Source adds somebody to whom statements are attributed, and prints its id.",
		Example: "  cordon claims source INCIDENT \"the minister\" --named --in-room=false --id S-minister",
	}, func(cmd *cobra.Command, api *client.Client, incident cordon.ID, arg string) (string, error) {
		s.Who = arg
		if cmd.Flags().Changed("in-room") {
			s.InRoom = &inRoom
		}
		return api.AddSource(cmd.Context(), incident, s)
	})
	f := cmd.Flags()
	f.StringVar(&s.ID, "id", "", "its `name` in the record; drawn where it is left out")
	f.BoolVar(&s.Named, "named", false, "WHO tells who it is")
	f.StringVar(&s.Via, "via", "", "the `outlet`, where there is one")
	f.BoolVar(&inRoom, "in-room", false, "whether the source was where the disclosure happened; unknown where it is left out")
	return cmd
}

func (c *cli) claimsStatement() *cobra.Command {
	var s wire.Statement
	var stances []string
	var published string
	cmd := c.claimsAdd(&cobra.Command{
		Use:   "statement INCIDENT SOURCE",
		Short: "Add what a source said at one time",
		Long: `Statement adds what a source said, and prints its id. A stance is confirms,
denies, does-not-claim or does-not-address.`,
		Example: "  cordon claims statement INCIDENT S-minister --published 2026-05-16T18:10:00Z --stance P1=denies",
	}, func(cmd *cobra.Command, api *client.Client, incident cordon.ID, arg string) (string, error) {
		var err error
		s.Source = arg
		if s.Published, err = time.Parse(time.RFC3339, published); err != nil {
			return "", usagef("--published %q is not a time: write it with its zone, such as 2026-05-16T18:10:00Z", published)
		}
		all, err := pairs("stance", "PROPOSITION=stance, such as P1=denies", stances)
		if err != nil {
			return "", err
		}
		s.Stances = map[string]wire.Stance{}
		for _, p := range all {
			s.Stances[p[0]] = wire.Stance(p[1])
		}
		return api.AddStatement(cmd.Context(), incident, s)
	})
	f := cmd.Flags()
	f.StringVar(&s.ID, "id", "", "its `name` in the record; drawn where it is left out")
	f.StringVar(&published, "published", "", "when it became public, with its zone")
	f.BoolVar(&s.Approximate, "approximate", false, "the time is not exact")
	f.StringArrayVar(&stances, "stance", nil, "`PROPOSITION=stance` (repeatable)")
	f.StringVar(&s.Corrects, "corrects", "", "the earlier `statement` it replaces")
	f.StringVar(&s.Note, "note", "", "a note")
	cmd.MarkFlagRequired("published")
	return cmd
}

func (c *cli) claimsMatrix() *cobra.Command {
	var at string
	cmd := &cobra.Command{
		Use:   "matrix INCIDENT",
		Short: "Who claimed and who denied what, as it stood at an instant",
		Long: `Matrix draws up the public record: for each proposition, how many independent roots
confirm it, who denies it outright, and who passed over it.`,
		Example: "  cordon claims matrix INCIDENT\n  cordon claims matrix INCIDENT --at 2026-05-16T18:10:00Z",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			incident, err := idArg("incident", args[0])
			if err != nil {
				return err
			}
			instant, err := instant("at", at)
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				m, err := api.Matrix(ctx, incident, instant)
				return c.result(m, err, func() { c.matrix(m) })
			})
		},
	}
	cmd.Flags().StringVar(&at, "at", "", "the `instant`: a date, or a time with its zone; now where it is left out")
	return cmd
}

func (c *cli) matrix(m wire.Matrix) {
	c.out.Printf("the public record at %s\n\n", when(m.At))
	rows := make([][]string, len(m.Propositions))
	for i, p := range m.Propositions {
		rows[i] = clean([]string{
			p.ID, p.Text, roots(p.ConfirmedByRoots), strings.Join(p.OutrightDenials, " "), strings.Join(p.Silence, " "),
		})
	}
	c.out.Table([]string{"", "PROPOSITION", "ROOTS", "DENIED BY", "PASSED OVER BY"}, rows)
	if len(m.DeniedThoughNobodyClaimed) > 0 {
		c.out.Printf("\ndenied though nobody claimed it: %s\n", strings.Join(m.DeniedThoughNobodyClaimed, " "))
	}
	for _, ch := range m.ChangedTheirWords {
		c.out.Printf("changed their words: %s on %s, from %s to %s\n", ch.Source, ch.Proposition, ch.From, ch.To)
	}
	if len(m.Unheard) > 0 {
		c.out.Printf("not heard yet: %s\n", strings.Join(m.Unheard, " "))
	}
}

func roots(r wire.Range) string {
	if r.AtLeast == r.AtMost {
		return fmt.Sprint(r.AtLeast)
	}
	return fmt.Sprintf("%d-%d", r.AtLeast, r.AtMost)
}
