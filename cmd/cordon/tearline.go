package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/edge/exchange/document"
	"cordon/wire"
)

func (c *cli) tearlineCommand() *cobra.Command {
	return parent("tearline", "Write versions of your own reports for a wider audience",
		`A tearline is a version of your organisation's own portions for a wider audience: the
substance, without source, method or operational detail. It is linked to the
originals it was written against; only your own people are ever told of the link.`,
		"  cordon tearline check advice.md --original PORTION\n  cordon tearline add advice.md --ref KESTREL-7T --original PORTION --to ALLY",
		c.tearlineAdd(), c.tearlineCheck(), c.tearlineList())
}

func (c *cli) tearlineAdd() *cobra.Command {
	var opts importOptions
	var originals []string
	cmd := &cobra.Command{
		Use:   "add FILE|- --original PORTION...",
		Short: "Publish a tearline of portions of yours",
		Long: `Add publishes a marked document as a tearline of portions that your organisation
alone owns, links it to them, and says what of them still stands in it.

--original PORTION says that every portion of the file was written against it,
--original N=PORTION that the Nth was, counted from 1, headings too; 0 is the
title. A tearline inherits nothing from its originals. It does inherit from others'
portions that it quotes, and is then not yours alone to offer.

The exit code is 1 where something serious was found. The tearline is published all
the same, and given to the organisations that --to names.`,
		Example: `  cordon tearline add advice.md --ref KESTREL-7T --original PORTION --to ALLY
  cordon tearline add - --original 1=PORTION --original 2=PORTION < advice.md`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			against, err := parseSources(originals)
			if err != nil {
				return err
			}
			opts.kind = string(cordon.ReportTearline)
			doc, err := c.tearlineFile(args[0], opts)
			if err != nil {
				return err
			}
			draft, err := tearlineDraft((&importer{cli: c, opts: opts}).draft(doc), against)
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				w, err := api.AddTearline(ctx, draft)
				if err != nil {
					return err
				}
				if err := c.show(w, func() {
					c.fields("tearline", string(w.Report), "ref", w.Ref, "banner", w.Banner)
					c.out.Printf("\n")
					c.tearlineChecked(w.Check)
				}); err != nil {
					return err
				}
				return seriousIn(w.Check)
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&originals, "original", nil, "`[N=]PORTION` it was written against (repeatable)")
	f.StringVar(&opts.ref, "ref", "", "the outside `name` of the tearline")
	f.StringVar(&opts.arrangement, "arrangement", "", "the `arrangement` it is shared under")
	f.StringArrayVar(&opts.to, "to", nil, "an `organisation` it is given to (repeatable)")
	f.StringArrayVar(&opts.named, "named", nil, "a `person` meant by markings for named individuals (repeatable)")
	tearlineFileFlags(cmd, &opts)
	cmd.MarkFlagRequired("original")
	return cmd
}

func tearlineFileFlags(cmd *cobra.Command, opts *importOptions) {
	f := cmd.Flags()
	f.StringVar(&opts.format, "format", "", "markdown, text or docx; by name and content where it is left out")
	f.StringVar(&opts.defaultMarking, "default-marking", "", "the `mark` that unmarked portions take where nothing else gives them one")
	opts.unmarked = "inherit"
}

// tearlineFile reads the one document of a file.
func (c *cli) tearlineFile(name string, opts importOptions) (document.Document, error) {
	var doc document.Document
	reading, err := opts.reading(c.set)
	if err != nil {
		return doc, err
	}
	in, err := c.input(name)
	if err != nil {
		return doc, err
	}
	defer in.Close()
	im := &importer{cli: c, opts: opts, reading: reading}
	n := 0
	for one, err := range im.documents(name, io.Reader(in)) {
		if err != nil {
			return doc, err
		}
		doc = one
		n++
	}
	if n != 1 {
		return doc, usagef("%s has %d documents, and a tearline is one: split it", shown(name), n)
	}
	return doc, titled(doc)
}

// titled is an error where the title of a tearline was made of its file's name, which
// nobody wrote for its audience.
func titled(doc document.Document) error {
	if doc.Title.Line > 0 {
		return nil
	}
	return cordon.Errorf(cordon.KindInvalid, "this has no title, and a tearline does not take its file's name for one: begin it with a heading")
}

// tearlineDraft makes a draft of the document that was read, written against
// the portions.
func tearlineDraft(d wire.Draft, against sources) (wire.TearlineDraft, error) {
	portion := func(p wire.PortionDraft) wire.TearlinePortion {
		return wire.TearlinePortion{Kind: p.Kind, Ref: p.Ref, Marking: p.Marking, Text: p.Text}
	}
	out := wire.TearlineDraft{
		Ref: d.Ref, Arrangement: d.Arrangement, Recipients: d.Recipients, Named: d.Named, Against: against.all, Title: portion(d.Title),
	}
	for _, p := range d.Portions {
		out.Portions = append(out.Portions, portion(p))
	}
	for n, ids := range against.of {
		ids = append(append([]cordon.ID{}, against.all...), ids...)
		switch {
		case n == 0:
			out.Title.Against = ids
		case n <= len(out.Portions):
			out.Portions[n-1].Against = ids
		default:
			return out, usagef("--original %d=…: the file has %d portions", n, len(out.Portions))
		}
	}
	return out, nil
}

func (c *cli) tearlineCheck() *cobra.Command {
	var opts importOptions
	var originals []string
	var report string
	cmd := &cobra.Command{
		Use:   "check (FILE|- --original PORTION... | --report REPORT)",
		Short: "Check what of the originals still stands in a tearline",
		Long: `Check sets each paragraph of a tearline beside each original and lists what still
stands in it: words in a row, names, numbers, rare words, facts recorded on the
original, and a marking that is no wider. The file is marked like one that is
imported. --report checks one that was published, with the facts recorded on it.

The exit code is 1 where something serious was found. A check sees words, not what
they mean, and is no clearance.`,
		Example: `  cordon tearline check advice.md --original PORTION --original PORTION
  cordon tearline check --report KESTREL-7T --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (report != "") {
				return usagef("no tearline is given: name a file and its --original, or a published tearline with --report")
			}
			check := wire.TearlineCheck{Report: report}
			if len(args) == 1 {
				doc, err := c.tearlineFile(args[0], opts)
				if err != nil {
					return err
				}
				if check.Against, err = portionIDs(originals); err != nil {
					return err
				}
				for _, p := range append([]document.Portion{doc.Title}, doc.Portions...) {
					check.Paragraphs = append(check.Paragraphs, wire.TearlineParagraph{Marking: p.Marks.Portion(), Text: p.Text})
				}
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.CheckTearline(ctx, check)
				if err != nil {
					return err
				}
				if err := c.show(r, func() { c.tearlineChecked(r) }); err != nil {
					return err
				}
				return seriousIn(r)
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&originals, "original", nil, "the `id` of a portion it is to be a tearline of (repeatable)")
	f.StringVar(&report, "report", "", "a `report`: a tearline that was published")
	tearlineFileFlags(cmd, &opts)
	cmd.MarkFlagsMutuallyExclusive("original", "report")
	return cmd
}

func seriousIn(r wire.TearlineChecked) error {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == "serious" {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return foundf("%d %s serious", n, plural(n, "finding is", "findings are"))
}

func (c *cli) tearlineChecked(r wire.TearlineChecked) {
	for _, s := range r.Originals {
		text := fmt.Sprintf("of %s %s, %d of %d words stand in passages", s.Portion, asMark(s.Marking), s.Words, s.Of)
		c.out.Printf("%s\n", tty.Indent(tty.Clean(text), "", c.out.Width))
	}
	for _, f := range r.Findings {
		where := "the title"
		if f.Paragraph > 0 {
			where = fmt.Sprintf("paragraph %d", f.Paragraph)
		}
		text := string(f.Severity) + ", " + where + ": "
		if f.Text != "" {
			text += "“" + strings.Join(strings.Fields(f.Text), " ") + "”: "
		}
		text += f.Says
		if f.Original != "" && len(r.Originals) > 1 {
			text += " (" + string(f.Original) + ")"
		}
		c.out.Printf("%s\n", tty.Indent(tty.Clean(text), "", c.out.Width))
	}
	if r.More > 0 {
		c.out.Printf("and %d more, none graver\n", r.More)
	}
	for _, n := range r.Notes {
		c.out.Printf("%s\n", c.out.Dim(strings.Join(tty.Wrap(tty.Clean(n), c.out.Width), "\n")))
	}
}

func (c *cli) tearlineList() *cobra.Command {
	return &cobra.Command{
		Use:   "list REPORT",
		Short: "List the tearlines of a report of yours, or the originals of a tearline",
		Long: `List shows which portions of tearlines were written against which portions of a
report, named by either. It is for people of the organisation that owns both, who
may see both; for everybody else there is nothing to list.`,
		Example: "  cordon tearline list KESTREL-7",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				links, err := api.Tearlines(ctx, args[0])
				if err != nil {
					return err
				}
				return showList(c, links, "no tearlines", []string{"TEARLINE", "PORTION", "MARKING", "OF", "MARKED", "IN REPORT"}, func(l wire.TearlineLink) []string {
					return []string{string(l.Tearline), string(l.Portion), asMark(l.Marking), string(l.Original), asMark(l.OriginalMarking), string(l.Report)}
				})
			})
		},
	}
}
