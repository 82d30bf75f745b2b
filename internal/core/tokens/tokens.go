// Package tokens turns text into the keyed tokens that lie at rest in its
// place: of words for search, of word runs (fingerprints) for tracing, of
// outside names. It also finds, in memory, the passages that two texts share.
//
// Everything kept is the output of a pseudo-random function under a key drawn
// from the root key (SipHash-2-4, Aumasson and Bernstein 2012, 64 bits, for
// words and fingerprints; HMAC-SHA-256 for names), with a key of its own for
// each use. Without the key a token says nothing. Equal tokens in several
// portions still say that they share a word, or five words in a row;
// SECURITY.md has that.
//
// # Words
//
// A text is read as a row of words as a reader takes them (docs/adr/0030). A word is a
// run of letters and digits after Unicode NFKC and full case folding, without accents,
// Arabic and Hebrew vowels and other marks that alphabets put on letters; digits of all
// scripts are the same. In scripts written without spaces each character is one: Han,
// Hiragana, Katakana, and with its marks each letter of Thai, Lao, Khmer, Burmese and
// their like. Punctuation, quotes, white space and layout only separate words. Dropped
// without separating are invisible characters, tatweel, Markdown emphasis, apostrophes
// and hyphens inside a word, what groups the digits of a number (12,500 or 12 500 or
// 12.500), and a hyphen at the end of a line together with the line's break, or the
// space that this has become. So a passage is still the same row of words when it was
// wrapped, quoted, emphasised or cased differently.
//
// Where texts are compared, letters that are foreign to a word's script are read as
// those they look like; search takes them for what they are. Not seen through: spelling,
// a hyphen that became a space inside a line, and HTML tags (which an importer takes out
// first).
//
// Words are counted as evidence: a Han character counts half a word, a syllable of Kana
// a third and a letter of Thai and its like a quarter.
//
// # What counts as a passage
//
// A verbatim passage is a common run of at least [Guarantee] words. A portion
// shorter than that is found where it is quoted whole, if it has at least
// [Shortest] words and at least [Telling] different ones among them that are
// not everyday English: "he got to his feet" is in every book and would accuse
// everybody, "watch the Harbour Street office nightly" accuses somebody. Of the
// 2,700 lines of that kind in forty unrelated stories three stand in more than
// one, all of them publisher's notices; of the shorter or plainer ones, which
// are not traced, six times as many do.
package tokens

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/dchest/siphash"
	"golang.org/x/text/unicode/norm"

	"cordon"
)

// Tokeniser makes the tokens. It is immutable and safe for concurrent use.
type Tokeniser struct {
	words, reading, prints, terms sipKey
	refs                          []byte
}

type sipKey struct{ k0, k1 uint64 }

func (k sipKey) sum(b []byte) uint64 { return siphash.Hash(k.k0, k.k1, b) }

// New makes the tokeniser of a key, which is the vault's subkey for tokens.
// Tokens of different keys, and of one key for different uses, have nothing
// to do with each other.
func New(key [32]byte) *Tokeniser {
	return &Tokeniser{
		words:   sip(key, "search words"),
		reading: sip(key, "words read"),
		prints:  sip(key, "fingerprints"),
		terms:   sip(key, "terms"),
		refs:    subkey(key, "outside names", 32),
	}
}

func sip(key [32]byte, use string) sipKey {
	b := subkey(key, use, 16)
	return sipKey{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])}
}

func subkey(key [32]byte, use string, size int) []byte {
	b, err := hkdf.Expand(sha256.New, key[:], "cordon tokens v1: "+use, size)
	if err != nil {
		panic("tokens: HKDF cannot fail for 32 bytes: " + err.Error())
	}
	return b
}

// Words gives the distinct word tokens of a text, sorted, for search. A word
// with a hyphen or an apostrophe in it can be found whole and by its parts.
func (t *Tokeniser) Words(text string) []int64 {
	var tokens []int64
	for s := newScanner(text); s.next(); {
		tokens = append(tokens, t.word(s.key))
		if len(s.cuts) > 0 {
			for part := range s.parts() {
				tokens = append(tokens, t.word(part))
			}
		}
	}
	return distinct(tokens)
}

// Version is raised with each change of what a word, a fingerprint or a term is. Tokens
// of before are made anew by package refile.
const Version = 1

// Of gives all tokens that a portion with the text is filed under.
func (t *Tokeniser) Of(text string) cordon.PortionTokens {
	terms := t.Terms(text)
	k := cordon.PortionTokens{Words: t.Words(text), Prints: t.Prints(text), Terms: make([]uint32, len(terms)), Made: Version}
	for i, term := range terms {
		k.Terms[i] = uint32(term)
	}
	return k
}

// Ref gives the token of an outside name: 16 bytes, nil for no name. Names are
// compared as they are written, white space around them left out.
func (t *Tokeniser) Ref(ref string) []byte {
	ref = norm.NFC.String(strings.TrimSpace(ref))
	if ref == "" {
		return nil
	}
	mac := hmac.New(sha256.New, t.refs)
	mac.Write([]byte(ref))
	return mac.Sum(nil)[:16]
}

func (t *Tokeniser) word(key []byte) int64 { return int64(t.words.sum(key)) }

func distinct(tokens []int64) []int64 {
	slices.Sort(tokens)
	return slices.Compact(tokens)
}
