package webui

import (
	"slices"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// requestsPage lists the release requests of one's organisation.
type requestsPage struct {
	frame
	Requests wire.List[wire.ReleaseRequest]
}

func requests(v *visit) error {
	list, err := httpapi.Do(v.Caller, wire.ListReleaseRequests, v.cursor())
	if err != nil {
		return err
	}
	return v.show("requests", 200, requestsPage{v.frame("Release requests"), list})
}

// askPage asks owners that an organisation may have some portions.
type askPage struct {
	frame
	Report wire.Rendition
	Chosen []cordon.ID
	Orgs   []wire.Organisation
	// Plan is what the request would ask of whom; nil before one has looked.
	Plan *wire.ReleasePlan
	// Missing says that there is somebody to ask.
	Missing bool
}

// Asks reports whether the portion is chosen; all are before anybody chose.
func (p askPage) Asks(id cordon.ID) bool { return len(p.Chosen) == 0 || slices.Contains(p.Chosen, id) }

func newRequest(v *visit) error { return showAsk(v, nil, nil) }

func showAsk(v *visit, plan *wire.ReleasePlan, problem error) error {
	report := first(v.form.Get("report"), v.r.URL.Query().Get("report"))
	shown, err := httpapi.Do(v.Caller, wire.OpenReport, wire.OfReport{Report: report})
	if err != nil {
		return err
	}
	view := askPage{Report: shown, Chosen: v.ids("portion"), Plan: plan}
	marks := []string{shown.Banner}
	for _, p := range shown.Portions {
		marks = append(marks, p.Marking)
	}
	if plan != nil {
		for _, p := range plan.Paragraphs {
			view.Missing = view.Missing || len(p.Missing) > 0 && p.RuledOut == ""
		}
	}
	view.frame = v.frame("Ask for a release", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if view.Orgs, err = v.organisations(); err != nil {
		return err
	}
	return v.show("ask", status, view)
}

// ask looks at what a request would ask of whom, and files it once that was seen.
func ask(v *visit) error {
	draft := wire.ReleaseDraft{Portions: v.ids("portion"), Audience: v.text("audience"), Purpose: v.text("purpose")}
	var err error
	switch draft.Expires, err = v.instant("expires"); {
	case err != nil:
	case draft.Audience == "":
		err = wrong("audience", "choose the organisation that is to have it")
	case len(draft.Portions) == 0:
		err = wrong("portions", "tick at least one portion")
	}
	if err != nil {
		return showAsk(v, nil, err)
	}
	do, err := v.pressed("look", "ask")
	if err != nil {
		return showAsk(v, nil, err)
	}
	if do != "ask" {
		plan, err := httpapi.Do(v.Caller, wire.PlanRelease, draft)
		if err != nil {
			return showAsk(v, nil, at("audience", err))
		}
		return showAsk(v, &plan, nil)
	}
	if err := v.once(); err != nil {
		return showAsk(v, nil, err)
	}
	filed, err := httpapi.Do(v.Caller, wire.RequestRelease, draft)
	if err != nil {
		return showAsk(v, nil, at("audience", err))
	}
	return v.to("/requests/"+string(filed.ID), "asked")
}

// requestPage is one request of one's organisation: who has answered, and what.
type requestPage struct {
	frame
	Request wire.ReleaseRequest
	// Rows are its portions, with what each owner says of each.
	Rows []requestRow
	// Refused are those without which it can be released only.
	Refused []cordon.ID
	// Excluded is how many of the rest have a marking that leaves the audience
	// out: no grant opens those.
	Excluded int
	Open     bool
}

type requestRow struct {
	Portion cordon.ID
	Report  cordon.ID
	Mark    string
	// Excluded says that the marking leaves the audience out.
	Excluded bool
	// Says has an answer for each part: pending, granted, refused; empty where
	// the part is not about it.
	Says []string
}

func request(v *visit) error { return showRequest(v, nil) }

func showRequest(v *visit, problem error) error {
	asked, err := httpapi.Do(v.Caller, wire.GetReleaseRequest, wire.OfRequest{Request: v.id("request")})
	if err != nil {
		return err
	}
	view := requestPage{Request: asked, Open: asked.State == wire.RequestOpen || asked.State == wire.RequestAnswered}
	leavesOut, err := v.leavesOut(asked.Audience)
	if err != nil {
		return err
	}
	var marks []string
	for i, part := range asked.Parts {
		for _, p := range part.Portions {
			marks = append(marks, p.Marking)
			at := slices.IndexFunc(view.Rows, func(r requestRow) bool { return r.Portion == p.ID })
			if at < 0 {
				view.Rows = append(view.Rows, requestRow{Portion: p.ID, Report: p.Report, Mark: p.Marking, Excluded: leavesOut(p.Marking), Says: make([]string, len(asked.Parts))})
				at = len(view.Rows) - 1
			}
			said := "pending"
			switch {
			case slices.Contains(part.Granted, p.ID):
				said = "granted"
			case part.State != cordon.PartPending && part.State != cordon.PartProposed:
				said = "refused"
				if !slices.Contains(view.Refused, p.ID) {
					view.Refused = append(view.Refused, p.ID)
				}
			}
			view.Rows[at].Says[i] = said
		}
	}
	for _, row := range view.Rows {
		if row.Excluded && !slices.Contains(view.Refused, row.Portion) {
			view.Excluded++
		}
	}
	view.frame = v.frame("Release request", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	return v.show("request", status, view)
}

// releaseRequest gives the audience what every owner has permitted.
func releaseRequest(v *visit) error {
	path := "/requests/" + string(v.id("request"))
	asked, err := httpapi.Do(v.Caller, wire.GetReleaseRequest, wire.OfRequest{Request: v.id("request")})
	if err != nil {
		return err
	}
	without := v.ids("without")
	leavesOut, err := v.leavesOut(asked.Audience)
	if err != nil {
		return err
	}
	excluded := make(map[cordon.ID]bool)
	for _, part := range asked.Parts {
		for _, p := range part.Portions {
			if slices.Contains(part.Granted, p.ID) && !slices.Contains(without, p.ID) && leavesOut(p.Marking) {
				excluded[p.ID] = true
			}
		}
	}
	then := []string{"It goes out in the wording that the owners were asked for, and no other.", "It is left without the portions that an owner refused outright.", "Each owner is told. An owner can revoke its grant at any time."}
	if len(excluded) > 0 {
		then = append(then, v.onlyTearline(len(excluded)))
	}
	if yes, err := v.sure(preview{
		title: "Release", says: "%s will have what its owners have permitted, from the next request on.", args: []any{first(asked.Audience.Name, "The audience")}, do: "Release it", back: path,
		then: then,
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.Release, wire.Leaving{OfRequest: wire.OfRequest{Request: asked.ID}, Without: without}); err != nil {
		return showRequest(v, err)
	}
	return v.to(path, "released")
}

// withdraw ends a request that has not been released.
func withdraw(v *visit) error {
	path := "/requests/" + string(v.id("request"))
	if yes, err := v.sure(preview{
		there: func() error {
			_, err := httpapi.Do(v.Caller, wire.GetReleaseRequest, wire.OfRequest{Request: v.id("request")})
			return err
		},
		title: "Withdraw", says: "The request ends, and nothing of it is released.", do: "Withdraw it", back: path, bad: true,
		then: []string{"Its owners are told."},
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.WithdrawRequest, wire.OfRequest{Request: v.id("request")}); err != nil {
		return showRequest(v, err)
	}
	return v.to(path, "withdrawn")
}
