package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"cordon/client"
)

func (c *cli) orgCommand() *cobra.Command {
	return parent("org", "Organisations that take part",
		"Org adds and lists organisations: owners of information, its recipients, and those it could be released to.",
		"  cordon org add ALLY --country GBR\n  cordon org list",
		c.orgAdd(), c.orgList())
}

func (c *cli) orgAdd() *cobra.Command {
	var draft client.OrganisationDraft
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add an organisation",
		Long:    "Add makes an organisation known. It takes an administrator.",
		Example: "  cordon org add ALLY --title \"Allied Service\" --country GBR --community FVEY",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			draft.Name = args[0]
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				org, err := api.AddOrganisation(ctx, draft)
				if err != nil {
					return err
				}
				return c.show(org, func() { c.fields("organisation", org.Name, "id", string(org.ID)) })
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&draft.Title, "title", "", "its `name` in full")
	f.StringVar(&draft.Country, "country", "", "the ISO 3166 `trigraph` it belongs to")
	f.StringArrayVar(&draft.Communities, "community", nil, "a `community` it is a member of, such as FVEY (repeatable)")
	return cmd
}

func (c *cli) orgList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the organisations",
		Long:    "List shows all organisations, by name.",
		Example: "  cordon org list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				orgs, err := api.Organisations(ctx)
				if err != nil {
					return err
				}
				return showList(c, orgs, "no organisations", []string{"NAME", "COUNTRY", "COMMUNITIES", "ID", "TITLE"}, func(o client.Organisation) []string {
					return []string{o.Name, o.Country, strings.Join(o.Communities, " "), string(o.ID), o.Title}
				})
			})
		},
	}
}
