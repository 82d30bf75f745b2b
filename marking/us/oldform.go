package us

import "strings"

// unclassifiedAlone are the controls that stand with UNCLASSIFIED only (H.8,
// H.9) and were, and are, written without it: (FOUO).
var unclassifiedAlone = [...]string{"FOUO", "FOR OFFICIAL USE ONLY", "SBU", "SBU-NF", "SBU NOFORN", "LIMDIS", "DCNI", "UCNI", "DOD UCNI", "DOE UCNI"}

// hyphened are what followed a classification behind a hyphen, a single slash or
// nothing in marks made before the register asked for a double slash.
var hyphened = [...]string{"NOFORN", "NF", "FOUO", "SI", "TK", "HCS", "REL", "RELIDO", "ORCON", "OC", "IMCON", "IMC", "PROPIN", "PR", "RD", "FRD", "FISA", "LIMDIS", "SBU"}

// modern puts slashes into an older form of a mark: S-NF, TS-SI-NF, and
// FOUO for U//FOUO. It gives the text itself where it has no older form.
func modern(s string) string {
	if strings.Contains(s, "/") {
		if head, _, ok := strings.Cut(s, "/"); ok && strings.Contains(head, "-") {
			if m := modern(head); m != head {
				return m + s[len(head):]
			}
		}
		return s
	}
	for _, alone := range unclassifiedAlone {
		if s == alone {
			return "U//" + s
		}
	}
	head, rest, ok := strings.Cut(s, "-")
	if !ok {
		return s
	}
	known := false
	for _, f := range [...]form{portionForm, bannerForm} {
		if l, ok := levelOf(head, f); ok && l != levelR {
			known = true
		}
	}
	if !known {
		return s
	}
	out := head
	for rest != "" {
		part := ""
		for _, h := range hyphened {
			if len(h) > len(part) && (rest == h || strings.HasPrefix(rest, h+"-") || strings.HasPrefix(rest, h+" ")) {
				part = h
			}
		}
		if part == "" {
			return s
		}
		if part == "REL" {
			return out + "//" + rest // a list follows
		}
		out += "//" + part
		rest = strings.TrimPrefix(rest[len(part):], "-")
		if strings.HasPrefix(rest, " ") {
			return s
		}
	}
	return out
}
