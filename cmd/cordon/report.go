package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/wire"
)

func (c *cli) reportCommand() *cobra.Command {
	return parent("report", "Open, list, count, search, derive and export reports",
		`Report shows what you may see of reports, and nothing of the rest: a portion that is
withheld from you does not exist for you. Every reading is in its owner's feed
before you have it.`,
		"  cordon report list\n  cordon report open KESTREL-7\n  cordon report search ferries beacon",
		c.reportOpen(), c.reportList(), c.reportCount(), c.reportSearch(), c.reportSuggest(), c.reportDerive(), c.reportExport(), c.reportNarrow(), c.reportCompilation(), c.reportRevise())
}

func (c *cli) reportOpen() *cobra.Command {
	var ids bool
	cmd := &cobra.Command{
		Use:   "open REPORT",
		Short: "Open a report",
		Long: `Open shows what you may see of a report, named by its id or its outside name (ref),
between its banners. The banner is that of the portions shown.`,
		Example: `  cordon report open KESTREL-7
  cordon report open KESTREL-7 --ids
  cordon report open KESTREL-7 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.Open(ctx, args[0])
				return c.result(r, err, func() { c.rendition(r, ids) })
			})
		},
	}
	cmd.Flags().BoolVar(&ids, "ids", false, "show the id and the owners of each portion")
	return cmd
}

func (c *cli) reportList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the reports you may see something of, newest first",
		Long:    "List shows the reports in which you may see something, newest first.",
		Example: "  cordon report list\n  cordon report list --all --json",
		Args:    cobra.NoArgs,
	}
	p := pageFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
			all, err := pages(p, func(page wire.Page) (wire.List[wire.Item], error) { return api.Reports(ctx, page) })
			if err != nil {
				return err
			}
			return showList(c, all, "no reports", []string{"REF", "KIND", "FROM", "TITLE MARKED", "TITLE", "ID"}, func(i wire.Item) []string {
				return []string{i.Ref, string(i.Kind), name(i.Holder), i.Marking, i.Title, string(i.Report)}
			})
		})
	}
	return cmd
}

func (c *cli) reportExport() *cobra.Command {
	var format, output string
	cmd := &cobra.Command{
		Use:   "export REPORT",
		Short: "Write what you may see of a report to a file",
		Long: `Export writes what you may see of a report as a marked document that import
reads again. The export is in its owners' feeds. A terminal is shown other people's
control characters as the replacement character; a file gets them as they are.`,
		Example: "  cordon report export KESTREL-7 --output kestrel.md\n  cordon report export KESTREL-7 --format text",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.json && !cmd.Flags().Changed("format") {
				format = "json"
			}
			switch format {
			case "markdown", "text", "json":
			default:
				return usagef("--format %q: one of markdown, text, json", format)
			}
			file, err := c.outText(output)
			if err != nil {
				return err
			}
			defer file.close()
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				data, err := api.Export(ctx, args[0], format)
				if err != nil {
					return err
				}
				if file != nil {
					return file.write(data, "the export is in its owners' feeds: export it again to another file")
				}
				if c.out.Width > 0 && format != "json" {
					data = []byte(tty.Clean(string(data)))
				}
				_, err = c.out.Write(data)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "markdown", "markdown, text or json")
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this `file` instead of standard output")
	return cmd
}

func (c *cli) reportDerive() *cobra.Command {
	var opts importOptions
	var sources []string
	cmd := &cobra.Command{
		Use:   "derive FILE|-",
		Short: "Write a memo, briefing or transcript from portions of other reports",
		Long: `Derive imports a document that was made from portions of other reports. Its portions
inherit the markings and the owners of their sources: they are never freer than
those.

--source PORTION says that every portion of the file was made from it,
--source N=PORTION that the Nth was, counted from 1, headings too; 0 is the
title. Where a portion repeats words of one that you may see and is for people whom that
one is not for, nothing is written until you say that it is a source, write it in other
words, or --dismiss it with a reason. A portion with a source needs no mark of its own.`,
		Example: `  cordon report derive memo.md --ref MEMO-12 --kind memo --source 1=PORTION --source 2=PORTION
  cordon report derive - --kind briefing --source PORTION < briefing.md`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			made, err := parseSources(sources)
			if err != nil {
				return err
			}
			opts.sources = made
			return c.importFiles(cmd.Context(), args, opts)
		},
	}
	opts.flags(cmd, cordon.ReportMemo)
	cmd.Flags().StringArrayVar(&sources, "source", nil, "`[N=]PORTION` it was made from (repeatable)")
	return cmd
}
