package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

// TokenDraft is a token to be made.
type TokenDraft struct {
	Label string
	// Scopes are all that the maker has where none is given.
	Scopes cordon.Scopes
	// Expires is the zero time for no end, or for that of the token it is
	// made with.
	Expires time.Time
}

// TokenPrefix lets people and secret scanners recognise a token.
const TokenPrefix = "cordon_"

// maxGenerations bounds how many tokens one after the other can have been made
// each with the one before.
const maxGenerations = 16

// newToken is one that can do all that its person can, without an end.
func newToken(person cordon.ID, label string, now time.Time) (string, cordon.Token) {
	var b [32]byte
	rand.Read(b[:])
	secret := TokenPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	return secret, cordon.Token{
		ID: cordon.NewID(), Person: person, Hash: sha256.Sum256([]byte(secret)),
		Label: label, Created: now, Scopes: cordon.AllScopes(),
	}
}

// Authenticate gives what a token lets its bearer do. Whatever is wrong with
// it (unknown, expired, revoked, its person suspended) the answer is the same.
func Authenticate(ctx context.Context, base *act.Base, secret string) (cordon.Pass, error) {
	var pass cordon.Pass
	hash := sha256.Sum256([]byte(secret))
	err := base.Store.View(ctx, func(tx cordon.ReadTx) error {
		token, err := tx.TokenByHash(hash)
		if cordon.KindOf(err) == cordon.NotFound {
			return reader.ErrUnauthenticated
		}
		if err != nil {
			return err
		}
		now := base.Clock.Now()
		if token.Revoked || ended(token, now) {
			return reader.ErrUnauthenticated
		}
		view, err := base.Rules.Look(tx, token.Person, now)
		if err != nil {
			return err
		}
		pass = cordon.Pass{Person: view.Actor.Person.ID, Token: token.ID, Scopes: token.Scopes, Expires: token.Expires}
		return nil
	})
	return pass, err
}

func ended(t cordon.Token, now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// NewToken makes a token for a person: one's own, or anybody's for an
// administrator. It is shown once. A token that is made with a token can do no
// more than that one and lives no longer.
func NewToken(ctx context.Context, base *act.Base, by cordon.Pass, person cordon.ID, draft TokenDraft) (string, cordon.Token, error) {
	if err := draft.validate(by); err != nil {
		return "", cordon.Token{}, err
	}
	var secret string
	var token cordon.Token
	err := base.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := Keeper(base, cordon.Holding(tx), by, person)
		if err != nil {
			return err
		}
		secret, token = newToken(person, draft.Label, view.Now)
		token.Scopes, token.Expires, token.MadeWith = draft.Scopes, draft.Expires, by.Token
		if len(token.Scopes) == 0 {
			token.Scopes = by.Scopes
		}
		if by.Token != "" {
			if token.Expires.IsZero() {
				token.Expires = by.Expires
			}
			if err := traceable(cordon.Holding(tx), by.Token, view.Now); err != nil {
				return err
			}
		}
		if err := tx.PutToken(token); err != nil {
			return err
		}
		return record(tx, view, cordon.ActToken, person)
	})
	return secret, token, err
}

func (d TokenDraft) validate(by cordon.Pass) error {
	if len(d.Label) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.TooLarge, "a label is at most %d bytes", cordon.MaxNameBytes)
	}
	for i, scope := range d.Scopes {
		if !cordon.AllScopes().Cover(scope) || slices.Contains(d.Scopes[:i], scope) {
			return cordon.Errorf(cordon.Invalid, "%q is no scope, or is given twice: each at most once of %v", scope, cordon.AllScopes())
		}
	}
	if !by.Scopes.Cover(d.Scopes...) {
		return cordon.Errorf(cordon.Denied, "a token makes none that can do more than it can: it has the scopes %v", by.Scopes)
	}
	if by.Token != "" && !by.Expires.IsZero() && d.Expires.After(by.Expires) {
		return cordon.Errorf(cordon.Denied, "a token makes none that lives longer than it does, which is until %s", by.Expires.Format(time.RFC3339))
	}
	return nil
}

// traceable makes sure that the maker is still good in this transaction, and
// that whoever revokes the first of a line of tokens reaches the last.
func traceable(tx cordon.ReadTx, maker cordon.ID, now time.Time) error {
	for n := 0; maker != ""; n++ {
		t, err := tx.Token(maker)
		if err != nil {
			return err
		}
		if n == 0 && (t.Revoked || ended(t, now)) {
			return reader.ErrUnauthenticated
		}
		if n == maxGenerations {
			return cordon.Errorf(cordon.Denied, "this token comes of %d others, each made with the one before: sign in and make one afresh", maxGenerations)
		}
		maker = t.MadeWith
	}
	return nil
}

// Tokens lists a person's tokens, revoked and expired ones too, newest first:
// one's own, or anybody's for an administrator. Their secrets are kept nowhere.
func Tokens(ctx context.Context, base *act.Base, by cordon.Pass, person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Token, error) {
	var list []cordon.Token
	err := base.Store.View(ctx, func(tx cordon.ReadTx) error {
		_, err := Keeper(base, tx, by, person)
		if err != nil {
			return err
		}
		list, err = tx.Tokens(person, after, limit)
		return err
	})
	return list, err
}

// RevokeToken ends a token of the person, and all that were made with it, from
// the next request on. A token revokes none that can do more than it can.
func RevokeToken(ctx context.Context, base *act.Base, by cordon.Pass, person, id cordon.ID) error {
	return base.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := Keeper(base, cordon.Holding(tx), by, person)
		if err != nil {
			return err
		}
		first, err := tx.HoldToken(id)
		if err != nil {
			return err
		}
		if first.Person != person {
			return cordon.ErrNotFound
		}
		if !by.Scopes.Cover(first.Scopes...) {
			return cordon.Errorf(cordon.Denied, "a token revokes none that can do more than it can: it has the scopes %v", by.Scopes)
		}
		for line := []cordon.Token{first}; len(line) > 0; line = line[1:] {
			made, err := tx.TokensMadeWith(line[0].ID)
			if err != nil {
				return err
			}
			line = append(line, made...)
			if line[0].Revoked {
				continue
			}
			line[0].Revoked = true
			if err := tx.PutToken(line[0]); err != nil {
				return err
			}
			if err := record(tx, view, cordon.ActToken, line[0].Person); err != nil {
				return err
			}
		}
		return nil
	})
}

// Keeper is the view of whoever may work on what the person signs in with:
// himself, or an administrator, whose token must be one that administers.
func Keeper(base *act.Base, tx cordon.ReadTx, by cordon.Pass, person cordon.ID) (*reader.View, error) {
	view, err := base.Rules.Look(tx, by.Person, base.Clock.Now())
	if err != nil || by.Person == person {
		return view, err
	}
	if err := view.Require(cordon.Administrator); err != nil {
		return nil, err
	}
	if !by.Scopes.Cover(cordon.ScopeAdminister) {
		return nil, OutOfScope(cordon.ScopeAdminister)
	}
	_, err = tx.Person(person)
	return view, err
}

// OutOfScope is the answer to a token that has not the scope.
func OutOfScope(scope cordon.Scope) error {
	return cordon.Errorf(cordon.Denied, "this token has not the scope for it, %s: use one that has, or sign in", scope)
}

func record(tx cordon.WriteTx, view *reader.View, act cordon.Act, subject cordon.ID) error {
	e := view.Entry(act, cordon.Allowed)
	e.Subject = subject
	return ledger.Append(tx, e)
}
