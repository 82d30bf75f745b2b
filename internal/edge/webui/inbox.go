package webui

import (
	"slices"
	"time"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// inboxPage is what waits for somebody, each thing with its one next step, and
// what they were told.
type inboxPage struct {
	frame
	Tasks   []task
	Notices wire.List[wire.Notice]
	// Rows are those notices with what they are about.
	Rows   []noticeRow
	Counts *wire.Counts
	All    bool
	// First is set for the person who has set an installation up and is alone
	// in it.
	First bool
}

// noticeRow is a notice in which ids have names, with its one next step.
type noticeRow struct {
	wire.Notice
	Phrases []phrase
	Next    *thing
}

// task is something that waits for a decision.
type task struct {
	Kind    string
	Says    string
	About   []wire.Named
	Purpose string
	Since   time.Time
	Until   time.Time
	Path    string
	Step    string
	Urgent  bool
}

func inbox(v *visit) error {
	view := inboxPage{All: v.r.URL.Query().Get("show") == "all"}
	err := v.Together(func() error {
		var err error
		if view.Tasks, err = tasks(v); err != nil {
			return err
		}
		view.Notices, err = httpapi.Do(v.Caller, wire.ListNotices, wire.NoticesPage{Unread: !view.All, Page: v.cursor()})
		if err != nil {
			return err
		}
		if holds(v.me.Person, cordon.RoleReader) {
			counts, err := httpapi.Do(v.Caller, wire.GetCounts, wire.None{})
			if err != nil && cordon.KindOf(err) != cordon.KindTooLarge {
				return err
			}
			view.Counts = &counts
		}
		if holds(v.me.Person, cordon.RoleOperator) {
			orgs, err := httpapi.Do(v.Caller, wire.ListOrganisations, wire.Page{Limit: 2})
			if err != nil {
				return err
			}
			view.First = len(orgs.Items) == 1
		}
		return nil
	})
	if err != nil {
		return err
	}
	var ids []cordon.ID
	var marks []string
	for _, n := range view.Notices.Items {
		marks = append(marks, n.Marking)
		ids = append(ids, idsIn(n.Text)...)
	}
	known, err := v.things(ids)
	if err != nil {
		return err
	}
	for _, n := range view.Notices.Items {
		row := noticeRow{Notice: n, Phrases: phrases(n.Text, known)}
		for _, id := range idsIn(n.Text) {
			if t, ok := known[id]; ok {
				marks = append(marks, t.Mark)
				if row.Next == nil {
					row.Next = &t
				}
			}
		}
		view.Rows = append(view.Rows, row)
	}
	view.frame = v.frame("Inbox", marks...)
	view.Live = true
	return v.show("inbox", 200, view)
}

// tasks are what waits for the person, the most urgent first.
func tasks(v *visit) ([]task, error) {
	var out []task
	if holds(v.me.Person, cordon.RoleReleaseAuthority) {
		late, err := httpapi.Do(v.Caller, wire.ListEmergencies, wire.EmergenciesPage{})
		if err != nil {
			return nil, err
		}
		for _, e := range late.Items {
			out = append(out, task{
				Kind: "emergency", Says: "was released in an emergency on your behalf, and waits for your review", About: []wire.Named{e.Organisation, e.Audience},
				Purpose: e.Reason, Since: e.Created, Until: e.Until, Path: "/emergencies", Step: "Review it", Urgent: true,
			})
		}
		parts, err := httpapi.Do(v.Caller, wire.ListReleaseParts, wire.Page{Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, p := range parts.Items {
			if p.State != cordon.PartPending || p.RequestState != wire.RequestOpen {
				continue
			}
			one := task{
				Kind: "release", Says: "asks for a release", About: []wire.Named{p.Requester, p.Audience}, Purpose: p.Purpose,
				Since: p.Created, Until: p.Expires, Path: "/answers/" + string(p.ID), Step: "Answer it",
			}
			if p.Proposal != "" && p.Proposer != v.me.Person.ID {
				one.Says, one.Step = "asks for a release, and a colleague has proposed an answer", "Confirm or change it"
			}
			out = append(out, one)
		}
	}
	if holds(v.me.Person, cordon.RoleAuthor, cordon.RoleReleaseAuthority) {
		asked, err := httpapi.Do(v.Caller, wire.ListReleaseRequests, wire.Page{Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, q := range asked.Items {
			if q.State == wire.RequestAnswered {
				out = append(out, task{
					Kind: "answered", Says: "may have what every owner has answered for", About: []wire.Named{q.Audience}, Purpose: q.Purpose,
					Since: q.Created, Until: q.Expires, Path: "/requests/" + string(q.ID), Step: "Release it",
				})
			}
		}
	}
	if holds(v.me.Person, cordon.RoleReleaseAuthority) {
		all, err := httpapi.Do(v.Caller, wire.ListArrangements, wire.Page{Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, a := range all.Items {
			if a.Proposal == nil || slices.ContainsFunc(a.Proposal.Agreed, func(n wire.Named) bool { return n.ID == v.me.Organisation.ID }) {
				continue
			}
			out = append(out, task{
				Kind: "arrangement", Says: "proposes terms, and waits for your agreement", About: []wire.Named{a.Proposal.By},
				Since: a.Proposal.Created, Path: "/arrangements/" + string(a.ID), Step: "Read and answer",
			})
		}
	}
	slices.SortStableFunc(out, func(a, b task) int {
		if a.Urgent != b.Urgent {
			return map[bool]int{true: -1, false: 1}[a.Urgent]
		}
		return a.Since.Compare(b.Since)
	})
	return out, nil
}

// readNotices notes that the notices ticked were read.
func readNotices(v *visit) error {
	if _, err := httpapi.Do(v.Caller, wire.ReadNotices, wire.NoticesRead{Notices: v.ids("notice")}); err != nil {
		return err
	}
	return v.to("/", "")
}
