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
	"cordon/internal/core/reader"
)

// TokenDraft is a token to be made.
type TokenDraft struct {
	Label string
	// Scopes are all that the maker has where it is nil; an empty list is
	// refused.
	Scopes cordon.Scopes
	// Expires is zero for no end, or for the latest there may be: the end of
	// the token that it is made with, or Principal.TokensUntil.
	Expires time.Time
}

// TokenPrefix lets people and secret scanners recognise a token.
const TokenPrefix = "cordon_"

// maxGenerations bounds the length of a line of tokens, each made with the one
// before.
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

// Authenticate gives the principal of a token. An unknown, expired or revoked
// token and one of a suspended person get the same answer.
func Authenticate(ctx context.Context, base *act.Base, secret string) (cordon.Principal, error) {
	hash := sha256.Sum256([]byte(secret))
	// Every request begins with this, and it decides on no portion: no rules are loaded.
	return cordon.View(ctx, base.Store, func(tx cordon.ReadTx) (cordon.Principal, error) {
		token, err := tx.TokenByHash(hash)
		if cordon.KindOf(err) == cordon.KindNotFound || err == nil && (token.Revoked || ended(token, base.Clock.Now())) {
			err = reader.ErrUnauthenticated
		}
		if err != nil {
			return cordon.Principal{}, err
		}
		_, err = reader.Person(tx, token.Person)
		return cordon.Principal{Person: token.Person, Token: token.ID, Scopes: token.Scopes, Expires: token.Expires}, err
	})
}

func ended(t cordon.Token, now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// NewToken makes a token for the caller or, as an administrator, for a program's
// account of their organisation. Nobody makes one for somebody else. The token is
// shown once. A token that is made with a token can do no more than that one and
// lives no longer.
func NewToken(ctx context.Context, by act.Caller, person cordon.ID, draft TokenDraft) (string, cordon.Token, error) {
	type made struct {
		secret string
		token  cordon.Token
	}
	out, err := act.Do(ctx, by, act.ByAnyone(cordon.ActToken), func(s *act.Snapshot) (made, error) {
		if err := draft.validate(by.Principal, s.Now); err != nil {
			return made{}, err
		}
		person, err := mayMakeTokens(s, person)
		if err != nil {
			return made{}, err
		}
		secret, token := newToken(person, draft.Label, s.Now)
		token.Scopes, token.Expires, token.MadeWith = draft.Scopes, draft.Expires, by.Token
		if token.Scopes == nil {
			token.Scopes = by.Scopes
		}
		if token.Expires.IsZero() {
			token.Expires = latest(by.Principal)
		}
		if by.Token == "" {
			return made{secret, token}, nil
		}
		return made{secret, token}, traceable(s, by.Token)
	}, func(c *act.Commit, m made) (made, error) {
		if err := c.Tx.PutToken(m.token); err != nil {
			return m, err
		}
		return m, Record(c, m.token.Person, cordon.Entry{})
	})
	return out.secret, out.token, err
}

// validate checks the draft and that the principal may make such a token.
func (d TokenDraft) validate(by cordon.Principal, now time.Time) error {
	if len(d.Label) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.KindTooLarge, "a label is at most %d bytes", cordon.MaxNameBytes)
	}
	if d.Scopes != nil && len(d.Scopes) == 0 {
		return cordon.Errorf(cordon.KindInvalid, "the list of scopes is empty, and a token without any could do nothing: name some, or leave the list out for all that you have")
	}
	if !d.Expires.IsZero() && !d.Expires.After(now) {
		return cordon.Errorf(cordon.KindInvalid, "the token would have ended already: %s is past", d.Expires.UTC().Format(time.RFC3339))
	}
	for i, scope := range d.Scopes {
		if !cordon.AllScopes().Cover(scope) || slices.Contains(d.Scopes[:i], scope) {
			return cordon.Errorf(cordon.KindInvalid, "%q is no scope, or is given twice: each at most once of %s", scope, listed(cordon.AllScopes()))
		}
	}
	if !by.Scopes.Cover(d.Scopes...) {
		return cordon.Errorf(cordon.KindDenied, "a token makes none that can do more than it can: it has the scopes %v", by.Scopes)
	}
	last := latest(by)
	switch {
	case last.IsZero() || !d.Expires.After(last):
		return nil
	case by.Token != "":
		return cordon.Errorf(cordon.KindDenied, "a token makes none that lives longer than it does, which is until %s", last.Format(time.RFC3339))
	}
	return cordon.Errorf(cordon.KindDenied,
		"after this sign-in a token ends by %s, since until then your account at the provider is taken to stand: give an earlier end", last.Format(time.RFC3339))
}

// latest is when a token that the principal makes ends at the latest; the zero
// time for no end.
func latest(by cordon.Principal) time.Time {
	if by.Token != "" {
		return by.Expires
	}
	return by.TokensUntil
}

// traceable makes sure that the maker's token still holds in this transaction,
// and that revoking the first token of a line reaches the last.
func traceable(s *act.Snapshot, maker cordon.ID) error {
	for n := 0; maker != ""; n++ {
		t, err := s.Tx.Token(maker)
		if err != nil {
			return err
		}
		if n == 0 && (t.Revoked || ended(t, s.Now)) {
			return reader.ErrUnauthenticated
		}
		if n == maxGenerations {
			return cordon.Errorf(cordon.KindDenied, "this token comes of %d others, each made with the one before: sign in and make one afresh", maxGenerations)
		}
		maker = t.MadeWith
	}
	return nil
}

// Tokens lists a person's tokens, revoked and expired ones too, newest first:
// the caller's own or, for an administrator, those of somebody of their
// organisation. Secrets are kept nowhere
// and so are not among them.
func Tokens(ctx context.Context, by act.Caller, person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Token, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActToken), func(s *act.Snapshot) ([]cordon.Token, error) {
		person, err := MayAdminister(s, person)
		if err != nil {
			return nil, err
		}
		return s.Tx.Tokens(person, after, limit)
	})
}

// RevokeToken ends a token of the person, and every token made with it, from
// the next request on. A token cannot revoke one that can do more than itself.
func RevokeToken(ctx context.Context, by act.Caller, person, id cordon.ID) error {
	_, err := act.Do(ctx, by, act.ByAnyone(cordon.ActToken), func(s *act.Snapshot) ([]cordon.Token, error) {
		person, err := MayAdminister(s, person)
		if err != nil {
			return nil, err
		}
		first, err := s.Tx.Token(id)
		if err != nil {
			return nil, err
		}
		if first.Person != person {
			return nil, cordon.ErrNotFound
		}
		if !by.Scopes.Cover(first.Scopes...) {
			return nil, cordon.Errorf(cordon.KindDenied, "a token revokes none that can do more than it can: it has the scopes %v", by.Scopes)
		}
		return lineOf(s, first)
	}, func(c *act.Commit, line []cordon.Token) (act.Done, error) {
		for _, t := range line {
			if t.Revoked {
				continue
			}
			t.Revoked = true
			if err := c.Tx.PutToken(t); err != nil {
				return act.Done{}, err
			}
			if err := Record(c, t.Person, cordon.Entry{}); err != nil {
				return act.Done{}, err
			}
		}
		return act.Done{}, nil
	})
	return err
}

// lineOf is the token and all that were made with it, in any generation.
func lineOf(s *act.Snapshot, first cordon.Token) ([]cordon.Token, error) {
	line := []cordon.Token{first}
	for i := 0; i < len(line); i++ {
		made, err := s.Tx.TokensMadeWith(line[i].ID)
		if err != nil {
			return nil, err
		}
		line = append(line, made...)
	}
	return line, nil
}

// OutOfScope is the answer to a token that lacks the scope.
func OutOfScope(scope cordon.Scope) error {
	return cordon.Errorf(cordon.KindDenied, "this token has not the scope for it, %s: use one that has, or sign in", scope)
}
