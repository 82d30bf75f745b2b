// Package pap is the Permissible Actions Protocol.
//
// PAP says what may be done with information (PAP:RED: nothing that can be
// seen from outside), not who may have it: its markings admit everybody and say
// nothing about passing on. They stand beside those of a scheme that does, as
// in (TLP:AMBER)(PAP:RED), and the strictest of the portions is that of the
// whole. PAP:WHITE reads as PAP:CLEAR.
package pap

import (
	_ "embed"

	"cordon/marking"
)

//go:embed pap.json
var definition []byte

// Scheme is PAP.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
