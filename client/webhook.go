package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cordon"
)

// WebhookTolerance is how far the time of a webhook may lie from the
// receiver's, so that a recorded one cannot be sent again later.
const WebhookTolerance = 5 * time.Minute

// maxWebhookSignatures bounds the signatures that are looked at.
const maxWebhookSignatures = 10

var errWebhook = cordon.Errorf(cordon.KindUnauthenticated, "this webhook was not sent by whoever holds the secret, or not now")

// VerifyWebhook tells a receiver whether a request is a webhook of the
// channel whose secret ("whsec_…") it was given, sent within WebhookTolerance
// of now: an Unauthenticated error says that it is not, and not why. Body is
// the body as it came, before it is decoded. The form is that of Standard
// Webhooks, version 1, and signatures are compared in constant time. While a
// secret is being replaced the request is signed with both, and either
// verifies it.
//
// Deliveries come at least once and in any order. Keep the webhook-id of each
// one handled, and do nothing for one that comes again.
func VerifyWebhook(secret string, header http.Header, body []byte, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) < 24 || len(key) > 64 {
		return cordon.Errorf(cordon.KindInvalid, "this is not a webhook's secret: it is whsec_ and 24 to 64 bytes in base64")
	}
	id, stamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" {
		return errWebhook
	}
	if at := time.Unix(seconds, 0); at.Before(now.Add(-WebhookTolerance)) || at.After(now.Add(WebhookTolerance)) {
		return errWebhook
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	good := false
	for i, one := range strings.Fields(header.Get("webhook-signature")) {
		if i == maxWebhookSignatures {
			break
		}
		version, text, _ := strings.Cut(one, ",")
		got, err := base64.StdEncoding.DecodeString(text)
		if version == "v1" && err == nil && hmac.Equal(got, want) {
			good = true
		}
	}
	if !good {
		return errWebhook
	}
	return nil
}
