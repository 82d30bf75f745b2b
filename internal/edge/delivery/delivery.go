// Package delivery sends notices to the addresses of their channels: mail by
// SMTP, webhooks by HTTPS. It decides nothing: package notice decided before what
// a parcel says.
package delivery

import (
	"context"
	"crypto/x509"
	"net/netip"

	"cordon"
	"cordon/internal/core/notice"
)

// Config is what the operator says of ways out.
type Config struct {
	// SMTP is the mail server as a URL: smtp://user@host:587, to which TLS
	// is spoken by STARTTLS or not at all; smtps://, TLS from the start; or
	// smtp+plain://, without TLS. Empty for no mail.
	SMTP string
	// SMTPPasswordFile holds the user's password on its first line.
	SMTPPasswordFile string
	// From is the address that mail comes from.
	From string
	// Allow lists addresses that webhooks may reach though they are not of
	// the public internet. With loopback among them, a webhook to loopback
	// may be http.
	Allow []netip.Prefix
	// Roots are the authorities trusted besides the system's; nil for none.
	Roots *x509.CertPool
}

// New makes the function that delivers. A malformed configuration is Invalid.
// Nothing is connected to before there is something to deliver.
func New(c Config) (notice.DeliverFunc, error) {
	mail, err := newMailer(c)
	if err != nil {
		return nil, err
	}
	hook := newPoster(c)
	return func(ctx context.Context, p notice.Parcel) error {
		switch p.Kind {
		case cordon.ChannelMail:
			return mail.deliver(ctx, p)
		case cordon.ChannelWebhook:
			return hook.deliver(ctx, p)
		}
		return notDelivered("this server does not know the kind of channel", nil)
	}, nil
}

// Plain reports whether the configuration lets webhooks be http, to loopback.
func (c Config) Plain() bool {
	for _, p := range c.Allow {
		if p.Addr().IsLoopback() {
			return true
		}
	}
	return false
}

// notDelivered says what kind of thing went wrong, and never where or with what:
// it is logged, and shown to those who keep the channel.
func notDelivered(why string, cause error) error {
	return cordon.Errorf(cordon.KindUnavailable, "it was not delivered: %s", why).Because(cause)
}
