package main

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"cordon"
)

// input opens a file, or standard input for "-". An unreadable file is a
// matter of usage: nothing was done yet.
func (c *cli) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.in), nil
	}
	f, err := os.Open(c.path(name))
	if err != nil {
		return nil, unreadable(name, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, usagef("%s is a directory: name the files in it", name)
	}
	return f, nil
}

// unreadable says why in words of ours, which are the same on every operating
// system.
func unreadable(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("there is no file %s", name)
	case errors.Is(err, fs.ErrPermission):
		return usagef("you may not read the file %s", name)
	}
	return usagef("%s cannot be read: %w", name, err)
}

// text reads a whole file or standard input, up to the bound on files.
func (c *cli) text(name string) (string, error) {
	f, err := c.input(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, cordon.MaxFileBytes+1))
	if err != nil {
		return "", unreadable(name, err)
	}
	if len(data) > cordon.MaxFileBytes {
		return "", cordon.Errorf(cordon.KindTooLarge, "%s is longer than %d bytes, the most that is taken: split it", shown(name), cordon.MaxFileBytes)
	}
	return string(data), nil
}

// shown is a file's name as messages have it.
func shown(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}
