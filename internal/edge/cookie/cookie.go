// Package cookie reads and writes the cookie of a browser's session, and checks
// that the request that shows it comes from a page of this site.
package cookie

import (
	"net/http"
	"time"

	"cordon"
)

// Name says that the cookie is this host's alone: a browser takes it only with
// Secure and Path=/, and from nobody else. Over plain http that is on
// localhost, and not in every browser (Safari takes none there).
const Name = "__Host-cordon"

// Secret is the session's secret that the request carries, or none.
func Secret(r *http.Request) string {
	all := r.CookiesNamed(Name)
	if len(all) != 1 {
		return "" // two are somebody's attempt to slip one in
	}
	return all[0].Value
}

// Set gives the browser the secret.
func Set(w http.ResponseWriter, secret string, until time.Time) {
	http.SetCookie(w, &http.Cookie{
		Name: Name, Value: secret, Path: "/", Expires: until, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

// Clear removes the secret from the browser.
func Clear(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: Name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// errandName is the cookie of an errand to another provider and back. It comes
// along where that provider sends the browser back to us, and says nothing but
// that this browser went.
const errandName = "__Host-cordon-errand"

// SetErrand gives the browser what it is to bring back.
func SetErrand(w http.ResponseWriter, sealed string) {
	http.SetCookie(w, &http.Cookie{Name: errandName, Value: sealed, Path: "/", MaxAge: 600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Errand is what it brought back, or nothing.
func Errand(r *http.Request) string {
	all := r.CookiesNamed(errandName)
	if len(all) != 1 {
		return ""
	}
	return all[0].Value
}

// ClearErrand takes it away: it is good once.
func ClearErrand(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: errandName, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Guard refuses a request that changes something and was sent by another
// site's page, which the browser gives the cookie along with all the same if
// it does not keep to SameSite. Every browser says where a request comes from;
// one that carries no word of it is refused too.
func Guard(r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	refused := cordon.Errorf(cordon.KindDenied, "this request does not come from a page of this site: a program sends a token instead of a cookie")
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return refused
	}
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		return refused.Because(err)
	}
	return nil
}
