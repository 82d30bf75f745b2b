package webui

import (
	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// grantsPage lists whom one's organisation let have what.
type grantsPage struct {
	frame
	Grants wire.List[wire.Grant]
}

func grants(v *visit) error { return showGrants(v, nil) }

func showGrants(v *visit, problem error) error {
	view := grantsPage{frame: v.frame("Grants")}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	view.Grants, err = httpapi.Do(v.Caller, wire.ListGrants, wire.GrantsFor{Page: v.cursor()})
	if err != nil {
		return err
	}
	return v.show("grants", status, view)
}

func revokeGrant(v *visit) error {
	id := cordon.ID(v.form.Get("id"))
	if yes, err := v.sure(preview{
		there: listed(func(p wire.Page) (wire.List[wire.Grant], error) {
			return httpapi.Do(v.Caller, wire.ListGrants, wire.GrantsFor{Page: p})
		}, func(g wire.Grant) bool { return g.ID == id }),
		title: "Revoke a grant", says: "The audience's next request is decided without this grant.", do: "Revoke it", back: "/grants", bad: true,
		then: []string{"It takes effect at once, on every node.", "The audience is told. Its earlier readings stay in the list of who had it."},
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.RevokeGrant, wire.OfGrant{Grant: id}); err != nil {
		return showGrants(v, err)
	}
	return v.to("/grants", "revoked")
}
