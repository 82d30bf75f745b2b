package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// Publish writes a report: an original, or a derivative where portions name
// their sources or quote something protected.
func (c *Client) Publish(ctx context.Context, draft wire.Draft) (wire.Published, error) {
	return do(ctx, c, wire.Publish, draft)
}

// Import publishes up to MaxImport drafts, each of them wholly or not at all
// and without regard to the others; the answer has one item for each, in
// their order. All of them together are one request of at most
// cordon.MaxRequestBytes. Keys has one for each draft, or is nil: what was
// published before under its key is left out, so that a program which makes the
// key from what it imports can be run again.
func (c *Client) Import(ctx context.Context, drafts []wire.Draft, keys []string) ([]wire.Imported, error) {
	out, err := do(ctx, c, wire.ImportReports, wire.Import{Reports: drafts, Keys: keys})
	if err == nil && len(out.Items) != len(drafts) {
		err = cordon.Errorf(cordon.KindInternal, "the server's answer is not one of this API")
	}
	return out.Items, err
}

// Reports lists reports in which one may see something, newest first.
func (c *Client) Reports(ctx context.Context, page wire.Page) (wire.List[wire.Item], error) {
	return do(ctx, c, wire.ListReports, page)
}

// Open shows the portions of a report, named by id or ref, that one may see.
func (c *Client) Open(ctx context.Context, report string) (wire.Rendition, error) {
	return do(ctx, c, wire.OpenReport, wire.OfReport{Report: report})
}

// Export gives what one may see of a report as a document, in the format
// "markdown", "text" or "json".
func (c *Client) Export(ctx context.Context, report, format string) ([]byte, error) {
	out, err := do(ctx, c, wire.ExportReport, wire.ReportExport{OfReport: wire.OfReport{Report: report}, Format: format})
	return out.Body, err
}

// SetCompilation records a person's decision on the marking of a whole because
// of what its portions say together. It takes a release authority of the
// organisation that holds the report.
func (c *Client) SetCompilation(ctx context.Context, report, marking string) (wire.Compilation, error) {
	return do(ctx, c, wire.SetCompilation, wire.CompilationDraft{OfReport: wire.OfReport{Report: report}, Marking: marking})
}

// Wordings gives the wordings that a portion has had, the present one first; the
// earlier ones as far as one may see them.
func (c *Client) Wordings(ctx context.Context, report string, portion cordon.ID) ([]wire.Shown, error) {
	out, err := do(ctx, c, wire.ListWordings, wire.OfReportPortion{OfReport: wire.OfReport{Report: report}, Portion: portion})
	return out.Items, err
}

// Revise puts another wording in the portion's place, under an id of its own.
// It is never freer than the old one, and voids requests and answers that
// concern the report.
func (c *Client) Revise(ctx context.Context, report string, portion cordon.ID, revision wire.Revision) (wire.PublishedPortion, error) {
	revision.Report, revision.Portion = report, portion
	return do(ctx, c, wire.Revise, revision)
}
