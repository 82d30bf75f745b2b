// Package nations is the codes of three letters of ISO 3166-1, with the names
// that documents write. It lets a list of recipients take nations only.
package nations

import (
	_ "embed"
	"strings"
)

// table has a line for each country: its code and its names, parted by bars,
// those of the standard or of the Unicode CLDR first.
//
//go:embed nations.txt
var table string

var byCode, byName = load()

func load() (codes map[string]string, names map[string]string) {
	codes, names = map[string]string{}, map[string]string{}
	for line := range strings.Lines(table) {
		code, list, _ := strings.Cut(strings.TrimSpace(line), " ")
		for i, name := range strings.Split(list, "|") {
			if i == 0 {
				codes[code] = name
			}
			names[strings.ToUpper(name)] = code
		}
	}
	return codes, names
}

// Name is the first name of the country with a code; ok is false where the
// standard has no such code.
func Name(code string) (name string, ok bool) {
	name, ok = byCode[code]
	return name, ok
}

// Code is the code of the country with a name, in whatever case; ok is false
// where none is called so.
func Code(name string) (code string, ok bool) {
	code, ok = byName[strings.ToUpper(name)]
	return code, ok
}

// Names are all names there are, in upper case.
func Names() []string {
	out := make([]string, 0, len(byName))
	for n := range byName {
		out = append(out, n)
	}
	return out
}

// Known reports whether a nation may be named by the code: one of the standard,
// or one that it leaves to its users (AAA to AAZ, QMA to QZZ, XAA to XZZ, ZZA to
// ZZZ), for exercises.
func Known(code string) bool {
	if _, ok := byCode[code]; ok {
		return true
	}
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return false
	}
	return code[:2] == "AA" || code[:2] == "ZZ" || code[0] == 'X' || code[0] == 'Q' && code[1] >= 'M'
}
