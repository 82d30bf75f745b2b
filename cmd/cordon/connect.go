package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"cordon"
	"cordon/client"
)

// defaultData is the data directory that is used if no installation is named and
// it exists.
const defaultData = "cordon-data"

// with runs fn with a client of the installation that the command works on,
// as the person it acts for, and releases everything afterwards.
func (c *cli) with(ctx context.Context, fn func(context.Context, *client.Client) error) error {
	api, done, err := c.connect(ctx)
	if err != nil {
		return err
	}
	err = fn(ctx, api)
	if closing := done(); err == nil {
		err = closing
	}
	return err
}

// anonymous is with for operations that are open to everybody: a server is not
// told who asks.
func (c *cli) anonymous(ctx context.Context, fn func(context.Context, *client.Client) error) error {
	if err := c.resolve(); err != nil {
		return err
	}
	if c.where.server == "" {
		return c.with(ctx, fn)
	}
	base, err := serverURL(c.where.server)
	if err != nil {
		return err
	}
	return fn(ctx, client.New(base, "", nil))
}

func (c *cli) connect(ctx context.Context) (api *client.Client, done func() error, err error) {
	if err := c.resolve(); err != nil {
		return nil, nil, err
	}
	token, err := c.token()
	if err != nil {
		return nil, nil, err
	}
	if c.where.server != "" {
		base, err := serverURL(c.where.server)
		if err != nil {
			return nil, nil, err
		}
		if token == "" {
			return nil, nil, hint(cordon.Errorf(cordon.KindUnauthenticated, "no token for the server: give one with --token-file or CORDON_TOKEN"),
				"sign in with cordon login, and make one with cordon token new")
		}
		return client.New(base, token, nil), func() error { return nil }, nil
	}
	return c.inProcess(ctx, token)
}

// resolve chooses the installation that the command works on: that of a setting,
// or else the default directory.
func (c *cli) resolve() error {
	w := &c.where
	if w.data != "" || w.server != "" || w.postgres != "" {
		return nil
	}
	if info, err := os.Stat(c.path(defaultData)); err == nil && info.IsDir() {
		w.data = defaultData
		return nil
	}
	return hint(usagef("no installation here: give --data or --server, or run cordon init (there is no ./%s)", defaultData),
		"cordon demo shows the whole story without one")
}

// token is the one given, or none.
func (c *cli) token() (string, error) {
	switch {
	case c.where.token != "":
		return c.where.token, nil
	case c.where.tokenFile != "":
		text, err := c.text(c.where.tokenFile)
		if err != nil {
			return "", err
		}
		token := strings.TrimSpace(text)
		if token == "" || strings.ContainsAny(token, " \r\n\t") {
			return "", usagef("%s does not hold a token: give the file that cordon token new --output wrote", shown(c.where.tokenFile))
		}
		return token, nil
	}
	return "", nil
}

func serverURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, usagef("--server %q is not an address: write http://127.0.0.1:7878 or https://cordon.example", text)
	}
	return u, nil
}

// path is a file's path, taken from the directory the command was given in.
func (c *cli) path(name string) string {
	if c.dir == "" || name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.dir, name)
}
