package us

import (
	"slices"

	"cordon/marking/nations"
)

// usa is the code that begins every release list and is never part of the
// lists kept here: what is released is always released to the United States.
const usa = "USA"

// countryCodes are the trigraphs of Register Annex B, which follows the
// Geopolitical Entities, Names and Codes standard (A.4 Table 1): ISO 3166-1
// with GENC's own additions, sorted, three letters each.
const countryCodes = "ABWAFGAGOAIAALAALBANDAREARGARMASMATAATFATGAUSAUTAZE" +
	"BDIBELBENBESBFABGDBGRBHRBHSBIHBLMBLRBLZBMUBOLBRABRBBRNBTNBVTBWA" +
	"CAFCANCCKCHECHLCHNCIVCMRCODCOGCOKCOLCOMCPVCRICUBCUWCXRCYMCYPCZE" +
	"DEUDJIDMADNKDOMDZAECUEGYERIESHESPESTETHFINFJIFLKFRAFROFSM" +
	"GABGBRGEOGGYGHAGIBGINGLPGMBGNBGNQGRCGRDGRLGTMGUFGUMGUY" +
	"HKGHMDHNDHRVHTIHUNIDNIMNINDIOTIRLIRNIRQISLISRITAJAMJEYJORJPN" +
	"KAZKENKGZKHMKIRKNAKORKWTLAOLBNLBRLBYLCALIELKALSOLTULUXLVA" +
	"MACMAFMARMCOMDAMDGMDVMEXMHLMKDMLIMLTMMRMNEMNGMNPMOZMRTMSRMTQMUSMWIMYSMYT" +
	"NAMNCLNERNFKNGANICNIUNLDNORNPLNRUNZLOMNPAKPANPCNPERPHLPLWPNGPOLPRIPRKPRTPRYPSEPYF" +
	"QATREUROURUSRWASAUSDNSENSGPSGSSHNSJMSLBSLESLVSMRSOMSPMSRBSSDSTPSURSVKSVNSWESWZSXMSYCSYR" +
	"TCATCDTGOTHATJKTKLTKMTLSTONTTOTUNTURTUVTWNTZAUGAUKRUMIURYUSAUZB" +
	"VATVCTVENVGBVIRVNMVUTWLFWSMXAZXKSXQZXSPYEMZAFZMBZWE"

// isCountry reports whether c is a trigraph of Annex B, or one of those that
// ISO 3166-1 leaves to its users (AAA to AAZ, QMA to QZZ, XAA to XZZ, ZZA to
// ZZZ), which GENC and exercises draw on.
func isCountry(c string) bool {
	if len(c) != 3 || !letters(c) {
		return false
	}
	want := packed(c)
	lo, hi := 0, len(countryCodes)/3
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		switch k := packed(countryCodes[mid*3 : mid*3+3]); {
		case k == want:
			return true
		case k < want:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return c[:2] == "AA" || c[:2] == "ZZ" || c[0] == 'X' || (c[0] == 'Q' && c[1] >= 'M')
}

// packed makes one number of three letters, in their order.
func packed(c string) uint32 { return uint32(c[0])<<16 | uint32(c[1])<<8 | uint32(c[2]) }

// isGroup reports whether c has the form of a tetragraph: four letters or
// digits, a letter first, or UN, which is an exception (G.1 Table 4, note *).
// Annex A itself is not public; NAC activities are not registered at all (G.2
// Table 5). What is evidently a slip for another code is none.
func isGroup(c string) bool {
	return len(c) == 4 && c[0] >= 'A' && c[0] <= 'Z' && alnum(c) && !noGroup(c) && misspelt(c) == "" || c == unitedNations
}

// nationNames are the names of nations that have the form of a tetragraph: IRAQ.
var nationNames = fourLetters(nations.Names())

func fourLetters(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		if len(n) == 4 {
			out[n] = true
		}
	}
	return out
}

// noGroup reports whether c is a marking of its own, the name of a nation, or a
// word that stands beside lists, and no organisation: REL TO USA, GBR ONLY.
func noGroup(c string) bool {
	switch c {
	case "ONLY", "EYES", "WITH", "FROM", "ALSO", "PLUS", "THEN", "NONE", "LIST", "BOTH", "EACH", "FOUO", "FISA", "DSEN", "RSEN", "UCNI", "DCNI", "TFNI", "BALK", "USGV":
		return true
	}
	return nationNames[c]
}

// printed are the tetragraphs that the manual and the Roll-up Guidance print
// and that no code of Annex A known to be in use is near to.
var printed = [...]string{"NATO", "FVEY", "ACGU", "ISAF", "TEYE", "FRME"}

// misspelt gives the code that c, of the form of a tetragraph, is evidently a
// slip for: a printed tetragraph with one letter wrong or two exchanged, or a
// trigraph with a letter doubled. It is empty for every other.
func misspelt(c string) string {
	if len(c) != 4 || slices.Contains(printed[:], c) {
		return ""
	}
	for _, p := range printed {
		if near(c, p, 1) {
			return p
		}
	}
	for i := range 3 {
		if short := c[:i] + c[i+1:]; c[i] == c[i+1] && (short == usa || isCountry(short)) {
			return short
		}
	}
	return ""
}

const unitedNations = "UN"

// decomposable are the tetragraphs whose members may stand for them in a
// roll-up: ACGU, FVEY and TEYE by D.2 Table 3 rule 23, FRME by the Roll-up
// Guidance for ISM, 2.2. Every other rolls up only as itself: the manual allows
// no further expansion. The members are those of ODNI's tetragraph taxonomy
// (ISMCAT 2022-NOV); its Schematron of 2013 had CAN for AUS in TEYE.
var decomposable = map[string][]string{
	"ACGU": {"AUS", "CAN", "GBR"},
	"FRME": {"AUS", "BEL", "CAN", "DEU", "DNK", "ESP", "FRA", "GBR", "ITA", "NLD", "NOR", "NZL"},
	"FVEY": {"AUS", "CAN", "GBR", "NZL"},
	"TEYE": {"AUS", "GBR"},
}

// nacActivities are the letters that stand for a NAC activity in a NATO
// portion mark (H.3 Example Page 4: NIS is NATO ISAF SECRET).
var nacActivities = map[string]string{"I": "ISAF"}

// codes is a list of trigraphs and tetragraphs, each sorted, without USA.
type codes struct {
	countries []string
	groups    []string
}

func (c codes) empty() bool { return len(c.countries) == 0 && len(c.groups) == 0 }

func (c codes) equal(o codes) bool {
	return slices.Equal(c.countries, o.countries) && slices.Equal(c.groups, o.groups)
}

func (c codes) has(code string) bool {
	return slices.Contains(c.countries, code) || slices.Contains(c.groups, code)
}

// union is what either list names.
func (c codes) union(o codes) codes {
	switch {
	case o.empty() || c.equal(o):
		return c
	case c.empty():
		return o
	}
	return codes{merge(c.countries, o.countries), merge(c.groups, o.groups)}
}

// expanded are the countries a list names, alone or by a decomposable
// tetragraph.
func (c codes) expanded() []string {
	out := c.countries
	for _, g := range c.groups {
		out = merge(out, decomposable[g])
	}
	return out
}

// communities are the tetragraphs of a list that do not decompose.
func (c codes) communities() []string {
	var out []string
	for _, g := range c.groups {
		if _, ok := decomposable[g]; !ok {
			out = append(out, g)
		}
	}
	return out
}

// merge is the union of two sorted lists. It returns one of them unchanged
// where it holds the other.
func merge(a, b []string) []string {
	if len(b) == 0 || holds(a, b) {
		return a
	}
	if len(a) == 0 {
		return b
	}
	out := make([]string, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			out = append(out, a[i])
			i++
		case a[i] > b[j]:
			out = append(out, b[j])
			j++
		default:
			out = append(out, a[i])
			i++
			j++
		}
	}
	return append(append(out, a[i:]...), b[j:]...)
}

// holds reports whether every element of the sorted b is in the sorted a.
func holds(a, b []string) bool {
	i := 0
	for _, s := range b {
		for i < len(a) && a[i] < s {
			i++
		}
		if i == len(a) || a[i] != s {
			return false
		}
	}
	return true
}

// common is the intersection of two sorted lists.
func common(a, b []string) []string {
	if holds(b, a) {
		return a
	}
	var out []string
	for _, s := range a {
		if _, ok := slices.BinarySearch(b, s); ok {
			out = append(out, s)
		}
	}
	return out
}

// without is the sorted a less what is in the sorted b.
func without(a, b []string) []string {
	if len(b) == 0 {
		return a
	}
	var out []string
	for _, s := range a {
		if _, ok := slices.BinarySearch(b, s); !ok {
			out = append(out, s)
		}
	}
	return out
}

func letters(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != ""
}

func alnum(s string) bool {
	for i := 0; i < len(s); i++ {
		if (s[i] < 'A' || s[i] > 'Z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return s != ""
}
