package proxy

import "strings"

// forwardedFor gives, element by element, what one Forwarded field (RFC 7239,
// section 4) has as for=; empty for an element without it, and for all of a
// field that is malformed, whose last element is then nobody's.
func forwardedFor(field string) []string {
	var all []string
	rest := field
	for {
		node, after, ok := element(rest)
		if !ok {
			return []string{""}
		}
		all = append(all, node)
		if after == "" {
			return all
		}
		rest = after[1:] // after the comma
	}
}

// element reads one forwarded-element, up to the comma that ends it or the end:
// pairs of a token and a value, with semicolons between them.
func element(text string) (node, rest string, ok bool) {
	seen := false
	for {
		text = strings.TrimLeft(text, " \t")
		name := token(text)
		text = text[len(name):]
		if name != "" {
			if !strings.HasPrefix(text, "=") {
				return "", "", false
			}
			value, n := value(text[1:])
			if n < 0 {
				return "", "", false
			}
			text = text[1+n:]
			if strings.EqualFold(name, "for") {
				if seen {
					return "", "", false // RFC 7239, section 4: at most once
				}
				node, seen = value, true
			}
		}
		text = strings.TrimLeft(text, " \t")
		switch {
		case text == "" || text[0] == ',':
			return node, text, true
		case text[0] != ';':
			return "", "", false
		}
		text = text[1:]
	}
}

// token is the token (RFC 9110, section 5.6.2) that the text begins with.
func token(text string) string {
	for i := range len(text) {
		if c := text[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return text[:i]
		}
	}
	return text
}

// value is the token or quoted string that the text begins with, and how long
// it is there; -1 where there is neither.
func value(text string) (string, int) {
	if !strings.HasPrefix(text, `"`) {
		if t := token(text); t != "" {
			return t, len(t)
		}
		return "", -1
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), i + 1
		case '\\':
			i++
			if i == len(text) {
				return "", -1
			}
		}
		b.WriteByte(text[i])
	}
	return "", -1
}
