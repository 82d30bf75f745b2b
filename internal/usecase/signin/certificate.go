package signin

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/people"
)

const (
	// maxMapping bounds the text of a mapping.
	maxMapping = 1024
	// maxNames bounds the names of a certificate that are looked at; one that
	// has more is nobody's.
	maxNames = 32
)

var (
	fingerprint = regexp.MustCompile(`^[0-9a-f]{64}$`)
	dnsName     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
)

// ParseMapping reads the mapping of certificates to a person, and gives it in
// the one form in which it is compared:
//
//	sha256:HEX        the certificate itself, by its fingerprint
//	dn:SUBJECT        its subject, whole, as RFC 2253 writes it: CN=ana,O=VALDOR
//	uri:, email:, dns: one of its alternative names
func ParseMapping(text string) (string, error) {
	kind, value, ok := strings.Cut(text, ":")
	wrong := cordon.Errorf(cordon.KindInvalid, "this is no mapping of a certificate: sha256:HEX, dn:CN=…, uri:…, email:… or dns:…")
	if !ok || len(text) > maxMapping || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r\n") {
		return "", wrong
	}
	switch kind {
	case "sha256":
		value = strings.ToLower(strings.ReplaceAll(value, ":", ""))
		ok = fingerprint.MatchString(value)
	case "dn":
		ok = strings.Contains(value, "=") && strings.TrimSpace(value) == value
	case "uri":
		u, err := url.Parse(value)
		ok = err == nil && u.Scheme != "" && u.String() == value
	case "email":
		a, err := mail.ParseAddress(value)
		ok = err == nil && a.Address == value
	case "dns":
		value = strings.ToLower(value)
		ok = len(value) <= 253 && dnsName.MatchString(value)
	default:
		ok = false
	}
	if !ok {
		return "", wrong
	}
	return kind + ":" + value, nil
}

// mappings are all the mappings that the certificate could match.
func mappings(c *x509.Certificate) []string {
	sum := sha256.Sum256(c.Raw)
	all := []string{"sha256:" + hex.EncodeToString(sum[:]), "dn:" + c.Subject.String()}
	for _, u := range c.URIs {
		all = append(all, "uri:"+u.String())
	}
	for _, e := range c.EmailAddresses {
		all = append(all, "email:"+e)
	}
	for _, d := range c.DNSNames {
		all = append(all, "dns:"+d)
	}
	var good []string
	for _, text := range all {
		// A mapping that could not have been added is not looked for.
		if m, err := ParseMapping(text); err == nil {
			good = append(good, m)
		}
	}
	return good
}

func (m *Methods) certificateHandle(mapping string) []byte { return m.keyed("certificate", mapping) }

// AddCertificate lets everybody who shows a certificate that matches the
// mapping, signed by an authority that the operator trusts, act as the person.
// It takes an administrator of their organisation.
func (m *Methods) AddCertificate(ctx context.Context, by act.Caller, person cordon.ID, mapping string) (Shown, error) {
	mapping, err := ParseMapping(mapping)
	if err != nil {
		return Shown{}, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActCredential, cordon.RoleAdministrator), func(s *act.Snapshot) (cordon.Credential, error) {
		person, err := people.MayAdminister(s, person)
		if err != nil {
			return cordon.Credential{}, err
		}
		one := cordon.Credential{ID: cordon.NewID(), Person: person, Kind: cordon.CredentialCertificate, Handle: m.certificateHandle(mapping), Created: s.Now}
		return one, m.seal(&one, labelled{Label: mapping})
	}, func(c *act.Commit, one cordon.Credential) (Shown, error) {
		if err := c.Tx.PutCredential(one); err != nil {
			return Shown{}, err
		}
		p, err := c.Snapshot.Tx.Person(one.Person)
		if err != nil {
			return Shown{}, err
		}
		if err := people.TellWayIn(c, p, cordon.CredentialCertificate); err != nil {
			return Shown{}, err
		}
		out := Shown{ID: one.ID, Kind: one.Kind, Label: mapping, Created: one.Created}
		return out, people.Record(c, one.Person, credentialEntry(one.Person, cordon.CredentialCertificate))
	})
}

// WithCertificate gives the principal of a certificate that the TLS stack has
// verified. It is looked up with each request: there is no session, and
// removing the mapping rules the next request. A certificate that stands for
// two people, or for nobody, is refused like every wrong credential.
func (m *Methods) WithCertificate(ctx context.Context, c *x509.Certificate) (cordon.Principal, error) {
	names := mappings(c)
	if len(names) > maxNames {
		return cordon.Principal{}, reader.ErrUnauthenticated
	}
	return act.Read(ctx, m.Anyone(), signingIn, func(s *act.Snapshot) (cordon.Principal, error) {
		var person cordon.ID
		for _, name := range names {
			one, err := s.Tx.CredentialByHandle(cordon.CredentialCertificate, m.certificateHandle(name))
			if cordon.KindOf(err) == cordon.KindNotFound {
				continue
			}
			if err == nil && person != "" && person != one.Person {
				err = reader.ErrUnauthenticated
			}
			if err != nil {
				return cordon.Principal{}, err
			}
			person = one.Person
		}
		_, err := reader.Person(s.Tx, person)
		return cordon.Principal{Person: person, Scopes: cordon.AllScopes(), Expires: c.NotAfter}, err
	})
}
