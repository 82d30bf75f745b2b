package main

import (
	"context"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func (c *cli) tokenCommand() *cobra.Command {
	return parent("token", "Make and revoke tokens by which programs act as people",
		"Token makes the tokens by which programs are known to a server, as you or as an account of their own.",
		"  cordon token new \"Tomas Reed\" --output tomas.token",
		c.tokenNew(), c.tokenList(), c.tokenRevoke())
}

func (c *cli) tokenNew() *cobra.Command {
	var label, expires, output string
	var scopes []string
	cmd := &cobra.Command{
		Use:   "new [PERSON]",
		Short: "Make a token for yourself, or as an administrator for a program's account",
		Long: `New makes a token and shows it, once: only its hash is kept. PERSON is a program's
account of your organisation (cordon person add --service), by id or name; you where it
is left out. Nobody makes a token for another person: cordon person enrol lets them sign
in and make their own. On the data directory itself it can be anybody, as ORG/Name. With --output the token
is written to a file that only you can read and is not shown. With --scope it has only
those parts of the person's powers. A token that is made with a token can never do
more than that one, nor live longer.`,
		Example: `  cordon token new --label "nightly import" --scope write --expires 90d
  cordon token new "feed reader" --output feed.token`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			until, err := instant("expires", expires)
			if err != nil {
				return err
			}
			file, err := c.outSecret(output)
			if err != nil {
				return err
			}
			defer file.close()
			return c.with(cmd.Context(), func(ctx context.Context, api *client.Client) error {
				person, err := tokenFor(ctx, api, args)
				if err != nil {
					return err
				}
				token, err := api.NewToken(ctx, person, wire.TokenDraft{Label: label, Scopes: scopesOf(scopes), Expires: until})
				if err != nil {
					return err
				}
				if file != nil {
					if err := file.write([]byte(token.Token+"\n"), "revoke the token "+string(token.ID)+" and make another"); err != nil {
						return err
					}
					token.Token = ""
				}
				if token.Token != "" {
					c.unshown = "nobody has the token: revoke it with cordon token revoke " + string(token.ID) + ", and make another"
				}
				return c.show(token, func() {
					c.fields("person", name(token.Person), "token", token.Token, "id", string(token.ID), "scopes", scopeText(token.Scopes), "written to", output, "until", when(token.Expires))
				})
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&scopes, "scope", nil, "what it may do, a `scope`: read, write, release, contain, audit, administer (repeatable)")
	f.StringVar(&label, "label", "", "what it is for, for the record")
	f.StringVar(&expires, "expires", "", "when it ends: a date, or how long from now (90d); never where it is left out")
	f.StringVar(&output, "output", "", "write it to this new `file` instead of showing it")
	return cmd
}

func scopesOf(texts []string) cordon.Scopes {
	var out cordon.Scopes
	for _, t := range texts {
		out = append(out, cordon.Scope(t))
	}
	return out
}

func tokenFor(ctx context.Context, api *client.Client, args []string) (string, error) {
	if len(args) == 0 {
		me, err := api.Me(ctx)
		return string(me.Person.ID), err
	}
	p, err := findPerson(ctx, api, args[0])
	return string(p.ID), err
}
