package webui

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// peoplePage lists the people of one's own organisation.
type peoplePage struct {
	frame
	Of      wire.Organisation
	Ceiling personForm // what the form of the ceiling begins with
	People  wire.List[wire.Person]
	Roles   []cordon.Role
	Ladders []ladder
	Draft   personForm
}

// ladder is the levels of a scheme that has some.
type ladder struct {
	Scheme string
	Levels []string
}

// personForm is what the form of a person shows as chosen.
type personForm struct {
	Name, Nationality string
	Clearances        map[string]string
	ReadIns           string
	Roles             map[cordon.Role]bool
	Suspended         bool
	// Service is chosen once: an account of a program stays one.
	Service bool
}

func people(v *visit) error { return showPeople(v, nil) }

func showPeople(v *visit, problem error) error {
	view := peoplePage{frame: v.frame("People"), Roles: cordon.Roles(), Ladders: v.ladders(), Draft: v.personForm()}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	view.Of, view.Ceiling = v.me.Organisation, chosenCeiling(v.me.Organisation)
	view.People, err = httpapi.Do(v.Caller, wire.ListPeople, wire.PeopleOf{OfOrganisation: wire.OfOrganisation{Organisation: string(view.Of.ID)}, Page: v.cursor()})
	if err != nil {
		return err
	}
	return v.show("people", status, view)
}

func (v *visit) ladders() []ladder {
	var out []ladder
	for _, s := range v.Base.Schemes.Schemes() {
		if len(s.Ladder()) > 0 {
			out = append(out, ladder{s.Name(), s.Ladder()})
		}
	}
	return out
}

// personForm is what was chosen.
func (v *visit) personForm() personForm {
	f := personForm{Name: v.text("name"), Nationality: v.text("nationality"), ReadIns: v.form.Get("read-ins"), Suspended: v.is("suspended"), Service: v.is("service"), Roles: make(map[cordon.Role]bool), Clearances: make(map[string]string)}
	for _, r := range v.form["role"] {
		f.Roles[cordon.Role(r)] = true
	}
	for name, values := range v.form {
		if scheme, ok := strings.CutPrefix(name, "clearance-"); ok && values[0] != "" {
			f.Clearances[scheme] = values[0]
		}
	}
	return f
}

// personDraft is the person that the form says.
func (v *visit) personDraft(org string) (wire.PersonDraft, error) {
	f := v.personForm()
	d := wire.PersonDraft{Organisation: org, Name: f.Name, Nationality: f.Nationality, Suspended: f.Suspended, Service: f.Service, Clearances: f.Clearances}
	for _, r := range cordon.Roles() {
		if f.Roles[r] {
			d.Roles = append(d.Roles, r)
		}
	}
	for r := range f.Roles {
		if !slices.Contains(cordon.Roles(), r) {
			return d, wrong("role", "there is no role %q: tick some of those that are shown", string(r))
		}
	}
	if d.Name == "" {
		return d, wrong("name", "give the person a name")
	}
	for _, text := range v.listed("read-ins") {
		r, err := cordon.ParseReadIn(text)
		if err != nil {
			return d, at("read-ins", err)
		}
		d.ReadIns = append(d.ReadIns, r)
	}
	return d, nil
}

// askCeiling asks the operators for another ceiling.
func askCeiling(v *visit) error {
	err := v.once()
	if err == nil {
		_, err = httpapi.Do(v.Caller, wire.AskCeiling, v.ceilingForm(string(v.me.Organisation.ID)))
	}
	if err != nil {
		return showPeople(v, err)
	}
	return v.to("/people", "saved")
}

func addPerson(v *visit) error {
	draft, err := v.personDraft(string(v.me.Organisation.ID))
	if err == nil {
		err = v.once()
	}
	if err != nil {
		return showPeople(v, err)
	}
	added, err := httpapi.Do(v.Caller, wire.AddPerson, draft)
	if err != nil {
		return showPeople(v, err)
	}
	return v.to("/people/"+string(added.ID), "saved")
}

// personPage is a person: what they hold, and how they sign in.
type personPage struct {
	frame
	Person      wire.Person
	Tag         string
	Draft       personForm
	Roles       []cordon.Role
	Ladders     []ladder
	Credentials []wire.Credential
	Sessions    []wire.SessionInfo
	Tokens      []wire.TokenInfo
	Enrolment   *wire.Enrolment
	// Keeps says that the person looking may change this one: administrators look
	// after their organisation, and operators alone after operators.
	Keeps bool
	// Token is one that was just made for a program.
	Token *wire.Token
}

func person(v *visit) error { return showPerson(v, personPage{}, nil) }

// showPerson shows the person, with what made is made of them.
func showPerson(v *visit, made personPage, problem error) error {
	of := wire.OfPerson{Person: string(v.id("person"))}
	view := personPage{frame: v.frame("Person"), Roles: cordon.Roles(), Ladders: v.ladders(), Enrolment: made.Enrolment, Token: made.Token}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	err = v.Together(func() error {
		if view.Person, err = httpapi.Do(v.Caller, wire.GetPerson, of); err != nil {
			return err
		}
		if view.Tag, err = v.Tag(view.Person); err != nil {
			return err
		}
		view.Keeps = holds(v.me.Person, cordon.RoleAdministrator) && (!holds(view.Person, cordon.RoleOperator) || holds(v.me.Person, cordon.RoleOperator))
		if !view.Keeps {
			return nil
		}
		credentials, err := httpapi.Do(v.Caller, wire.ListCredentials, of)
		if err != nil {
			return err
		}
		sessions, err := httpapi.Do(v.Caller, wire.ListSessions, wire.PersonPage{OfPerson: of})
		if err != nil {
			return err
		}
		tokens, err := httpapi.Do(v.Caller, wire.ListTokens, wire.PersonPage{OfPerson: of})
		if view.Person.Service {
			view.Roles = cordon.ServiceRoles()
		}
		view.Credentials, view.Sessions, view.Tokens = credentials.Items, sessions.Items, tokens.Items
		return err
	})
	if err != nil {
		return err
	}
	if v.form.Has("name") {
		view.Draft = v.personForm()
	} else {
		view.Draft = asForm(view.Person)
	}
	return v.show("person", status, view)
}

func asForm(p wire.Person) personForm {
	f := personForm{Name: p.Name, Nationality: p.Nationality, Suspended: p.Suspended, Clearances: p.Clearances, Roles: make(map[cordon.Role]bool)}
	for _, r := range p.Roles {
		f.Roles[r] = true
	}
	var lines []string
	for _, r := range p.ReadIns {
		lines = append(lines, r.String())
	}
	f.ReadIns = strings.Join(lines, "\n")
	return f
}

// changePerson replaces what a person holds, unless somebody else has meanwhile.
func changePerson(v *visit) error {
	of := wire.OfPerson{Person: string(v.id("person"))}
	before, err := httpapi.Do(v.Caller, wire.GetPerson, of)
	if err != nil {
		return err
	}
	draft, err := v.personDraft(string(before.Organisation.ID))
	draft.Service = before.Service
	if err == nil {
		err = v.once()
	}
	if err != nil {
		return showPerson(v, personPage{}, err)
	}
	v.If(v.form.Get("tag"))
	if _, err := httpapi.Do(v.Caller, wire.ChangePerson, wire.PersonChange{OfPerson: of, PersonDraft: draft}); err != nil {
		return showPerson(v, personPage{}, err)
	}
	return v.to("/people/"+string(before.ID), "saved")
}

// onPerson is one of the acts on how a person signs in, by the button pressed.
func onPerson(v *visit) error {
	of, id := wire.OfPerson{Person: string(v.id("person"))}, cordon.ID(v.form.Get("id"))
	if err := v.once(); err != nil {
		return showPerson(v, personPage{}, err)
	}
	do, err := v.pressed("", "enrol", "new-token", "certificate", "credential", "session", "token")
	if err == nil && do == "" {
		err = cordon.Errorf(cordon.KindInvalid, "this form is not one that a page of Cordon sent: load the page again")
	}
	if err != nil {
		return showPerson(v, personPage{}, err)
	}
	switch do {
	case "enrol":
		made, err := httpapi.Do(v.Caller, wire.Enrol, of)
		if err != nil {
			return showPerson(v, personPage{}, err)
		}
		return showPerson(v, personPage{Enrolment: &made}, nil)
	case "new-token":
		made, err := httpapi.Do(v.Caller, wire.NewToken, wire.TokenDraft{OfPerson: of, Label: v.text("label")})
		if err != nil {
			return showPerson(v, personPage{}, err)
		}
		return showPerson(v, personPage{Token: &made}, nil)
	case "certificate":
		_, err = httpapi.Do(v.Caller, wire.AddCertificate, wire.CertificateDraft{OfPerson: of, Mapping: v.text("mapping")})
		err = at("mapping", err)
	case "credential":
		_, err = httpapi.Do(v.Caller, wire.DropCredential, wire.PersonCredential{OfPerson: of, Credential: id})
	case "session":
		_, err = httpapi.Do(v.Caller, wire.EndSession, wire.PersonSession{OfPerson: of, Session: id})
	case "token":
		_, err = httpapi.Do(v.Caller, wire.RevokeToken, wire.PersonToken{OfPerson: of, Token: id})
	}
	if err != nil {
		return showPerson(v, personPage{}, err)
	}
	return v.to("/people/"+of.Person, "done")
}
