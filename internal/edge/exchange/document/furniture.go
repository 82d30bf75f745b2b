package document

import (
	"errors"
	"regexp"
	"strings"

	"cordon/marking"
)

// furniture is a line that is only a banner, a page marker, or both.
type furniture struct {
	line
	// marks is what its banner says; empty where it has none.
	marks marking.Marks
	// paged is set where it has page words beside the banner or a "begin" or
	// "end", so that it is furniture even in the middle of a paragraph.
	paged bool
	// page is set where it stands at the edge of each page.
	page bool
}

// pageWords is "Page 3", "page 3 of 7", "begin page 28-30".
var pageWords = regexp.MustCompile(`(?i)\b(?:(begin|end)\s+)?page\s+(?:\d+|[ivxlc]+)(?:\s*(?:-|–|/|of)\s*\d+)?`)

// splitPage takes the page words out of a line. rest is what stands beside
// them, on one side only; bare is set where neither "begin" nor "end" is there.
func splitPage(text string) (rest string, bare, ok bool) {
	if len(text) > maxFurniture {
		return "", false, false
	}
	m := pageWords.FindStringSubmatchIndex(text)
	if m == nil {
		return "", false, false
	}
	before, after := trim(text[:m[0]]), trim(text[m[1]:])
	if before != "" && after != "" {
		return "", false, false
	}
	return before + after, m[2] < 0, true
}

// mayBeBanner tells cheaply what cannot be a banner, which is in capitals
// (manual, section D.1).
func mayBeBanner(text string) bool {
	if text == "" || len(text) > maxFurniture {
		return false
	}
	return !strings.ContainsAny(text, "()") && strings.ToUpper(text) == text && strings.ContainsAny(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// undecorated is a line without what Markdown puts around a centred banner.
func undecorated(text string) string {
	return strings.Trim(text, " \t*_")
}

// asFurniture reads a line as furniture. The error is for a line that is
// evidently a banner and malformed.
func asFurniture(set *marking.Set, l line) (f furniture, ok bool, err error) {
	text := undecorated(l.text)
	f.line = l
	if rest, bare, paged := splitPage(text); paged {
		if rest == "" {
			f.paged = !bare
			return f, true, nil
		}
		if mayBeBanner(rest) {
			f.marks, err = set.ParseBanner(rest)
			f.paged = err == nil
			return f, err == nil, evident(err, rest)
		}
	}
	if !mayBeBanner(text) {
		return f, false, nil
	}
	f.marks, err = set.ParseBanner(text)
	return f, err == nil, evident(err, text)
}

// evident keeps the error of a text that some scheme takes for its own and
// that has the separators of a marking; any other is no banner at all.
func evident(err error, text string) error {
	var e *marking.Error
	if err == nil || !errors.As(err, &e) || e.Scheme == "" || !strings.ContainsAny(text, "/:") {
		return nil
	}
	return err
}
