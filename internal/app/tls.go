package app

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"

	"cordon"
)

// certificates is the configuration of TLS; nil where there is no certificate.
// Client certificates are asked for where authorities for them are named. A client
// certificate that they have not signed ends the connection; a client without one
// is served.
func (c Config) certificates() (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	own, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "the certificate in %s and the key in %s cannot be used: both in PEM, and of one another", c.TLSCert, c.TLSKey).Because(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	if c.ClientCA != "" {
		text, err := os.ReadFile(c.ClientCA)
		if err != nil {
			return nil, cordon.Errorf(cordon.KindInvalid, "the authorities' file %s cannot be read", c.ClientCA).Because(err)
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(text) {
			return nil, cordon.Errorf(cordon.KindInvalid, "the authorities' file %s holds no certificate in PEM", c.ClientCA)
		}
		config.ClientAuth = tls.VerifyClientCertIfGiven
		// A session that is resumed is not verified anew, and may have begun
		// under authorities that are no longer in force.
		config.SessionTicketsDisabled = true
	}
	return config, nil
}

// secured is the listener behind TLS where there is a certificate. Each
// handshake takes the certificates that are in force then.
func (a *App) secured(l net.Listener) net.Listener {
	if a.tls.Load() == nil {
		return l
	}
	return tls.NewListener(l, &tls.Config{
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return a.tls.Load(), nil },
	})
}
