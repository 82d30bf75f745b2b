// Package tlp is the Traffic Light Protocol 2.0 of FIRST.
//
// Its four labels, with TLP:AMBER+STRICT beside TLP:AMBER, say how far a
// recipient may pass information on: TLP:RED to nobody but those named,
// TLP:AMBER+STRICT within the organisation, TLP:AMBER to its clients too,
// TLP:GREEN within the community, TLP:CLEAR to anyone. The strictest label of
// the portions is that of the whole. TLP:WHITE, of TLP 1.0, reads as
// TLP:CLEAR. Labels are written in capitals, without a space, in English
// only; anything else is refused and the right form suggested.
package tlp

import (
	_ "embed"

	"cordon/marking"
)

//go:embed tlp.json
var definition []byte

// Scheme is TLP 2.0.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }

//go:embed chr.json
var chathamHouse []byte

// ChathamHouse is the extension TLP:EX:CHR, a scheme of its own: its one marking
// stands beside a label, as in (TLP:AMBER)(TLP:EX:CHR), and says nothing about
// who may have the information.
func ChathamHouse() marking.Scheme { return marking.MustDefine(chathamHouse) }
