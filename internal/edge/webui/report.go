package webui

import (
	"slices"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/trace"
	"cordon/wire"
)

// reportPage is a report as one person is shown it.
type reportPage struct {
	frame
	R wire.Rendition
	// Mine says that the reader's organisation holds it.
	Mine      bool
	Lineage   drawing
	Tearlines []wire.TearlineLink
	Orgs      []wire.Organisation
	Groups    []wire.Group
	Formats   []string
	// Reworded are portions whose earlier wordings the reader may compare.
	Reworded []cordon.ID
}

// HasWordings reports whether the portion is one of those.
func (p reportPage) HasWordings(id cordon.ID) bool { return slices.Contains(p.Reworded, id) }

func report(v *visit) error { return showReport(v, nil) }

func showReport(v *visit, problem error) error {
	shown, err := httpapi.Do(v.Caller, wire.OpenReport, wire.OfReport{Report: string(v.id("report"))})
	if err != nil {
		return err
	}
	marks := []string{shown.Banner}
	for _, p := range shown.Portions {
		marks = append(marks, p.Marking)
	}
	printed := slices.Clone(marks)
	view := reportPage{R: shown, Mine: shown.Holder.ID == v.me.Organisation.ID, Formats: []string{"text", "markdown", "json"}}
	err = v.Together(func() error {
		family, err := trace.FamilyOf(v.r.Context(), v.by, readable(shown.Portions))
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound && cordon.KindOf(err) != cordon.KindTooLarge {
			return err
		}
		if view.Reworded, err = reading.Reworded(v.r.Context(), v.by, shown.Report, readable(shown.Portions)); err != nil {
			return err
		}
		if view.Orgs, err = v.organisations(); err != nil {
			return err
		}
		view.Lineage = draw(family, shown.Report, view.Orgs)
		for _, n := range view.Lineage.Nodes {
			marks = append(marks, n.Mark)
		}
		tearlines, err := httpapi.Do(v.Caller, wire.ListTearlines, wire.OfReport{Report: string(shown.Report)})
		if err != nil {
			return err
		}
		view.Tearlines = tearlines.Items
		for _, l := range view.Tearlines {
			marks = append(marks, l.Marking, l.OriginalMarking)
		}
		if holds(v.me.Person, cordon.RoleSecurityOfficer) {
			groups, err := httpapi.Do(v.Caller, wire.ListGroups, wire.Page{})
			if err != nil {
				return err
			}
			view.Groups = groups.Items
		}
		return nil
	})
	if err != nil {
		return err
	}
	titles, err := v.named(slices.DeleteFunc(view.Lineage.reports(), func(id cordon.ID) bool { return id == shown.Report }))
	if err != nil {
		return err
	}
	if shown.Title != "" {
		titles[shown.Report] = thing{Name: shown.Title, Mark: shown.Portions[0].Marking}
	}
	marks = append(marks, view.Lineage.call(titles)...)
	view.frame = v.frame("Report", marks...)
	// Lineage and tearlines are not printed.
	if paper := v.look.rollUp(printed); paper != view.Banner {
		view.Paper = paper
	}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	return v.show("report", status, view)
}

// readable are the ids of the portions shown with their text.
func readable(all []wire.Shown) []cordon.ID {
	var ids []cordon.ID
	for _, p := range all {
		if !p.Withheld && p.ID != "" {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// export gives a report as a file.
func export(v *visit) error {
	file, err := httpapi.Do(v.Caller, wire.ExportReport, wire.ReportExport{OfReport: wire.OfReport{Report: string(v.id("report"))}, Format: v.form.Get("format")})
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", file.Type)
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	_, err = v.w.Write(file.Body)
	return err
}

// compile marks a whole by compilation, or takes that back.
func compile(v *visit) error {
	path := "/reports/" + string(v.id("report"))
	mark := v.text("compilation")
	says := "The whole report will be marked %s, because its portions say more together than each."
	args := []any{mark}
	if mark == "" {
		says, args = "The marking of the whole by compilation will be lifted.", nil
	}
	if yes, err := v.sure(preview{
		there: v.report, title: "Marking of the whole", says: says, args: args, do: "Set it", back: path,
		then: []string{"It rules the next request of everybody.", "It can shut out people whom an owner let in; it lets nobody in."},
	}); !yes || err != nil {
		return err
	}
	_, err := httpapi.Do(v.Caller, wire.SetCompilation, wire.CompilationDraft{OfReport: wire.OfReport{Report: string(v.id("report"))}, Marking: mark})
	if err != nil {
		return showReport(v, at("compilation", err))
	}
	return v.to(path, "saved")
}

// narrowReport narrows a report to people of one's own organisation.
func narrowReport(v *visit) error {
	path := "/reports/" + string(v.id("report"))
	if yes, err := v.sure(preview{
		there: v.report, title: "Narrow this report", says: "From the next request on, nobody else of your organisation can read this report.", do: "Narrow it", back: path, bad: true,
		then: []string{"Other organisations are not touched by it.", "Opening the group to everyone lifts it; nothing else does."},
	}); !yes || err != nil {
		return err
	}
	_, err := httpapi.Do(v.Caller, wire.NarrowReport, wire.ReportNarrowing{
		OfReport: wire.OfReport{Report: string(v.id("report"))}, NarrowingDraft: wire.NarrowingDraft{Group: v.text("group"), People: v.listed("people")},
	})
	if err != nil {
		return showReport(v, at("people", err))
	}
	return v.to(path, "narrowed")
}
