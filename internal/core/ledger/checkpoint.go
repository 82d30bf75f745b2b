package ledger

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"cordon"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxNoteBytes bounds a signed note; ours take a few hundred bytes.
const maxNoteBytes = 16 << 10

// Checkpoint is the signed head of a tree: its origin, its size, its root.
// Its text is that of C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint): three
// lines, the origin, the size in decimal, the root in base64; lines after
// those are extensions and ignored. It is signed as a C2SP signed note
// (c2sp.org/signed-note) by an Ed25519 key whose name is the origin.
type Checkpoint struct {
	Origin string    `json:"origin"`
	Size   int64     `json:"size"`
	Root   tlog.Hash `json:"root"`
}

// GenerateKey draws a new signing key for a ledger of that origin and gives
// it as text, with the public key that checks it. The signer's text is a
// secret: the caller seals it. The origin is the ledger's name to the world,
// by custom a URL without a scheme; it has neither spaces nor a plus. Invalid
// otherwise.
func GenerateKey(origin string) (signer, verifier string, err error) {
	if len(origin) > cordon.MaxNameBytes || strings.ContainsFunc(origin, isControl) {
		return "", "", cordon.Errorf(cordon.KindInvalid, "a ledger's origin is a short name without spaces")
	}
	signer, verifier, err = note.GenerateKey(rand.Reader, origin)
	if err == nil {
		_, err = note.NewVerifier(verifier)
	}
	if err != nil {
		return "", "", cordon.Errorf(cordon.KindInvalid, "a ledger's origin is a short name without spaces or a plus").Because(err)
	}
	return signer, verifier, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// OpenCheckpoint checks the signature of a checkpoint by the ledger's public
// key and reads it. It is Invalid, caused by a *Fault, when the key did not
// sign it, when the key's name is not its origin, or when it is malformed.
func OpenCheckpoint(signed, verifierKey string) (Checkpoint, error) {
	v, err := parseVerifier(verifierKey)
	if err != nil {
		return Checkpoint{}, err
	}
	c, f := openCheckpoint(signed, v)
	if f != nil {
		return Checkpoint{}, refuse(f)
	}
	return c, nil
}

func openCheckpoint(signed string, v note.Verifier) (Checkpoint, *Fault) {
	lines, f := openNote(signed, v)
	if f != nil {
		return Checkpoint{}, f
	}
	if len(lines) < 3 || lines[0] != v.Name() {
		return Checkpoint{}, faultf(CheckCheckpoint, "the checkpoint is not one of %s", v.Name())
	}
	c := Checkpoint{Origin: lines[0]}
	if c.Size, f = parseSize(lines[1], CheckCheckpoint); f != nil {
		return Checkpoint{}, f
	}
	if c.Root, f = parseRoot(lines[2], CheckCheckpoint); f != nil {
		return Checkpoint{}, f
	}
	return c, nil
}

func (c Checkpoint) sign(s note.Signer) (string, error) {
	return signNote(fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root), s)
}

func signNote(text string, s note.Signer) (string, error) {
	msg, err := note.Sign(&note.Note{Text: text}, s)
	if err != nil {
		return "", cordon.Errorf(cordon.KindInternal, "the ledger could not sign").Because(err)
	}
	return string(msg), nil
}

// openNote gives the lines of a note that the verifier's key signed.
func openNote(signed string, v note.Verifier) ([]string, *Fault) {
	if len(signed) > maxNoteBytes {
		return nil, faultf(CheckSignature, "a signed note is larger than %d bytes", maxNoteBytes)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return nil, faultf(CheckSignature, "the signature is not one of the ledger's key for %s", v.Name())
	}
	return strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n"), nil
}

func parseVerifier(key string) (note.Verifier, error) {
	v, err := note.NewVerifier(key)
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "this is not a ledger's public key").Because(err)
	}
	return v, nil
}

// parseSize reads a decimal that has one spelling.
func parseSize(s string, check Check) (int64, *Fault) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > maxExact || strconv.FormatInt(n, 10) != s {
		return 0, faultf(check, "a size in it is not one")
	}
	return n, nil
}

// parseRoot reads a hash that has one spelling: base64 has idle bits at its end.
func parseRoot(s string, check Check) (tlog.Hash, *Fault) {
	h, err := tlog.ParseHash(s)
	if err != nil || h.String() != s {
		return tlog.Hash{}, faultf(check, "the root in it is not a hash")
	}
	return h, nil
}
