// Package eu is the classification of EU classified information (EUCI), by
// Council Decision 2013/488/EU.
//
// The audience is the EU and whom the originator has released it to:
// R-UE RELEASABLE TO CHE. Downgrading, another purpose, and release to a third
// state or an international organisation need the originator's prior written
// consent; so no marking lets a recipient pass anything on. Where the
// originator is not known, whoever holds the information exercises its control,
// which is for the owner recorded with the portion, not for the marking.
package eu

import (
	_ "embed"

	"cordon/marking"
)

//go:embed eu.json
var definition []byte

// Scheme is the EU's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
