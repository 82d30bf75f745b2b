package app

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"cordon"
	"cordon/wire"
)

// onePage is a PDF of one page with a line of text on it.
func onePage(text string) []byte {
	var b strings.Builder
	var offsets []int
	for _, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\nBT /F1 8 Tf 20 700 Td (%s) Tj ET\nendstream", len(text)+33, text),
	} {
		if b.Len() == 0 {
			b.WriteString("%PDF-1.4\n")
		}
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return []byte(b.String())
}

// A server reads PDF as the command line does, for scan and check; one at a time,
// and where too many wait, it says so.
func TestAServerReadsPDF(t *testing.T) {
	t.Parallel()
	c, _ := initialised(t)
	a := opened(t, c)
	api := a.FirstPersonClient()
	const secret = "The courier met the quartermaster twice at the northern pier and counted eleven crates before the tide turned."
	report := draft("Harbour")
	report.Portions = append(report.Portions, wire.PortionDraft{Marking: "U", Text: secret})
	if _, err := api.Publish(t.Context(), report); err != nil {
		t.Fatal(err)
	}
	scan := func(ctx context.Context) (wire.Scanned, error) {
		return api.ScanFile(ctx, "found.pdf", onePage(secret))
	}
	found, err := scan(t.Context())
	if err != nil || len(found.Hits) != 1 || found.Compared.Kind != "a PDF" {
		t.Fatalf("%+v, %v", found, err)
	}
	if text := fmt.Sprint(found.Compared); strings.Contains(text, "courier") {
		t.Error(text)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	busy, hits := 0, 0
	for range 12 {
		wg.Go(func() {
			found, err := scan(t.Context())
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				hits += len(found.Hits)
			case cordon.KindOf(err) == cordon.KindUnavailable && strings.Contains(err.Error(), "too many others"):
				busy++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if hits == 0 || hits+busy != 12 {
		t.Errorf("%d found it, %d were told to come back", hits, busy)
	}
	_, err = api.ScanFile(t.Context(), "x.pdf", []byte("%PDF-1.4\nnonsense"))
	if cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "nothing was compared") {
		t.Error(err)
	}
	_, err = api.Check(t.Context(), wire.Check{File: []byte("a"), Text: "b", Audience: "HUB"})
	if cordon.KindOf(err) != cordon.KindInvalid {
		t.Error(err)
	}
}
