package parts

import (
	"strings"
	"unicode"
)

// tellingNames are the words in the names of fields and attributes that say how
// what they are in is marked.
var tellingNames = map[string]bool{
	"classification": true, "classified": true, "marking": true, "markings": true, "sensitivity": true, "caveat": true, "caveats": true,
	"handling": true, "releasability": true, "dissemination": true,
}

// maxTelling is the longest value that is looked at, in bytes.
const maxTelling = 200

// Telling gives what a field says of how the text it belongs to is marked, by a
// word in its name: "TLP:RED" for data-tlp and red, "S" for x_classification and s.
// It is empty for a field that says nothing of it.
func Telling(name, value string) string {
	value = strings.TrimSpace(value)
	if value == "" || len(value) > maxTelling || len(name) > maxTelling {
		return ""
	}
	for _, word := range nameWords(name) {
		switch {
		case word == "tlp" || word == "pap":
			prefix := strings.ToUpper(word) + ":"
			upper := strings.ToUpper(value)
			if !strings.HasPrefix(upper, prefix) {
				upper = prefix + upper
			}
			return upper
		case tellingNames[word]:
			if len(value) <= 3 {
				return strings.ToUpper(value)
			}
			return value
		}
	}
	return ""
}

// nameWords are the words of a name in small letters: "doc_tlp", "docTLP" and
// "doc-tlp" have the same.
func nameWords(name string) []string {
	var all []string
	var word strings.Builder
	small := false
	flush := func() {
		if word.Len() > 0 {
			all = append(all, strings.ToLower(word.String()))
		}
		word.Reset()
	}
	for _, r := range name {
		if !unicode.IsLetter(r) {
			flush()
			small = false
			continue
		}
		if unicode.IsUpper(r) && small {
			flush()
		}
		small = unicode.IsLower(r)
		word.WriteRune(r)
	}
	flush()
	return all
}

// The attributes of the Information Security Marking (ISM.XML, ODNI), by which
// elements of XML and HTML are marked; the order is that of a portion mark.
var (
	ismFirst = []string{"SCIcontrols", "SARIdentifier", "atomicEnergyMarkings", "FGIsourceOpen", "disseminationControls", "nonICmarkings"}
	ismOnly  = map[string]bool{
		"classification": true, "scicontrols": true, "saridentifier": true, "atomicenergymarkings": true, "fgisourceopen": true, "fgisourceprotected": true,
		"disseminationcontrols": true, "nonicmarkings": true, "releasableto": true, "displayonlyto": true, "cuibasic": true, "cuispecified": true,
	}
)

// Attribute is an attribute of an element.
type Attribute struct{ Name, Value string }

// Attributes gives what the attributes of one element say of its marking: that of
// the ISM attributes as a portion mark, and that of each other which tells. The
// names may have a prefix.
func Attributes(all []Attribute) []string {
	ism := map[string]string{}
	var out []string
	for _, a := range all {
		prefix, local, ok := strings.Cut(a.Name, ":")
		if !ok {
			prefix, local = "", a.Name
		}
		low := strings.ToLower(local)
		switch {
		case prefix == "xmlns", low == "class", low == "style", low == "id":
		case ismOnly[low] && (strings.EqualFold(prefix, "ism") || low != "classification" && tellsISM(all)):
			ism[low] = strings.ToUpper(strings.Join(strings.Fields(a.Value), "/"))
		case ismOnly[low] && low == "classification" && tellsISM(all):
			ism[low] = strings.ToUpper(strings.TrimSpace(a.Value))
		default:
			if said := Telling(local, a.Value); said != "" {
				out = append(out, said)
			}
		}
	}
	if mark := Portion(ism); mark != "" {
		out = append(out, mark)
	}
	return out
}

// tellsISM reports whether attributes are those of ISM though their prefix is
// another: one that nobody else has is among them.
func tellsISM(all []Attribute) bool {
	for _, a := range all {
		local := strings.ToLower(a.Name[strings.LastIndexByte(a.Name, ':')+1:])
		if ismOnly[local] && local != "classification" || local == "ownerproducer" {
			return true
		}
	}
	return false
}

// Portion makes a portion mark of the values of ISM, by their names in small letters:
// S//SI//NF of classification, SCIcontrols and disseminationControls. Without a
// classification the others stand by themselves, which no reader takes for a mark
// of any scheme.
func Portion(values map[string]string) string {
	var all []string
	if level := values["classification"]; level != "" {
		all = append(all, level)
	}
	for _, name := range ismFirst {
		value := values[strings.ToLower(name)]
		if to := values["releasableto"]; name == "disseminationControls" && to != "" {
			value = strings.Replace("/"+value+"/", "/REL/", "/REL TO "+strings.ReplaceAll(to, "/", ", ")+"/", 1)
			value = strings.Trim(value, "/")
		}
		if value != "" {
			all = append(all, value)
		}
	}
	if values["cuibasic"]+values["cuispecified"] != "" {
		all = append(all, "CUI")
	}
	return strings.Join(all, "//")
}
