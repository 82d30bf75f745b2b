package us

import (
	"slices"
	"strings"

	"cordon/marking/nations"
)

// commonNames are the names of nations that people write in place of the
// trigraph and that are no trigraph themselves: codes of two letters, and those
// that sport and vehicles have made known.
var commonNames = map[string]string{
	"UK": "GBR", "GB": "GBR", "ENG": "GBR", "US": "USA", "NZ": "NZL", "AU": "AUS", "CA": "CAN", "DE": "DEU", "FR": "FRA", "IT": "ITA", "ES": "ESP", "NL": "NLD", "NO": "NOR",
	"PL": "POL", "SE": "SWE", "DK": "DNK", "BE": "BEL", "JP": "JPN", "KR": "KOR", "IL": "ISR", "TR": "TUR", "CH": "CHE",
	"GER": "DEU", "UAE": "ARE", "NED": "NLD", "HOL": "NLD", "DEN": "DNK", "SUI": "CHE", "POR": "PRT", "GRE": "GRC", "CRO": "HRV", "SLO": "SVN", "BUL": "BGR", "LAT": "LVA", "KSA": "SAU", "RSA": "ZAF", "PHI": "PHL", "VIE": "VNM", "INA": "IDN",
	"CHI": "CHL", "SPA": "ESP", "CZ": "CZE", "FI": "FIN", "GR": "GRC", "HU": "HUN", "IE": "IRL", "LT": "LTU", "LV": "LVA", "EE": "EST", "PT": "PRT", "RO": "ROU", "SK": "SVK", "UA": "UKR",
}

// repairCodes reads a list with any separators in any order, without USA. Where
// other is not nil, the list can be read as that too: a code that is one letter
// off USA stands in its place, or one off the TO before it.
func repairCodes(s string) (list codes, other *codes, ok bool) {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '/' })
	// A word of four letters that only a blank parts from a list with commas
	// is rather a word than an organisation that is not known.
	commas := strings.ContainsAny(s, ",/")
	hasUSA := slices.ContainsFunc(words, func(w string) bool { return w == usa || commonNames[w] == usa })
	doubtful := ""
	rest := s
	for i, c := range words {
		at := strings.Index(rest, c)
		apart := i == 0 || strings.ContainsAny(rest[:at], ",/")
		rest = rest[at+len(c):]
		if long, ok := commonNames[c]; ok {
			c = long
		}
		switch {
		case c == usa || c == "AND":
			continue
		case isCountry(c):
			list.countries = append(list.countries, c)
		case isGroup(c) && (apart || !commas || slices.Contains(printed[:], c)):
			list.groups = append(list.groups, c)
		default:
			code, ok := nations.Code(c)
			if !ok || len(c) < 4 {
				return codes{}, nil, false
			}
			if code != usa {
				list.countries = append(list.countries, code)
			}
		}
		if !hasUSA && near(c, usa, 1) || i == 0 && near(c, "TO", 1) {
			doubtful = c
		}
	}
	list.sort()
	if doubtful == "" {
		return list, nil, true
	}
	without := codes{countries: slices.DeleteFunc(slices.Clone(list.countries), func(c string) bool { return c == doubtful }), groups: list.groups}
	return list, &without, true
}

// sort puts the codes in order, each once.
func (c *codes) sort() {
	slices.Sort(c.countries)
	slices.Sort(c.groups)
	c.countries, c.groups = slices.Compact(c.countries), slices.Compact(c.groups)
}
