package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/edge/exchange/format"
	"cordon/internal/edge/exchange/pdf"
	"cordon/wire"
)

func (c *cli) checkCommand() *cobra.Command {
	var audience string
	cmd := &cobra.Command{
		Use:   "check FILE|- --audience ORG",
		Short: "Check a draft before it is told to an audience",
		Long: `Check says which passages of a draft come from portions that the audience may
not have, from which owner, and what would be needed. The draft need not be
marked; it may be text, Word, PDF, a mail, a web page, slides, a workbook, subtitles,
STIX, MISP or a ZIP of those. The check is in the owners' feeds.

The exit code is 1 where something may not be told. A check speaks of what you
may see yourself, verbatim, and is no clearance.`,
		Example: `  cordon check talking-points.md --audience VISITOR
  pbpaste | cordon check - --audience VISITOR --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.prose(args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.Check(ctx, wire.Check{Text: text.Text.Text, Audience: audience})
				if err != nil {
					return err
				}
				text.TellCheck(&r)
				if err := c.show(r, func() { c.checked(r) }); err != nil {
					return err
				}
				if n := len(r.Refused); n > 0 {
					return foundf("%d %s that %s may not have", n, plural(n, "portion is quoted", "portions are quoted"), name(r.Audience))
				}
				return whole(args[0], r.Compared)
			})
		},
	}
	cmd.Flags().StringVar(&audience, "audience", "", "the `organisation` that is to be told")
	cmd.MarkFlagRequired("audience")
	return cmd
}

func (c *cli) scanCommand() *cobra.Command {
	var lines bool
	var top int
	cmd := &cobra.Command{
		Use:   "scan FILE|-",
		Short: "Find protected portions in a text found outside",
		Long: `Scan says what of a text found outside (a transcript, an e-mail, a newspaper) comes
from protected portions: word for word, in other words, in summary, or by one
indicator such as an address or a hash. The file may be text, Word, PDF, a mail, a web
page, slides, a workbook, subtitles, STIX, MISP or a ZIP of those; all text of it is
compared, and how much that was is said. The scan is in their owners' feeds.

An alarm is to be acted on; at triage a person should look. The answer says how often
each errs.

With --jsonl the file has a text on each line, {"id": …, "text": …}, and an answer is
written for each, {"id": …, "matches": [{"ref", "report", "score", "level", "how",
"spans"}]}: the best --top portions, whatever they are worth, best first.

The exit code is 1 where something was found at alarm, and 2 where nothing was and
some of the file could not be read. With --jsonl it is 0 where every line was answered,
and 2 where one could not be read, which its answer says.`,
		Example: `  cordon scan transcript.txt
  cordon scan - --json < article.txt
  cordon scan --jsonl texts.jsonl --top 10 > matches.jsonl`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if lines {
				return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error { return c.scanLines(ctx, api, args[0], top) })
			}
			if cmd.Flags().Changed("top") {
				return usagef("--top goes with --jsonl")
			}
			text, err := c.prose(args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.Scan(ctx, text.Text.Text)
				if err != nil {
					return err
				}
				text.TellScan(&r)
				if err := c.show(r, func() { c.scanned(r) }); err != nil {
					return err
				}
				n := 0
				for _, h := range r.Hits {
					if h.Level == "alarm" {
						n++
					}
				}
				if n > 0 {
					how := "quoted"
					if slices.ContainsFunc(r.Hits, retold) {
						how = "told of"
					}
					return foundf("%d protected %s %s", n, plural(n, "portion is", "portions are"), how)
				}
				return whole(args[0], r.Compared)
			})
		},
	}
	cmd.Flags().BoolVar(&lines, "jsonl", false, "read a text on each line and answer each on a line")
	cmd.Flags().IntVar(&top, "top", 10, "with --jsonl, at most `n` portions for each text")
	return cmd
}

// prose reads a file of any format to compare what it says. A file of which
// nothing can be read is a matter of usage: nothing was done.
func (c *cli) prose(file string) (format.Compared, error) {
	src, err := c.text(file)
	if err != nil {
		return format.Compared{}, err
	}
	reader := &pdf.Reader{}
	defer reader.Close()
	text, err := format.Opener{PDF: reader}.ForComparison(shown(file), []byte(src))
	if err != nil {
		return text, usageError{err}
	}
	return text, nil
}

// whole is nil where all text of the file was compared.
func whole(file string, r wire.Compared) error {
	if len(r.NotCompared) == 0 {
		return nil
	}
	return usagef("%s was not compared whole: %s", shown(file), strings.Join(r.NotCompared, "; "))
}

// compared says how much was compared.
func (c *cli) compared(r wire.Compared) {
	text := fmt.Sprintf("compared: %s, %d %s", r.Kind, r.Words, plural(r.Words, "word", "words"))
	if n := len(r.Files); n > 0 {
		text += fmt.Sprintf(", with %d %s in it: %s", n, plural(n, "file", "files"), some(r.Files))
	}
	if len(r.Asides) > 0 {
		text += "; also what stands beside its text: " + strings.Join(r.Asides, ", ")
	}
	var notes, out []string
	for _, n := range r.LeftOut {
		if strings.Contains(n, " was left out") {
			out = append(out, n)
		} else {
			notes = append(notes, n)
		}
	}
	if n := len(out); n > 0 {
		text += fmt.Sprintf("; not compared: %d %s of which no text is read: %s", n, plural(n, "thing", "things"), some(out))
	}
	c.wrapped("%s", tty.Clean(text))
	if len(notes) > 0 {
		c.wrapped("%s", tty.Clean("note: "+some(notes)))
	}
	for _, lost := range r.NotCompared[:min(len(r.NotCompared), linesShown)] {
		c.err.Printf("%s\n", tty.Clean("cordon: not compared: "+lost))
	}
}

// some is a list of which not more than five are said.
func some(all []string) string {
	if more := len(all) - 5; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:5], ", "), more)
	}
	return strings.Join(all, ", ")
}

func (c *cli) checked(r wire.Checked) {
	if len(r.Refused) == 0 && len(r.Compared.NotCompared) == 0 {
		c.out.Printf("%s\n", c.out.Green("nothing found"+inText(r.Compared)+" that "+tty.Line(name(r.Audience))+" may not have"))
	}
	for i, f := range r.Refused {
		if i > 0 {
			c.out.Printf("\n")
		}
		c.found(f.TracedPortion)
		for _, need := range f.Needs {
			c.out.Printf("%s\n", tty.Indent("needed: "+tty.Clean(need), "  ", c.out.Width))
		}
	}
	for _, f := range r.Allowed {
		c.out.Printf("\n")
		c.found(f)
		c.out.Printf("  %s may have this\n", tty.Line(name(r.Audience)))
	}
	c.out.Printf("\n")
	c.compared(r.Compared)
	c.out.Printf("%s\n", c.out.Dim(strings.Join(tty.Wrap(r.Note, c.out.Width), "\n")))
}

func (c *cli) scanned(r wire.Scanned) {
	if len(r.Hits) == 0 && len(r.Compared.NotCompared) == 0 {
		c.out.Printf("%s\n", c.out.Green("nothing found"+inText(r.Compared)+" of what you may see"))
	}
	for i, f := range r.Hits {
		if i > 0 {
			c.out.Printf("\n")
		}
		c.found(f)
	}
	c.compared(r.Compared)
	if slices.ContainsFunc(r.Hits, retold) {
		c.out.Printf("%s\n", c.out.Dim(strings.Join(tty.Wrap("how often that errs: "+r.Rates, c.out.Width), "\n")))
	}
}

// retold reports whether the text tells of the portion otherwise than word for word.
func retold(f wire.TracedPortion) bool { return f.How != "verbatim" }

// inText says that nothing was found in the text where something was left out
// that may show words too, such as a picture.
func inText(r wire.Compared) string {
	if slices.ContainsFunc(r.LeftOut, func(n string) bool { return strings.Contains(n, " was left out") }) {
		return " in its text"
	}
	return ""
}

// found writes a portion that a text quotes, and where.
func (c *cli) found(f wire.TracedPortion) {
	for _, p := range f.Passages {
		c.out.Printf("%s\n", tty.Indent(lines(p)+": "+"“"+tty.Clean(strings.Join(strings.Fields(p.Excerpt), " "))+"”", "", c.out.Width))
	}
	from := string(f.Report)
	if f.ReportRef != "" {
		from = f.ReportRef
	}
	if f.Ref != "" {
		from += " " + f.Ref
	}
	text := fmt.Sprintf("from %s %s of %s", from, asMark(f.Marking), names(f.Owners))
	switch f.How {
	case "verbatim":
		text += fmt.Sprintf(", %d of %d words", f.Words, f.Of)
	case "indicator":
		text = fmt.Sprintf("%s: %s, %s", f.Level, strings.Join(f.Indicators, ", "), text)
	default:
		text = fmt.Sprintf("%s: %s %s", f.Level, f.How, text)
	}
	c.out.Printf("%s\n", tty.Indent(tty.Clean(text), "  ", c.out.Width))
	c.out.Printf("  portion %s\n", f.Portion)
}

func lines(p wire.Passage) string {
	if p.File != "" && p.Line > 0 {
		where := fmt.Sprintf("%s:%d", p.File, p.Line)
		if p.EndLine > p.Line {
			where += fmt.Sprintf("-%d", p.EndLine)
		}
		return where
	}
	where := fmt.Sprintf("line %d", p.Line)
	switch {
	case p.Line == 0:
		where = "in it"
	case p.EndLine > p.Line:
		where = fmt.Sprintf("lines %d-%d", p.Line, p.EndLine)
	}
	if p.File != "" {
		where = p.File + ", " + where
	}
	return where
}
