package httpapi

import (
	"cordon"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/signin"
	"cordon/wire"
)

// done is the answer to what has nothing to say but that it was done.
type done struct{}

func (a *api) newToken(c *call) (any, error) {
	var in wire.TokenDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.personInPath()
	if err != nil {
		return nil, err
	}
	secret, token, err := people.NewToken(c.Context(), a.Base, c.pass, id, people.TokenDraft{Label: in.Label, Scopes: in.Scopes, Expires: in.Expires})
	if err != nil {
		return nil, err
	}
	return wire.Token{
		ID: token.ID, Person: wire.Named{ID: id}, Token: secret, Label: token.Label, Scopes: token.Scopes, Expires: token.Expires,
	}, nil
}

func (a *api) tokens(c *call) (any, error) {
	id, page, err := c.personPage()
	if err != nil {
		return nil, err
	}
	list, err := people.Tokens(c.Context(), a.Base, c.pass, id, page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.TokenInfo]{Items: make([]wire.TokenInfo, len(list))}
	for i, t := range list {
		out.Items[i] = wire.TokenInfo{
			ID: t.ID, Label: t.Label, Scopes: t.Scopes, Created: t.Created, Expires: t.Expires, Revoked: t.Revoked, MadeWith: t.MadeWith,
			Current: t.ID == c.pass.Token,
		}
		out.Next = c.cursor(cordon.Cursor{Created: t.Created, ID: t.ID}, string(id))
	}
	if len(list) < page.Limit {
		out.Next = ""
	}
	return out, nil
}

func (a *api) revokeToken(c *call) (any, error) {
	person, token, err := c.personsOwn("token")
	if err != nil {
		return nil, err
	}
	return done{}, people.RevokeToken(c.Context(), a.Base, c.pass, person, token)
}

// signIn is open to everybody: it says nothing of who there is.
func (a *api) signIn(c *call) (any, error) {
	var in wire.SignIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return signed(a.SignIn.WithPassword(c.Context(), in.Name, in.Password, c.RemoteAddr))
}

func signed(s signin.Signed, err error) (any, error) {
	return wire.Session{ID: s.Session.ID, Person: wire.Named{ID: s.Person.ID, Name: s.Person.Name}, Secret: s.Secret, Expires: s.Session.Expires}, err
}

func (a *api) signOut(c *call) (any, error) {
	return done{}, a.SignIn.SignOut(c.Context(), c.pass)
}

func (a *api) sessions(c *call) (any, error) {
	id, page, err := c.personPage()
	if err != nil {
		return nil, err
	}
	list, err := a.SignIn.Sessions(c.Context(), c.pass, id, page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.SessionInfo]{Items: make([]wire.SessionInfo, len(list))}
	for i, s := range list {
		out.Items[i] = wire.SessionInfo{ID: s.ID, By: s.By, Created: s.Created, Used: s.Used, Expires: s.Expires, Current: s.ID == c.pass.Session}
		out.Next = c.cursor(cordon.Cursor{Created: s.Created, ID: s.ID}, string(id))
	}
	if len(list) < page.Limit {
		out.Next = ""
	}
	return out, nil
}

func (a *api) endSession(c *call) (any, error) {
	person, session, err := c.personsOwn("session")
	if err != nil {
		return nil, err
	}
	return done{}, a.SignIn.EndSession(c.Context(), c.pass, person, session)
}

func (a *api) enrol(c *call) (any, error) {
	if err := c.decode(&struct{}{}); err != nil {
		return nil, err
	}
	id, err := c.personInPath()
	if err != nil {
		return nil, err
	}
	secret, expires, err := a.SignIn.Enrol(c.Context(), c.pass, id)
	return wire.Enrolment{Person: wire.Named{ID: id}, Secret: secret, Expires: expires}, err
}

// useEnrolment is open to everybody who has the secret of one.
func (a *api) useEnrolment(c *call) (any, error) {
	var in wire.EnrolmentUse
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return signed(a.SignIn.EnrolPassword(c.Context(), in.Secret, in.Password))
}

func (a *api) changePassword(c *call) (any, error) {
	var in wire.PasswordChange
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return done{}, a.SignIn.ChangePassword(c.Context(), c.pass, in.Old, in.New, c.RemoteAddr)
}

func (a *api) credentials(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id, err := c.personInPath()
	if err != nil {
		return nil, err
	}
	all, err := a.SignIn.Credentials(c.Context(), c.pass, id)
	var out []wire.Credential
	for _, one := range all {
		out = append(out, wire.Credential{ID: one.ID, Kind: one.Kind, Label: one.Label, Created: one.Created})
	}
	return list(out, err)
}

func (a *api) addCertificate(c *call) (any, error) {
	var in wire.CertificateDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.personInPath()
	if err != nil {
		return nil, err
	}
	one, err := a.SignIn.AddCertificate(c.Context(), c.pass, id, in.Mapping)
	return wire.Credential{ID: one.ID, Kind: one.Kind, Label: one.Label, Created: one.Created}, err
}

func (a *api) dropCredential(c *call) (any, error) {
	person, credential, err := c.personsOwn("credential")
	if err != nil {
		return nil, err
	}
	return done{}, a.SignIn.DropCredential(c.Context(), c.pass, person, credential)
}

// personPage is the person of the path and the page that is asked for of what
// is his.
func (c *call) personPage() (cordon.ID, reading.Page, error) {
	q, err := c.query("cursor", "limit")
	if err != nil {
		return "", reading.Page{}, err
	}
	id, err := c.personInPath()
	if err != nil {
		return "", reading.Page{}, err
	}
	p, err := c.page(q, string(id))
	return id, p, err
}

// personsOwn is the person of the path and the id of something that is his.
func (c *call) personsOwn(name string) (person, thing cordon.ID, err error) {
	if person, err = c.personInPath(); err != nil {
		return "", "", err
	}
	thing, err = c.id(name)
	return person, thing, err
}
