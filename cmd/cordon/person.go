package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) personCommand() *cobra.Command {
	return parent("person", "Keep the people, what they hold and what they do",
		"Person adds, changes and lists people. A change rules the very next request.",
		"  cordon person add \"Tomas Reed\" --clearance us=TS --read-in us:SI --role reader\n  cordon person list",
		c.personAdd(), c.personChange(), c.personList(), c.personEnrol())
}

// holdings are the flags for what a person holds.
type holdings struct {
	nationality string
	clearances  []string
	readIns     []string
	roles       []string
}

func (h *holdings) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&h.nationality, "nationality", "", "a `trigraph`; that of the organisation where it is left out")
	f.StringArrayVar(&h.clearances, "clearance", nil, "`scheme=level`, such as us=TS (repeatable)")
	f.StringArrayVar(&h.readIns, "read-in", nil, "`scheme:compartment`, such as us:SI, or us:SI@2026-01-01..2026-12-31 where it is held from the start of one day until the start of another (repeatable)")
	f.StringArrayVar(&h.roles, "role", nil, "a `role`: "+roleNames()+" (repeatable)")
}

func roleNames() string {
	var all []string
	for _, r := range cordon.Roles() {
		all = append(all, string(r))
	}
	return strings.Join(all, ", ")
}

func clearances(texts []string, into map[string]string) error {
	all, err := pairs("clearance", "scheme=level, such as us=TS", texts)
	for _, p := range all {
		if p[1] == "" {
			delete(into, p[0])
			continue
		}
		into[p[0]] = p[1]
	}
	return err
}

func readIns(texts []string) ([]cordon.ReadIn, error) {
	var out []cordon.ReadIn
	for _, t := range texts {
		r, err := cordon.ParseReadIn(t)
		if err != nil {
			return nil, usagef("--read-in: %s", err)
		}
		out = append(out, r)
	}
	return out, nil
}

// heldInstead gives the read-ins to be held from now on: those held, less
// those taken away, where each one given takes the place of any of its
// compartment.
func heldInstead(held, given []cordon.ReadIn, away []string) []cordon.ReadIn {
	held = slices.DeleteFunc(slices.Clone(held), func(r cordon.ReadIn) bool {
		return slices.ContainsFunc(given, func(g cordon.ReadIn) bool { return g.Compartment == r.Compartment })
	})
	return slices.DeleteFunc(append(held, given...), func(r cordon.ReadIn) bool {
		return slices.Contains(away, r.Compartment) || slices.Contains(away, r.String())
	})
}

func readInText(held []cordon.ReadIn) string {
	out := make([]string, len(held))
	for i, r := range held {
		out[i] = r.String()
	}
	return strings.Join(out, " ")
}

func roles(texts []string) []cordon.Role {
	out := make([]cordon.Role, len(texts))
	for i, t := range texts {
		out[i] = cordon.Role(t)
	}
	return out
}

func (c *cli) personAdd() *cobra.Command {
	var h holdings
	var org string
	var service bool
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a person",
		Long: `Add adds a person, with clearances, read-ins and roles. Nobody reads anything by a
role: reading is decided portion by portion. It takes an administrator, who adds to their
own organisation. With --service it adds an account for a program, which signs in by no
password, decides nothing, and acts by tokens that administrators make.`,
		Example: `  cordon person add "Tomas Reed" --clearance us=TS --read-in us:SI --role reader --role author
  cordon person add "nightly import" --service --clearance us=S --role author`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			draft := wire.PersonDraft{
				Organisation: org, Name: args[0], Nationality: h.nationality,
				Clearances: map[string]string{}, Roles: roles(h.roles), Service: service,
			}
			var err error
			if draft.ReadIns, err = readIns(h.readIns); err != nil {
				return err
			}
			if err := clearances(h.clearances, draft.Clearances); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if draft.Organisation == "" {
					me, err := api.Me(ctx)
					if err != nil {
						return err
					}
					draft.Organisation = string(me.Organisation.ID)
				}
				p, err := api.AddPerson(ctx, draft)
				if err != nil {
					return err
				}
				return c.showPerson(p)
			})
		},
	}
	h.flags(cmd)
	cmd.Flags().StringVar(&org, "org", "", "the person's `organisation`, on the data directory itself; yours where it is left out")
	cmd.Flags().BoolVar(&service, "service", false, "it is an account for a program")
	return cmd
}

func (c *cli) personChange() *cobra.Command {
	var h holdings
	var noReadIns, noRoles []string
	var suspend, restore bool
	cmd := &cobra.Command{
		Use:   "change PERSON",
		Short: "Change what a person holds",
		Long: `Change gives a person more or takes something away. The change rules the very next
request. PERSON is an id or a name in your organisation; on the data directory itself
ORG/Name too. Everything that no flag names stays as it is; a read-in given takes the
place of one of the same compartment. It takes an administrator of their organisation.`,
		Example: `  cordon person change "Noor Falk" --clearance us=TS --read-in us:SI@2026-01-01..2026-12-31
  cordon person change "Jun Okafor" --no-read-in us:SI
  cordon person change "Noor Falk" --suspend`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				p, err := findPerson(ctx, api, args[0])
				if err != nil {
					return err
				}
				p, tag, err := api.Person(ctx, string(p.ID))
				if err != nil {
					return err
				}
				given, err := readIns(h.readIns)
				if err != nil {
					return err
				}
				draft := wire.PersonDraft{
					Organisation: string(p.Organisation.ID), Name: p.Name, Nationality: p.Nationality,
					Clearances: maps.Clone(p.Clearances),
					ReadIns:    heldInstead(p.ReadIns, given, noReadIns),
					Roles:      roles(without(append(texts(p.Roles), h.roles...), noRoles)),
					Suspended:  (p.Suspended || suspend) && !restore,
					Service:    p.Service,
				}
				if draft.Clearances == nil {
					draft.Clearances = map[string]string{}
				}
				if cmd.Flags().Changed("nationality") {
					draft.Nationality = h.nationality
				}
				if err := clearances(h.clearances, draft.Clearances); err != nil {
					return err
				}
				if p, err = api.ChangePerson(client.WithTag(ctx, tag), string(p.ID), draft); err != nil {
					return err
				}
				return c.showPerson(p)
			})
		},
	}
	h.flags(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&noReadIns, "no-read-in", nil, "take away this `read-in` (repeatable)")
	f.StringArrayVar(&noRoles, "no-role", nil, "take away this `role` (repeatable)")
	f.BoolVar(&suspend, "suspend", false, "refuse the person everything")
	f.BoolVar(&restore, "restore", false, "end the person's suspension")
	cmd.MarkFlagsMutuallyExclusive("suspend", "restore")
	return cmd
}

// without is the list, each item once, less those taken away.
func without(list, away []string) []string {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(s string) bool { return slices.Contains(away, s) })
}

func texts(roles []cordon.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

func (c *cli) personList() *cobra.Command {
	var org string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the people of an organisation",
		Long:    "List shows an organisation's people to its own members.",
		Example: "  cordon person list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if org == "" {
					me, err := api.Me(ctx)
					if err != nil {
						return err
					}
					org = string(me.Organisation.ID)
				}
				people, err := api.People(ctx, org)
				if err != nil {
					return err
				}
				return showList(c, people, "no people", []string{"NAME", "CLEARANCES", "READ-INS", "ROLES", "ID"}, func(p wire.Person) []string {
					roles := strings.Join(texts(p.Roles), " ")
					if p.Suspended {
						roles = "suspended"
					}
					return []string{p.Name, clearanceText(p), readInText(p.ReadIns), roles, string(p.ID)}
				})
			})
		},
	}
	cmd.Flags().StringVar(&org, "org", "", "the `organisation`, on the data directory itself; yours where it is left out")
	return cmd
}

func (c *cli) showPerson(p wire.Person) error {
	return c.show(p, func() {
		suspended := ""
		if p.Suspended {
			suspended = "yes"
		}
		c.fields("person", p.Name, "id", string(p.ID), "organisation", name(p.Organisation),
			"nationality", p.Nationality, "clearances", clearanceText(p),
			"read-ins", readInText(p.ReadIns), "roles", strings.Join(texts(p.Roles), " "), "suspended", suspended, "kind", kindOf(p))
	})
}

// kindOf says what is no person.
func kindOf(p wire.Person) string {
	if p.Service {
		return "a program's account"
	}
	return ""
}

func clearanceText(p wire.Person) string {
	var all []string
	for _, scheme := range slices.Sorted(maps.Keys(p.Clearances)) {
		all = append(all, scheme+"="+p.Clearances[scheme])
	}
	return strings.Join(all, " ")
}
