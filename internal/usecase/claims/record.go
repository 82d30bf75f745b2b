package claims

import "cordon/wire"

// Record is the public record of one incident, in any order.
type Record struct {
	Propositions []Proposition `json:"propositions"`
	Sources      []Source      `json:"sources"`
	Statements   []Statement   `json:"statements"`
}

// The items of the record and its table have one form, in which they are kept,
// sent and computed with.
type (
	// Proposition is something that can be claimed and denied.
	Proposition = wire.Proposition
	// Source is somebody to whom statements are attributed.
	Source = wire.Source
	// Statement is what a source said at one time.
	Statement = wire.Statement
	// Stance is how a statement bears on a proposition.
	Stance = wire.Stance

	// Matrix is the public record as it stood at an instant.
	Matrix = wire.Matrix
	// Row is how one proposition stood.
	Row = wire.MatrixRow
	// Said is one stance taken in public.
	Said = wire.Said
	// Change is a source that said one thing of a proposition and then another.
	Change = wire.Change
	// Range is a number that is known only to lie between two.
	Range = wire.Range
)

// The stances.
const (
	Confirms       = wire.StanceConfirms
	Denies         = wire.StanceDenies
	DoesNotClaim   = wire.StanceDoesNotClaim
	DoesNotAddress = wire.StanceDoesNotAddress
)

// Stances lists every stance.
func Stances() []Stance { return wire.Stances() }
