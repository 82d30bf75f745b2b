package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) loginCommand() *cobra.Command {
	var passwordFile, enrolment, output string
	cmd := &cobra.Command{
		Use:   "login [ORG/NAME]",
		Short: "Sign in with a password, for a session",
		Long: `Login signs in with a password and gives the secret of a session, which is used
like a token and ends by itself. The password is asked for, or read from a file.
With --enrolment it first sets the password of the person the enrolment is for.`,
		Example: `  cordon login "HOME/Tomas Reed" --output session.token
  cordon login --enrolment enrolment.txt --output session.token`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 0) != (enrolment != "") {
				return usagef("no name is given: say who you are, as ORG/NAME, or give --enrolment")
			}
			password, err := c.password("Password: ", passwordFile, "--password-file")
			if err != nil {
				return err
			}
			file, err := c.outSecret(output)
			if err != nil {
				return err
			}
			defer file.close()
			return c.anonymous(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				session, err := c.login(ctx, api, args, enrolment, password)
				if err != nil {
					return err
				}
				if file != nil {
					if err := file.write([]byte(session.Secret+"\n"), "sign in again; the password that an enrolment was for is set"); err != nil {
						return err
					}
					session.Secret = ""
				}
				return c.show(session, func() {
					c.fields("person", name(session.Person), "session", session.Secret, "written to", output, "until", when(session.Expires))
				})
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&passwordFile, "password-file", "", "read the password from this `file`, - for standard input")
	f.StringVar(&enrolment, "enrolment", "", "set the password by the enrolment in this `file`")
	f.StringVar(&output, "output", "", "write the session's secret to this new `file` instead of showing it")
	return cmd
}

func (c *cli) login(ctx context.Context, api *client.Client, args []string, enrolment, password string) (wire.Session, error) {
	if enrolment == "" {
		return api.SignIn(ctx, wire.Credentials{Name: args[0], Password: password})
	}
	secret, err := c.text(enrolment)
	if err != nil {
		return wire.Session{}, err
	}
	return api.UseEnrolment(ctx, wire.EnrolmentUse{Secret: strings.TrimSpace(secret), Password: password})
}

// password reads one from a file, or asks for it where somebody is there to
// be asked. A newline at its end is not part of it. The flag is the one that names
// the file.
func (c *cli) password(prompt, file, flag string) (string, error) {
	if file != "" {
		text, err := c.text(file)
		return strings.TrimRight(text, "\r\n"), err
	}
	in, ok := c.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", usagef("there is nobody here to ask for a password: give %s", flag)
	}
	fmt.Fprint(c.err, prompt)
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(c.err)
	if err != nil && err != io.EOF {
		return "", usagef("the password cannot be read: %w", err)
	}
	return string(b), nil
}

func (c *cli) passwordCommand() *cobra.Command {
	var before, after string
	cmd := &cobra.Command{
		Use:   "password",
		Short: "Change your password",
		Long: `Password gives you a new password against the old one, and ends your other sessions.
If you have none, or have forgotten it, ask an administrator to enrol you.`,
		Example: "  cordon password\n  cordon password --old-file old.txt --new-file new.txt",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			change := wire.PasswordChange{}
			var err error
			if change.Old, err = c.password("Old password: ", before, "--old-file"); err != nil {
				return err
			}
			if change.New, err = c.password("New password: ", after, "--new-file"); err != nil {
				return err
			}
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				if err := api.ChangePassword(ctx, change); err != nil {
					return err
				}
				return c.show(struct{}{}, func() { c.out.Printf("changed\n") })
			})
		},
	}
	cmd.Flags().StringVar(&before, "old-file", "", "read the old one from this `file`")
	cmd.Flags().StringVar(&after, "new-file", "", "read the new one from this `file`")
	return cmd
}

func (c *cli) personEnrol() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "enrol PERSON",
		Short: "Give a person a way in, once",
		Long: `Enrol makes a secret, good once and for a day, by which the person sets their own
password or adds a passkey. Hand it to them and to nobody else. One made before is
no longer good. It takes an administrator of their organisation, who learns no password
by it.`,
		Example: "  cordon person enrol \"Tomas Reed\" --output enrolment.txt",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := c.outSecret(output)
			if err != nil {
				return err
			}
			defer file.close()
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				p, err := findPerson(ctx, api, args[0])
				if err != nil {
					return err
				}
				e, err := api.Enrol(ctx, string(p.ID))
				if err != nil {
					return err
				}
				e.Person.Name = p.Name
				return c.showEnrolment(e, file, output, "enrol the person again: the enrolment before it is then no longer good")
			})
		},
	}
	cmd.Flags().StringVar(&output, "output", "", "write it to this new `file` instead of showing it")
	return cmd
}

// showEnrolment shows an enrolment, or writes its secret to the file where there is
// one. Lost says how to go on where that fails.
func (c *cli) showEnrolment(e wire.Enrolment, file *outFile, output, lost string) error {
	if file != nil {
		if err := file.write([]byte(e.Secret+"\n"), lost); err != nil {
			return err
		}
		e.Secret = ""
	} else {
		c.unshown = lost
	}
	return c.show(e, func() {
		c.fields("person", name(e.Person), "enrolment", e.Secret, "written to", output, "until", when(e.Expires))
	})
}

// ofPerson runs fn for the person of the flag, or for oneself.
func (c *cli) ofPerson(ctx context.Context, who string, fn func(context.Context, *client.Client, string) error) error {
	return c.with(ctx, func(ctx context.Context, api *client.Client) error {
		var args []string
		if who != "" {
			args = []string{who}
		}
		person, err := tokenFor(ctx, api, args)
		if err != nil {
			return err
		}
		return fn(ctx, api, person)
	})
}

const personFlag = "a `person`: an id, a name in your organisation, or ORG/Name on the data directory itself; you where it is left out"

func (c *cli) tokenList() *cobra.Command {
	var person string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List your tokens, or as an administrator a colleague's",
		Long:    "List shows tokens, newest first. Their secrets are kept nowhere.",
		Example: "  cordon token list\n  cordon token list --person \"Jun Okafor\" --all",
		Args:    cobra.NoArgs,
	}
	p := pageFlags(cmd)
	cmd.Flags().StringVar(&person, "person", "", personFlag)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.ofPerson(cmd.Context(), person, func(ctx context.Context, api *client.Client, person string) error {
			all, err := pages(p, func(page wire.Page) (wire.List[wire.TokenInfo], error) { return api.Tokens(ctx, person, page) })
			if err != nil {
				return err
			}
			return showList(c, all, "no tokens", []string{"ID", "MADE", "UNTIL", "SCOPES", "LABEL", ""}, func(t wire.TokenInfo) []string {
				return []string{string(t.ID), when(t.Created), when(t.Expires), scopeText(t.Scopes), t.Label, tokenState(t)}
			})
		})
	}
	return cmd
}

func tokenState(t wire.TokenInfo) string {
	switch {
	case t.Revoked:
		return "revoked"
	case t.Current:
		return "this one"
	}
	return ""
}

func scopeText(scopes cordon.Scopes) string {
	if scopes.Cover(cordon.AllScopes()...) {
		return "all"
	}
	out := make([]string, len(scopes))
	for i, s := range scopes {
		out[i] = string(s)
	}
	return strings.Join(out, " ")
}

func (c *cli) tokenRevoke() *cobra.Command {
	var person string
	cmd := &cobra.Command{
		Use:   "revoke ID",
		Short: "End a token, and all that were made with it",
		Long: `Revoke ends a token from the next request on, and with it every token that was
made with it. A token revokes none that can do more than it can.`,
		Example: "  cordon token revoke k3vq…\n  cordon token revoke k3vq… --person \"ALLY/Jun Okafor\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("token", args[0])
			if err != nil {
				return err
			}
			return c.ofPerson(cmd.Context(), person, func(ctx context.Context, api *client.Client, person string) error {
				if err := api.RevokeToken(ctx, person, id); err != nil {
					return err
				}
				return c.show(struct{}{}, func() { c.out.Printf("revoked\n") })
			})
		},
	}
	cmd.Flags().StringVar(&person, "person", "", personFlag)
	return cmd
}

func (c *cli) sessionCommand() *cobra.Command {
	return parent("session", "Show where you are signed in, and sign out",
		"Session lists your sessions, and ends them.",
		"  cordon session list\n  cordon session end",
		c.sessionList(), c.sessionEnd())
}

func (c *cli) sessionList() *cobra.Command {
	var person string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List your sessions, or as an administrator a colleague's",
		Long:    "List shows the sessions that have not ended, newest first.",
		Example: "  cordon session list\n  cordon session list --person \"ALLY/Jun Okafor\"",
		Args:    cobra.NoArgs,
	}
	p := pageFlags(cmd)
	cmd.Flags().StringVar(&person, "person", "", personFlag)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.ofPerson(cmd.Context(), person, func(ctx context.Context, api *client.Client, person string) error {
			all, err := pages(p, func(page wire.Page) (wire.List[wire.SessionInfo], error) {
				return api.Sessions(ctx, person, page)
			})
			if err != nil {
				return err
			}
			return showList(c, all, "no sessions", []string{"ID", "BY", "SINCE", "USED", "UNTIL", ""}, func(s wire.SessionInfo) []string {
				current := ""
				if s.Current {
					current = "this one"
				}
				return []string{string(s.ID), string(s.By), when(s.Created), when(s.Used), when(s.Expires), current}
			})
		})
	}
	return cmd
}

func (c *cli) sessionEnd() *cobra.Command {
	var person string
	cmd := &cobra.Command{
		Use:     "end [ID]",
		Short:   "End a session: the one you act by, if none is named",
		Long:    "End ends a session from the next request on: your own, or as an administrator a colleague's.",
		Example: "  cordon session end\n  cordon session end k3vq… --person \"ALLY/Jun Okafor\"",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.ofPerson(cmd.Context(), person, func(ctx context.Context, api *client.Client, person string) error {
				end := func() error { return api.SignOut(ctx) }
				if len(args) == 1 {
					id, err := idArg("session", args[0])
					if err != nil {
						return err
					}
					end = func() error { return api.EndSession(ctx, person, id) }
				}
				if err := end(); err != nil {
					return err
				}
				return c.show(struct{}{}, func() { c.out.Printf("ended\n") })
			})
		},
	}
	cmd.Flags().StringVar(&person, "person", "", personFlag)
	return cmd
}

func (c *cli) credentialCommand() *cobra.Command {
	return parent("credential", "Show and remove ways to sign in",
		"Credential shows the ways in which a person can sign in, and takes one away.",
		"  cordon credential list",
		c.credentialList(), c.credentialRemove())
}

func (c *cli) credentialList() *cobra.Command {
	var person string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List how you can sign in, or as an administrator how a colleague can",
		Long:    "List shows which of these a person has: a password, passkeys, certificates, accounts elsewhere.\nIt never shows their contents.",
		Example: "  cordon credential list\n  cordon credential list --person \"Jun Okafor\"",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.ofPerson(cmd.Context(), person, func(ctx context.Context, api *client.Client, person string) error {
				all, err := api.Credentials(ctx, person)
				if err != nil {
					return err
				}
				return showList(c, all, "no way to sign in except a token", []string{"ID", "KIND", "SINCE", "LABEL"}, func(one wire.Credential) []string {
					return []string{string(one.ID), string(one.Kind), when(one.Created), one.Label}
				})
			})
		},
	}
	cmd.Flags().StringVar(&person, "person", "", personFlag)
	return cmd
}

func (c *cli) credentialRemove() *cobra.Command {
	var person string
	cmd := &cobra.Command{
		Use:   "remove ID",
		Short: "Take away a way to sign in",
		Long: `Remove takes away a way to sign in, from the next request on, and ends the person's
sessions except the one that does it.`,
		Example: "  cordon credential remove k3vq…\n  cordon credential remove k3vq… --person \"ALLY/Jun Okafor\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg("credential", args[0])
			if err != nil {
				return err
			}
			return c.ofPerson(cmd.Context(), person, func(ctx context.Context, api *client.Client, person string) error {
				if err := api.DropCredential(ctx, person, id); err != nil {
					return err
				}
				return c.show(struct{}{}, func() { c.out.Printf("removed\n") })
			})
		},
	}
	cmd.Flags().StringVar(&person, "person", "", personFlag)
	return cmd
}

func (c *cli) certificateCommand() *cobra.Command {
	return parent("certificate", "Say which client certificates stand for people",
		"Certificate says which client certificates, signed by an authority of the server's --client-ca,\nstand for whom.",
		"  cordon certificate add \"ALLY/Jun Okafor\" --file jun.pem\n  cordon certificate list --person \"ALLY/Jun Okafor\"",
		c.certificateAdd(), c.certificateList(), c.certificateRemove())
}

func (c *cli) certificateAdd() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "add PERSON [MAPPING]",
		Short: "Let a client certificate stand for a person",
		Long: `Add lets the holder of a certificate, signed by an authority of the server's
--client-ca, act as the person. MAPPING is the part that is compared: sha256: and the
fingerprint, dn: and the whole subject (CN=…,O=…), or uri:, email: or dns: and one of
the alternative names. With --file it is that certificate's fingerprint. It takes an
administrator.`,
		Example: `  cordon certificate add "ALLY/Jun Okafor" --file jun.pem
  cordon certificate add "ALLY/Jun Okafor" uri:spiffe://ally.example/jun`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			mapping, err := c.mapping(args[1:], file)
			if err != nil {
				return err
			}
			return c.ofPerson(cmd.Context(), args[0], func(ctx context.Context, api *client.Client, person string) error {
				one, err := api.AddCertificate(ctx, person, wire.CertificateDraft{Mapping: mapping})
				return c.result(one, err, func() { c.fields("id", string(one.ID), "certificate", one.Label) })
			})
		},
	}
	cmd.Flags().StringVar(&file, "file", "", "the certificate itself, a `file` (PEM)")
	return cmd
}

func (c *cli) mapping(given []string, file string) (string, error) {
	if (len(given) == 0) == (file == "") {
		return "", usagef("no certificate is given: give a mapping, or the certificate with --file")
	}
	if file == "" {
		return given[0], nil
	}
	text, err := c.text(file)
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return "", usagef("%s holds no certificate in PEM", shown(file))
	}
	sum := sha256.Sum256(block.Bytes)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

func (c *cli) certificateList() *cobra.Command {
	cmd := c.credentialList()
	cmd.Short, cmd.Long = "List how you can sign in, certificates among it", "List is the same as cordon credential list."
	cmd.Example = "  cordon certificate list --person \"ALLY/Jun Okafor\""
	return cmd
}

func (c *cli) certificateRemove() *cobra.Command {
	cmd := c.credentialRemove()
	cmd.Example = "  cordon certificate remove k3vq… --person \"ALLY/Jun Okafor\""
	return cmd
}
