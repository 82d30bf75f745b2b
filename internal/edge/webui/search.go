package webui

import (
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// searchPage finds portions among those somebody may see. Its words
// travel in the body of a form, and are kept nowhere.
type searchPage struct {
	frame
	Asked   bool
	Results wire.Results
	// Words are those to search for instead, where nothing was found.
	Words []wire.Suggestion
	// Fields is what was asked, for the forms that narrow it or go on.
	Fields []field
	Orgs   []wire.Organisation
	Kinds  []cordon.ReportKind
}

func search(v *visit) error {
	view := searchPage{Asked: v.r.Method == "POST", Kinds: cordon.ReportKinds()}
	view.frame = v.frame("Search")
	query, err := v.query()
	if err == nil && view.Asked {
		view.Results, err = httpapi.Do(v.Caller, wire.Search, query)
	}
	if err == nil && view.Asked && len(view.Results.Items) == 0 && strings.TrimSpace(query.Text) != "" {
		var words wire.List[wire.Suggestion]
		words, err = httpapi.Do(v.Caller, wire.Suggest, wire.Typed{Text: query.Text})
		view.Words = words.Items
	}
	var marks []string
	for _, hit := range view.Results.Items {
		marks = append(marks, hit.Marking)
	}
	view.frame = v.frame("Search", marks...)
	status, err := v.wronged(&view.frame, err)
	if err != nil {
		return err
	}
	if view.Orgs, err = v.organisations(); err != nil {
		return err
	}
	for _, name := range []string{"text", "owner", "marking", "kind", "from", "until", "sort"} {
		if value := v.form.Get(name); value != "" {
			view.Fields = append(view.Fields, field{name, value})
		}
	}
	return v.show("search", status, view)
}

// query is what the form asks.
func (v *visit) query() (q wire.Query, err error) {
	q = wire.Query{
		Text: v.form.Get("text"), Owner: v.text("owner"), Marking: v.text("marking"), Kind: cordon.ReportKind(v.form.Get("kind")),
		Page: wire.Page{Cursor: v.form.Get("cursor"), Limit: 25},
	}
	// A facet is a condition more.
	q.Owner, q.Marking = first(v.text("only-owner"), q.Owner), first(v.text("only-marking"), q.Marking)
	v.form.Set("owner", q.Owner)
	v.form.Set("marking", q.Marking)
	if v.form.Get("sort") == "new" {
		q.Sort = "new"
	}
	if q.From, err = v.instant("from"); err != nil {
		return q, err
	}
	q.Until, err = v.instant("until")
	return q, err
}

// organisations are all that there are.
func (v *visit) organisations() ([]wire.Organisation, error) {
	list, err := httpapi.Do(v.Caller, wire.ListOrganisations, wire.Page{Limit: cordon.MaxPage})
	return list.Items, err
}
