package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cordon/cmd/cordon/internal/tty"
	"cordon/marking"
)

// cli is the context of one command: where to read and write, and the global
// flags. It lives as long as the command.
type cli struct {
	in  io.Reader
	out *tty.Screen
	err *tty.Screen
	env func(string) string
	// environ is the whole environment, as NAME=value.
	environ []string
	// dir is the directory that relative file names are taken from; empty
	// for the current one. The demo gives its commands one of its own.
	dir string

	// also gets as JSON everything that is written for people; nil for none.
	// The demo holds it against its story.
	also io.Writer

	where where
	// origins says where each setting comes from, once the flags are read.
	origins map[string]origin
	json    bool
	// set is the marking schemes in force, once the flags are read.
	set *marking.Set

	// started is set once flags and arguments were understood: an error
	// before that is one of usage.
	started bool
	// unshown is how to go on where the output cannot be written and had a secret in
	// it that is kept nowhere.
	unshown string
}

// run runs one command and gives the exit code.
func (c *cli) run(ctx context.Context, args []string) int {
	root := c.root()
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	err := unknownCommand(root.ExecuteContext(ctx))
	if !c.started && slices.Contains(args, "--json") {
		c.json = true // also where the flags were never read
	}
	return c.exit(ctx, err)
}

// root is the command tree.
func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "cordon",
		Short: "Originator-controlled sharing, and containment when a secret gets out",
		Long: `Cordon shares sensitive reports under an arrangement: the originator still decides
who sees a report next. When it gets out all the same, Cordon contains it.

Work on a data directory (--data, made by "cordon init") or against a server
(--server and a token). "cordon demo" plays the whole story in half a minute.

Each global flag, and each flag of serve, can also come from the environment
(--token-file as CORDON_TOKEN_FILE) and from a file: see "cordon config".

Exit codes: 0 done, 1 something was found or refused, 2 not understood, 3 not
there or not yours to see, 4 credentials, 5 a fault (cordon help exit-codes).`,
		Example: `  cordon demo
  cordon init --org HOME --country USA --person "First Person"
  cordon import report.md --to ALLY
  cordon check draft.md --audience VISITOR`,
		Version:       thisVersion().String(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			// This is checked here, before cobra does, so that every later
			// error is known not to be one of usage.
			if err := flagsError(errors.Join(cmd.ValidateRequiredFlags(), cmd.ValidateFlagGroups())); err != nil {
				return err
			}
			c.started = true
			if err := c.configure(cmd); err != nil {
				return err
			}
			return c.loadSchemes()
		},
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetFlagErrorFunc(flagError)
	c.globalFlags(root)

	root.AddGroup(
		&cobra.Group{ID: "begin", Title: "To begin:"},
		&cobra.Group{ID: "share", Title: "Sharing:"},
		&cobra.Group{ID: "guard", Title: "Before it is told, and when it got out:"},
		&cobra.Group{ID: "prove", Title: "What was done, and by whom:"},
		&cobra.Group{ID: "tools", Title: "Tools:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, cmd := range commands {
			cmd.GroupID = group
			root.AddCommand(cmd)
		}
	}
	add("begin", c.initCommand(), c.serveCommand(), c.upgradeCommand(), c.backupCommand(), c.restoreCommand(), c.migrateCommand(), c.demoCommand())
	add("share", c.orgCommand(), c.personCommand(), c.groupCommand(), c.tokenCommand(), c.whoamiCommand(),
		c.loginCommand(), c.passwordCommand(), c.sessionCommand(), c.credentialCommand(), c.certificateCommand(),
		c.arrangementCommand(), c.importCommand(), c.reportCommand(), c.tearlineCommand(), c.releaseCommand(), c.waitingCommand(), c.grantCommand())
	add("guard", c.checkCommand(), c.scanCommand(), c.mosaicCommand(), c.incidentCommand(),
		c.containCommand(), c.custodyCommand(), c.claimsCommand(), c.noticeCommand(), c.channelCommand())
	add("prove", c.portionCommand(), c.ledgerCommand())
	add("tools", c.markingCommand(), c.configCommand(), c.versionCommand(), c.completionCommand())
	root.AddCommand(exitCodesTopic())
	root.AddCommand(c.manualCommands()...)
	root.SetHelpCommand(helpCommand(root))
	root.SetHelpCommandGroupID("tools")
	sayUsage(root)
	root.SetUsageTemplate(strings.NewReplacer(
		".FlagUsages ", ".FlagUsagesWrapped 80 ",
		"{{if .Runnable}}", "{{if and .Runnable (not .HasAvailableSubCommands)}}",
	).Replace(root.UsageTemplate()))
	return root
}

// helpCommand shows the help of a command or topic. One that there is not is an error.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Help about any command",
		Example:           "  cordon help release request\n  cordon help exit-codes",
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			at, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var all []string
			for _, cmd := range at.Commands() {
				if cmd.IsAvailableCommand() || cmd.IsAdditionalHelpTopicCommand() {
					all = append(all, cmd.Name())
				}
			}
			return all, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			of, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("there is no command %q: see cordon --help", strings.Join(append([]string{"cordon"}, args...), " "))
			}
			of.InitDefaultHelpFlag()
			return of.Help()
		},
	}
}

// parent is a command that only has others under it. Without one of them, or
// with an unknown one, it is an error and not a page of help that exits with
// success.
func parent(use, short, long, example string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("%s needs a subcommand: see %s --help", cmd.CommandPath(), cmd.CommandPath())
			}
			return usagef("there is no command %q: see %s --help", cmd.CommandPath()+" "+args[0], cmd.CommandPath())
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	cmd.AddCommand(commands...)
	return cmd
}
