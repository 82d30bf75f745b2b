package webui

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// checkPage looks at a text: before it is told, audience by audience, and, where
// it was found outside, for what of it is protected.
type checkPage struct {
	frame
	Orgs   []wire.Organisation
	Chosen map[cordon.ID]bool
	// Checks has one for each audience.
	Checks []checked
	Scan   *scanned
	// Incidents are those that what was found can be taken to.
	Incidents []wire.Incident
	// Room is the incident whose room one came from; nil for none.
	Room *wire.Incident
}

type checked struct {
	wire.Checked
	Text []stretch
}

type scanned struct {
	wire.Scanned
	Text []stretch
}

// stretch is a piece of the text that was handed in; Of is what it comes from,
// empty for what is nobody's.
type stretch struct {
	Text  string
	Of    string
	Class string
}

func check(v *visit) error {
	v.form.Set("incident", v.r.URL.Query().Get("incident"))
	return showCheck(v, checkPage{}, nil)
}

func showCheck(v *visit, view checkPage, problem error) error {
	var marks []string
	mark := func(hits []wire.TracedPortion) {
		for _, h := range hits {
			marks = append(marks, h.Marking)
		}
	}
	for _, c := range view.Checks {
		mark(c.Allowed)
		for _, f := range c.Refused {
			marks = append(marks, f.Marking)
		}
	}
	if view.Scan != nil {
		mark(view.Scan.Hits)
	}
	view.frame = v.frame("Check a text", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	view.Chosen = make(map[cordon.ID]bool)
	for _, id := range v.ids("audience") {
		view.Chosen[id] = true
	}
	if room := cordon.ID(v.form.Get("incident")); room.Valid() {
		incident, err := httpapi.Do(v.Caller, wire.GetIncident, wire.OfIncident{Incident: room})
		if err != nil {
			return err
		}
		view.Room = &incident
	}
	err = v.Together(func() error {
		if view.Orgs, err = v.organisations(); err != nil {
			return err
		}
		if view.Scan != nil && view.Room == nil && holds(v.me.Person, cordon.RoleSecurityOfficer) {
			list, err := httpapi.Do(v.Caller, wire.ListIncidents, wire.Page{})
			if err != nil {
				return err
			}
			view.Incidents = list.Items
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.show("check", status, view)
}

// checkText does what the button pressed says.
func checkText(v *visit) error {
	sent, err := v.handedIn()
	if err != nil {
		return showCheck(v, checkPage{}, err)
	}
	do, err := v.pressed("check", "scan")
	if err != nil {
		return showCheck(v, checkPage{}, err)
	}
	if do == "scan" {
		found, err := httpapi.Do(v.Caller, wire.ScanText, sent)
		if err != nil {
			return showCheck(v, checkPage{}, err)
		}
		return showCheck(v, checkPage{Scan: &scanned{found, stretches(sent.Text, nil, found.Hits)}}, nil)
	}
	audiences := v.ids("audience")
	if len(audiences) == 0 {
		return showCheck(v, checkPage{}, wrong("audience", "tick whom it is to be told to"))
	}
	if len(audiences) > 20 {
		return showCheck(v, checkPage{}, wrong("audience", "tick at most 20 at once"))
	}
	var view checkPage
	for _, audience := range audiences {
		one, err := httpapi.Do(v.Caller, wire.CheckDraft, wire.Check{Text: sent.Text, File: sent.File, Name: sent.Name, Audience: string(audience)})
		if err != nil {
			return showCheck(v, checkPage{}, err)
		}
		view.Checks = append(view.Checks, checked{one, stretches(sent.Text, one.Refused, one.Allowed)})
	}
	return showCheck(v, view, nil)
}

// handedIn is the text that was pasted, or the file that was dropped: as a text
// where it is one, so that its passages can be shown in it.
func (v *visit) handedIn() (wire.Scan, error) {
	if sent := v.file("file"); sent != nil {
		if sent.Size > cordon.MaxFileBytes {
			return wire.Scan{}, wrong("file", "this file is larger than %d bytes", cordon.MaxFileBytes)
		}
		f, err := sent.Open()
		if err != nil {
			return wire.Scan{}, err
		}
		defer f.Close()
		body, err := io.ReadAll(io.LimitReader(f, cordon.MaxFileBytes))
		if err != nil {
			return wire.Scan{}, err
		}
		if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 || bytes.HasPrefix(body, []byte("%PDF-")) {
			v.form.Set("text", "")
			return wire.Scan{File: body, Name: sent.Filename}, nil
		}
		v.form.Set("text", string(body))
		return wire.Scan{Text: string(body), Name: sent.Filename}, nil
	}
	text := strings.ReplaceAll(v.form.Get("text"), "\r\n", "\n")
	if strings.TrimSpace(text) == "" {
		return wire.Scan{}, wrong("text", "paste a text, or drop a file")
	}
	return wire.Scan{Text: text}, nil
}

// stretches cuts the text where passages begin and end. Where several meet, one
// that is refused shows before one that is not.
func stretches(text string, refused []wire.Finding, fine []wire.TracedPortion) []stretch {
	type passage struct {
		start, end int
		of, class  string
	}
	var all []passage
	cuts := []int{0, len(text)}
	add := func(f wire.TracedPortion, class string) {
		for _, p := range f.Passages {
			if p.Start < 0 || p.End > len(text) || p.Start >= p.End {
				continue
			}
			all = append(all, passage{p.Start, p.End, f.Marking + " – " + listNames(f.Owners), class})
			cuts = append(cuts, p.Start, p.End)
		}
	}
	for _, f := range refused {
		add(f.TracedPortion, "refused")
	}
	for _, f := range fine {
		class := "fine"
		if refused == nil {
			class = "found"
		}
		add(f, class)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []stretch
	for i := 0; i+1 < len(cuts); i++ {
		s := stretch{Text: text[cuts[i]:cuts[i+1]]}
		for _, p := range all {
			if p.start <= cuts[i] && cuts[i+1] <= p.end && (s.Class == "" || s.Class == "fine") {
				s.Of, s.Class = p.of, p.class
			}
		}
		out = append(out, s)
	}
	return out
}

// found are the portions that a form carries, each with how many of its words were
// found outside: portion:words.
func (v *visit) found() []wire.Disclosed {
	var out []wire.Disclosed
	for _, one := range v.form["found"] {
		id, words, _ := strings.Cut(one, ":")
		n, err := strconv.Atoi(words)
		if err != nil || !cordon.ID(id).Valid() || len(out) == cordon.MaxPage {
			continue
		}
		out = append(out, wire.Disclosed{Portion: cordon.ID(id), Words: n})
	}
	return out
}
