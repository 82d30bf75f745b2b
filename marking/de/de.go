// Package de is the classification of Germany, by § 4 of the
// Sicherheitsüberprüfungsgesetz and the Verschlusssachenanweisung:
// VS-NfD, VS-VERTRAULICH, GEHEIM and STRENG GEHEIM.
package de

import (
	_ "embed"

	"cordon/marking"
)

//go:embed de.json
var definition []byte

// Scheme is Germany's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
