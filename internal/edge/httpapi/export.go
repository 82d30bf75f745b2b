package httpapi

import (
	"bytes"
	"io"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/wire"
)

// export is a read that leaves as a file. Its name says nothing.
func (a *api) export(c *call, in wire.ReportExport) (wire.File, error) {
	out := wire.File{Type: jsonType, Name: "report.json"}
	var write func(io.Writer, document.Document) error
	switch in.Format {
	case "markdown":
		out, write = wire.File{Type: "text/markdown; charset=utf-8", Name: "report.md"}, document.WriteMarkdown
	case "text":
		out, write = wire.File{Type: "text/plain; charset=utf-8", Name: "report.txt"}, document.WriteText
	case "json":
	default:
		return wire.File{}, cordon.Errorf(cordon.KindInvalid, "a format is markdown, text or json")
	}
	r, err := c.rendition(in.Report, cordon.ActExport)
	if err != nil {
		return wire.File{}, err
	}
	if write == nil {
		out.Body, err = encode(r)
		return out, err
	}
	doc, err := c.document(r)
	if err != nil {
		return wire.File{}, err
	}
	var b bytes.Buffer
	if err := write(&b, doc); err != nil {
		return wire.File{}, err
	}
	out.Body = b.Bytes()
	return out, nil
}

// document is the rendition in the form that can be written out.
func (c *call) document(r wire.Rendition) (document.Document, error) {
	doc := document.Document{Ref: r.Ref, Banner: r.Banner}
	for _, p := range r.Portions {
		marks, err := c.Schemes.Parse(p.Marking)
		if err != nil {
			return doc, cordon.Errorf(cordon.KindInternal, "a stored marking is not a marking").Because(err)
		}
		one := document.Portion{Kind: p.Kind, Ref: p.Ref, Text: p.Text, Marks: marks}
		if p.Kind == cordon.PortionTitle {
			doc.Title = one
			continue
		}
		doc.Portions = append(doc.Portions, one)
	}
	if doc.Title.Marks.Empty() {
		// Every report has a title; one that is not shown is stood in for.
		marks, err := c.Schemes.ParseBanner(r.Banner)
		if err != nil {
			return doc, cordon.Errorf(cordon.KindInternal, "a banner is not a marking").Because(err)
		}
		doc.Title = document.Portion{Kind: cordon.PortionTitle, Text: "Report " + string(r.Report), Marks: marks}
	}
	return doc, nil
}
