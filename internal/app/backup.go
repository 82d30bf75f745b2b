package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/vault"
	"cordon/internal/store/sqltx"
)

// Backed is a backup that was made.
type Backed struct {
	Carried
	Bytes int64
}

// ParseRecipients reads whom a backup is encrypted to: public keys of age, one a line.
func ParseRecipients(text string) ([]age.Recipient, error) {
	to, err := age.ParseRecipients(strings.NewReader(text))
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "this is no recipient of age: give what age-keygen says as its public key, beginning with age1").Because(err)
	}
	return to, nil
}

// ParseIdentities reads the keys that a backup opens with, as age-keygen writes them.
func ParseIdentities(text string) ([]age.Identity, error) {
	all, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		// The cause could quote the secret, so it is left out.
		return nil, cordon.Errorf(cordon.KindInvalid, "this is no identity of age: give the file that age-keygen wrote")
	}
	return all, nil
}

// Backup writes the whole installation, as of one moment, into a new file that only the
// recipients can open. Servers go on meanwhile. The root key is not in it. The file has
// its name only after it was read back from disk, opened and held against the root key,
// every row of it; before, and where that fails, there is none.
func Backup(ctx context.Context, config Config, file string, to []age.Recipient) (done Backed, err error) {
	if len(to) == 0 {
		return done, cordon.Errorf(cordon.KindInvalid, "say to whom the backup is encrypted")
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return done, cordon.Errorf(cordon.KindConflict, "%s is there already: give another name", file)
	}
	a, err := New(ctx, config)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := a.store.Update(ctx, func(tx cordon.WriteTx) error {
		return ledger.Append(tx, cordon.Entry{At: a.config.Clock.Now(), Act: cordon.ActBackup, Outcome: cordon.OutcomeAllowed})
	}); err != nil {
		return done, err
	}
	if _, err := a.ledger.Tick(ctx, 0); err != nil {
		return done, err
	}
	unwritten := func(err error) error {
		return cordon.Errorf(cordon.KindUnavailable, "the backup cannot be written to %s", file).Because(err)
	}
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".partial-")
	if err != nil {
		return done, unwritten(err)
	}
	part := f.Name()
	defer os.Remove(part) // is not there any more where all went well
	defer f.Close()
	key := &fileKey{Recipient: to[0]}
	to = append([]age.Recipient{key}, to[1:]...)
	err = a.store.View(ctx, func(tx cordon.ReadTx) error {
		// It may be run again.
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return unwritten(err)
		}
		if err := f.Truncate(0); err != nil {
			return unwritten(err)
		}
		return a.encrypt(tx, f, to)
	})
	if err != nil {
		return done, err
	}
	if err := errors.Join(f.Sync(), forget(f), f.Close()); err != nil {
		return done, unwritten(err)
	}
	state := a.vault.Subkey(stateKey)
	if done, err = checkBackup(part, &state, key); err != nil {
		return done, cordon.Errorf(cordon.KindUnavailable, "the backup does not read back as it was written: %s", err.Error()).Because(err)
	}
	if err := os.Rename(part, file); err != nil {
		return done, unwritten(err)
	}
	return done, syncDir(filepath.Dir(file))
}

// encrypt writes a dump of what the transaction sees.
func (a *App) encrypt(tx cordon.ReadTx, f io.Writer, to []age.Recipient) error {
	sealed, err := age.Encrypt(f, to...)
	if err != nil {
		return cordon.Errorf(cordon.KindInvalid, "the backup cannot be encrypted to these recipients together: %s", err.Error()).Because(err)
	}
	if _, err := tx.Dump(sealed, cordon.DumpHead{At: a.config.Clock.Now()}); err != nil {
		return err
	}
	return sealed.Close()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the directory %s cannot be written to", dir).Because(err)
	}
	return nil
}

// CheckBackup reads a backup through and changes nothing. Where the configuration has a
// root key every row is held against it, and otherwise the digest alone, which everybody
// can make who knows the recipients.
func CheckBackup(file string, with []age.Identity, keyFile string) (Backed, error) {
	var key *[32]byte
	if keyFile != "" {
		v, err := vault.New(vault.KeyFile(keyFile))
		if err != nil {
			return Backed{}, err
		}
		state := v.Subkey(stateKey)
		key = &state
	}
	return checkBackup(file, key, with...)
}

func checkBackup(file string, key *[32]byte, with ...age.Identity) (done Backed, err error) {
	from, err := openBackup(file, with)
	if err != nil {
		return done, err
	}
	defer from.Close()
	done.DumpHead, done.Rows, err = sqltx.CheckDump(from, key)
	if err != nil {
		return done, otherKey(err)
	}
	info, err := from.file.Stat()
	if err == nil {
		done.Bytes = info.Size()
	}
	return done, err
}

// otherKey says of an error that the root key is another's, where it is.
func otherKey(err error) error {
	var known *cordon.Error
	if errors.Is(err, sqltx.ErrOtherKey) && errors.As(err, &known) {
		return known.Because(errors.Join(ErrKey, err))
	}
	return err
}

// backupFile is a backup as it is read: its dump, decrypted.
type backupFile struct {
	file  *os.File
	plain io.Reader
}

func openBackup(name string, with []age.Identity) (*backupFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "the backup %s cannot be read", name).Because(err)
	}
	plain, err := age.Decrypt(f, with...)
	if err != nil {
		f.Close()
		if none := (*age.NoIdentityMatchError)(nil); errors.As(err, &none) {
			return nil, cordon.Errorf(cordon.KindInvalid, "this identity does not open the backup %s: give that of one of its recipients", name).Because(err)
		}
		return nil, cordon.Errorf(cordon.KindInvalid, "%s is no backup, is cut off or was altered", name).Because(err)
	}
	return &backupFile{f, plain}, nil
}

// Read implements io.Reader.
func (b *backupFile) Read(p []byte) (int, error) {
	n, err := b.plain.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = cordon.Errorf(cordon.KindInvalid, "the backup %s is cut off, or was altered", b.file.Name()).Because(err)
	}
	return n, err
}

// Close implements io.Closer.
func (b *backupFile) Close() error { return b.file.Close() }

// fileKey is a recipient that keeps the key of the file for as long as it is written,
// so that what was written can be opened again without anybody's identity.
type fileKey struct {
	age.Recipient
	key []byte
}

// Wrap implements age.Recipient.
func (k *fileKey) Wrap(key []byte) ([]*age.Stanza, error) {
	stanzas, _, err := k.WrapWithLabels(key)
	return stanzas, err
}

// WrapWithLabels implements age.RecipientWithLabels.
func (k *fileKey) WrapWithLabels(key []byte) (stanzas []*age.Stanza, labels []string, err error) {
	k.key = bytes.Clone(key)
	if r, ok := k.Recipient.(age.RecipientWithLabels); ok {
		return r.WrapWithLabels(key)
	}
	stanzas, err = k.Recipient.Wrap(key)
	return stanzas, nil, err
}

// Unwrap implements age.Identity.
func (k *fileKey) Unwrap([]*age.Stanza) ([]byte, error) { return k.key, nil }
