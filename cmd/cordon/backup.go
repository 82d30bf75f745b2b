package main

import (
	"fmt"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"cordon/internal/app"
)

// backup is a backup as --json shows it.
type backup struct {
	File   string    `json:"file"`
	Made   time.Time `json:"made"`
	Rows   int64     `json:"rows"`
	Bytes  int64     `json:"bytes"`
	Schema int64     `json:"schema"`
	// Size and Checkpoint are those of the ledger's public log.
	Size       int64  `json:"size"`
	Checkpoint string `json:"checkpoint"`
	// Keyed says that every row was held against the root key.
	Keyed bool `json:"keyed"`
}

func (c *cli) backupCommand() *cobra.Command {
	var to, toFiles []string
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write an encrypted copy of the whole installation, while it is in use",
		Long: `Backup writes everything in the database into one new file, as of one moment, encrypted
with age to one or more recipients (--to, or --to-file with a public key on each line).
Servers go on meanwhile. It works on the database itself, so with --data or --postgres.

Before the file has its name it is written to disk, read back, opened and verified:
every row against its MAC, all of them against the ledger. That shows that the disk
gives back a whole backup. Whether a recipient's identity opens it is shown by
"cordon backup verify" alone; do that once, where the identity is kept.

The root key is not in it. Keep a copy of the key apart from the backups: without it
nobody opens what is restored, and with a backup, its identity and the key everybody
does.`,
		Example: `  age-keygen -o identity.txt                  # once, and kept elsewhere
  cordon backup /backup/monday.age --data /srv/cordon --to age1…
  cordon backup verify /backup/monday.age --identity identity.txt --key root.key`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.where.server != "" {
				return usagef("backup works on the database itself: give --data or --postgres")
			}
			if err := c.resolve(); err != nil {
				return err
			}
			recipients, err := c.recipients(to, toFiles)
			if err != nil {
				return err
			}
			done, err := app.Backup(cmd.Context(), c.config(), c.path(args[0]), recipients)
			if err != nil {
				return err
			}
			return c.show(c.backed(args[0], done, true), func() {
				c.wrapped("%s: %d rows in %d bytes, read back from %s and verified", c.out.Green("backed up"), done.Rows, done.Bytes, shown(args[0]))
				c.fields("made", when(done.At), "public log", fmt.Sprintf("%d leaves", done.Size))
				c.wrapped("The root key is not in it: keep a copy of the key apart from the backups. Copy the file off this machine, and try cordon backup verify with the identity.")
			})
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&to, "to", nil, "a `recipient`: a public key of age (repeatable)")
	f.StringArrayVar(&toFiles, "to-file", nil, "a `file` with recipients, one on each line (repeatable)")
	cmd.MarkFlagsOneRequired("to", "to-file")
	namesFiles(f, "to-file")
	cmd.AddCommand(c.backupVerify())
	return cmd
}

func (c *cli) backupVerify() *cobra.Command {
	var identities []string
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Read a backup through and change nothing",
		Long: `Verify opens a backup with an identity of one of its recipients and reads it to the
end: that it is whole, and that nothing in it was altered since it was made. With the
root key (--key) every row is held against its MAC, and all of them against the
ledger; without it only against a digest, which somebody who knows the recipients
could have made up. Nothing is written.`,
		Example: "  cordon backup verify monday.age --identity identity.txt --key root.key",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			with, err := c.identities(identities)
			if err != nil {
				return err
			}
			done, err := app.CheckBackup(c.path(args[0]), with, c.path(c.where.key))
			if err != nil {
				return err
			}
			return c.show(c.backed(args[0], done, c.where.key != ""), func() {
				c.wrapped("%s: %d rows, nothing cut off and nothing altered", c.out.Green("the backup is whole"), done.Rows)
				c.fields("made", when(done.At), "schema", fmt.Sprint(done.Schema), "public log", fmt.Sprintf("%d leaves", done.Size))
				if c.where.key == "" {
					c.wrapped("That nobody else has made it is shown with the root key only: give --key.")
				}
			})
		},
	}
	c.identityFlag(cmd, &identities)
	return cmd
}

func (c *cli) restoreCommand() *cobra.Command {
	var identities, held, journals []string
	var word string
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup back into an empty database",
		Long: `Restore puts a backup into a data directory without a database, or an empty PostgreSQL
database. The root key has to be the one of the installation that was backed up
(--key, or root.key in the data directory). Everything is verified before any of it
counts; killed at any moment, the database is empty or whole.

What was done since the backup is undone. Restore says how much that is, as far as
checkpoints tell: that beside the root key, and those that were kept elsewhere (--held).
Grants that were revoked since, tokens and people who were shut out, are again what they
were: look through them before you start.

What was struck or destroyed since is struck or destroyed again, by the journal that
each node keeps beside its key (root.key.struck and root.key.struck.reach; --journal
names others). Where it does not reach to the newest checkpoint that is known, restore
refuses, unless you give --without-journal and the words, which stands in the ledger.`,
		Example: `  cordon restore monday.age --identity identity.txt --data /srv/cordon --key /etc/cordon/key/root.key
  cordon restore monday.age --identity identity.txt --postgres postgres://cordon@db/cordon --key root.key --held checkpoint.json
  cordon restore monday.age --identity identity.txt --data /srv/cordon --key root.key --without-journal "` + mayComeBack + `"`,
		Args:        cobra.ExactArgs(1),
		Annotations: map[string]string{notFromElsewhere: "server token token-file"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.where.server != "" || c.where.data == "" && c.where.postgres == "" {
				return usagef("say where to: restore needs --data or --postgres")
			}
			if word != "" && word != mayComeBack {
				return usagef("--without-journal takes the words %q, so that nobody says so by chance", mayComeBack)
			}
			with, err := c.identities(identities)
			if err != nil {
				return err
			}
			r := app.Restoring{File: c.path(args[0]), With: with, WithoutJournal: word != ""}
			for _, file := range held {
				text, err := c.text(file)
				if err != nil {
					return err
				}
				r.Held = append(r.Held, checkpointText(text))
			}
			for _, file := range journals {
				r.Journals = append(r.Journals, c.path(file))
			}
			done, err := app.Restore(cmd.Context(), c.config(), r)
			if err != nil {
				return err
			}
			return c.restored(args[0], done)
		},
	}
	c.identityFlag(cmd, &identities)
	f := cmd.Flags()
	f.StringArrayVar(&held, "held", nil, "`file` with a checkpoint kept somewhere else (repeatable)")
	f.StringArrayVar(&journals, "journal", nil, "`file` with the journal of what was struck, as a node keeps it beside its key (repeatable; that beside --key if none is named)")
	f.StringVar(&word, "without-journal", "", "restore though nobody knows what was struck since; takes the `words` \""+mayComeBack+"\"")
	namesFiles(f, "held", "journal")
	return cmd
}

// mayComeBack is said by whoever restores without knowing what was struck since.
const mayComeBack = "what was struck may come back"

func (c *cli) restored(file string, done app.Restored) error {
	out := struct {
		backup
		// Lost are the leaves of the public log that are known to have come after.
		Lost int64 `json:"lost"`
		// Struck are the portions that were struck or destroyed again.
		Struck int `json:"struck"`
	}{c.backed(file, done.Backed, true), done.Newest - done.Size, done.Struck}
	return c.show(out, func() {
		c.wrapped("%s: %d rows, every one of them and the ledger verified before it counted", c.out.Green("restored"), done.Rows)
		c.wrapped("The backup was made at %s, %s ago. What was done since then is undone.", when(done.At), done.Since.Round(time.Second))
		if out.Lost > 0 {
			c.wrapped("%d %s of the public log came after it, each a minute in which something was asked.", out.Lost, plural(int(out.Lost), "leaf", "leaves"))
		} else {
			c.wrapped("No checkpoint that is known here is newer than the backup.")
		}
		if done.Struck > 0 {
			c.wrapped("%d %s that had been struck since %s struck again.", done.Struck, plural(done.Struck, "portion", "portions"), plural(done.Struck, "was", "were"))
		}
		c.wrapped("Look through grants, tokens and people before you start: what was taken away since is there again. " +
			"On other nodes, remove the file root.key.newest beside the key: they would take this database for an old one that was put back.")
	})
}

// backed is a backup as it is shown.
func (c *cli) backed(file string, b app.Backed, keyed bool) backup {
	return backup{
		File: file, Made: b.At, Rows: b.Rows, Bytes: b.Bytes, Schema: b.Schema, Size: b.Size, Checkpoint: b.Checkpoint, Keyed: keyed,
	}
}

// recipients are those named and those in the files.
func (c *cli) recipients(named, files []string) ([]age.Recipient, error) {
	texts := []string{strings.Join(named, "\n")}
	for _, file := range files {
		text, err := c.text(file)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	if len(named) == 0 {
		texts = texts[1:]
	}
	var all []age.Recipient
	for _, text := range texts {
		some, err := app.ParseRecipients(text)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (c *cli) identityFlag(cmd *cobra.Command, files *[]string) {
	cmd.Flags().StringArrayVar(files, "identity", nil, "`file` with the identity of a recipient, as age-keygen writes it (repeatable)")
	namesFiles(cmd.Flags(), "identity")
	if err := cmd.MarkFlagRequired("identity"); err != nil {
		panic("cordon: a flag that is not there is required: " + err.Error())
	}
}

func (c *cli) identities(files []string) ([]age.Identity, error) {
	var all []age.Identity
	for _, file := range files {
		text, err := c.text(file)
		if err != nil {
			return nil, err
		}
		some, err := app.ParseIdentities(text)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
