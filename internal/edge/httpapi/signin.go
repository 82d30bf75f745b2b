package httpapi

import (
	"cordon"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/signin"
	"cordon/wire"
)

func (a *api) signInRoutes() []route {
	return []route{
		serve(wire.NewToken, a.newToken),
		serve(wire.ListTokens, a.tokens),
		serve(wire.RevokeToken, func(c *call, in wire.PersonToken) (wire.Done, error) {
			return wire.Done{}, people.RevokeToken(c.Context(), c.by, cordon.ID(in.Person), in.Token)
		}),
		// Signing in is open to everybody: it says nothing of who there is.
		serve(wire.SignIn, func(c *call, in wire.Credentials) (wire.Session, error) {
			return signed(a.SignIn.WithPassword(c.Context(), in.Name, in.Password, c.RemoteAddr))
		}),
		serve(wire.SignOut, func(c *call, _ wire.None) (wire.Done, error) {
			return wire.Done{}, a.SignIn.SignOut(c.Context(), c.by)
		}),
		serve(wire.ListSessions, a.sessions),
		serve(wire.EndSession, func(c *call, in wire.PersonSession) (wire.Done, error) {
			return wire.Done{}, a.SignIn.EndSession(c.Context(), c.by, cordon.ID(in.Person), in.Session)
		}),
		serve(wire.Enrol, func(c *call, in wire.OfPerson) (wire.Enrolment, error) {
			id, secret, expires, err := a.SignIn.Enrol(c.Context(), c.by, cordon.ID(in.Person))
			return wire.Enrolment{Person: wire.Named{ID: id}, Secret: secret, Expires: expires}, err
		}),
		serve(wire.UseEnrolment, func(c *call, in wire.EnrolmentUse) (wire.Session, error) {
			return signed(a.SignIn.EnrolPassword(c.Context(), in.Secret, in.Password))
		}),
		serve(wire.ChangePassword, func(c *call, in wire.PasswordChange) (wire.Done, error) {
			return wire.Done{}, a.SignIn.ChangePassword(c.Context(), c.by, in.Old, in.New, c.RemoteAddr)
		}),
		serve(wire.ListCredentials, func(c *call, in wire.OfPerson) (wire.List[wire.Credential], error) {
			all, err := a.SignIn.Credentials(c.Context(), c.by, cordon.ID(in.Person))
			var out []wire.Credential
			for _, one := range all {
				out = append(out, wire.Credential{ID: one.ID, Kind: one.Kind, Label: one.Label, Created: one.Created})
			}
			return whole(out), err
		}),
		serve(wire.AddCertificate, func(c *call, in wire.CertificateDraft) (wire.Credential, error) {
			one, err := a.SignIn.AddCertificate(c.Context(), c.by, cordon.ID(in.Person), in.Mapping)
			return wire.Credential{ID: one.ID, Kind: one.Kind, Label: one.Label, Created: one.Created}, err
		}),
		serve(wire.DropCredential, func(c *call, in wire.PersonCredential) (wire.Done, error) {
			return wire.Done{}, a.SignIn.DropCredential(c.Context(), c.by, cordon.ID(in.Person), in.Credential)
		}),
	}
}

func (a *api) newToken(c *call, in wire.TokenDraft) (wire.Token, error) {
	secret, token, err := people.NewToken(c.Context(), c.by, cordon.ID(in.Person), people.TokenDraft{Label: in.Label, Scopes: in.Scopes, Expires: in.Expires})
	return wire.Token{
		ID: token.ID, Person: wire.Named{ID: token.Person}, Token: secret, Label: token.Label, Scopes: token.Scopes, Expires: token.Expires,
	}, err
}

func (a *api) tokens(c *call, in wire.PersonPage) (wire.List[wire.TokenInfo], error) {
	return newest(in.Page, func(after cordon.Cursor, limit int) ([]wire.TokenInfo, bool, error) {
		all, err := people.Tokens(c.Context(), c.by, cordon.ID(in.Person), after, limit)
		out := make([]wire.TokenInfo, len(all))
		for i, t := range all {
			out[i] = wire.TokenInfo{
				ID: t.ID, Label: t.Label, Scopes: t.Scopes, Created: t.Created, Expires: t.Expires, Revoked: t.Revoked, MadeWith: t.MadeWith,
				Current: t.ID == c.principal.Token,
			}
		}
		return out, len(out) == limit, err
	}, func(t wire.TokenInfo) cordon.Cursor { return cordon.Cursor{Created: t.Created, ID: t.ID} })
}

func (a *api) sessions(c *call, in wire.PersonPage) (wire.List[wire.SessionInfo], error) {
	return newest(in.Page, func(after cordon.Cursor, limit int) ([]wire.SessionInfo, bool, error) {
		all, err := a.SignIn.Sessions(c.Context(), c.by, cordon.ID(in.Person), after, limit)
		out := make([]wire.SessionInfo, len(all))
		for i, s := range all {
			out[i] = wire.SessionInfo{
				ID: s.ID, By: s.By, Created: s.Created, Used: s.Used, Expires: s.Expires, Current: s.ID == c.principal.Session,
			}
		}
		return out, len(out) == limit, err
	}, func(s wire.SessionInfo) cordon.Cursor { return cordon.Cursor{Created: s.Created, ID: s.ID} })
}

func signed(s signin.Signed, err error) (wire.Session, error) {
	return wire.Session{ID: s.Session.ID, Person: wire.Named{ID: s.Person.ID, Name: s.Person.Name}, Secret: s.Secret, Expires: s.Session.Expires}, err
}
