package main

import (
	"path/filepath"

	"cordon/internal/app"
)

// loadSchemes puts the marking schemes in force: those that are built in, those
// in the data directory's schemes folder, and those that --scheme names.
func (c *cli) loadSchemes() (err error) {
	dir := c.where.data
	if dir == "" {
		dir = c.env("CORDON_DATA")
	}
	if dir == "" {
		dir = defaultData
	}
	c.set, err = app.Schemes(app.SchemeFiles(c.path(dir), c.schemeFiles())...)
	return err
}

// schemeFiles are those named by flags, or else by the environment.
func (c *cli) schemeFiles() []string {
	named := c.where.schemes
	if len(named) == 0 {
		named = filepath.SplitList(c.env("CORDON_SCHEMES"))
	}
	files := make([]string, len(named))
	for i, name := range named {
		files[i] = c.path(name)
	}
	return files
}
