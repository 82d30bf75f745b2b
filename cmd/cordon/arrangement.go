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

func (c *cli) arrangementCommand() *cobra.Command {
	return parent("arrangement", "Standing agreements under which reports are shared",
		`Arrangement drafts standing agreements between organisations, and shows, agrees
to, amends, suspends and ends them. An arrangement carries a marking of its own.
For people who may not see that marking, it does not exist.`,
		"  cordon arrangement add \"QUIET WATER\" --marking 'TS//SI//REL TO USA, GBR' --party ALLY\n  cordon arrangement show \"QUIET WATER\"",
		c.arrangementAdd(), c.arrangementList(), c.arrangementShow(),
		c.arrangementAnswer("agree", "Agree to a proposal",
			`Agree agrees, for your organisation, to exactly the proposal whose id you give; "show"
prints the id with the terms. The terms are in force when all parties have agreed. It
takes a release authority.`, (*client.Client).Agree),
		c.arrangementAnswer("decline", "Refuse a proposal, or take yours back",
			"Decline ends a draft or an amendment. It takes a release authority.", (*client.Client).Decline),
		c.arrangementAmend(), c.arrangementNarrow(),
		c.arrangementStop("suspend", "Stop everything new under an arrangement, at once",
			`Suspend stops publishing and releasing under an arrangement until your organisation
resumes. Reports already shared stay readable, and grants made before hold until
they end or are revoked. It takes a security officer or a release authority.`, (*client.Client).SuspendArrangement),
		c.arrangementStop("resume", "Take back your organisation's suspension",
			"Resume takes back your organisation's suspension. The arrangement is in force again when\nall that suspended it have resumed.", (*client.Client).ResumeArrangement),
		c.arrangementStop("leave", "Take your organisation out of an arrangement",
			"Leave takes your organisation out; the others go on. Reports already shared keep their\nowners and recipients.", (*client.Client).LeaveArrangement),
		c.arrangementStop("end", "End an arrangement for good",
			"End ends an arrangement for all its parties, at once. Reports already shared keep their\nowners and recipients.", (*client.Client).EndArrangement))
}

// termFlags are the flags of an arrangement's terms.
type termFlags struct {
	terms           wire.ArrangementTerms
	withheld        string
	onward          string
	equivalences    []string
	longest, until  string
	emergencyLength string
}

func (t *termFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&t.terms.Scheme, "scheme", "", "the marking `scheme` that every portion is marked in")
	f.StringVar(&t.terms.DefaultMarking, "default-marking", "", "the `mark` of portions that carry none")
	f.StringArrayVar(&t.equivalences, "treat", nil, "`MARK=MARK`: treat portions marked so in one scheme as marked so in another, too (repeatable)")
	f.StringVar(&t.withheld, "withheld", "", "how a withheld portion shows: silent (nothing at all, the default) or mark")
	f.StringArrayVar(&t.terms.Recipients, "recipient", nil, "a party that reports are given to (repeatable; all parties unless given)")
	f.StringVar(&t.onward, "onward", "", "for whom a release may be asked: never, parties or ask (anybody, the default)")
	f.BoolVar(&t.terms.ShownOnly, "shown-only", false, "recipients may be shown what is shared and not export it")
	f.StringVar(&t.longest, "longest", "", "how long a grant may run at most, such as 30d")
	f.StringVar(&t.until, "until", "", "when it ends by itself: a date, or how long from now, such as 365d")
	f.BoolVar(&t.terms.TwoPersons, "two-persons", false, "every release needs two people's decision")
	f.StringArrayVar(&t.terms.EmergencyAuthorities, "emergency-authority", nil, "a `person` who may release where life is in danger (repeatable)")
	f.StringVar(&t.emergencyLength, "emergency-for", "", "how long such a release runs, at most 7d")
}

// read gives the terms of the flags that were set, over those that hold.
func (t *termFlags) read(cmd *cobra.Command, over wire.ArrangementTerms) (wire.ArrangementTerms, error) {
	set := cmd.Flags().Changed
	out := over
	if set("scheme") {
		out.Scheme = t.terms.Scheme
	}
	if set("default-marking") {
		out.DefaultMarking = t.terms.DefaultMarking
	}
	if set("withheld") {
		out.Withheld = cordon.Withheld(t.withheld)
	}
	if set("recipient") {
		out.Recipients = t.terms.Recipients
	}
	if set("onward") {
		out.Onward = cordon.Onward(t.onward)
	}
	if set("shown-only") {
		out.ShownOnly = t.terms.ShownOnly
	}
	if set("two-persons") {
		out.TwoPersons = t.terms.TwoPersons
	}
	if set("emergency-authority") {
		out.EmergencyAuthorities = t.terms.EmergencyAuthorities
	}
	if set("treat") {
		out.Equivalences = nil
		all, err := pairs("treat", "MARK=MARK, such as H2=S//OC", t.equivalences)
		if err != nil {
			return out, err
		}
		for _, p := range all {
			out.Equivalences = append(out.Equivalences, cordon.Equivalence{From: p[0], As: p[1]})
		}
	}
	var err error
	if set("until") {
		if out.Until, err = instant("until", t.until); err != nil {
			return out, err
		}
	}
	if set("longest") {
		if out.LongestSeconds, err = length("longest", t.longest); err != nil {
			return out, err
		}
	}
	if set("emergency-for") {
		out.EmergencySeconds, err = length("emergency-for", t.emergencyLength)
	}
	return out, err
}

// length reads how long, such as 36h or 30d, in seconds.
func length(flag, text string) (int64, error) {
	before := time.Now()
	at, err := instant(flag, text)
	if err != nil || text == "" {
		return 0, err
	}
	return int64(at.Sub(before).Round(time.Second) / time.Second), nil
}

func (c *cli) arrangementAdd() *cobra.Command {
	var draft wire.ArrangementDraft
	var terms termFlags
	cmd := &cobra.Command{
		Use:   "add NAME --marking MARK --party ORG...",
		Short: "Draft an arrangement",
		Long: `Add drafts an arrangement between your organisation and others. It is in force when
a release authority of each has agreed. It takes a release authority.`,
		Example: `  cordon arrangement add "QUIET WATER" --marking 'TS//SI//REL TO USA, GBR' --party ALLY
  cordon arrangement add "BLUE DESK" --marking U --party EUROPOL --treat 'H2=TLP:AMBER+STRICT'
  cordon arrangement add "NIGHT SHIFT" --marking TLP:AMBER --party ALLY --scheme tlp --onward never --shown-only --until 365d`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if draft.ArrangementTerms, err = terms.read(cmd, wire.ArrangementTerms{}); err != nil {
				return err
			}
			draft.Name = args[0]
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				return c.arranged(api.AddArrangement(ctx, draft))
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&draft.Marking, "marking", "", "the `mark` of the arrangement itself: who may know of it")
	f.StringArrayVar(&draft.Named, "named", nil, "a `person` meant where that marking is for named individuals (repeatable)")
	f.StringArrayVar(&draft.Parties, "party", nil, "another `organisation` that is to agree (repeatable)")
	terms.add(cmd)
	cmd.MarkFlagRequired("marking")
	cmd.MarkFlagRequired("party")
	return cmd
}

func (c *cli) arrangementAmend() *cobra.Command {
	var amendment wire.Amendment
	var terms termFlags
	cmd := &cobra.Command{
		Use:   "amend NAME",
		Short: "Propose other terms",
		Long: `Amend proposes other terms: those in force, changed as the flags say. They come into
force when all parties have agreed; until then the arrangement goes on as it is. An
organisation that is invited learns of it once all parties have agreed that it may.
It takes a release authority.`,
		Example: `  cordon arrangement amend "QUIET WATER" --onward never --until 2031-12-31
  cordon arrangement amend "QUIET WATER" --invite LANTERN`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				a, err := api.Arrangement(ctx, args[0])
				if err != nil {
					return err
				}
				amendment.Version = a.Version
				if amendment.ArrangementTerms, err = terms.read(cmd, draftOf(a.ShownTerms)); err != nil {
					return err
				}
				return c.arranged(api.Amend(ctx, string(a.ID), amendment))
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&amendment.Marking, "marking", "", "the `mark` of the arrangement itself from then on")
	f.StringArrayVar(&amendment.Named, "named", nil, "a `person` meant where that marking is for named individuals (repeatable)")
	f.StringArrayVar(&amendment.Invite, "invite", nil, "an `organisation` that is to become a party (repeatable)")
	terms.add(cmd)
	return cmd
}

// draftOf makes a draft of the terms shown, to be proposed again.
func draftOf(t wire.ShownTerms) wire.ArrangementTerms {
	return wire.ArrangementTerms{
		Scheme: t.Scheme, DefaultMarking: t.DefaultMarking, Equivalences: t.Equivalences, Withheld: t.Withheld,
		Recipients: idsOfNamed(t.Recipients), Onward: t.Onward, ShownOnly: t.ShownOnly, LongestSeconds: t.LongestSeconds,
		Until: t.Until, TwoPersons: t.TwoPersons, EmergencyAuthorities: idsOfNamed(t.EmergencyAuthorities),
		EmergencySeconds: t.EmergencySeconds,
	}
}

func idsOfNamed(all []wire.Named) []string {
	var ids []string
	for _, n := range all {
		ids = append(ids, string(n.ID))
	}
	return ids
}

func (c *cli) arrangementAnswer(verb, short, long string, do func(*client.Client, context.Context, string, cordon.ID) (wire.Arrangement, error)) *cobra.Command {
	var proposal string
	cmd := &cobra.Command{
		Use: verb + " NAME --proposal ID", Short: short, Long: long,
		Example: "  cordon arrangement " + verb + " \"QUIET WATER\" --proposal 5bngwifypdrqd2ti6um6mtwnam",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("proposal", proposal)
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				return c.arranged(do(api, ctx, args[0], id))
			})
		},
	}
	cmd.Flags().StringVar(&proposal, "proposal", "", "the `id` of the proposal, as show prints it")
	cmd.MarkFlagRequired("proposal")
	return cmd
}

func (c *cli) arrangementStop(verb, short, long string, do func(*client.Client, context.Context, string) (wire.Arrangement, error)) *cobra.Command {
	return &cobra.Command{
		Use: verb + " NAME", Short: short, Long: long,
		Example: "  cordon arrangement " + verb + " \"QUIET WATER\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				return c.arranged(do(api, ctx, args[0]))
			})
		},
	}
}

func (c *cli) arrangementShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show NAME",
		Short:   "Show an arrangement, and the proposal that waits for agreement",
		Long:    "Show prints an arrangement, its terms, and the proposal with the id to agree to.",
		Example: "  cordon arrangement show \"QUIET WATER\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				return c.arranged(api.Arrangement(ctx, args[0]))
			})
		},
	}
}

func (c *cli) arrangementList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the arrangements you may know of",
		Long:    "List shows the arrangements you may know of, newest first. The others do not exist for you, not even by a count.",
		Example: "  cordon arrangement list",
		Args:    cobra.NoArgs,
	}
	p := pageFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			all, err := pages(p, func(page wire.Page) (wire.List[wire.Arrangement], error) { return api.Arrangements(ctx, page) })
			if err != nil {
				return err
			}
			return showList(c, all, "no arrangements", []string{"NAME", "MARKING", "PARTIES", "STATE", "ID"}, func(a wire.Arrangement) []string {
				return []string{a.Name, a.Marking, names(a.Parties), string(a.State), string(a.ID)}
			})
		})
	}
	return cmd
}

func (c *cli) arranged(a wire.Arrangement, err error) error {
	if err != nil {
		return err
	}
	return c.show(a, func() {
		if a.ID == "" {
			c.out.Printf("done: you may not know of it any more\n")
			return
		}
		c.fields(append([]string{
			"arrangement", a.Name, "id", string(a.ID), "marking", a.Marking, "parties", names(a.Parties), "state", string(a.State),
			"suspended by", names(a.SuspendedBy), "version", fmt.Sprint(a.Version),
		}, termFields(a.ShownTerms)...)...)
		p := a.Proposal
		if p == nil {
			return
		}
		c.out.Printf("\n")
		fields := []string{"proposal", string(p.ID), "by", name(p.By), "agreed", names(p.Agreed)}
		if a.State != cordon.ArrangementStateDrafted {
			fields = append(append(fields, "marking", p.Marking, "parties", names(p.Parties)), termFields(p.ShownTerms)...)
		}
		c.fields(fields...)
	})
}

func termFields(t wire.ShownTerms) []string {
	yes := func(b bool, text string) string {
		if b {
			return text
		}
		return ""
	}
	var treat []string
	for _, e := range t.Equivalences {
		treat = append(treat, e.From+" as "+e.As)
	}
	until := ""
	if !t.Until.IsZero() {
		until = when(t.Until)
	}
	return []string{
		"scheme", t.Scheme, "default marking", t.DefaultMarking, "treat", strings.Join(treat, "; "), "withheld portions", string(t.Withheld),
		"recipients", names(t.Recipients), "onward", string(t.Onward), "shown only", yes(t.ShownOnly, "recipients do not export"),
		"longest grant", lasting(t.LongestSeconds), "until", until, "two persons", yes(t.TwoPersons, "decide every release"),
		"in an emergency", names(t.EmergencyAuthorities), "for", lasting(t.EmergencySeconds),
	}
}

// lasting is a length of time as people read it; empty for none.
func lasting(seconds int64) string {
	switch d := time.Duration(seconds) * time.Second; {
	case d == 0:
		return ""
	case d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	default:
		return d.String()
	}
}
