package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"syscall"
)

// whyNotReached says what kept a connection from being made, as far as whoever
// looks for the cause needs it, without an address or a name; empty where it is
// none of what is told apart.
func whyNotReached(who string, err error) string {
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		return who + "'s certificate is signed by an authority that is not known here"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return who + "'s certificate has expired or does not hold yet"
	case errors.As(err, &name):
		return who + "'s certificate is for another name"
	case errors.As(err, &certificate):
		return who + "'s certificate does not hold"
	case errors.As(err, &notTLS):
		return who + " does not speak TLS where it should"
	case errors.As(err, &dns):
		return who + "'s name is not known"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return who + " took too long"
	case errors.Is(err, syscall.ECONNREFUSED):
		return who + " cannot be reached: nobody listens there"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return who + " cannot be reached: there is no way to its network"
	}
	return ""
}
