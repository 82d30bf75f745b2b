package client_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/client"
)

// The vector of the Standard Webhooks reference libraries.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorBody      = `{"test": 2432232314}`
	vectorTime      = "1614265330"
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

func vector(id, at, signature string) http.Header {
	h := http.Header{}
	h.Set("Webhook-Id", id)
	h.Set("Webhook-Timestamp", at)
	h.Set("Webhook-Signature", signature)
	return h
}

func TestVerifyWebhook(t *testing.T) {
	at := time.Unix(1614265330, 0)
	good := vector(vectorID, vectorTime, vectorSignature)
	other := "v1," + base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, c := range []struct {
		name   string
		secret string
		header http.Header
		body   string
		now    time.Time
		kind   cordon.Kind
		ok     bool
	}{
		{name: "the vector", header: good, ok: true},
		{name: "without whsec_", secret: vectorSecret[6:], header: good, ok: true},
		{name: "within the tolerance", header: good, now: at.Add(client.WebhookTolerance), ok: true},
		{name: "before, within it", header: good, now: at.Add(-client.WebhookTolerance), ok: true},
		{name: "two signatures, the second right", header: vector(vectorID, vectorTime, other+" "+vectorSignature), ok: true},
		{name: "one of another version beside it", header: vector(vectorID, vectorTime, "v1a,zzzz "+vectorSignature), ok: true},
		{name: "too old", header: good, now: at.Add(client.WebhookTolerance + time.Second), kind: cordon.KindUnauthenticated},
		{name: "too new", header: good, now: at.Add(-client.WebhookTolerance - time.Second), kind: cordon.KindUnauthenticated},
		{name: "another id", header: vector(vectorID+"x", vectorTime, vectorSignature), kind: cordon.KindUnauthenticated},
		{name: "no id", header: vector("", vectorTime, vectorSignature), kind: cordon.KindUnauthenticated},
		{name: "another time", header: vector(vectorID, "1614265331", vectorSignature), kind: cordon.KindUnauthenticated},
		{name: "no time", header: vector(vectorID, "", vectorSignature), kind: cordon.KindUnauthenticated},
		{name: "no signature", header: vector(vectorID, vectorTime, ""), kind: cordon.KindUnauthenticated},
		{name: "another signature", header: vector(vectorID, vectorTime, other), kind: cordon.KindUnauthenticated},
		{name: "a signature cut short", header: vector(vectorID, vectorTime, vectorSignature[:20]), kind: cordon.KindUnauthenticated},
		{name: "an unknown version", header: vector(vectorID, vectorTime, "v2"+vectorSignature[2:]), kind: cordon.KindUnauthenticated},
		{name: "another body", header: good, body: `{"test": 2432232315}`, kind: cordon.KindUnauthenticated},
		{name: "another secret", secret: "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32)), header: good, kind: cordon.KindUnauthenticated},
		{name: "no secret", secret: "whsec_", header: good, kind: cordon.KindInvalid},
		{name: "a secret that is none", secret: "whsec_?", header: good, kind: cordon.KindInvalid},
	} {
		if c.secret == "" {
			c.secret = vectorSecret
		}
		if c.body == "" {
			c.body = vectorBody
		}
		if c.now.IsZero() {
			c.now = at
		}
		err := client.VerifyWebhook(c.secret, c.header, []byte(c.body), c.now)
		if c.ok != (err == nil) || err != nil && cordon.KindOf(err) != c.kind {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// FuzzVerifyWebhook: only a request signed with the secret verifies.
func FuzzVerifyWebhook(f *testing.F) {
	f.Add(vectorID, vectorTime, vectorSignature, []byte(vectorBody))
	f.Add("", "", "v1, v1 ,", []byte(nil))
	f.Fuzz(func(t *testing.T, id, at, signature string, body []byte) {
		h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {at}, "Webhook-Signature": {signature}}
		err := client.VerifyWebhook(vectorSecret, h, body, time.Unix(1614265330, 0))
		if err != nil {
			return
		}
		key, _ := base64.StdEncoding.DecodeString(vectorSecret[6:])
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + at + "." + string(body)))
		if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); !containsSignature(signature, want) {
			t.Errorf("%q verified, and %s does not stand in it", signature, want)
		}
	})
}

func containsSignature(signatures, want string) bool {
	raw, _ := base64.StdEncoding.DecodeString(want)
	for _, one := range strings.Fields(signatures) {
		version, text, _ := strings.Cut(one, ",")
		if got, err := base64.StdEncoding.DecodeString(text); version == "v1" && err == nil && bytes.Equal(got, raw) {
			return true
		}
	}
	return false
}
