package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/internal/strictjson"
	"cordon/wire"
)

func (c *cli) mosaicCommand() *cobra.Command {
	return parent("mosaic", "Count what an audience can infer about a source",
		`Mosaic counts how many candidate sources fit all that an audience knows, before and
after it is told some more. Only its owner sees a registry of candidates.`,
		"  cordon mosaic registry add candidates.json\n  cordon mosaic check REGISTRY --audience VISITOR --fact city=Velmora",
		c.mosaicRegistry(), c.mosaicFact(), c.mosaicTold(), c.mosaicCheck())
}

func (c *cli) mosaicRegistry() *cobra.Command {
	add := &cobra.Command{
		Use:   "add FILE|-",
		Short: "Add a registry of candidate sources",
		Long: `Add reads a registry from a JSON file: {"name", "threshold",
"attributes":[{"name","hierarchy":[["Velmora","the coast"],…]}],
"candidates":[{"id","values":{"city":"Velmora"}}]}.`,
		Example: "  cordon mosaic registry add candidates.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.text(args[0])
			if err != nil {
				return err
			}
			var draft wire.RegistryDraft
			if err := strictjson.Unmarshal([]byte(text), &draft); err != nil {
				return cordon.Errorf(cordon.KindInvalid, "%s is not a registry: %s", shown(args[0]), strings.TrimPrefix(err.Error(), "json: "))
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.AddRegistry(ctx, draft)
				return c.result(r, err, func() { c.fields("registry", r.Name, "id", string(r.ID)) })
			})
		},
	}
	list := &cobra.Command{
		Use:     "list",
		Short:   "List the registries of your organisation",
		Long:    "List shows your organisation's registries, by name.",
		Example: "  cordon mosaic registry list",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				all, err := api.Registries(ctx)
				if err != nil {
					return err
				}
				return showList(c, all, "no registries", []string{"NAME", "ID"}, func(r wire.Registry) []string {
					return []string{r.Name, string(r.ID)}
				})
			})
		},
	}
	return parent("registry", "Keep registries of candidate sources", "Registry adds and lists registries of candidate sources.",
		"  cordon mosaic registry add candidates.json", add, list)
}

const factHelp = `A fact is ATTRIBUTE=VALUE, or ATTRIBUTE=VALUE|VALUE where it is one of several,
or ATTRIBUTE=MIN..MAX for a number, either end of which may be left open.`

func (c *cli) mosaicFact() *cobra.Command {
	add := &cobra.Command{
		Use:     "add PORTION FACT...",
		Short:   "Record what a portion says about a source",
		Long:    "Add records facts on a portion that your organisation owns.\n\n" + factHelp,
		Example: "  cordon mosaic fact add PORTION city=Velmora",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			portion, err := idArg("portion", args[0])
			if err != nil {
				return err
			}
			facts, err := parseFacts(args[1:])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if err := api.AddFacts(ctx, portion, facts); err != nil {
					return err
				}
				return c.show(map[string]any{"portion": portion, "facts": facts}, func() {
					c.out.Printf("recorded on %s: %s\n", portion, factTexts(facts))
				})
			})
		},
	}
	return parent("fact", "Record what portions say about a source", "Fact records what a portion says about a source.",
		"  cordon mosaic fact add PORTION city=Velmora", add)
}

func (c *cli) mosaicTold() *cobra.Command {
	var audience string
	add := &cobra.Command{
		Use:   "add REGISTRY FACT...",
		Short: "Record that an audience knows something from elsewhere",
		Long: `Add records that an organisation, or the public, knows something of the source that
Cordon did not show it, such as from a disclosure or a newspaper.

` + factHelp,
		Example: "  cordon mosaic told add REGISTRY --audience VISITOR region=\"the coast\"",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			facts, err := parseFacts(args[1:])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if err := api.AddTold(ctx, args[0], wire.ToldDraft{Audience: audience, Facts: facts}); err != nil {
					return err
				}
				return c.show(map[string]any{"registry": args[0], "audience": audience, "facts": facts}, func() {
					who := audience
					if who == "" {
						who = "the public"
					}
					c.out.Printf("recorded that %s knows: %s\n", who, factTexts(facts))
				})
			})
		},
	}
	add.Flags().StringVar(&audience, "audience", "", "the `organisation` that knows; the public where it is left out")
	return parent("told", "Record what audiences know from elsewhere", "Told records what audiences know from elsewhere.",
		"  cordon mosaic told add REGISTRY --audience VISITOR city=Velmora", add)
}

func (c *cli) mosaicCheck() *cobra.Command {
	var audience string
	var facts, portions []string
	cmd := &cobra.Command{
		Use:   "check REGISTRY",
		Short: "Count the candidates that fit what an audience knows, before and after",
		Long: `Check counts how many candidate sources fit all that an audience was told, and
how many would fit if it were told the facts, or the facts on the portions, as
well. The exit code is 1 where that leaves fewer than the registry's threshold.

` + factHelp,
		Example: `  cordon mosaic check REGISTRY --audience VISITOR --portion PORTION
  cordon mosaic check REGISTRY --fact city=Velmora --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			check := wire.MosaicCheck{Audience: audience}
			var err error
			if check.Facts, err = parseFacts(facts); err != nil {
				return err
			}
			if check.Portions, err = portionIDs(portions); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.MosaicCheck(ctx, args[0], check)
				if err != nil {
					return err
				}
				if err := c.show(r, func() { c.mosaic(r) }); err != nil {
					return err
				}
				if r.Verdict != "wide" {
					return foundf("%d of %d candidates would be left, fewer than the threshold of %d", r.After, r.Total, r.Threshold)
				}
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&audience, "audience", "", "the `organisation`; the public where it is left out")
	f.StringArrayVar(&facts, "fact", nil, "a `fact` it would be told (repeatable)")
	f.StringArrayVar(&portions, "portion", nil, "the `id` of a portion it would be told (repeatable)")
	return cmd
}

func (c *cli) mosaic(r wire.MosaicResult) {
	audience := "the public"
	if r.Audience != nil {
		audience = name(*r.Audience)
	}
	c.fields("audience", audience,
		"fit before", fmt.Sprintf("%d of %d", r.Before, r.Total),
		"fit after", fmt.Sprintf("%d of %d", r.After, r.Total),
		"threshold", fmt.Sprint(r.Threshold), "verdict", string(r.Verdict),
		"left", strings.Join(r.Candidates, " "))
	effects := append(append([]wire.FactEffect{}, r.Known...), r.Further...)
	if len(effects) == 0 {
		return
	}
	c.out.Printf("\n")
	rows := make([][]string, len(effects))
	for i, e := range effects {
		left := fmt.Sprint(e.Left)
		if e.NotCounted {
			left = "not counted: the registry does not know it"
		}
		rows[i] = clean([]string{factText(e.Fact), string(e.How), fmt.Sprint(e.Alone), left, string(e.Portion)})
	}
	c.out.Table([]string{"FACT", "HOW", "FIT ALONE", "FIT WITH ALL KNOWN", "PORTION"}, rows)
}

func parseFacts(texts []string) ([]wire.Fact, error) {
	all, err := pairs("fact", "ATTRIBUTE=VALUE", texts)
	if err != nil {
		return nil, err
	}
	facts := make([]wire.Fact, len(all))
	for i, p := range all {
		facts[i].Attribute = p[0]
		if low, high, ok := numbers(p[1]); ok {
			facts[i].Min, facts[i].Max = low, high
			continue
		}
		facts[i].Values = strings.Split(p[1], "|")
	}
	return facts, nil
}

// numbers reads a range. Anything else is a value, dots and all.
func numbers(text string) (low, high *float64, ok bool) {
	from, to, ok := strings.Cut(text, "..")
	if !ok || text == ".." {
		return nil, nil, false
	}
	for _, end := range []struct {
		text string
		into **float64
	}{{from, &low}, {to, &high}} {
		if end.text == "" {
			continue
		}
		v, err := strconv.ParseFloat(end.text, 64)
		if err != nil {
			return nil, nil, false
		}
		*end.into = &v
	}
	return low, high, true
}

func factText(f wire.Fact) string {
	if f.Min == nil && f.Max == nil {
		return f.Attribute + "=" + strings.Join(f.Values, "|")
	}
	end := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'g', -1, 64)
	}
	return f.Attribute + "=" + end(f.Min) + ".." + end(f.Max)
}

func factTexts(facts []wire.Fact) string {
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = factText(f)
	}
	return strings.Join(out, ", ")
}
