package pdf_test

import (
	"testing"
	"time"

	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/pdf"
)

// Of any bytes text is read, or it is said what is wrong; the sandbox holds, and
// the next file is read as if the one before had not been.
func FuzzPDF(f *testing.F) {
	whole := file("The red fox.")
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"))
	r := &pdf.Reader{Longest: 20 * time.Second}
	f.Cleanup(r.Close)
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 16<<10 {
			return
		}
		got := r.Read("a.pdf", src, parts.NewBudget(), alone)
		if got.Empty() && len(got.Lost) == 0 {
			t.Errorf("nothing was read of %q, and nothing is said", src)
		}
		if string(src) == string(whole) && (len(got.Blocks) != 1 || got.Blocks[0].Text() != "The red fox.") {
			t.Errorf("%+v", got)
		}
	})
}
