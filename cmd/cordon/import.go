package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/internal/edge/exchange/pdf"
	"cordon/marking"
)

// importOptions are the flags that import and derive share.
type importOptions struct {
	format         string
	unmarked       string
	defaultMarking string
	compilation    bool
	quoted         bool
	again          bool

	kind        string
	ref         string
	arrangement string
	to          []string
	named       []string

	sources   sources
	dismissed []string
}

func (o *importOptions) flags(cmd *cobra.Command, kind cordon.ReportKind) {
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "", "markdown, text, docx or jsonl; by content where it is left out")
	f.StringVar(&o.unmarked, "unmarked", "inherit", "portions without a mark: inherit (by the scheme's rule) or refuse")
	f.StringVar(&o.defaultMarking, "default-marking", "", "the `mark` that unmarked portions take where nothing else gives them one")
	f.BoolVar(&o.again, "again", false, "import also what you imported before, a second time")
	f.BoolVar(&o.compilation, "compilation", false, "accept a banner above the portions' roll-up: together they say more than each")
	f.BoolVar(&o.quoted, "marks-quoted", false, "the text talks about markings: marks within its portions are quoted, and warned of only")
	f.StringVar(&o.kind, "kind", string(kind), "report, memo, briefing, transcript or tearline")
	f.StringVar(&o.ref, "ref", "", "the outside `name` of the report; for one file with one report")
	f.StringVar(&o.arrangement, "arrangement", "", "the `arrangement` it is shared under")
	f.StringArrayVar(&o.to, "to", nil, "an `organisation` it is given to (repeatable)")
	f.StringArrayVar(&o.dismissed, "dismiss", nil, "`PORTION=REASON`: it repeats words of the portion and is not made from it; its owner is shown why (repeatable)")
	f.StringArrayVar(&o.named, "named", nil, "a `person` meant by markings for named individuals (repeatable)")
}

func (c *cli) importCommand() *cobra.Command {
	var opts importOptions
	cmd := &cobra.Command{
		Use:   "import FILE...|-",
		Short: "Publish marked documents as reports of your organisation",
		Long: `Import reads documents whose portions begin with portion marks, and publishes each
as a report that your organisation owns: Markdown, plain text, Word (DOCX), PDF,
mail, web pages, slides (PPTX), workbooks (XLSX), subtitles and transcripts, STIX
bundles, MISP events, ZIP archives of all these, and JSON lines. What a file is, its
content says; attachments and files in archives are documents of their own.

A document with a mistake is refused whole, with file, line, column, what is
wrong and what would be right; the others are imported all the same, and the
exit code is 1. In JSON lines each line is a document:
{"title","ref","marking","portions":[{"ref","marking","text"}]}.

A document that repeats words of a portion which you may see, for people whom that one
is not for, is refused too, and the passage named: derive from it (cordon report derive
--source), write it in other words, or --dismiss the portion and say why; its owner is
shown the reason.

A document that you imported before, with the same text and options, is left out and
said so; --again imports it once more. So an import that broke off is given again.`,
		Example: `  cordon import kestrel.md --ref KESTREL-7 --arrangement "QUIET WATER"
  cordon import reports/*.docx --to ALLY --unmarked refuse
  zcat archive.jsonl.gz | cordon import - --format jsonl`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.importFiles(cmd.Context(), args, opts)
		},
	}
	opts.flags(cmd, cordon.ReportOriginal)
	return cmd
}

// reading is how documents are to be read by the options.
func (o importOptions) reading(set *marking.Set) (document.Options, error) {
	out := document.Options{Schemes: set, Compilation: o.compilation, Quoted: o.quoted}
	switch o.unmarked {
	case "inherit":
	case "refuse":
		out.Unmarked = document.Refuse
	default:
		return out, usagef("--unmarked %q: inherit or refuse", o.unmarked)
	}
	switch o.format {
	case "", "markdown", "text", "docx", "jsonl":
	default:
		return out, usagef("--format %q: one of markdown, text, docx, jsonl", o.format)
	}
	if o.defaultMarking != "" {
		marks, err := set.Parse(o.defaultMarking)
		if err != nil {
			return out, usagef("--default-marking: %w", err)
		}
		out.DefaultMark = marks
	} else if o.leaveToServer() {
		out.DefaultMark, out.Undecided = placeholder(set), true
	}
	return out, nil
}

// leaveToServer says that a portion without a mark may still get one: from the
// arrangement, or from what it was made from.
func (o importOptions) leaveToServer() bool {
	return o.defaultMarking == "" && o.unmarked == "inherit" && (o.arrangement != "" || !o.sources.none())
}

// placeholder lets the reader of documents pass over portions without a mark. A
// portion that has it is sent to the server without a marking.
func placeholder(set *marking.Set) marking.Marks {
	marks, err := set.Parse("TLP:RED")
	if err != nil {
		panic("TLP:RED is always a marking: " + err.Error())
	}
	return marks
}

func (c *cli) importFiles(ctx context.Context, files []string, o importOptions) error {
	reading, err := o.reading(c.set)
	if err != nil {
		return err
	}
	if o.sources.dismissed, err = parseDismissed(o.dismissed); err != nil {
		return err
	}
	if o.ref != "" && len(files) > 1 {
		return usagef("--ref names one report: import the files one by one")
	}
	pdfs := &pdf.Reader{}
	defer pdfs.Close()
	reading.Open.PDF = pdfs
	return c.with(ctx, func(ctx context.Context, api publisher) error {
		im := &importer{cli: c, api: api, opts: o, reading: reading, bar: c.progress(files)}
		defer im.bar.Close()
		for _, file := range files {
			if err := im.file(ctx, file); err != nil {
				return err
			}
		}
		return im.outcome()
	})
}
