package reading_test

import (
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
)

// arranged sets up one between MERIDIAN and VALDOR.
func arranged(t *testing.T, w *casetest.World, how cordon.Withheld) cordon.ID {
	t.Helper()
	a := w.Arrange(t, "mara", arrangement.Draft{
		Name: "QUIET HARBOUR", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{Withheld: how},
	})
	return a.ID
}
