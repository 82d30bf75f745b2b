package marking

// Style is how a banner is coloured, as #RRGGBB. Colour never stands alone:
// the words are always printed.
type Style struct {
	Color      string `json:"color,omitempty"`
	Background string `json:"background,omitempty"`
}

// Styler is implemented by a scheme whose markings have colours that people
// know.
type Styler interface {
	// Style is the colours of a marking of the scheme; empty where it has
	// none.
	Style(m Marking) Style
}
