package emergency_test

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/casetest"
	"cordon/internal/release"
)

// arrange sets up an arrangement in force between the person's organisation and
// the other.
func arrange(t *testing.T, w *casetest.World, person, other string, how func(*cordon.Arrangement)) cordon.ID {
	t.Helper()
	a, err := w.Release.AddArrangement(context.Background(), w.ID(person), release.ArrangementDraft{
		Name: "With " + other, Mark: "U", Parties: []cordon.ID{w.ID(other)},
	})
	if err != nil {
		t.Fatal(err)
	}
	change(t, w, a.ID, how)
	return a.ID
}
