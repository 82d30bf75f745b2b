//go:build !manual

package main

import "github.com/spf13/cobra"

// manualCommands is none: see manual.go.
func (c *cli) manualCommands() []*cobra.Command { return nil }
