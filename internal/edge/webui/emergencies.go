package webui

import (
	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// emergenciesPage lists what was released in an emergency on one's behalf.
type emergenciesPage struct {
	frame
	Parts wire.List[wire.EmergencyPart]
	All   bool
}

func emergencies(v *visit) error { return showEmergencies(v, nil) }

func showEmergencies(v *visit, problem error) error {
	all := v.r.URL.Query().Get("show") == "all"
	view := emergenciesPage{frame: v.frame("Emergency releases"), All: all}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if view.Parts, err = httpapi.Do(v.Caller, wire.ListEmergencies, wire.EmergenciesPage{All: all, Page: v.cursor()}); err != nil {
		return err
	}
	return v.show("emergencies", status, view)
}

// review says what one's organisation thinks of it.
func review(v *visit) error {
	in := wire.EmergencyReview{OfPart: wire.OfPart{Part: cordon.ID(v.form.Get("id"))}, Decision: wire.ReviewDecision(v.form.Get("decision")), Note: v.text("note")}
	var err error
	if in.Until, err = v.instant("until"); err != nil {
		return showEmergencies(v, err)
	}
	says, then := "The release stands as long as it runs.", []string{"A review is given once."}
	if in.Decision == wire.ReviewOverrule {
		says, then = "The release ends at once.", []string{"A review is given once.", "The audience's next request is decided without it."}
	}
	if yes, err := v.sure(preview{
		there: listed(func(p wire.Page) (wire.List[wire.EmergencyPart], error) {
			return httpapi.Do(v.Caller, wire.ListEmergencies, wire.EmergenciesPage{All: true, Page: p})
		}, func(p wire.EmergencyPart) bool { return p.ID == in.Part }),
		title: "Review", says: says, then: then, do: "Record it", back: "/emergencies", bad: in.Decision == wire.ReviewOverrule,
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.ReviewEmergency, in); err != nil {
		return showEmergencies(v, err)
	}
	return v.to("/emergencies", "reviewed")
}

// emergencyPage releases portions without their owners' consent where life is in
// imminent danger.
type emergencyPage struct {
	frame
	Report wire.Rendition
	Orgs   []wire.Organisation
	Done   *wire.EmergencyRelease
}

func newEmergency(v *visit) error { return showEmergency(v, nil, nil) }

func showEmergency(v *visit, done *wire.EmergencyRelease, problem error) error {
	report := first(v.form.Get("report"), v.r.URL.Query().Get("report"))
	shown, err := httpapi.Do(v.Caller, wire.OpenReport, wire.OfReport{Report: report})
	if err != nil {
		return err
	}
	marks := []string{shown.Banner}
	for _, p := range shown.Portions {
		marks = append(marks, p.Marking)
	}
	view := emergencyPage{frame: v.frame("Release in an emergency", marks...), Report: shown, Done: done}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if view.Orgs, err = v.organisations(); err != nil {
		return err
	}
	return v.show("emergency", status, view)
}

func releaseInEmergency(v *visit) error {
	draft := wire.EmergencyDraft{Portions: v.ids("portion"), Audience: v.text("audience"), Reason: v.text("reason")}
	switch {
	case draft.Audience == "":
		return showEmergency(v, nil, wrong("audience", "choose the organisation that is to have it"))
	case draft.Reason == "":
		return showEmergency(v, nil, wrong("reason", "say what life is in danger of: each owner is shown it"))
	case len(draft.Portions) == 0:
		return showEmergency(v, nil, wrong("portions", "tick at least one portion"))
	}
	if yes, err := v.sure(preview{
		title: "Release in an emergency", says: "Portions released at once, without their owners' consent: %d.", args: []any{len(draft.Portions)}, do: "Life is in danger: release", bad: true,
		then: []string{"Every owner is told at once, with your name and your reason, and reviews it.", "It ends by itself when the arrangement says.", "It waives the owners' permission, and no marking."},
		back: "/emergencies/new?report=" + v.form.Get("report"),
	}); !yes || err != nil {
		return err
	}
	done, err := httpapi.Do(v.Caller, wire.ReleaseInEmergency, draft)
	if err != nil {
		return showEmergency(v, nil, err)
	}
	return showEmergency(v, &done, nil)
}
