// Package nato is the markings of the North Atlantic Treaty Organization.
//
// A portion mark is a classification, NU, NR, NC, NS or CTS, and behind a
// hyphen the special categories ATOMAL (A), BOHEMIA (B) and BALK, each of which
// a reader must be read into: CTS-B, NS-A. From NATO RESTRICTED up the audience
// is NATO, and whom the originator has released it to: NS RELEASABLE TO SWE. A
// roll-up takes the highest classification, every special category, and the
// release that all portions share; NATO UNCLASSIFIED without a list has no say
// in that.
package nato

import (
	_ "embed"

	"cordon/marking"
)

//go:embed nato.json
var definition []byte

// Scheme is NATO's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
