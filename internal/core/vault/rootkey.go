package vault

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// Root reads the file. Its errors say what is wrong with the file and nothing
// of its contents.
func (k KeyFile) Root() ([32]byte, error) {
	var root [32]byte
	text, err := os.ReadFile(string(k))
	if err != nil {
		return root, cordon.Errorf(cordon.KindUnavailable,
			"cannot read the root key file %s, without which nothing opens: bring it back, or say where it is", string(k)).Because(err)
	}
	encoded, ok := strings.CutPrefix(strings.TrimSpace(string(text)), keyHeader+" ")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) != len(root) {
		return root, cordon.Errorf(cordon.KindInvalid, "%s is not a Cordon root key file: give the one that was made with this installation", string(k))
	}
	return [32]byte(key), nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
