// Package fr is the classification of France: SECRET and TRÈS SECRET since 1
// July 2021 (Code de la défense; IGI 1300), the mention DIFFUSION RESTREINTE, and
// what was marked before, CONFIDENTIEL DÉFENSE, SECRET DÉFENSE and TRÈS SECRET
// DÉFENSE. FR stands before what other nations write too.
package fr

import (
	_ "embed"

	"cordon/marking"
)

//go:embed fr.json
var definition []byte

// Scheme is France's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
