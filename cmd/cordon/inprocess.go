package main

import (
	"context"

	"cordon/client"
	"cordon/internal/app"
)

// inProcess works on a data directory or a database directly. Without a token
// it acts as the person who set it up, since its caller holds the key anyway.
// It goes through the same decisions as everybody.
func (c *cli) inProcess(ctx context.Context, token string) (*client.Client, func() error, error) {
	a, err := app.New(ctx, c.config())
	if err != nil {
		return nil, nil, err
	}
	if token == "" {
		return a.FirstPersonClient(), a.Close, nil
	}
	return a.Client(token), a.Close, nil
}

// config is the installation that the global flags name.
func (c *cli) config() app.Config {
	config := app.Config{PostgresURL: c.where.postgres, Logger: c.logger(), SchemeFiles: c.schemeFiles()}
	if c.where.data != "" {
		config.DataDir = c.path(c.where.data)
	}
	if c.where.key != "" {
		config.KeyFile = c.path(c.where.key)
	}
	return config
}
