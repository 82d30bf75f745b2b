package delivery

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/mail"
	"net/textproto"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"cordon"
	"cordon/internal/core/notice"
)

// subject is the same for every mail: a subject is shown where a text is not.
const subject = "A notice from Cordon"

// mailer sends mail by one server, a connection each.
type mailer struct {
	host    string // empty for no mail
	from    string
	domain  string // of from
	tls     *tls.Config
	started bool // TLS from the start
	options []gomail.Option
}

func newMailer(c Config) (*mailer, error) {
	if c.SMTP == "" {
		return &mailer{}, nil
	}
	malformed := func(why string) error {
		return cordon.Errorf(cordon.KindInvalid, "the mail server is given as smtp://USER@HOST:PORT (STARTTLS), smtps:// (TLS from the start) or smtp+plain:// (no TLS): %s", why)
	}
	u, err := url.Parse(c.SMTP)
	if err != nil || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, malformed("this is not such a URL")
	}
	if _, given := u.User.Password(); given {
		return nil, malformed("the password belongs into a file")
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil || from.Address != c.From {
		return nil, cordon.Errorf(cordon.KindInvalid, "say which address mail comes from: one like cordon@example.org, without a name")
	}
	m := &mailer{
		host: u.Hostname(), from: from.Address, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:],
		tls: &tls.Config{ServerName: u.Hostname(), RootCAs: c.Roots, MinVersion: tls.VersionTLS12}, started: u.Scheme == "smtps",
	}
	m.options = []gomail.Option{gomail.WithTimeout(notice.DeliveryTimeout), gomail.WithHELO(m.domain), gomail.WithTLSConfig(m.tls)}
	port := 587
	switch u.Scheme {
	case "smtp":
		m.options = append(m.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "smtps":
		port = 465
		m.options = append(m.options, gomail.WithSSL())
	case "smtp+plain":
		port = 25
		m.options = append(m.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, malformed("this begins with something else")
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, malformed("the port is not a number")
		}
	}
	m.options = append(m.options, gomail.WithPort(port))
	if user := u.User.Username(); user != "" {
		password, err := os.ReadFile(c.SMTPPasswordFile)
		if err != nil {
			return nil, cordon.Errorf(cordon.KindInvalid, "the file with the mail server's password cannot be read").Because(err)
		}
		line, _, _ := bytes.Cut(password, []byte("\n"))
		how := gomail.SMTPAuthAutoDiscover
		if m.started {
			how = gomail.SMTPAuthPlain // go-mail would not know that it is encrypted
		}
		m.options = append(m.options, gomail.WithSMTPAuth(how),
			gomail.WithUsername(user), gomail.WithPassword(strings.TrimSuffix(string(line), "\r")))
	}
	if _, err := gomail.NewClient(m.host, m.options...); err != nil {
		return nil, malformed("it is not one that can be used")
	}
	return m, nil
}

func (m *mailer) deliver(ctx context.Context, p notice.Parcel) error {
	if m.host == "" {
		return notDelivered("this server sends no mail", nil)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(m.from), msg.To(p.Target.Address)); err != nil {
		return notDelivered("the address is malformed", err)
	}
	msg.Subject(subject)
	msg.SetDateWithValue(p.At)
	msg.SetMessageIDWithValue(string(p.ID) + "@" + m.domain) // the same at every attempt
	text := p.Text + "\n"
	if p.Banner != "" {
		text = p.Banner + "\n\n" + text + "\n" + p.Banner + "\n"
	}
	msg.SetBodyString(gomail.TypeTextPlain, text)
	// The connection is closed when the context ends, however slowly the
	// server answers, and whatever becomes of the conversation.
	whole, end := context.WithCancel(ctx)
	defer end()
	dial := func(ctx context.Context, network, address string) (opened net.Conn, err error) {
		if m.started {
			opened, err = (&tls.Dialer{Config: m.tls}).DialContext(ctx, network, address)
		} else {
			opened, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		if err == nil {
			context.AfterFunc(whole, func() { opened.Close() })
		}
		return opened, err
	}
	client, err := gomail.NewClient(m.host, append(slices.Clone(m.options), gomail.WithDialContextFunc(dial))...)
	if err != nil {
		return notDelivered("the mail server is given wrongly", err)
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return notDelivered(whyNoMail(err), err)
	}
	if err := client.SendWithSMTPClient(session, msg); err != nil {
		return notDelivered(whyNoMail(err), err)
	}
	// It was accepted: what the server makes of the farewell is nothing to us.
	client.CloseWithSMTPClient(session)
	return nil
}

// whyNoMail puts a failure into words that name nobody; a mail server's answer
// can hold the address.
func whyNoMail(err error) string {
	var refused *gomail.SendError
	var answer *textproto.Error
	switch {
	case errors.As(err, &refused):
		if code := refused.ErrorCode(); code >= 400 {
			return "the mail server answered with code " + strconv.Itoa(code)
		}
		return "the mail server broke off"
	case errors.As(err, &answer):
		// RFC 4954, section 6: these are about who signs in.
		if slices.Contains([]int{454, 530, 534, 535, 538}, answer.Code) {
			return "the mail server does not take the user and the password (code " + strconv.Itoa(answer.Code) + ")"
		}
		return "the mail server answered with code " + strconv.Itoa(answer.Code)
	}
	if why := whyNotReached("the mail server", err); why != "" {
		return why
	}
	return "the mail server cannot be reached, or does not speak TLS as it should"
}
