// Package europol is Europol's handling codes, with which the provider of
// information says how it may be used.
//
// H0 to H3 combine, written H1/H2; a whole carries every code of its portions.
// They name no clearance and no audience: the provider's permission is the
// owner's grant, and none of them lets a recipient pass anything on.
package europol

import (
	_ "embed"

	"cordon/marking"
)

//go:embed europol.json
var definition []byte

// Scheme is Europol's handling codes.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
