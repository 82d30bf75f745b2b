package httpapi_test

import (
	"testing"

	"cordon"
	"cordon/wire"
)

func TestCompilationIsDecidedByAPerson(t *testing.T) {
	w := newWorld(t, "")
	ctx := t.Context()
	mara := w.as["mara"]
	out := must(mara.Publish(ctx, wire.Draft{
		Kind: cordon.ReportOriginal, Ref: "WHOLE", Recipients: []string{"VALDOR"}, Compilation: "TS//REL TO USA, GBR",
		Title: wire.PortionDraft{Marking: "U", Text: "Whole"},
		Portions: []wire.PortionDraft{
			{Kind: cordon.PortionParagraph, Marking: "U", Text: "One half of it stands in this paragraph."},
			{Kind: cordon.PortionParagraph, Marking: "U", Text: "The other half stands in that one."},
		},
	}))(t)
	i := must(mara.OpenIncident(ctx, wire.IncidentDraft{Title: "Out"}))(t)
	done := must(mara.Contain(ctx, i.ID, wire.Plan{Strike: []cordon.ID{out.Portions[1].ID}}))(t)
	if len(done.Review) != 1 || done.Review[0] != out.Report {
		t.Errorf("the strike does not ask for a decision: %+v", done)
	}
	if _, err := w.as["ana"].Open(ctx, "WHOLE"); err != nil && cordon.KindOf(err) != cordon.KindNotFound || err == nil {
		t.Errorf("lowered by itself: %v", err)
	}
	if _, err := w.as["sol"].SetCompilation(ctx, string(out.Report), ""); cordon.KindOf(err) != cordon.KindNotFound || err == nil {
		t.Errorf("another organisation decides: %v", err)
	}
	if _, err := mara.SetCompilation(ctx, string(out.Report), ""); cordon.KindOf(err) != cordon.KindNotFound || err == nil {
		t.Errorf("below the whole herself, she decides: %v", err)
	}
	must(w.as["root"].ChangePerson(ctx, string(w.person["mara"]), wire.PersonDraft{
		Organisation: "MERIDIAN", Name: "mara", Clearances: map[string]string{"us": "TS"},
		Roles: []cordon.Role{cordon.RoleReader, cordon.RoleReleaseAuthority},
	}))(t)
	got := must(mara.SetCompilation(ctx, string(out.Report), ""))(t)
	if got.Marking != "" || got.Banner != "UNCLASSIFIED" {
		t.Errorf("lifted: %+v", got)
	}
	if r := must(w.as["ana"].Open(ctx, "WHOLE"))(t); len(r.Portions) != 2 {
		t.Errorf("lifted, she reads %+v", r)
	}
}
