package httpapi_test

import (
	"strings"
	"testing"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

// TestEntityTags: the same answer has the same tag, another has another, and
// whoever has the answer already gets 304 without it; the reading is recorded
// all the same.
func TestEntityTags(t *testing.T) {
	w := newWorld(t, "")
	report := w.publish("mara", wire.Draft{Recipients: []string{"VALDOR"}}, "("+narrow+") The Harbourtown file", "("+narrow+") "+courier)
	target := "/api/v1/reports/" + string(report.Report)
	first := w.raw("ana", "GET", target, "")
	tag := first.Header().Get("ETag")
	if first.Code != 200 || len(tag) < 10 || tag[0] != '"' {
		t.Fatalf("%d, tag %s", first.Code, tag)
	}
	if again := w.raw("ana", "GET", target, "").Header().Get("ETag"); again != tag {
		t.Errorf("the same answer is tagged %s and %s", tag, again)
	}
	if others := w.raw("sol", "GET", target, "").Header().Get("ETag"); others == tag {
		t.Error("two people can compare what they were shown by the tag")
	}
	for header, want := range map[string]int{tag: 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200, "W/" + tag: 304, `W/"x"`: 200} {
		rec := w.raw("ana", "GET", target, "", "If-None-Match", header)
		if rec.Code != want {
			t.Errorf("If-None-Match: %s: %d, want %d", header, rec.Code, want)
		}
		if want == 304 && (rec.Body.Len() > 0 || rec.Header().Get("ETag") != tag) {
			t.Errorf("If-None-Match: %s: %q, tag %s", header, rec.Body, rec.Header().Get("ETag"))
		}
	}
	for _, h := range must(w.as["mara"].Holders(t.Context(), report.Portions[1].ID))(t) {
		if h.Person.ID == w.person["ana"] && h.Times != 2+6 {
			t.Errorf("ana read it eight times, 304 or not, and %d are recorded", h.Times)
		}
	}

	// A withheld report has no tag, whatever tag the request names.
	for _, name := range []string{string(report.Report), string(cordon.NewID())} {
		rec := w.raw("theo", "GET", "/api/v1/reports/"+name, "", "If-None-Match", "*")
		if rec.Code != 404 || rec.Header().Get("ETag") != "" {
			t.Errorf("withheld: %d, tag %s", rec.Code, rec.Header().Get("ETag"))
		}
	}
}

// TestTagOfAPage: a page with another after it keeps its tag while neither it nor
// its place has changed, though its cursor is sealed anew; and no longer.
func TestTagOfAPage(t *testing.T) {
	w := newWorld(t, "")
	w.publish("ana", wire.Draft{}, "(U) Lighthouse 1")
	w.publish("ana", wire.Draft{}, "(U) Lighthouse 2")
	for _, target := range []string{"/api/v1/reports?limit=1", "/api/v1/organisations?limit=1", "/api/v1/search?q=lighthouse&limit=1"} {
		one, other := w.raw("ana", "GET", target, ""), w.raw("ana", "GET", target, "")
		tag := one.Header().Get("ETag")
		if tag == "" || tag != other.Header().Get("ETag") || one.Body.String() == other.Body.String() {
			t.Errorf("%s: tags %s and %s of\n%s%s", target, tag, other.Header().Get("ETag"), one.Body, other.Body)
		}
		if rec := w.raw("ana", "GET", target, "", "If-None-Match", tag); rec.Code != 304 || rec.Body.Len() > 0 {
			t.Errorf("%s: %d %s", target, rec.Code, rec.Body)
		}
	}
	// The same items with others after them are another answer.
	const four = "/api/v1/organisations?limit=4"
	alone := w.raw("ana", "GET", four, "")
	must(w.as["root"].AddOrganisation(t.Context(), wire.OrganisationDraft{Name: "ZENITH"}))(t)
	if rec := w.raw("ana", "GET", four, "", "If-None-Match", alone.Header().Get("ETag")); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"next"`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// TestIfMatch: a change made with the tag that was read does not overwrite what
// somebody else has changed meanwhile.
func TestIfMatch(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		root := w.as["root"]
		ana, tag, err := root.Person(ctx, "VALDOR/ana")
		if err != nil || tag == "" {
			t.Fatal(ana, tag, err)
		}
		draft := wire.PersonDraft{Organisation: "VALDOR", Name: "ana", Roles: ana.Roles, Clearances: map[string]string{"us": "C"}}
		must(root.ChangePerson(ctx, string(ana.ID), draft))(t) // somebody else
		draft.Clearances["us"] = "TS"
		_, err = root.ChangePerson(client.WithTag(ctx, tag), string(ana.ID), draft)
		wantKind(t, "a change of what was changed", err, cordon.KindChanged)
		ana, tag, err = root.Person(ctx, string(ana.ID))
		if err != nil || ana.Clearances["us"] != "C" {
			t.Fatalf("%+v, %v", ana, err)
		}
		must(root.ChangePerson(client.WithTag(ctx, tag), string(ana.ID), draft))(t)
		if ana, _, _ = root.Person(ctx, string(ana.ID)); ana.Clearances["us"] != "TS" {
			t.Errorf("%+v", ana)
		}

		_, tag, err = root.Organisation(ctx, "TARSIS")
		if err != nil {
			t.Fatal(err)
		}
		must(root.ChangeOrganisation(client.WithTag(ctx, tag), "TARSIS", wire.OrganisationDraft{Name: "TARSIS", Country: "DEU"}))(t)
		_, err = root.ChangeOrganisation(client.WithTag(ctx, tag), "TARSIS", wire.OrganisationDraft{Name: "TARSIS", Country: "ITA"})
		wantKind(t, "a change of an organisation that was changed", err, cordon.KindChanged)
	})
}
