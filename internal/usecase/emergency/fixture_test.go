package emergency_test

import (
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
)

// arrange sets up an arrangement in force between the person's organisation and
// the other, on terms that how sets.
func arrange(t *testing.T, w *casetest.World, person, other string, how func(*cordon.Arrangement)) cordon.ID {
	t.Helper()
	a := cordon.Arrangement{Parties: []cordon.ID{w.ID(other)}}
	how(&a)
	return w.Arrange(t, person, arrangement.Draft{Name: "With " + other, Mark: "U", Parties: a.Parties, Terms: a.Terms}).ID
}
