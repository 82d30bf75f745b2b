// Package uk is the Government Security Classifications of the United Kingdom.
//
// OFFICIAL, OFFICIAL-SENSITIVE, SECRET and TOP SECRET are written with the
// prefix UK, as they are when information goes abroad: next to other nations'
// markings it tells whose SECRET is meant. An eyes-only list admits nobody but
// the nations in it: UK SECRET - UK/US EYES ONLY, also read without the dash. A roll-up takes the highest
// classification and the nations common to all lists.
package uk

import (
	_ "embed"

	"cordon/marking"
)

//go:embed uk.json
var definition []byte

// Scheme is the United Kingdom's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
