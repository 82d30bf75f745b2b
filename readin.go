package cordon

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// ReadIn is a compartment that a person holds, for a time or without an end.
type ReadIn struct {
	// Compartment is "scheme:compartment", such as "us:SI".
	Compartment string `json:"compartment"`
	// From is the first instant at which it is held, and Until the first at
	// which it no longer is; the zero time is no bound.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// HeldAt reports whether it is held at the instant.
func (r ReadIn) HeldAt(now time.Time) bool {
	return !now.Before(r.From) && (r.Until.IsZero() || now.Before(r.Until))
}

// ReadIns are the compartments, held without a bound.
func ReadIns(compartments ...string) []ReadIn {
	var all []ReadIn
	for _, c := range compartments {
		all = append(all, ReadIn{Compartment: c})
	}
	return all
}

// String is the compartment, and after an @ the two bounds with .. between
// them where it has any: "us:SI@2026-01-01..2026-12-31". ParseReadIn reads it.
func (r ReadIn) String() string {
	if r.From.IsZero() && r.Until.IsZero() {
		return r.Compartment
	}
	return r.Compartment + "@" + bound(r.From) + ".." + bound(r.Until)
}

// bound is an instant, as a date where it is the start of a day.
func bound(t time.Time) string {
	switch t = t.UTC(); {
	case t.IsZero():
		return ""
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}

// ParseReadIn reads what String writes. Bounds are dates (the start of that
// day, UTC) or RFC 3339 instants; either may be left out. Errors are Invalid.
func ParseReadIn(text string) (ReadIn, error) {
	compartment, dates, dated := strings.Cut(text, "@")
	r := ReadIn{Compartment: compartment}
	if !dated {
		return r, nil
	}
	from, until, ok := strings.Cut(dates, "..")
	if !ok || from == "" && until == "" {
		return r, Errorf(KindInvalid, "%q does not say when the read-in is held: write us:SI@2026-01-01..2026-12-31, or leave out one of the dates", text)
	}
	var err error
	if r.From, err = parseBound(from); err != nil {
		return r, err
	}
	r.Until, err = parseBound(until)
	return r, err
}

func parseBound(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, Errorf(KindInvalid, "%q is neither a date nor an instant: write 2026-12-31 or 2026-12-31T18:00:00Z", text)
}

// readInObject is how a read-in with bounds is written in JSON.
type readInObject struct {
	Compartment string    `json:"compartment"`
	From        time.Time `json:"from,omitzero"`
	Until       time.Time `json:"until,omitzero"`
}

// MarshalJSON writes a read-in without bounds as its compartment alone, the
// form that all had once, and one with bounds as an object.
func (r ReadIn) MarshalJSON() ([]byte, error) {
	if r.From.IsZero() && r.Until.IsZero() {
		return json.Marshal(r.Compartment)
	}
	return json.Marshal(readInObject(r))
}

// UnmarshalJSON reads either form.
func (r *ReadIn) UnmarshalJSON(data []byte) error {
	*r = ReadIn{}
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &r.Compartment)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode((*readInObject)(r))
}
