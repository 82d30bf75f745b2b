package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"cordon/client"
)

func (c *cli) inProcess(ctx context.Context, token string) (*client.Client, func() error, error) {
	return nil, nil, errors.New("to come")
}
func (c *cli) initCommand() *cobra.Command  { return &cobra.Command{Use: "init", Example: "x"} }
func (c *cli) serveCommand() *cobra.Command { return &cobra.Command{Use: "serve", Example: "x"} }
func (c *cli) demoCommand() *cobra.Command  { return &cobra.Command{Use: "demo", Example: "x"} }
