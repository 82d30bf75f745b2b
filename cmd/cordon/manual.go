//go:build manual

package main

import (
	"time"

	"github.com/spf13/cobra"

	"cordon/cmd/cordon/internal/manual"
)

// manualCommands is the command by which scripts/release has man pages and
// completions made. It is in a build of its own: what it needs for that, the
// program does not link.
func (c *cli) manualCommands() []*cobra.Command {
	return []*cobra.Command{{
		Use: "manual DIRECTORY VERSION DATE", Hidden: true, Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			date, err := time.Parse(time.DateOnly, args[2])
			if err != nil {
				return err
			}
			return manual.Write(cmd.Root(), args[0], args[1], date)
		},
	}}
}
