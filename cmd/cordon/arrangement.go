package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
)

func (c *cli) arrangementCommand() *cobra.Command {
	return parent("arrangement", "Standing agreements under which reports are shared",
		`Arrangement sets up and lists standing agreements between organisations. An
arrangement carries a marking of its own: to whoever may not see that, it does
not exist.`,
		"  cordon arrangement add \"QUIET WATER\" --marking 'TS//SI//REL TO USA, GBR' --party ALLY\n  cordon arrangement list",
		c.arrangementAdd(), c.arrangementList())
}

func (c *cli) arrangementAdd() *cobra.Command {
	var draft client.ArrangementDraft
	var withheld string
	var equivalences []string
	cmd := &cobra.Command{
		Use:   "add NAME --marking MARK --party ORG...",
		Short: "Set up an arrangement",
		Long: `Add sets up an arrangement between your organisation and others; the parties are
the recipients of what is shared under it. It takes a release authority.`,
		Example: `  cordon arrangement add "QUIET WATER" --marking 'TS//SI//REL TO USA, GBR' --party ALLY
  cordon arrangement add "BLUE DESK" --marking U --party EUROPOL --treat 'H2=TLP:AMBER+STRICT'
  cordon arrangement add "NIGHT SHIFT" --marking TLP:AMBER --party ALLY --default-marking TLP:AMBER --withheld mark`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			draft.Name, draft.Withheld = args[0], cordon.Withheld(withheld)
			for _, text := range equivalences {
				from, as, ok := strings.Cut(text, "=")
				if !ok {
					return usagef("--treat %q: write MARK=MARK, such as H2=S//OC", text)
				}
				draft.Equivalences = append(draft.Equivalences, cordon.Equivalence{From: from, As: as})
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				a, err := api.AddArrangement(ctx, draft)
				if err != nil {
					return err
				}
				return c.show(a, func() {
					c.fields("arrangement", a.Name, "id", string(a.ID), "marking", a.Marking, "parties", names(a.Parties),
						"default marking", a.DefaultMarking, "withheld portions", string(a.Withheld))
				})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&draft.Marking, "marking", "", "the `mark` of the arrangement itself: who may know of it")
	f.StringArrayVar(&draft.Parties, "party", nil, "another `organisation` that agreed (repeatable)")
	f.StringVar(&draft.DefaultMarking, "default-marking", "", "the `mark` of portions that carry none")
	f.StringArrayVar(&equivalences, "treat", nil, "`MARK=MARK`: treat what is so marked in one scheme as so marked in another, too (repeatable)")
	f.StringVar(&withheld, "withheld", "", "how a withheld portion shows: silent (nothing at all, the default) or mark")
	cmd.MarkFlagRequired("marking")
	cmd.MarkFlagRequired("party")
	return cmd
}

func (c *cli) arrangementList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the arrangements you may know of",
		Long:    "List shows the arrangements you may know of. The others do not exist for you, not even by a count.",
		Example: "  cordon arrangement list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				list, err := api.Arrangements(ctx)
				if err != nil {
					return err
				}
				return showList(c, list, "no arrangements", []string{"NAME", "MARKING", "PARTIES", "ID"}, func(a client.Arrangement) []string {
					return []string{a.Name, a.Marking, names(a.Parties), string(a.ID)}
				})
			})
		},
	}
}
