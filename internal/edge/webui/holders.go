package webui

import (
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/mosaic"
	"cordon/internal/usecase/trace"
	"cordon/wire"
)

// portionPage says who had a portion, what was made from it, and who was let have
// it; and takes what it says about a source.
type portionPage struct {
	frame
	Portion cordon.ID
	Holders []wire.Holder
	Lineage drawing
	Grants  []wire.Grant
	// This is what the portion is called: its report's title.
	This   thing
	Report cordon.ID
	Struck bool
}

func portion(v *visit) error { return showPortion(v, nil) }

func showPortion(v *visit, problem error) error {
	id := v.id("portion")
	// That somebody asked stands in every owner's feed, and it decides.
	holders, err := httpapi.Do(v.Caller, wire.ListHolders, wire.OfPortion{Portion: string(id)})
	if err != nil {
		return err
	}
	view := portionPage{Portion: id, Holders: holders.Items}
	var marks []string
	err = v.Together(func() error {
		orgs, err := v.organisations()
		if err != nil {
			return err
		}
		family, err := trace.FamilyOf(v.r.Context(), v.by, []cordon.ID{id})
		if err != nil {
			return err
		}
		view.Lineage = draw(family, "", orgs)
		for _, m := range family.Members {
			marks = append(marks, m.Mark)
			if m.Portion == id {
				view.Report, view.Struck = m.Report, m.Struck
			}
		}
		if holds(v.me.Person, cordon.RoleReleaseAuthority) {
			grants, err := httpapi.Do(v.Caller, wire.ListGrants, wire.GrantsFor{Portions: []string{string(id)}})
			if err != nil {
				return err
			}
			view.Grants = grants.Items
		}
		return nil
	})
	if err != nil {
		return err
	}
	known, err := v.named(append(view.Lineage.reports(), id))
	if err != nil {
		return err
	}
	view.This = known[id]
	marks = append(marks, view.Lineage.call(known)...)
	marks = append(marks, view.This.Mark)
	view.frame = v.frame("Who had it", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	return v.show("portion", status, view)
}

// addFacts records what a portion says about a source.
func addFacts(v *visit) error {
	facts, err := v.facts("facts")
	if err == nil {
		err = v.once()
	}
	if err == nil {
		_, err = httpapi.Do(v.Caller, wire.AddFacts, wire.Facts{Portion: v.id("portion"), Facts: facts})
	}
	if err != nil {
		return showPortion(v, at("facts", err))
	}
	return v.to("/portions/"+string(v.id("portion")), "saved")
}

// facts reads facts of a field, one a line: city=Harrow.
func (v *visit) facts(name string) ([]wire.Fact, error) {
	var out []wire.Fact
	for line := range strings.Lines(v.form.Get(name)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		f, err := mosaic.ParseFact(line)
		if err != nil {
			return nil, at(name, err)
		}
		out = append(out, wire.Fact(f))
	}
	return out, nil
}
