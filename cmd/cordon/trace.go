package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/edge/exchange/document"
	"cordon/wire"
)

func (c *cli) checkCommand() *cobra.Command {
	var audience string
	cmd := &cobra.Command{
		Use:   "check FILE|- --audience ORG",
		Short: "Check a draft before it is told to an audience",
		Long: `Check says which passages of a draft come from portions that the audience may
not have, from which owner, and what would be needed. The draft need not be
marked; it may be text, Markdown or Word. The check is in the owners' feeds.

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
				r, err := api.Check(ctx, wire.Check{Text: text, Audience: audience})
				if err != nil {
					return err
				}
				if err := c.show(r, func() { c.checked(r) }); err != nil {
					return err
				}
				if n := len(r.Refused); n > 0 {
					return foundf("%d %s that %s may not have", n, plural(n, "portion is quoted", "portions are quoted"), name(r.Audience))
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&audience, "audience", "", "the `organisation` that is to be told")
	cmd.MarkFlagRequired("audience")
	return cmd
}

func (c *cli) scanCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "scan FILE|-",
		Short: "Find protected portions in a text found outside",
		Long: `Scan says which passages of a text found outside (a transcript, an e-mail, a
newspaper) come from protected portions. The scan is in their owners' feeds.

The exit code is 1 where something was found.`,
		Example: `  cordon scan transcript.txt
  cordon scan - --json < article.txt`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := c.prose(args[0])
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				r, err := api.Scan(ctx, text)
				if err != nil {
					return err
				}
				if err := c.show(r, func() { c.scanned(r) }); err != nil {
					return err
				}
				if n := len(r.Hits); n > 0 {
					return foundf("%d protected %s quoted", n, plural(n, "portion is", "portions are"))
				}
				return nil
			})
		},
	}
}

// prose reads a text that need not be marked: plain text and Markdown as they
// are, and the text of a Word document.
func (c *cli) prose(file string) (string, error) {
	text, err := c.text(file)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(text, "PK\x03\x04") {
		return c.proseOfWord(shown(file), text)
	}
	if at := invalidUTF8(text); at >= 0 {
		line := 1 + strings.Count(text[:at], "\n")
		return "", cordon.Errorf(cordon.KindInvalid, "%s:%d: the text is not valid UTF-8; save it as UTF-8", shown(file), line)
	}
	return text, nil
}

func (c *cli) proseOfWord(name, data string) (string, error) {
	doc, err := document.ReadDOCX(name, strings.NewReader(data), document.Options{Schemes: c.set, DefaultMark: placeholder(c.set), Compilation: true})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	b.WriteString(doc.Title.Text)
	for _, p := range doc.Portions {
		b.WriteString("\n\n" + p.Text)
	}
	return b.String(), nil
}

// invalidUTF8 is where a text stops being UTF-8; -1 where it does not.
func invalidUTF8(text string) int {
	for i, r := range text {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
			return i
		}
	}
	return -1
}

func (c *cli) checked(r wire.Checked) {
	if len(r.Refused) == 0 {
		c.out.Printf("%s\n", c.out.Green("nothing found that "+tty.Clean(name(r.Audience))+" may not have"))
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
		c.out.Printf("  %s may have this\n", tty.Clean(name(r.Audience)))
	}
	c.out.Printf("\n%s\n", c.out.Dim(strings.Join(tty.Wrap(r.Note, c.out.Width), "\n")))
}

func (c *cli) scanned(r wire.Scanned) {
	if len(r.Hits) == 0 {
		c.out.Printf("%s\n", c.out.Green("nothing found of what you may see"))
	}
	for i, f := range r.Hits {
		if i > 0 {
			c.out.Printf("\n")
		}
		c.found(f)
	}
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
	text := fmt.Sprintf("from %s %s of %s, %d of %d words", from, asMark(f.Marking), names(f.Owners), f.Words, f.Of)
	c.out.Printf("%s\n", tty.Indent(tty.Clean(text), "  ", c.out.Width))
	c.out.Printf("  portion %s\n", f.Portion)
}

func lines(p wire.Passage) string {
	if p.EndLine > p.Line {
		return fmt.Sprintf("lines %d-%d", p.Line, p.EndLine)
	}
	return fmt.Sprintf("line %d", p.Line)
}
