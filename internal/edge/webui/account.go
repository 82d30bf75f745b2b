package webui

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/signin"
	"cordon/wire"
)

// accountPage is how somebody signs in, and the settings of their own.
type accountPage struct {
	frame
	Credentials []wire.Credential
	Sessions    []wire.SessionInfo
	Tokens      []wire.TokenInfo
	// Secret is a token just made, which is shown once.
	Secret string
	Scopes []cordon.Scope
}

// MinPassword is for the template.
func (accountPage) MinPassword() int { return signin.MinPassword }

func account(v *visit) error { return showAccount(v, "", nil) }

func showAccount(v *visit, secret string, problem error) error {
	view := accountPage{frame: v.frame("Your account"), Secret: secret, Scopes: cordon.AllScopes()}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	me := wire.OfPerson{Person: string(v.me.Person.ID)}
	err = v.Together(func() error {
		credentials, err := httpapi.Do(v.Caller, wire.ListCredentials, me)
		if err != nil {
			return err
		}
		sessions, err := httpapi.Do(v.Caller, wire.ListSessions, wire.PersonPage{OfPerson: me})
		if err != nil {
			return err
		}
		tokens, err := httpapi.Do(v.Caller, wire.ListTokens, wire.PersonPage{OfPerson: me})
		view.Credentials, view.Sessions, view.Tokens = credentials.Items, sessions.Items, tokens.Items
		return err
	})
	if err != nil {
		return err
	}
	return v.show("account", status, view)
}

// onAccount is an act of the account page, which is shown again.
func onAccount(v *visit, do func(wire.OfPerson, cordon.ID) error) error {
	if err := do(wire.OfPerson{Person: string(v.me.Person.ID)}, cordon.ID(v.form.Get("id"))); err != nil {
		return showAccount(v, "", err)
	}
	return v.to("/account", "done")
}

func changePassword(v *visit) error {
	return onAccount(v, func(wire.OfPerson, cordon.ID) error {
		_, err := httpapi.Do(v.Caller, wire.ChangePassword, wire.PasswordChange{Old: v.form.Get("old"), New: v.form.Get("new")})
		return err
	})
}

func dropCredential(v *visit) error {
	return onAccount(v, func(me wire.OfPerson, id cordon.ID) error {
		_, err := httpapi.Do(v.Caller, wire.DropCredential, wire.PersonCredential{OfPerson: me, Credential: id})
		return err
	})
}

func endSession(v *visit) error {
	return onAccount(v, func(me wire.OfPerson, id cordon.ID) error {
		_, err := httpapi.Do(v.Caller, wire.EndSession, wire.PersonSession{OfPerson: me, Session: id})
		return err
	})
}

func revokeToken(v *visit) error {
	return onAccount(v, func(me wire.OfPerson, id cordon.ID) error {
		_, err := httpapi.Do(v.Caller, wire.RevokeToken, wire.PersonToken{OfPerson: me, Token: id})
		return err
	})
}

// newToken makes a token and shows it, once.
func newToken(v *visit) error {
	draft := wire.TokenDraft{OfPerson: wire.OfPerson{Person: string(v.me.Person.ID)}, Label: strings.TrimSpace(v.form.Get("label"))}
	var err error
	for _, text := range v.form["scope"] {
		s := cordon.Scope(text)
		if !slices.Contains(cordon.AllScopes(), s) {
			return showAccount(v, "", wrong("scope", "there is no scope %q: tick some of those that are shown", text))
		}
		draft.Scopes = append(draft.Scopes, s)
	}
	if draft.Expires, err = v.instant("expires"); err == nil {
		err = v.once()
	}
	if err != nil {
		return showAccount(v, "", err)
	}
	made, err := httpapi.Do(v.Caller, wire.NewToken, draft)
	return showAccount(v, made.Token, err)
}
