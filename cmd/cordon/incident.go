package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cordon/client"
	"cordon/wire"
)

func (c *cli) incidentCommand() *cobra.Command {
	return parent("incident", "Open and show the cases opened for disclosures",
		"Incident opens and shows the cases of your organisation. For people outside a case's circle\nit does not exist.",
		"  cordon incident open \"Thursday's meeting\"\n  cordon incident list",
		c.incidentOpen(), c.incidentList(), c.incidentShow())
}

func (c *cli) incidentOpen() *cobra.Command {
	var custody []string
	cmd := &cobra.Command{
		Use:   "open TITLE",
		Short: "Open an incident",
		Long: `Open opens a case for a disclosure. --custody names people of your organisation who
may read the portions struck under it; you are always one of them. It takes a
security officer.`,
		Example: "  cordon incident open \"Thursday's meeting\" --custody \"Tomas Reed\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				i, err := api.OpenIncident(ctx, wire.IncidentDraft{Title: args[0], Custody: custody})
				return c.result(i, err, func() { c.incident(i) })
			})
		},
	}
	cmd.Flags().StringArrayVar(&custody, "custody", nil, "a `person` who may read struck portions (repeatable)")
	return cmd
}

func (c *cli) incidentList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the incidents you may know of, newest first",
		Long:    "List shows the incidents you may know of.",
		Example: "  cordon incident list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.Incidents(ctx)
				if err != nil {
					return err
				}
				return showList(c, all, "no incidents", []string{"OPENED (UTC)", "BY", "TITLE", "INCIDENT"}, func(i wire.Incident) []string {
					return []string{when(i.Opened), name(i.Opener), i.Title, string(i.ID)}
				})
			})
		},
	}
}

func (c *cli) incidentShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show INCIDENT",
		Short:   "Show one incident, with its disclosures and containment steps",
		Long:    "Show gives an incident with its disclosures and every containment step taken.",
		Example: "  cordon incident show INCIDENT",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("incident", args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				i, err := api.Incident(ctx, id)
				return c.result(i, err, func() { c.incident(i) })
			})
		},
	}
}

func (c *cli) incident(i wire.Incident) {
	c.fields("incident", string(i.ID), "title", i.Title, "opened", when(i.Opened)+" by "+name(i.Opener), "custody", names(i.Custody))
	if len(i.Disclosures) > 0 {
		c.out.Printf("\n")
		rows := make([][]string, len(i.Disclosures))
		for n, d := range i.Disclosures {
			rows[n] = []string{when(d.Found), fmt.Sprint(d.Words), string(d.Portion)}
		}
		c.out.Table([]string{"FOUND (UTC)", "WORDS", "PORTION"}, rows)
	}
	if len(i.Steps) > 0 {
		c.out.Printf("\n")
		rows := make([][]string, len(i.Steps))
		for n, s := range i.Steps {
			rows[n] = clean([]string{when(s.At), string(s.Step), name(s.Target), name(s.By)})
		}
		c.out.Table([]string{"DONE (UTC)", "STEP", "WHAT", "BY"}, rows)
	}
}
