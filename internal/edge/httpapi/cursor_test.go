package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/wire"
)

func TestPaging(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var published []string
		for i := range 7 {
			r := w.publish("mara", wire.Draft{Recipients: []string{"VALDOR"}},
				fmt.Sprintf("(%s) Report %d", wide, i), fmt.Sprintf("(%s) The lighthouse keeper's note %d.", wide, i))
			published = append([]string{string(r.Report)}, published...)
			w.publish("mara", wire.Draft{}, fmt.Sprintf("(%s) Withheld %d", wide, i), fmt.Sprintf("(%s) Another lighthouse %d.", wide, i))
		}
		var listed, found, noticed []string
		for page := (wire.Page{Limit: 3}); ; {
			l := must(w.as["ana"].Reports(t.Context(), page))(t)
			for _, item := range l.Items {
				listed = append(listed, string(item.Report))
			}
			if page.Cursor = l.Next; l.Next == "" {
				break
			}
		}
		for page := (wire.Page{Limit: 2}); ; {
			l := must(w.as["ana"].Search(t.Context(), wire.Query{Text: "lighthouse"}, page))(t)
			for _, hit := range l.Items {
				found = append(found, string(hit.Report))
			}
			if page.Cursor = l.Next; l.Next == "" {
				break
			}
		}
		if strings.Join(listed, " ") != strings.Join(published, " ") {
			t.Errorf("listed %v\n of %v", listed, published)
		}
		if strings.Join(found, " ") != strings.Join(published, " ") {
			t.Errorf("found %v\n of %v", found, published)
		}
		for range 5 {
			must(w.as["theo"].Scan(t.Context(), "The lighthouse keeper's note 1. But that was not all there was to it."))(t)
		}
		for page := (wire.Page{Limit: 2}); ; {
			l := must(w.as["mara"].Notices(t.Context(), page))(t)
			for _, n := range l.Items {
				noticed = append(noticed, string(n.ID))
			}
			if page.Cursor = l.Next; l.Next == "" {
				break
			}
		}
		all := must(w.as["mara"].Notices(t.Context(), wire.Page{}))(t)
		if len(noticed) != len(all.Items) {
			t.Errorf("paged %d notices of %d", len(noticed), len(all.Items))
		}
	})
}

// TestCursorsCannotBeMadeUp: a cursor works for whom, for what and in which
// list it was given, as it was given.
func TestCursorsCannotBeMadeUp(t *testing.T) {
	w := newWorld(t, "")
	for i := range 3 {
		w.publish("mara", wire.Draft{Recipients: []string{"VALDOR"}}, fmt.Sprintf("(%s) Lighthouse %d", wide, i))
	}
	list := must(w.as["ana"].Reports(t.Context(), wire.Page{Limit: 1}))(t).Next
	search := must(w.as["ana"].Search(t.Context(), wire.Query{Text: "lighthouse"}, wire.Page{Limit: 1}))(t).Next
	if list == "" || search == "" {
		t.Fatal("there are no cursors")
	}
	i := must(w.as["sol"].OpenIncident(t.Context(), wire.IncidentDraft{Title: "x"}))(t)
	for range 2 {
		must(w.as["sol"].Contain(t.Context(), i.ID, wire.Plan{Notify: []string{"MERIDIAN"}}))(t)
	}
	notices := must(w.as["mara"].Notices(t.Context(), wire.Page{Limit: 1}))(t).Next
	if notices == "" {
		t.Fatal("there is no cursor of notices")
	}
	if again := must(w.as["ana"].Reports(t.Context(), wire.Page{Limit: 1}))(t).Next; again == list {
		t.Error("equal places can be told by their cursors")
	}
	if _, err := w.as["ana"].Reports(t.Context(), wire.Page{Cursor: list, Limit: 1}); err != nil {
		t.Fatal(err)
	}
	flipped := []byte(list)
	flipped[len(flipped)/2] ^= 1
	for what, c := range map[string]struct{ as, target, cursor string }{
		"another person's":  {"sol", "/api/v1/reports?", list},
		"of another list":   {"ana", "/api/v1/reports?", search},
		"of notices":        {"mara", "/api/v1/reports?", notices},
		"of another search": {"ana", "/api/v1/search?q=keeper&", search},
		"of a search":       {"ana", "/api/v1/search?q=lighthouse&", list},
		"changed":           {"ana", "/api/v1/reports?", string(flipped)},
		"shortened":         {"ana", "/api/v1/reports?", list[:len(list)-4]},
		"made up":           {"ana", "/api/v1/reports?", string(cordon.NewID())},
		"empty":             {"ana", "/api/v1/reports?", ""},
		"huge":              {"ana", "/api/v1/reports?", strings.Repeat("A", 10_000)},
	} {
		rec := w.raw(c.as, "GET", c.target+"cursor="+url.QueryEscape(c.cursor), "")
		if rec.Code != 400 || !strings.Contains(rec.Body.String(), "cursor") {
			t.Errorf("%s: %d %s", what, rec.Code, rec.Body)
		}
	}
}

// TestShortListsPage: lists that are loaded whole are given page by page all
// the same, in the order of the whole, once each; a cursor is good for its
// list and its person alone.
func TestShortListsPage(t *testing.T) {
	w := newWorld(t, "")
	for i := range 4 {
		must(w.as["mara"].OpenIncident(t.Context(), wire.IncidentDraft{Title: fmt.Sprint("Case ", i)}))(t)
		must(w.as["mara"].AddRegistry(t.Context(), wire.RegistryDraft{
			Name: fmt.Sprint("list ", i), Attributes: []wire.Attribute{{Name: "city"}},
			Candidates: []wire.Candidate{{ID: "A", Values: map[string]string{"city": "X"}}},
		}))(t)
	}
	var last string
	for _, target := range []string{"/api/v1/organisations", "/api/v1/organisations/VALDOR/people", "/api/v1/incidents", "/api/v1/registries"} {
		who := "mara"
		if strings.Contains(target, "VALDOR") {
			who = "ana"
		}
		get := func(query string) (items []string, next string) {
			rec := w.raw(who, "GET", target+query, "")
			var out wire.List[struct{ ID, Name, Title string }]
			if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || rec.Code != 200 {
				t.Fatalf("%s%s: %d %s", target, query, rec.Code, rec.Body)
			}
			for _, item := range out.Items {
				items = append(items, item.ID+" "+item.Name+item.Title)
			}
			return items, out.Next
		}
		whole, next := get("")
		if len(whole) < 2 || next != "" {
			t.Fatalf("%s: %d items, next %q", target, len(whole), next)
		}
		var paged []string
		for cursor := ""; ; {
			items, next := get("?limit=1" + cursor)
			if paged = append(paged, items...); len(items) != 1 {
				t.Errorf("%s: a page of one has %d", target, len(items))
			}
			if next == "" {
				break
			}
			cursor, last = "&cursor="+next, next
		}
		if !slices.Equal(paged, whole) {
			t.Errorf("%s: in pages %v\nas a whole %v", target, paged, whole)
		}
		if rec := w.raw("sol", "GET", target+"?cursor="+last, ""); rec.Code == 200 {
			t.Errorf("%s: another's cursor is taken", target)
		}
	}
	if rec := w.raw("mara", "GET", "/api/v1/incidents?cursor="+last, ""); rec.Code != 400 {
		t.Errorf("the cursor of another list: %d", rec.Code)
	}
}
