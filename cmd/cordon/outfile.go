package main

import (
	"errors"
	"io/fs"
	"os"

	"cordon"
)

// outFile is a file that an answer goes to. It is opened before the act, so that
// nothing is done for an answer that could not be kept.
type outFile struct {
	name string
	file *os.File
	// made says that the file was not there before, and is taken away again
	// where nothing is written to it.
	made bool
}

// outSecret opens a new file that only its owner can read; nil where none is named. It
// never takes one that is there, which might be a token or a key that somebody still needs.
func (c *cli) outSecret(name string) (*outFile, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.OpenFile(c.path(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return nil, cordon.Errorf(cordon.KindConflict, "%s is there already: give another name", name)
	}
	if err != nil {
		return nil, usagef("%s cannot be written: %w", name, err)
	}
	return &outFile{name, f, true}, nil
}

// outText opens a file, new or there already, that only its owner can read: marked text
// is nobody else's by default. A symbolic link of the name is refused and never
// followed, so that nobody who may write to the folder chooses where marked text goes.
// It is nil where none is named.
func (c *cli) outText(name string) (*outFile, error) {
	if name == "" {
		return nil, nil
	}
	before, err := os.Lstat(c.path(name))
	made := errors.Is(err, fs.ErrNotExist)
	if err != nil && !made {
		return nil, usagef("%s cannot be written: %w", name, err)
	}
	how := os.O_WRONLY
	if made {
		how |= os.O_CREATE | os.O_EXCL // which follows no link
	} else if before.Mode()&fs.ModeSymlink != 0 {
		return nil, usagef("%s is a link, and marked text follows none: name the file itself, or leave --output out", name)
	}
	f, err := os.OpenFile(c.path(name), how, 0o600)
	if err != nil {
		return nil, usagef("%s cannot be written: %w", name, err)
	}
	if now, err := f.Stat(); !made && (err != nil || !os.SameFile(before, now)) { // a link was put there meanwhile
		f.Close()
		return nil, usagef("%s became another file while it was opened: try again", name)
	}
	return &outFile{name, f, made}, nil
}

// write puts the answer in place of what the file held. Its error says that the act was
// done all the same, and how to go on.
func (o *outFile) write(answer []byte, goOn string) error {
	err := o.fill(answer)
	if err != nil {
		return hint(cordon.Errorf(cordon.KindUnavailable, "it was done, and its answer could not be written to %s", o.name).Because(err), "%s", goOn)
	}
	return nil
}

func (o *outFile) fill(answer []byte) error {
	f := o.file
	o.file = nil
	discard := func(err error) error {
		f.Close()
		if o.made {
			os.Remove(f.Name())
		}
		return err
	}
	// A device such as /dev/stdout has neither mode nor length to set.
	if about, err := f.Stat(); err != nil {
		return discard(err)
	} else if about.Mode().IsRegular() {
		if err := f.Chmod(0o600); err != nil {
			return discard(err)
		}
		if err := f.Truncate(0); err != nil {
			return discard(err)
		}
	}
	if _, err := f.Write(answer); err != nil {
		return discard(err)
	}
	if err := f.Close(); err != nil {
		return discard(err)
	}
	return nil
}

// close leaves nothing behind where the act was not done.
func (o *outFile) close() {
	if o == nil || o.file == nil {
		return
	}
	o.file.Close()
	if o.made {
		os.Remove(o.file.Name())
	}
}
