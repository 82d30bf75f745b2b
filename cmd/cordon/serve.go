package main

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"cordon/internal/app"
)

func (c *cli) serveCommand() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API",
		Long: `Serve serves the JSON API on a data directory or a PostgreSQL database until it is
interrupted; requests under way are finished. Several nodes can serve one
database. What it logs holds nothing protected.

Put a proxy that speaks TLS in front of it wherever it is reached over a network.`,
		Example: `  cordon serve
  cordon serve --data /srv/cordon --listen 127.0.0.1:7878
  cordon serve --postgres postgres://cordon@db/cordon --key /run/keys/cordon.key`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.where.server != "" {
				return usagef("serve needs --data or --postgres: it is the server")
			}
			if err := c.resolve(); err != nil {
				return err
			}
			if c.where.server != "" {
				return usagef("serve needs --data or --postgres: CORDON_SERVER names another server")
			}
			config := c.config()
			config.Listen = listen
			return c.serve(cmd.Context(), config)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", app.DefaultListen, "the `address` to listen on")
	return cmd
}

func (c *cli) serve(ctx context.Context, config app.Config) error {
	a, err := app.New(ctx, config)
	if err != nil {
		return err
	}
	l, err := a.Listen()
	if err != nil {
		a.Close()
		return err
	}
	err = c.showLine(map[string]string{"serving": "http://" + l.Addr().String()}, func() {
		c.out.Printf("serving http://%s\n", l.Addr())
	})
	if err == nil {
		err = a.Serve(ctx, l)
	}
	if closing := a.Close(); err == nil {
		err = closing
	}
	return err
}

// logger tells operators, on standard error, what they need to know.
func (c *cli) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
