package pages_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"cordon"
	"cordon/internal/harness/chromium"
	"cordon/internal/harness/pages"
	"cordon/wire"
)

// credential is a passkey of the browser's authenticator. It has the fields that
// every browser knows, and no more: the generated type always sends what only
// the newest have, and an authenticator that lacks the extension refuses it.
type credential struct {
	CredentialID         []byte  `json:"credentialId"`
	IsResidentCredential bool    `json:"isResidentCredential"`
	RpID                 string  `json:"rpId"`
	PrivateKey           []byte  `json:"privateKey"`
	UserHandle           []byte  `json:"userHandle"`
	SignCount            float64 `json:"signCount"`
}

type addCredentialParams struct {
	AuthenticatorID webauthn.AuthenticatorID `json:"authenticatorId"`
	Credential      credential               `json:"credential"`
}

var (
	getCredentials = cdp.Command[webauthn.GetCredentialsParams, struct {
		Credentials []credential `json:"credentials"`
	}]{Method: webauthn.CommandGetCredentials}
	addCredential = cdp.Command[addCredentialParams, cdp.Empty]{Method: webauthn.CommandAddCredential}
)

// TestPasskeyInABrowser: a person enrols with a passkey, signs out, and signs
// in with it, by keyboard.
func TestPasskeyInABrowser(t *testing.T) {
	t.Parallel()
	ctx := chromium.InWindow(t)
	origin, api := pages.Empty(t)
	chromium.Run(t, ctx, chromium.Command(webauthn.Enable, webauthn.EnableParams{}))
	authenticator := chromium.Run(t, ctx, chromium.Command(webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})).AuthenticatorID

	chromium.Run(t, ctx, chromedp.Navigate(origin+"/enrol#"+pages.Enrolment(t, api)))
	chromium.Run(t, ctx, chromedp.WaitVisible(`button[data-passkey="add"]`))
	chromium.Shoot(t, ctx, "enrol")
	if at := chromium.Run(t, ctx, chromedp.Location()); strings.Contains(at, "#") {
		t.Errorf("the code stays in the address: %s", at)
	}
	chromium.Run(t, ctx, chromedp.Click(`button[data-passkey="add"]`))
	chromium.Run(t, ctx, chromedp.WaitVisible(`form[action="/signout"]`))
	if h := chromium.Run(t, ctx, chromedp.Text(".who strong")); h != "Ada Quill" {
		t.Errorf("enrolled as %q", h)
	}
	chromium.Shoot(t, ctx, "account")
	chromium.Run(t, ctx, chromedp.Click(`form[action="/signout"] button`))
	signIn := func() {
		t.Helper()
		chromium.Run(t, ctx, chromedp.WaitVisible(`button[data-passkey="signin"]`))
		chromium.Run(t, ctx, chromedp.Focus(`button[data-passkey="signin"]`))
		chromium.Run(t, ctx, chromedp.KeyEvent("\r"))
	}
	signIn()
	chromium.Run(t, ctx, chromedp.WaitVisible(`form[action="/signout"]`))
	sessions, err := api.Sessions(t.Context(), "HUB/Ada Quill", wire.Page{})
	if err != nil || len(sessions.Items) != 1 || sessions.Items[0].By != cordon.CredentialPasskey {
		t.Errorf("sessions %+v, %v", sessions, err)
	}

	refused := func(what, says string) {
		t.Helper()
		chromium.Run(t, ctx, chromedp.Navigate(origin+"/signin"))
		signIn()
		chromium.Run(t, ctx, chromedp.Poll[bool](`document.getElementById("problem").textContent !== ""`))
		if problem := chromium.Run(t, ctx, chromedp.Text("#problem")); !strings.Contains(problem, says) {
			t.Errorf("%s: %q", what, problem)
		}
	}
	// A passkey that was copied: its counter goes back.
	all := chromium.Run(t, ctx, chromium.Command(getCredentials, webauthn.GetCredentialsParams{AuthenticatorID: authenticator})).Credentials
	if len(all) != 1 || all[0].SignCount == 0 {
		t.Fatalf("the authenticator holds %+v", all)
	}
	again := func(count float64) {
		t.Helper()
		chromium.Run(t, ctx, chromium.Command(webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: authenticator}))
		all[0].SignCount = count
		chromium.Run(t, ctx, chromium.Command(addCredential, addCredentialParams{AuthenticatorID: authenticator, Credential: all[0]}))
	}
	again(0)
	refused("copied", "does not sign anybody in here")
	chromium.Shoot(t, ctx, "signin")
	again(1000)
	chromium.Run(t, ctx, chromedp.Navigate(origin+"/signin"))
	signIn()
	chromium.Run(t, ctx, chromedp.WaitVisible(`form[action="/signout"]`))
	// Taken away, it signs nobody in.
	list, err := api.Credentials(t.Context(), "HUB/Ada Quill")
	if err != nil || len(list) != 1 || list[0].Kind != cordon.CredentialPasskey {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := api.DropCredential(t.Context(), "HUB/Ada Quill", list[0].ID); err != nil {
		t.Fatal(err)
	}
	refused("taken away", "does not sign anybody in here")
	// Nor does one whose person is not known to it by touch, face or PIN.
	chromium.Run(t, ctx, chromium.Command(webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: authenticator}))
	refused("by somebody else", "No passkey was used")
}
