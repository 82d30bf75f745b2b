// Package ca is the security categories of Canada, by Appendix J of the Directive
// on Security Management: PROTECTED A to C, and CONFIDENTIAL to TOP SECRET with
// CAN before them, since other nations write these too.
package ca

import (
	_ "embed"

	"cordon/marking"
)

//go:embed ca.json
var definition []byte

// Scheme is Canada's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
