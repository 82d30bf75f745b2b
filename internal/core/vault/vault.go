// Package vault seals portions and other protected text, and opens them again
// for those who hold every key.
//
// A root key wraps one key per owner, and the owners' keys wrap one key per
// portion, in the owners' order, one inside the other: without any one of
// them the portion stays shut. A portion's id, report, marking and rule are
// bound to its ciphertext as associated data, so a row whose marking was
// changed in the database does not open (promise 2). Destroying the wrapped
// portion key destroys the portion.
//
// Everything is AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). A
// portion key seals one text once; owner and record keys seal far fewer than
// the 2^32 messages at which random nonces stop being safe. Subkeys are drawn
// from the root key by HKDF-SHA-256 (RFC 5869) under distinct labels.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"

	"cordon"
)

// Vault seals and opens. It holds keys drawn from the root key and no text.
// It is immutable and safe for concurrent use.
type Vault struct {
	root [32]byte
	wrap cipher.AEAD // wraps owner keys
}

// checkKey is the name under which the store keeps a value that tells the
// right root key from a wrong one.
const checkKey = "vault.check"

// ErrKey is the cause where a root key cannot be read, is none, or is not the one
// that the data was sealed with.
var ErrKey = errors.New("the root key cannot be used")

var errWrongKey = cordon.Errorf(cordon.KindInvalid,
	"this root key is not the one the data was sealed with: give the key file that was made with this installation").Because(ErrKey)

// New makes a vault of the root key.
func New(keys cordon.Keys) (*Vault, error) {
	root, err := keys.Root()
	if err != nil {
		return nil, err
	}
	v := &Vault{root: root}
	v.wrap = aead(v.Subkey("wrap owner keys"))
	return v, nil
}

// Subkey draws a 256-bit key for one purpose. Keyed tokens use it, so that
// they say nothing without the root key.
func (v *Vault) Subkey(purpose string) [32]byte {
	k, err := hkdf.Key(sha256.New, v.root[:], nil, "cordon v1: "+purpose, 32)
	if err != nil {
		panic("vault: HKDF cannot fail for 32 bytes: " + err.Error())
	}
	return [32]byte(k)
}

// Initialise notes in a new store which root key it belongs to.
func (v *Vault) Initialise(tx cordon.MetaWriter) error {
	sum := v.Subkey("check value")
	return tx.PutMeta(checkKey, sum[:])
}

// Check tells whether the store belongs to this root key; Invalid where it
// belongs to another, ErrNotFound where the store was never initialised.
func (v *Vault) Check(tx cordon.MetaReader) error {
	want, err := tx.Meta(checkKey)
	if err != nil {
		return err
	}
	sum := v.Subkey("check value")
	if subtle.ConstantTimeCompare(want, sum[:]) != 1 {
		return errWrongKey
	}
	return nil
}

// NewOwner makes the owner's key. A second for the same owner is a Conflict.
func (v *Vault) NewOwner(tx cordon.MetaWriter, owner cordon.ID) error {
	var key [32]byte
	rand.Read(key[:])
	return tx.PutOwnerKey(owner, seal(v.wrap, key[:], ownerData(owner)))
}

// Ring is the owners' keys one transaction works with. It reads each from the
// store once and lives no longer than the decision of that transaction: a key
// destroyed meanwhile is gone for the next. It is used by one goroutine.
type Ring struct {
	vault *Vault
	tx    cordon.MetaReader
	keys  map[cordon.ID]cipher.AEAD
}

// Ring opens a ring on the transaction.
func (v *Vault) Ring(tx cordon.MetaReader) *Ring {
	return &Ring{vault: v, tx: tx, keys: make(map[cordon.ID]cipher.AEAD)}
}

// Prepare reads the keys of the rule's owners, so that Open can be called
// after the transaction that decided has committed, which keeps the opening
// itself off the path that writers wait on.
func (r *Ring) Prepare(rule cordon.Rule) error {
	for _, owner := range rule.OwnerIDs() {
		if _, err := r.owner(owner); err != nil {
			return err
		}
	}
	return nil
}

func (r *Ring) owner(owner cordon.ID) (cipher.AEAD, error) {
	if a, ok := r.keys[owner]; ok {
		return a, nil
	}
	wrapped, err := r.tx.OwnerKey(owner)
	if cordon.KindOf(err) == cordon.KindNotFound {
		return nil, cordon.Errorf(cordon.KindInternal, "an owner's key is gone: everything it sealed is destroyed").Because(err)
	}
	if err != nil {
		return nil, err
	}
	key, err := open(r.vault.wrap, wrapped, ownerData(owner))
	if err != nil || len(key) != 32 {
		return nil, cordon.Errorf(cordon.KindInternal, "an owner's key does not unwrap: it was changed").Because(err)
	}
	a := aead([32]byte(key))
	r.keys[owner] = a
	return a, nil
}

// Binding is the associated data to which a portion's ciphertext is bound.
type Binding struct {
	Portion cordon.ID
	Report  cordon.ID
	// Mark is the canonical marking text.
	Mark string
	// Rule is the rule in force; the digest of what it is once settled is bound,
	// and its owners' keys wrap the portion key.
	Rule cordon.Rule
	// Custody is the incident whose custody it is in; empty for a portion
	// in its place. A text in custody does not open as a portion.
	Custody cordon.ID
}

func (b Binding) data() []byte {
	digest := b.Rule.Settled().Digest()
	return frame("portion", string(b.Portion), string(b.Report), b.Mark, string(digest[:]), string(b.Custody))
}

// Seal seals text under a new portion key and gives both, the key wrapped.
func (r *Ring) Seal(b Binding, text []byte) (body, key cordon.Sealed, err error) {
	if len(b.Rule.Owners) == 0 {
		return nil, nil, errors.New("vault: a portion without owners cannot be sealed")
	}
	var k [32]byte
	rand.Read(k[:])
	body = seal(aead(k), text, b.data())
	wrapped := k[:]
	for _, owner := range b.Rule.OwnerIDs() {
		ownerKey, err := r.owner(owner)
		if err != nil {
			return nil, nil, err
		}
		wrapped = seal(ownerKey, wrapped, keyData(b.Portion, owner))
	}
	return body, wrapped, nil
}

// Open opens a text that Seal sealed under the same binding. A portion whose
// row was changed gives an Internal error that says so and nothing of the
// text.
func (r *Ring) Open(b Binding, body, key cordon.Sealed) ([]byte, error) {
	unwrapped := []byte(key)
	owners := b.Rule.OwnerIDs()
	for i := len(owners) - 1; i >= 0; i-- {
		ownerKey, err := r.owner(owners[i])
		if err != nil {
			return nil, err
		}
		if unwrapped, err = open(ownerKey, unwrapped, keyData(b.Portion, owners[i])); err != nil {
			return nil, errTampered(b, err)
		}
	}
	if len(unwrapped) != 32 {
		return nil, errTampered(b, errors.New("vault: no key"))
	}
	text, err := open(aead([32]byte(unwrapped)), body, b.data())
	if err != nil {
		return nil, errTampered(b, err)
	}
	return text, nil
}

// Rebind opens under one binding and seals anew, with a new key, under
// another, without giving the text out.
func (r *Ring) Rebind(from, to Binding, body, key cordon.Sealed) (newBody, newKey cordon.Sealed, err error) {
	text, err := r.Open(from, body, key)
	if err != nil {
		return nil, nil, err
	}
	defer clear(text)
	return r.Seal(to, text)
}

// SealRecord seals a text that is not a portion (a name, a reason, a record)
// under the owner's key. The context says what it is and whose, and is bound.
func (r *Ring) SealRecord(owner cordon.ID, context string, text []byte) (cordon.Sealed, error) {
	key, err := r.owner(owner)
	if err != nil {
		return nil, err
	}
	return seal(key, text, frame("record", string(owner), context)), nil
}

// OpenRecord opens a text that SealRecord sealed for the same owner and
// context.
func (r *Ring) OpenRecord(owner cordon.ID, context string, sealed cordon.Sealed) ([]byte, error) {
	key, err := r.owner(owner)
	if err != nil {
		return nil, err
	}
	text, err := open(key, sealed, frame("record", string(owner), context))
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "a sealed record does not open: it was changed, or belongs to another").Because(err)
	}
	return text, nil
}

// SealRoot and OpenRoot do the same for texts that belong to the
// installation.
func (v *Vault) SealRoot(context string, text []byte) cordon.Sealed {
	return seal(aead(v.Subkey("installation records")), text, frame("root", context))
}

// OpenRoot opens a text that SealRoot sealed under the same context.
func (v *Vault) OpenRoot(context string, sealed cordon.Sealed) ([]byte, error) {
	text, err := open(aead(v.Subkey("installation records")), sealed, frame("root", context))
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "a sealed record of the installation does not open: it was changed").Because(err)
	}
	return text, nil
}

func errTampered(b Binding, cause error) error {
	return cordon.Errorf(cordon.KindInternal,
		"portion %s does not open under its marking: its row was changed outside Cordon", b.Portion).Because(cause)
}

func ownerData(owner cordon.ID) []byte { return frame("owner key", string(owner)) }

func keyData(portion, owner cordon.ID) []byte {
	return frame("portion key", string(portion), string(owner))
}

// frame joins the parts so that no two lists of parts give the same bytes.
func frame(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

func aead(key [32]byte) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("vault: a 32-byte key always makes a cipher: " + err.Error())
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("vault: AES always makes a GCM: " + err.Error())
	}
	return gcm
}

func seal(a cipher.AEAD, text, data []byte) []byte { return a.Seal(nil, nil, text, data) }

func open(a cipher.AEAD, sealed, data []byte) ([]byte, error) { return a.Open(nil, nil, sealed, data) }
