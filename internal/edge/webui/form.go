package webui

import (
	"slices"
	"strings"
	"time"

	"cordon"
)

// instant reads a date, or a date and time, of a form's field: in UTC, as the
// label of the field says. An empty field is the zero time.
func (v *visit) instant(field string) (time.Time, error) {
	text := strings.TrimSpace(v.form.Get(field))
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, wrong(field, "this is not a date: write 2026-12-31, or 2026-12-31T18:00")
}

// text is a field of one line, without the space around it.
func (v *visit) text(field string) string { return strings.TrimSpace(v.form.Get(field)) }

// ids are the values of a field that is given several times.
func (v *visit) ids(field string) []cordon.ID {
	var out []cordon.ID
	for _, one := range v.form[field] {
		if one != "" {
			out = append(out, cordon.ID(one))
		}
	}
	return out
}

// listed are the words of a field that takes several, one a line or between
// commas.
func (v *visit) listed(field string) []string {
	var out []string
	for _, value := range v.form[field] {
		for one := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
			if one = strings.TrimSpace(one); one != "" {
				out = append(out, one)
			}
		}
	}
	return out
}

// pressed is the button that was pressed, which is one of the form's. A form without
// one was sent by the key Enter, and means the first.
func (v *visit) pressed(buttons ...string) (string, error) {
	do := v.form.Get("do")
	if do == "" {
		return buttons[0], nil
	}
	if !slices.Contains(buttons, do) {
		return "", cordon.Errorf(cordon.KindInvalid, "this form is not one that a page of Cordon sent: load the page again")
	}
	return do, nil
}

// is reports whether a box of the form is ticked.
func (v *visit) is(field string) bool { return v.form.Get(field) != "" }
