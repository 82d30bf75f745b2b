package webui

import (
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// installationPage is who takes part in an installation, for its operators.
type installationPage struct {
	frame
	Orgs  wire.List[wire.Organisation]
	Ready bool
}

func installation(v *visit) error { return showInstallation(v, nil) }

func showInstallation(v *visit, problem error) error {
	view := installationPage{frame: v.frame("Installation")}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if view.Orgs, err = httpapi.Do(v.Caller, wire.ListOrganisations, v.cursor()); err != nil {
		return err
	}
	_, err = httpapi.Do(v.Caller, wire.GetReadiness, wire.None{})
	view.Ready = err == nil
	return v.show("installation", status, view)
}

// organisationDraft is the organisation that the form says.
func (v *visit) organisationDraft() (wire.OrganisationDraft, error) {
	d := wire.OrganisationDraft{Name: v.text("name"), Title: v.text("title"), Country: strings.ToUpper(v.text("country")), Communities: v.listed("communities"), ClientOf: v.listed("client-of")}
	if d.Name == "" {
		return d, wrong("name", "give it a name")
	}
	return d, nil
}

func addOrganisation(v *visit) error {
	draft, err := v.organisationDraft()
	if err == nil {
		err = v.once()
	}
	if err != nil {
		return showInstallation(v, err)
	}
	if _, err := httpapi.Do(v.Caller, wire.AddOrganisation, draft); err != nil {
		return showInstallation(v, at("name", err))
	}
	return v.to("/installation", "saved")
}

// organisationPage is one organisation.
type organisationPage struct {
	frame
	Org wire.Organisation
	Tag string
	// Ladders, and what is chosen in the form of the ceiling: what was asked for,
	// or what it is.
	Ladders []ladder
	Draft   personForm
	// Invitation is one that was just made.
	Invitation *wire.Enrolment
}

func organisation(v *visit) error { return showOrganisation(v, nil, nil) }

func showOrganisation(v *visit, invitation *wire.Enrolment, problem error) error {
	org, err := httpapi.Do(v.Caller, wire.GetOrganisation, wire.OfOrganisation{Organisation: string(v.id("org"))})
	if err != nil {
		return err
	}
	view := organisationPage{frame: v.frame("Organisation"), Org: org, Invitation: invitation, Ladders: v.ladders(), Draft: chosenCeiling(org)}
	if !view.Form.Has("name") {
		view.Form.Set("name", org.Name)
		view.Form.Set("title", org.Title)
		view.Form.Set("country", org.Country)
		view.Form.Set("communities", strings.Join(org.Communities, ", "))
		view.Form.Set("client-of", listNames(org.ClientOf))
	}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if view.Tag, err = v.Tag(org); err != nil {
		return err
	}
	return v.show("organisation", status, view)
}

// chosenCeiling is what the form of the ceiling begins with.
func chosenCeiling(org wire.Organisation) personForm {
	c := org.Asked
	if c == nil {
		c = org.Ceiling
	}
	if c == nil {
		return personForm{}
	}
	return personForm{Clearances: c.Clearances, ReadIns: strings.Join(c.ReadIns, "\n")}
}

func changeOrganisation(v *visit) error {
	draft, err := v.organisationDraft()
	if err == nil {
		err = v.once()
	}
	if err != nil {
		return showOrganisation(v, nil, err)
	}
	v.If(v.form.Get("tag"))
	id := cordon.ID(v.id("org"))
	if _, err := httpapi.Do(v.Caller, wire.ChangeOrganisation, wire.OrganisationChange{OfOrganisation: wire.OfOrganisation{Organisation: string(id)}, OrganisationDraft: draft}); err != nil {
		return showOrganisation(v, nil, err)
	}
	return v.to("/organisations/"+string(id), "saved")
}

// ceilingForm is the ceiling that the form says.
func (v *visit) ceilingForm(org string) wire.CeilingDraft {
	f := v.personForm()
	return wire.CeilingDraft{OfOrganisation: wire.OfOrganisation{Organisation: org}, Clearances: f.Clearances, ReadIns: v.listed("read-ins")}
}

// setCeiling bounds what an organisation's people can hold.
func setCeiling(v *visit) error {
	org := string(v.id("org"))
	err := v.once()
	if err == nil {
		_, err = httpapi.Do(v.Caller, wire.SetCeiling, v.ceilingForm(org))
	}
	if err != nil {
		return showOrganisation(v, nil, at("read-ins", err))
	}
	return v.to("/organisations/"+org, "saved")
}

// inviteAdministrator invites an organisation's first administrator.
func inviteAdministrator(v *visit) error {
	name := v.text("administrator")
	err := v.once()
	if name == "" {
		err = wrong("administrator", "say what they are called")
	}
	if err != nil {
		return showOrganisation(v, nil, err)
	}
	made, err := httpapi.Do(v.Caller, wire.InviteAdministrator, wire.Invitation{OfOrganisation: wire.OfOrganisation{Organisation: string(v.id("org"))}, Name: name})
	if err != nil {
		return showOrganisation(v, nil, at("administrator", err))
	}
	return showOrganisation(v, &made, nil)
}
