package mail_test

import (
	"testing"

	"cordon/internal/edge/exchange/mail"
	"cordon/internal/edge/exchange/parts"
)

// Of any bytes a file is made, with something in it or something said: none is
// lost without a word.
func FuzzMail(f *testing.F) {
	for _, s := range []string{
		"From: a@b.example\nSubject: =?utf-8?q?Caf=C3=A9?=\n\nText.\n",
		"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\n\nText.\n--X\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHA+YTwvcD4=\n--X--\nmore\n",
		"From: a@b.example\nTo: c@d.example\nContent-Type: message/rfc822\n\nFrom: e@f.example\nSubject: x\n\nInner.\n",
		"From a@b.example Thu Jan  1 00:00:00 2026\nFrom: a@b.example\nTo: b@c.example\n\nOne.\n\nFrom a@b.example Thu Jan  1 00:00:00 2026\nFrom: a@b.example\n\nTwo.\n",
		"From: a@b.example\nTo: c@d.example\nContent-Transfer-Encoding: quoted-printable\n\n=E9=\nx=ZZ\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if is, _ := mail.Is(src); !is || len(src) > 64<<10 {
			return
		}
		file := mail.Read("a.eml", src, func(name string, _ []byte) parts.File { return parts.Unreadable(name, "a file", "x", "") })
		said := len(file.Lost) + len(file.Notes) + len(file.Files) + len(file.Names)
		if parts.Weight(file.Text().Text) == 0 && said == 0 && parts.Weight(string(src)) > 200 {
			t.Errorf("nothing was read of %q, and nothing is said", src)
		}
	})
}
