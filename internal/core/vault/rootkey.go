package vault

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"cordon"
)

// KeyFile is a root key kept in a file, which can lie elsewhere than the data.
type KeyFile string

const keyHeader = "cordon-root-key-v1"

// CreateKeyFile makes a new root key in a file that only its owner can read,
// and has it on disk before it returns. A file already there is a Conflict
// and stays as it is.
func CreateKeyFile(path string) error {
	var key [32]byte
	rand.Read(key[:])
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return cordon.Errorf(cordon.KindConflict, "there is a key file at %s already: move it away, or make the new one elsewhere", path).Because(err)
	}
	if err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "cannot make the key file %s", path).Because(err)
	}
	_, err = fmt.Fprintf(f, "%s %s\n", keyHeader, base64.StdEncoding.EncodeToString(key[:]))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		os.Remove(path)
		return cordon.Errorf(cordon.KindUnavailable, "cannot write the key file %s", path).Because(err)
	}
	return nil
}

// Root reads the file. A file that everybody on the machine may read or change is
// Invalid. Its errors say what is wrong with the file and nothing of its contents.
func (k KeyFile) Root() ([32]byte, error) {
	var root [32]byte
	text, mode, err := k.read()
	if err != nil {
		return root, cordon.Errorf(cordon.KindUnavailable,
			"cannot read the root key file %s, without which nothing opens: bring it back, or say where it is", string(k)).Because(errors.Join(ErrKey, err))
	}
	encoded, ok := strings.CutPrefix(strings.TrimSpace(string(text)), keyHeader+" ")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) != len(root) {
		return root, cordon.Errorf(cordon.KindInvalid, "%s is not a Cordon root key file: give the one that was made with this installation", string(k)).Because(ErrKey)
	}
	// On Windows the bits say nothing of who may read it.
	if mode.Perm()&0o007 != 0 && runtime.GOOS != "windows" {
		return root, cordon.Errorf(cordon.KindInvalid,
			"everybody on this machine may use the root key file %s (mode %04o): take that from them, as by chmod 600, and think whether it was read", string(k), mode.Perm()).Because(ErrKey)
	}
	return [32]byte(key), nil
}

// read gives the contents of the file and its mode, both of the file as it was
// opened.
func (k KeyFile) read() ([]byte, fs.FileMode, error) {
	f, err := os.Open(string(k))
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	return text, info.Mode(), err
}

// maxKeyFile bounds a key file, in bytes.
const maxKeyFile = 4 << 10

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
