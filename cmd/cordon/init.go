package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/internal/app"
	"cordon/wire"
)

// begun is the result of init, as --json shows it.
type begun struct {
	Data         string              `json:"data,omitempty"`
	KeyFile      string              `json:"keyFile"`
	Organisation cordon.Organisation `json:"organisation"`
	Person       cordon.Person       `json:"person"`
	Token        string              `json:"token,omitempty"`
	TokenFile    string              `json:"tokenFile,omitempty"`
}

func (c *cli) initCommand() *cobra.Command {
	var org cordon.Organisation
	var h holdings
	person := cordon.Person{}
	var tokenOut string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a data directory, its key, a first organisation and person",
		Long: `Init makes a data directory (or sets up a PostgreSQL database, with --postgres and
--key), the root key, and the first organisation and person, who gets every role.
It asks nothing, so that a script can run it. The first person's token is shown
once; work on the data directory itself needs none.

The person's clearances are the highest of every scheme unless --clearance says
otherwise, and they are read into nothing unless --read-in says so.`,
		Example: `  cordon init
  cordon init --data /srv/cordon --key /media/key/cordon.key --org HOME --country USA --person "Iris Vane"
  cordon init --org CERT-A --person "Duty officer" --community FIRST --token-output duty.token`,
		Args:        cobra.NoArgs,
		Annotations: map[string]string{notFromElsewhere: "server token token-file"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			person.Nationality = h.nationality
			person.Clearances = c.highest()
			if len(h.clearances) > 0 {
				person.Clearances = map[string]string{}
			}
			var err error
			if person.ReadIns, err = readIns(h.readIns); err != nil {
				return err
			}
			if err := clearances(h.clearances, person.Clearances); err != nil {
				return err
			}
			return c.begin(cmd.Context(), org, person, tokenOut)
		},
	}
	f := cmd.Flags()
	f.StringVar(&org.Name, "org", "HOME", "the organisation's short `name`")
	f.StringVar(&org.Title, "title", "", "its `name` in full")
	f.StringVar(&org.Country, "country", "USA", "the ISO 3166 `trigraph` it belongs to; markings such as NOFORN and REL TO go by it")
	f.StringArrayVar(&org.Communities, "community", nil, "a `community` it is a member of, such as FVEY (repeatable)")
	f.StringVar(&person.Name, "person", "First Person", "the first person's `name`")
	f.StringVar(&h.nationality, "nationality", "", "the person's `trigraph`; that of the organisation where it is left out")
	f.StringArrayVar(&h.clearances, "clearance", nil, "`scheme=level` the person holds, such as us=TS (repeatable)")
	f.StringArrayVar(&h.readIns, "read-in", nil, "`scheme:compartment` the person is read into, such as us:SI (repeatable)")
	f.StringVar(&tokenOut, "token-output", "", "write the token to this new `file` instead of showing it")
	return cmd
}

// highest is the highest clearance of every scheme that has a ladder.
func (c *cli) highest() map[string]string {
	out := map[string]string{}
	for _, s := range c.set.Schemes() {
		if ladder := s.Ladder(); len(ladder) > 0 {
			out[s.Name()] = ladder[len(ladder)-1]
		}
	}
	return out
}

func (c *cli) begin(ctx context.Context, org cordon.Organisation, person cordon.Person, tokenOut string) error {
	if c.where.server != "" {
		return usagef("init makes a data directory: it does not work against a server")
	}
	if c.where.data == "" && c.where.postgres == "" {
		c.where.data = defaultData
	}
	file, err := c.outSecret(tokenOut)
	if err != nil {
		return err
	}
	defer file.close()
	person, token, err := app.Init(ctx, c.config(), org, person)
	if err != nil {
		return err
	}
	out := begun{Data: c.where.data, KeyFile: c.where.key, Person: person, Organisation: org, Token: token}
	out.Organisation.ID = person.Org
	if out.KeyFile == "" {
		out.KeyFile = filepath.Join(c.where.data, app.KeyFileName)
	}
	if file != nil {
		if err := file.write([]byte(token+"\n"), "the data directory is made: cordon token new on it makes another token"); err != nil {
			return err
		}
		out.Token, out.TokenFile = "", tokenOut
	} else {
		c.unshown = "the data directory is made, and nobody has the token: cordon token new on it makes another"
	}
	return c.show(out, func() { c.begun(out) })
}

func (c *cli) begun(b begun) {
	c.fields("data", b.Data, "root key", b.KeyFile, "organisation", b.Organisation.Name, "country", b.Organisation.Country,
		"first person", b.Person.Name, "clearances", clearanceText(wire.Person{Clearances: b.Person.Clearances}),
		"token", b.Token, "token written to", b.TokenFile)
	c.out.Printf("\n")
	c.wrapped("Keep a copy of the root key somewhere else, apart from the data: without it nothing opens, and with it and the data everything does.")
	if b.Organisation.Country == "" {
		c.wrapped("The organisation has no --country, so that markings which release by country (NOFORN, REL TO) admit nobody in it.")
	}
	if b.Token != "" {
		c.wrapped("The token is shown this once. It is for servers; commands on the data directory need none.")
	}
}
