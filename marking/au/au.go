// Package au is the protective markings of Australia, by the Protective Security
// Policy Framework. AUS stands before what other nations write too: an OFFICIAL
// without it is the United Kingdom's. Codewords are read-ins; AUSTEO and AGAO
// are for Australians only, and a REL list for those on it.
package au

import (
	_ "embed"

	"cordon/marking"
)

//go:embed au.json
var definition []byte

// Scheme is Australia's.
func Scheme() marking.Scheme { return marking.MustDefine(definition) }
