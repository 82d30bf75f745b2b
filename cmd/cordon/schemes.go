package main

import (
	"cmp"

	"cordon/internal/app"
)

// loadSchemes puts the marking schemes in force: those that are built in, those
// in the data directory's schemes folder, and those that --scheme names.
func (c *cli) loadSchemes() (err error) {
	dir := cmp.Or(c.where.data, defaultData)
	c.set, err = app.Schemes(app.SchemeFiles(c.path(dir), c.schemeFiles())...)
	return err
}

// schemeFiles are those that --scheme names.
func (c *cli) schemeFiles() []string {
	files := make([]string, len(c.where.schemes))
	for i, name := range c.where.schemes {
		files[i] = c.path(name)
	}
	return files
}
