package pdf

import (
	"fmt"
	"strings"
	"testing"
)

// Of any bytes objects are read or refused; strings come back as they were written.
func FuzzObjects(f *testing.F) {
	f.Add([]byte("1 0 obj\n<< /A (b\\051) /C [1 0 R <41> /N#41 true null -1.5] >>\nendobj\n2 0 obj\n<< /Length 2 >>\nstream\nab\nendstream\nendobj\nxref\ntrailer << /Info 1 0 R >>"))
	f.Add([]byte("1 0 obj\n(((\\"))
	f.Fuzz(func(t *testing.T, src []byte) {
		objects(src)
		var hex strings.Builder
		for _, c := range src {
			fmt.Fprintf(&hex, "\\%03o", c)
		}
		for _, written := range []string{fmt.Sprintf("<%x>", src), "(" + hex.String() + ")"} {
			all, err := objects([]byte("7 0 obj\n" + written + "\nendobj\nxref\ntrailer <<>>"))
			if got, ok := all[7].value.(pdfText); err != nil || !ok || string(got) != string(src) {
				t.Fatalf("%q, %v, not %q", got, err, src)
			}
		}
		pdfText(src).decoded()
	})
}
