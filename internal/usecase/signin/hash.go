package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"cordon"
)

const (
	// MinPassword is the fewest characters a password has.
	MinPassword = 12
	// MaxPasswordBytes bounds it.
	MaxPasswordBytes = 1024
)

// Cost is what hashing a password takes.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

// DefaultCost is OWASP's for Argon2id (Password Storage Cheat Sheet): 19 MiB
// and two passes.
var DefaultCost = Cost{Memory: 19 << 10, Passes: 2, Lanes: 1}

// hashed is a password as it is kept: Argon2id (RFC 9106), written as a PHC
// string.
type hashed struct {
	Cost
	salt []byte
	sum  []byte
}

const (
	saltBytes = 16
	sumBytes  = 32
)

// The most that a kept password can ask of the machine.
const (
	maxMemory = 256 << 10
	maxPasses = 16
	maxLanes  = 4
	maxPHC    = 256
)

func newHashed(cost Cost, password string) hashed {
	h := hashed{Cost: cost, salt: make([]byte, saltBytes), sum: make([]byte, sumBytes)}
	rand.Read(h.salt)
	h.sum = h.of(password)
	return h
}

// nobodys takes as long to compare with as any hash, and no known password
// matches it. It stands in where a person has no password, so that the time
// does not tell.
func nobodys(cost Cost) hashed {
	h := hashed{Cost: cost, salt: make([]byte, saltBytes), sum: make([]byte, sumBytes)}
	rand.Read(h.salt)
	rand.Read(h.sum)
	return h
}

func (h hashed) of(password string) []byte {
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), h.salt, h.Passes, h.Memory, h.Lanes, uint32(len(h.sum)))
}

// is reports whether it was made of the password.
func (h hashed) is(password string) bool {
	return subtle.ConstantTimeCompare(h.of(password), h.sum) == 1
}

// String is the PHC string.
func (h hashed) String() string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.Memory, h.Passes, h.Lanes,
		e.EncodeToString(h.salt), e.EncodeToString(h.sum))
}

// parseHashed reads what String wrote, and nothing else.
func parseHashed(text string) (hashed, error) {
	wrong := cordon.Errorf(cordon.KindInternal, "a kept password is not in the form it was sealed in")
	parts := strings.Split(text, "$")
	if len(text) > maxPHC || len(parts) != 6 {
		return hashed{}, wrong
	}
	var h hashed
	var version int
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &h.Memory, &h.Passes, &h.Lanes); err != nil {
		return hashed{}, wrong.Because(err)
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil {
		return hashed{}, wrong.Because(err)
	}
	if h.sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil {
		return hashed{}, wrong.Because(err)
	}
	switch {
	case h.String() != text, version != argon2.Version,
		h.Lanes < 1, h.Lanes > maxLanes, h.Passes < 1, h.Passes > maxPasses, h.Memory < 8*uint32(h.Lanes), h.Memory > maxMemory,
		len(h.salt) < 8, len(h.sum) < 16:
		return hashed{}, wrong
	}
	return h, nil
}

// hashing runs fn once a slot is free.
func (m *Methods) hashing(ctx context.Context, fn func()) error {
	select {
	case m.slots <- struct{}{}:
		defer func() { <-m.slots }()
		fn()
		return nil
	case <-ctx.Done():
		return cordon.Errorf(cordon.KindUnavailable, "the request was cancelled or took too long").Because(ctx.Err())
	}
}

// fit refuses a password that is too short, too long or not text.
func fit(password string) error {
	switch {
	case len(password) > MaxPasswordBytes:
		return cordon.Errorf(cordon.KindTooLarge, "a password has at most %d bytes", MaxPasswordBytes)
	case !utf8.ValidString(password):
		return cordon.Errorf(cordon.KindInvalid, "a password is text in UTF-8")
	case utf8.RuneCountInString(norm.NFKC.String(password)) < MinPassword:
		return cordon.Errorf(cordon.KindInvalid, "a password has at least %d characters: several words do well", MinPassword)
	}
	return nil
}
