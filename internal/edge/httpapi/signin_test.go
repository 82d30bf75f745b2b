package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

// TestSigningIn: a session is used like a token, everything about it is its
// person's or an administrator's, and no secret is in the log.
func TestSigningIn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		const password, next = "correct horse battery", "another horse and battery"
		enrolment := must(w.as["root"].Enrol(ctx, "VALDOR/ana"))(t)
		session := must(w.as["root"].UseEnrolment(ctx, wire.EnrolmentUse{Secret: enrolment.Secret, Password: password}))(t)
		ana := client.InProcess(w.handler, session.Secret)
		if me := must(ana.Me(ctx))(t); me.Person.Name != "ana" {
			t.Errorf("signed in as %+v", me.Person)
		}
		if err := ana.ChangePassword(ctx, wire.PasswordChange{Old: password, New: next}); err != nil {
			t.Fatal(err)
		}
		_, err := ana.SignIn(ctx, wire.Credentials{Name: "VALDOR/ana", Password: password})
		wantKind(t, "the old password", err, cordon.KindUnauthenticated)
		second := must(ana.SignIn(ctx, wire.Credentials{Name: "VALDOR/ana", Password: next}))(t)
		list := must(ana.Sessions(ctx, "ana", wire.Page{Limit: 1}))(t)
		rest := must(ana.Sessions(ctx, "ana", wire.Page{Limit: 5, Cursor: list.Next}))(t)
		if len(list.Items) != 1 || list.Items[0].ID != second.ID || len(rest.Items) != 1 || !rest.Items[0].Current || rest.Next != "" {
			t.Errorf("sessions %+v and %+v", list, rest)
		}
		_, err = w.as["root"].Sessions(ctx, "VALDOR/ana", wire.Page{Limit: 5, Cursor: list.Next})
		wantKind(t, "another's cursor", err, cordon.KindInvalid)
		if err := client.InProcess(w.handler, second.Secret).SignOut(ctx); err != nil {
			t.Fatal(err)
		}
		_, err = client.InProcess(w.handler, second.Secret).Me(ctx)
		wantKind(t, "signed out", err, cordon.KindUnauthenticated)

		// A token made in a session lists, and is revoked, by it.
		token := must(ana.NewToken(ctx, "ana", wire.TokenDraft{Label: "reads", Scopes: cordon.Scopes{cordon.ScopeRead}}))(t)
		reads := client.InProcess(w.handler, token.Token)
		must(reads.Reports(ctx, wire.Page{}))(t)
		all := must(reads.Tokens(ctx, "ana", wire.Page{}))(t)
		if len(all.Items) != 2 || !all.Items[0].Current || all.Items[0].Label != "reads" {
			t.Errorf("tokens %+v", all.Items)
		}
		if err := ana.RevokeToken(ctx, "ana", token.ID); err != nil {
			t.Fatal(err)
		}
		_, err = reads.Me(ctx)
		wantKind(t, "revoked", err, cordon.KindUnauthenticated)

		// Little is read from somebody of whom nothing is known.
		if rec := w.raw("", http.MethodPost, "/api/v1/sessions", `{"name":"`+strings.Repeat("a", 70_000)+`"}`); rec.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("a large body of somebody unknown: %d", rec.Code)
		}
		log := w.log.String()
		for _, secret := range []string{password, next, enrolment.Secret, session.Secret, second.Secret, token.Token, "VALDOR/ana"} {
			if strings.Contains(log, secret) {
				t.Errorf("%q is in the log", secret)
			}
		}
	})
}
