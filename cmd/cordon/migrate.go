package main

import (
	"strings"

	"github.com/spf13/cobra"

	"cordon/internal/app"
)

func (c *cli) migrateCommand() *cobra.Command {
	var from, to string
	var back bool
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Move an installation from SQLite to PostgreSQL, or back",
		Long: `Migrate moves an installation to an empty database: --from and --to are each a data
directory or a PostgreSQL URL. People, tokens, sessions, reports, keys in the database
and the ledger stay as they are, and so does the root key (--key, or root.key in the
source's data directory), which is not copied.

Stop every server first: a database that another process has open is refused. All that
was copied is verified before any of it counts, and the ledger has to go on from the
newest checkpoint beside the key. Where something fails, or the command is killed, the
target is still empty and the source is what it was.

The source stays as it is, but no Cordon opens it any more. Delete it once the
target is backed up. To stay with the source after all, as long as nobody has worked
on the target, give --from and --back.`,
		Example: `  cordon migrate --from /srv/cordon --to postgres://cordon@db/cordon --key /etc/cordon/key/root.key
  cordon migrate --from postgres://cordon@db/cordon --to /srv/cordon --key /etc/cordon/key/root.key
  cordon migrate --from /srv/cordon --back`,
		Args:        cobra.NoArgs,
		Annotations: map[string]string{notFromElsewhere: "server data postgres token token-file"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if w := c.where; w.server+w.data+w.postgres != "" {
				return usagef("migrate takes its databases by --from and --to")
			}
			source, err := c.database("from", from)
			if err != nil {
				return err
			}
			if back {
				if err := app.StayBack(cmd.Context(), source); err != nil {
					return err
				}
				return c.show(struct {
					From string `json:"from"`
				}{from}, func() { c.out.Printf("%s is worked on again\n", shownDatabase(from)) })
			}
			target, err := c.database("to", to)
			if err != nil {
				return err
			}
			if source.KeyFile == "" && source.PostgresURL != "" {
				return usagef("--key is needed: there is no data directory in which the root key could lie")
			}
			done, err := app.Migrate(cmd.Context(), source, target)
			if err != nil {
				return err
			}
			return c.show(struct {
				Rows   int64 `json:"rows"`
				Schema int64 `json:"schema"`
				Size   int64 `json:"size"`
			}{done.Rows, done.Schema, done.Size}, func() {
				c.wrapped("%s: %d rows, every one of them and the ledger verified before it counted", c.out.Green("moved"), done.Rows)
				c.wrapped("From now on give %s, with the same root key. Nothing opens %s any more; delete it once the other is backed up. "+
					"Marking schemes that lie in the data directory's schemes folder, and a root key there, stay where they are: name them with --scheme and --key.",
					shownDatabase(to), shownDatabase(from))
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "the installation to move: a data `directory or PostgreSQL URL`")
	f.StringVar(&to, "to", "", "the empty database to move it to: a data `directory or PostgreSQL URL`")
	f.BoolVar(&back, "back", false, "stay with the source after all, where nobody has worked on the target")
	cmd.MarkFlagsOneRequired("to", "back")
	cmd.MarkFlagsMutuallyExclusive("to", "back")
	_ = cmd.MarkFlagRequired("from")
	return cmd
}

// database is the installation that a flag names, with the root key of the command.
func (c *cli) database(flag, name string) (app.Config, error) {
	config := c.config()
	switch {
	case name == "":
		return config, usagef("--%s is empty: give a data directory or a PostgreSQL URL", flag)
	case isURL(name):
		config.DataDir, config.PostgresURL = "", name
	default:
		config.DataDir, config.PostgresURL = c.path(name), ""
	}
	return config, nil
}

func isURL(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// shownDatabase is a database as it may be shown: a URL can have a password in it.
func shownDatabase(name string) string {
	if isURL(name) {
		return "the PostgreSQL database"
	}
	return shown(name)
}
