package reading_test

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/casetest"
	"cordon/internal/release"
)

// arrangement sets up one between MERIDIAN and VALDOR.
func arrangement(t *testing.T, w *casetest.World, how cordon.Withheld) cordon.ID {
	t.Helper()
	a, err := w.Release.AddArrangement(context.Background(), w.ID("mara"), release.ArrangementDraft{
		Name: "QUIET HARBOUR", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}, Withheld: how,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}
