package cookie_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"cordon/internal/edge/cookie"
)

func TestGuard(t *testing.T) {
	for _, c := range []struct {
		method, site, origin string
		passes               bool
	}{
		{"GET", "cross-site", "https://evil.example", true}, // changes nothing
		{"POST", "same-origin", "https://cordon.example", true},
		{"POST", "same-origin", "", true},
		{"POST", "", "https://cordon.example", true},
		{"POST", "none", "", true}, // typed by the person
		{"POST", "", "", false},
		{"POST", "cross-site", "https://evil.example", false},
		{"POST", "cross-site", "", false},
		{"POST", "same-site", "https://other.cordon.example", false},
		{"POST", "", "https://evil.example", false},
		{"POST", "", "null", false},
		{"DELETE", "cross-site", "", false},
		{"PUT", "", "", false},
	} {
		r := httptest.NewRequest(c.method, "https://cordon.example/account", nil)
		for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if err := cookie.Guard(r); (err == nil) != c.passes {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestSecret(t *testing.T) {
	w := httptest.NewRecorder()
	cookie.Set(w, "secret", time.Now().Add(time.Hour))
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(w.Result().Cookies()[0])
	if got := cookie.Secret(r); got != "secret" {
		t.Errorf("%q came back", got)
	}
	if c := w.Result().Cookies()[0]; !c.Secure || !c.HttpOnly || c.SameSite != 3 || c.Path != "/" || c.Domain != "" {
		t.Errorf("set as %v", c)
	}
	r.Header.Add("Cookie", cookie.Name+"=another")
	if got := cookie.Secret(r); got != "" {
		t.Errorf("of two, %q was taken", got)
	}
}
