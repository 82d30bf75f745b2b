// Package cui is the Controlled Unclassified Information of the United States
// (32 CFR 2002; the CUI Registry of the National Archives).
//
// A marking is CUI, the categories after a double slash, Specified ones (SP-)
// first, each alphabetically, and the limited dissemination controls after
// another: CUI//SP-PRVCY/CTI//NOFORN. A roll-up takes all of them; REL TO lists
// take what they share, and NOFORN where that is nobody. What a control asks of a
// reader's employer (FED ONLY, FEDCON, NOCON) is for owners and recipients, as
// it is in the US scheme.
package cui

import (
	_ "embed"

	"cordon/marking"
)

//go:embed cui.json
var definition []byte

// Scheme is the CUI program's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
