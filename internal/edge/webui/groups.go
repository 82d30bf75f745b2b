package webui

import (
	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// groupsPage is who within one's own organisation needs to know what.
type groupsPage struct {
	frame
	Groups     []wire.Group
	Narrowings wire.List[wire.Narrowing]
	People     []wire.Person
}

// In reports whether the person is in the group.
func (groupsPage) In(g wire.Group, id cordon.ID) bool { return among(id, g.People) }

func groups(v *visit) error { return showGroups(v, nil) }

func showGroups(v *visit, problem error) error {
	view := groupsPage{frame: v.frame("Need to know")}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	err = v.Together(func() error {
		list, err := httpapi.Do(v.Caller, wire.ListGroups, wire.Page{Limit: cordon.MaxPage})
		if err != nil {
			return err
		}
		view.Groups = list.Items
		if holds(v.me.Person, cordon.RoleSecurityOfficer) {
			if view.Narrowings, err = httpapi.Do(v.Caller, wire.ListNarrowings, v.cursor()); err != nil {
				return err
			}
		}
		view.People, err = v.colleagues()
		return err
	})
	if err != nil {
		return err
	}
	return v.show("groups", status, view)
}

func (v *visit) group() wire.GroupDraft {
	d := wire.GroupDraft{Name: v.text("name"), Everyone: v.is("everyone")}
	for _, id := range v.ids("person") {
		d.People = append(d.People, string(id))
	}
	return d
}

func addGroup(v *visit) error {
	err := v.once()
	if err == nil {
		_, err = httpapi.Do(v.Caller, wire.AddGroup, v.group())
	}
	if err != nil {
		return showGroups(v, err)
	}
	return v.to("/groups", "saved")
}

func changeGroup(v *visit) error {
	draft := v.group()
	says, then := "The group has these people from the next request on.", []string{"People taken out of it lose what was narrowed to it."}
	if draft.Everyone {
		says, then = "Everything narrowed to this group opens to everybody of your organisation whom access lets read it.", nil
	}
	if yes, err := v.sure(preview{
		there: listed(func(p wire.Page) (wire.List[wire.Group], error) { return httpapi.Do(v.Caller, wire.ListGroups, p) },
			func(g wire.Group) bool { return string(g.ID) == v.form.Get("id") }),
		title: "Need to know", says: says, then: then, do: "Change it", back: "/groups", bad: draft.Everyone,
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.ChangeGroup, wire.GroupChange{Group: v.form.Get("id"), GroupDraft: draft}); err != nil {
		return showGroups(v, err)
	}
	return v.to("/groups", "saved")
}
