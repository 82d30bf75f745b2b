package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) orgCommand() *cobra.Command {
	return parent("org", "Keep the organisations that take part",
		"Org adds, changes and lists organisations: owners of information, its recipients, and those\nto which it could be released. An operator does this, and invites each one's first administrator.",
		"  cordon org add ALLY --country GBR\n  cordon org invite ALLY \"Ada Berg\" --output ada.code\n  cordon org list",
		c.orgAdd(), c.orgInvite(), c.orgChange(), c.orgCeiling(), c.orgAsk(), c.orgList())
}

func (c *cli) orgAdd() *cobra.Command {
	var draft wire.OrganisationDraft
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add an organisation",
		Long:    "Add adds an organisation. It takes an operator.",
		Example: "  cordon org add ALLY --title \"Allied Service\" --country GBR --community FVEY",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			draft.Name = args[0]
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				org, err := api.AddOrganisation(ctx, draft)
				if err != nil {
					return err
				}
				return c.showOrg(org)
			})
		},
	}
	orgFlags(cmd, &draft)
	return cmd
}

func (c *cli) orgInvite() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "invite ORGANISATION NAME",
		Short: "Invite an organisation's first administrator",
		Long: `Invite adds the organisation's first administrator, cleared for nothing, and makes a
secret, good once and for a day, by which they set their own password or add a passkey.
Hand it to them and to nobody else. They add the others. Where the organisation has an
administrator already who has come in, nobody is invited; an invitation that nobody has
used yet is replaced. It takes an operator.`,
		Example: "  cordon org invite ALLY \"Ada Berg\" --output ada.code",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := c.outSecret(output)
			if err != nil {
				return err
			}
			defer file.close()
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				e, err := api.InviteAdministrator(ctx, args[0], args[1])
				if err != nil {
					return err
				}
				return c.showEnrolment(e, file, output, "invite them again: the invitation before it is then no longer good")
			})
		},
	}
	cmd.Flags().StringVar(&output, "output", "", "write the secret to this new `file` instead of showing it")
	return cmd
}

func (c *cli) orgCeiling() *cobra.Command {
	return c.ceilingCommand("ceiling ORGANISATION", "Bound what an organisation's people can hold",
		`Ceiling bounds what the people of the organisation can hold, from their next request on:
in each scheme the level named and none in others, and the compartments named. Without a
flag they can hold nothing. It takes an operator, who raises it as far as the organisation's
administrators asked (org ask), and at will while nobody is in it.`,
		"  cordon org ceiling ALLY --clearance us=S --read-in us:SI", (*client.Client).SetCeiling)
}

func (c *cli) orgAsk() *cobra.Command {
	return c.ceilingCommand("ask ORGANISATION", "Ask the operators for another ceiling of your organisation",
		`Ask asks the operators to let your organisation's people hold what is named, in place of
what was asked before. They see it in org list. It takes an administrator.`,
		"  cordon org ask ALLY --clearance us=TS --read-in us:SI", (*client.Client).AskCeiling)
}

func (c *cli) ceilingCommand(use, short, long, example string, do func(*client.Client, context.Context, string, wire.CeilingDraft) (wire.Organisation, error)) *cobra.Command {
	var levels, compartments []string
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			draft := wire.CeilingDraft{Clearances: map[string]string{}, ReadIns: compartments}
			if err := clearances(levels, draft.Clearances); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				org, err := do(api, ctx, args[0], draft)
				if err != nil {
					return err
				}
				return c.showOrg(org)
			})
		},
	}
	cmd.Flags().StringArrayVar(&levels, "clearance", nil, "`scheme=level`, the highest that somebody can hold (repeatable)")
	cmd.Flags().StringArrayVar(&compartments, "read-in", nil, "`scheme:compartment` that somebody can hold (repeatable)")
	return cmd
}

// ceilingText is a ceiling in words; empty for none.
func ceilingText(c *cordon.Ceiling) string {
	if c == nil {
		return ""
	}
	text := strings.TrimSpace(clearanceText(wire.Person{Clearances: c.Clearances}) + " " + strings.Join(c.ReadIns, " "))
	if text == "" {
		return "nothing"
	}
	return text
}

// orgFlags are the flags for the properties of an organisation.
func orgFlags(cmd *cobra.Command, draft *wire.OrganisationDraft) {
	f := cmd.Flags()
	f.StringVar(&draft.Title, "title", "", "its `name` in full")
	f.StringVar(&draft.Country, "country", "", "the ISO 3166 `trigraph` it belongs to")
	f.StringArrayVar(&draft.Communities, "community", nil, "a `community` it is a member of, such as FVEY (repeatable)")
	f.StringArrayVar(&draft.ClientOf, "client-of", nil, "an `organisation` whose client it is: it may read what that one was given as TLP:AMBER (repeatable)")
}

func (c *cli) orgChange() *cobra.Command {
	var given wire.OrganisationDraft
	var left, noClientOf []string
	var rename string
	cmd := &cobra.Command{
		Use:   "change NAME",
		Short: "Change an organisation",
		Long: `Change alters an organisation's name, title, country, communities, and whose client
it is. The change rules the very next request of its people. Everything that no flag
names stays as it is. Reports that it published under a marking for its community
stay open to the communities it was a member of then. It takes an operator.`,
		Example: `  cordon org change ALLY --community FIN-ISAC --no-community FVEY
  cordon org change MILLBANK --client-of CERT-A`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				org, tag, err := api.Organisation(ctx, args[0])
				if err != nil {
					return err
				}
				draft := wire.OrganisationDraft{
					Name: org.Name, Title: org.Title, Country: org.Country,
					Communities: without(append(org.Communities, given.Communities...), left),
				}
				for _, of := range org.ClientOf {
					if !slices.Contains(noClientOf, of.Name) && !slices.Contains(noClientOf, string(of.ID)) {
						draft.ClientOf = append(draft.ClientOf, string(of.ID))
					}
				}
				draft.ClientOf = append(draft.ClientOf, given.ClientOf...)
				for flag, set := range map[string]func(){
					"rename":  func() { draft.Name = rename },
					"title":   func() { draft.Title = given.Title },
					"country": func() { draft.Country = given.Country },
				} {
					if cmd.Flags().Changed(flag) {
						set()
					}
				}
				if org, err = api.ChangeOrganisation(client.WithTag(ctx, tag), string(org.ID), draft); err != nil {
					return err
				}
				return c.showOrg(org)
			})
		},
	}
	orgFlags(cmd, &given)
	f := cmd.Flags()
	f.StringVar(&rename, "rename", "", "its new short `name`")
	f.StringArrayVar(&left, "no-community", nil, "a `community` it is no longer a member of (repeatable)")
	f.StringArrayVar(&noClientOf, "no-client-of", nil, "an `organisation` whose client it no longer is (repeatable)")
	return cmd
}

func (c *cli) showOrg(o wire.Organisation) error {
	return c.show(o, func() {
		c.fields("organisation", o.Name, "id", string(o.ID), "title", o.Title, "country", o.Country,
			"communities", strings.Join(o.Communities, " "), "client of", names(o.ClientOf),
			"ceiling", ceilingText(o.Ceiling), "asked for", ceilingText(o.Asked))
	})
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
				return showList(c, orgs, "no organisations", []string{"NAME", "COUNTRY", "COMMUNITIES", "ID", "TITLE", "ASKED FOR"}, func(o wire.Organisation) []string {
					return []string{o.Name, o.Country, strings.Join(o.Communities, " "), string(o.ID), o.Title, ceilingText(o.Asked)}
				})
			})
		},
	}
}
