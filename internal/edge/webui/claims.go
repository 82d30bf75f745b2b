package webui

import (
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/strictjson"
	"cordon/wire"
)

// claimsPage is the public record of an incident, as it stood at an instant: who
// said what of what, and when. It never says what is true.
type claimsPage struct {
	frame
	Incident cordon.ID
	Matrix   wire.Matrix
	Sources  []string
	Rows     []claimRow
	// Timeline is every stance in the order in which it was published.
	Timeline []spoken
	Stances  []wire.Stance
	At       string
}

type claimRow struct {
	wire.MatrixRow
	// Stances has the latest of each source; empty for one that said nothing.
	Stances []wire.Stance
}

type spoken struct {
	wire.Said
	Proposition string
}

func claims(v *visit) error { return showClaims(v, nil) }

func showClaims(v *visit, problem error) error {
	ask := wire.MatrixAt{OfIncident: wire.OfIncident{Incident: v.id("incident")}}
	at := v.r.URL.Query().Get("at")
	if t, err := time.Parse("2006-01-02T15:04", at); err == nil {
		ask.At = t.UTC()
	}
	matrix, err := httpapi.Do(v.Caller, wire.GetMatrix, ask)
	if err != nil {
		return err
	}
	view := claimsPage{frame: v.frame("Public record"), Incident: v.id("incident"), Matrix: matrix, Stances: wire.Stances(), At: at}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	for _, p := range matrix.Propositions {
		for _, s := range p.Said {
			if !slices.Contains(view.Sources, s.Source) {
				view.Sources = append(view.Sources, s.Source)
			}
			view.Timeline = append(view.Timeline, spoken{s, p.Text})
		}
	}
	slices.Sort(view.Sources)
	for _, p := range matrix.Propositions {
		row := claimRow{MatrixRow: p, Stances: make([]wire.Stance, len(view.Sources))}
		for _, s := range p.Said {
			if i := slices.Index(view.Sources, s.Source); s.CorrectedBy == "" {
				row.Stances[i] = s.Stance
			}
		}
		view.Rows = append(view.Rows, row)
	}
	slices.SortStableFunc(view.Timeline, func(a, b spoken) int { return a.Published.Compare(b.Published) })
	return v.show("claims", status, view)
}

// addClaim adds a proposition, a source, a statement or a whole record.
func addClaim(v *visit) error {
	of := wire.OfIncident{Incident: v.id("incident")}
	err := v.once()
	if err == nil {
		err = v.claim(of)
	}
	if err != nil {
		return showClaims(v, err)
	}
	return v.to("/incidents/"+string(of.Incident)+"/claims", "saved")
}

func (v *visit) claim(of wire.OfIncident) error {
	do, err := v.pressed("record", "proposition", "source", "statement")
	if err != nil {
		return err
	}
	switch do {
	case "proposition":
		_, err := httpapi.Do(v.Caller, wire.AddProposition, wire.IncidentProposition{OfIncident: of, Proposition: wire.Proposition{ID: v.text("id"), Text: v.text("proposition")}})
		return at("proposition", err)
	case "source":
		s := wire.Source{ID: v.text("id"), Who: v.text("who"), Named: v.is("named"), Via: v.text("via")}
		if room := v.text("room"); room != "" {
			in := room == "yes"
			s.InRoom = &in
		}
		_, err := httpapi.Do(v.Caller, wire.AddSource, wire.IncidentSource{OfIncident: of, Source: s})
		return at("who", err)
	case "statement":
		published, err := v.instant("published")
		if err != nil {
			return err
		}
		s := wire.Statement{ID: v.text("id"), Source: v.text("source"), Published: published, Approximate: v.is("approximate"), Note: v.text("note"), Corrects: v.text("corrects"), Stances: make(map[string]wire.Stance)}
		for name, values := range v.form {
			if p, ok := strings.CutPrefix(name, "stance-"); ok && values[0] != "" {
				s.Stances[p] = wire.Stance(values[0])
			}
		}
		_, err = httpapi.Do(v.Caller, wire.AddStatement, wire.IncidentStatement{OfIncident: of, Statement: s})
		return at("source", err)
	}
	var record wire.Record
	if err := strictjson.Unmarshal([]byte(v.form.Get("record")), &record); err != nil {
		return wrong("record", "this is no record in the form of JSON: %s", err)
	}
	_, err = httpapi.Do(v.Caller, wire.ImportClaims, wire.IncidentRecord{OfIncident: of, Record: record})
	return at("record", err)
}
