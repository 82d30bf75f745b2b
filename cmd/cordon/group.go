package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) groupCommand() *cobra.Command {
	return parent("group", "Keep the need-to-know groups of your organisation",
		`Group makes, changes and lists the need-to-know groups of your organisation. Where
it narrows a report or an arrangement to a group ("cordon report narrow", "cordon
arrangement narrow"), none of its other people reads them. Other organisations
neither see that nor are ruled by it. It takes a security officer.`,
		"  cordon group add 'North desk' --person 'Noor Falk'\n  cordon report narrow KESTREL-7 --group 'North desk'",
		c.groupAdd(), c.groupChange(), c.groupList(), c.groupNarrowings())
}

func (c *cli) groupAdd() *cobra.Command {
	var draft wire.GroupDraft
	cmd := &cobra.Command{
		Use:     "add NAME --person PERSON...",
		Short:   "Make a need-to-know group",
		Long:    "Add makes a group of people of your organisation.",
		Example: "  cordon group add 'North desk' --person 'Noor Falk' --person 'Iris Vane'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			draft.Name = args[0]
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				g, err := api.AddGroup(ctx, draft)
				if err != nil {
					return err
				}
				return c.showGroup(g)
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&draft.People, "person", nil, "a `person` of your organisation who is in it (repeatable)")
	f.BoolVar(&draft.Everyone, "everyone", false, "all people of your organisation are in it")
	cmd.MarkFlagsOneRequired("person", "everyone")
	return cmd
}

func (c *cli) groupChange() *cobra.Command {
	var rename string
	var in, out []string
	var everyone, shut bool
	cmd := &cobra.Command{
		Use:   "change GROUP",
		Short: "Change who is in a need-to-know group",
		Long: `Change takes people into a group and out of it. The change rules the very next
request. Opening a group to everyone lifts every narrowing to it. Everything that
no flag names stays as it is.`,
		Example: `  cordon group change 'North desk' --person 'Sol Marsh' --no-person 'Noor Falk'
  cordon group change 'North desk' --everyone`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				g, err := findGroup(ctx, api, args[0])
				if err != nil {
					return err
				}
				draft := wire.GroupDraft{Name: g.Name, Everyone: (g.Everyone || everyone) && !shut}
				if rename != "" {
					draft.Name = rename
				}
				var people []string
				for _, p := range g.People {
					people = append(people, string(p.ID))
				}
				for _, name := range in {
					p, err := findPerson(ctx, api, name)
					if err != nil {
						return err
					}
					people = append(people, string(p.ID))
				}
				var away []string
				for _, name := range out {
					p, err := findPerson(ctx, api, name)
					if err != nil {
						return err
					}
					away = append(away, string(p.ID))
				}
				draft.People = without(people, away)
				if g, err = api.ChangeGroup(ctx, string(g.ID), draft); err != nil {
					return err
				}
				return c.showGroup(g)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&rename, "rename", "", "its new `name`")
	f.StringArrayVar(&in, "person", nil, "a `person` to take in (repeatable)")
	f.StringArrayVar(&out, "no-person", nil, "a `person` to take out (repeatable)")
	f.BoolVar(&everyone, "everyone", false, "open it to all people of your organisation")
	f.BoolVar(&shut, "not-everyone", false, "close it again to all but the people in it")
	cmd.MarkFlagsMutuallyExclusive("everyone", "not-everyone")
	return cmd
}

func (c *cli) groupList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the need-to-know groups of your organisation",
		Long:    "List shows the groups of your organisation, by name, those without one first.",
		Example: "  cordon group list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				groups, err := api.Groups(ctx)
				if err != nil {
					return err
				}
				return showList(c, groups, "no groups", []string{"NAME", "ID", "PEOPLE"}, func(g wire.Group) []string {
					return []string{g.Name, string(g.ID), groupPeople(g)}
				})
			})
		},
	}
}

// findGroup gives the group of the id or name.
func findGroup(ctx context.Context, api *client.Client, name string) (wire.Group, error) {
	groups, err := api.Groups(ctx)
	if err != nil {
		return wire.Group{}, err
	}
	for _, g := range groups {
		if string(g.ID) == name || g.Name == name && name != "" {
			return g, nil
		}
	}
	return wire.Group{}, cordon.ErrNotFound
}

func (c *cli) showGroup(g wire.Group) error {
	return c.show(g, func() { c.fields("group", g.Name, "id", string(g.ID), "people", groupPeople(g)) })
}

func groupPeople(g wire.Group) string {
	if g.Everyone {
		return "everyone"
	}
	return names(g.People)
}

// narrow makes the command that narrows a report or an arrangement.
func (c *cli) narrow(what, short, long, example string, do func(*client.Client, context.Context, string, wire.NarrowingDraft) (wire.Narrowing, error)) *cobra.Command {
	var draft wire.NarrowingDraft
	cmd := &cobra.Command{
		Use:     "narrow " + what + " --group GROUP|--person PERSON...",
		Short:   short,
		Long:    long,
		Example: example,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				n, err := do(api, ctx, args[0], draft)
				return c.result(n, err, func() {
					c.fields("narrowed", string(n.ID), "group", string(n.Group), "report", string(n.Report), "arrangement", string(n.Arrangement))
				})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&draft.Group, "group", "", "the need-to-know `group` of your organisation, by id or name")
	f.StringArrayVar(&draft.People, "person", nil, "a `person` of your organisation, of whom a group without a name is made (repeatable)")
	cmd.MarkFlagsOneRequired("group", "person")
	cmd.MarkFlagsMutuallyExclusive("group", "person")
	return cmd
}

func (c *cli) reportNarrow() *cobra.Command {
	return c.narrow("REPORT", "Narrow who of your own people reads a report",
		`Narrow closes a report, and everything made from it, to all people of your
organisation but those of a need-to-know group, or those named. It gives nobody
anything. It is never taken back: change the group instead. No other organisation
sees that it was done. It takes a security officer.`,
		`  cordon report narrow KESTREL-7 --group 'North desk'
  cordon report narrow KESTREL-7 --person 'Noor Falk' --person 'Iris Vane'`,
		(*client.Client).NarrowReport)
}

func (c *cli) arrangementNarrow() *cobra.Command {
	return c.narrow("ARRANGEMENT", "Narrow who of your own people reads anything under an arrangement",
		`Narrow closes everything under an arrangement, present and future, to all people of
your organisation but those of a need-to-know group, or those named. It gives nobody
anything. It is never taken back: change the group instead. No other party sees that
it was done. It takes a security officer.`,
		"  cordon arrangement narrow 'QUIET WATER' --group 'North desk'",
		(*client.Client).NarrowArrangement)
}

func (c *cli) groupNarrowings() *cobra.Command {
	return &cobra.Command{
		Use:     "narrowed",
		Short:   "List your organisation's narrowings",
		Long:    "Narrowed shows which reports and arrangements your organisation narrowed to groups, as far as\nyou may see something of them.",
		Example: "  cordon group narrowed",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.Narrowings(ctx)
				if err != nil {
					return err
				}
				return showList(c, all, "nothing is narrowed", []string{"GROUP", "REPORT", "ARRANGEMENT", "SINCE"}, func(n wire.Narrowing) []string {
					return []string{string(n.Group), string(n.Report), string(n.Arrangement), when(n.At)}
				})
			})
		},
	}
}
