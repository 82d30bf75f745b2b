package client

import (
	"context"
	"net/http"
	"net/url"

	"cordon"
	"cordon/wire"
)

// Publish writes a report: an original, or a derivative where portions name
// their sources or quote something protected.
func (c *Client) Publish(ctx context.Context, draft wire.Draft) (wire.Published, error) {
	var out wire.Published
	err := c.post(ctx, path("reports"), draft, &out)
	return out, err
}

// Import publishes up to MaxImport drafts, each of them wholly or not at all
// and without regard to the others; the answer has one item for each, in
// their order. All of them together are one request of at most
// cordon.MaxRequestBytes.
func (c *Client) Import(ctx context.Context, drafts []wire.Draft) ([]wire.Imported, error) {
	var out wire.List[wire.Imported]
	err := c.post(ctx, path("imports"), wire.Import{Reports: drafts}, &out)
	if err == nil && len(out.Items) != len(drafts) {
		err = cordon.Errorf(cordon.Internal, "the server's answer is not one of this API")
	}
	return out.Items, err
}

// Reports lists reports in which one may see something, newest first.
func (c *Client) Reports(ctx context.Context, page Page) (wire.List[wire.Item], error) {
	var out wire.List[wire.Item]
	err := c.get(ctx, path("reports"), page.query(), &out)
	return out, err
}

// Open shows what one may see of a report, named by id or ref.
func (c *Client) Open(ctx context.Context, report string) (wire.Rendition, error) {
	var out wire.Rendition
	err := c.get(ctx, path("reports", report), nil, &out)
	return out, err
}

// Export gives what one may see of a report as a document, in the format
// "markdown", "text" or "json".
func (c *Client) Export(ctx context.Context, report, format string) ([]byte, error) {
	return c.raw(ctx, "GET", path("reports", report, "export"), url.Values{"format": {format}}, nil)
}

// SetCompilation records a person's decision on the marking of a whole because
// of what its portions say together. It takes a release authority of the
// organisation that holds the report.
func (c *Client) SetCompilation(ctx context.Context, report, marking string) (wire.Compilation, error) {
	var out wire.Compilation
	err := c.send(ctx, http.MethodPut, path("reports", report, "compilation"), wire.CompilationDraft{Marking: marking}, &out)
	return out, err
}

// Revise puts another wording in the portion's place, under an id of its own. It
// is never freer than the old one, and voids what was asked or granted for the
// report.
func (c *Client) Revise(ctx context.Context, report string, portion cordon.ID, revision wire.Revision) (wire.PublishedPortion, error) {
	var out wire.PublishedPortion
	err := c.send(ctx, http.MethodPut, path("reports", report, "portions", string(portion)), revision, &out)
	return out, err
}
