package release

import (
	"crypto/hmac"
	"crypto/sha256"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
)

// wording gives a keyed digest of each portion's text and marking. Without the
// root key it says nothing, and two portions of one text have different
// digests. The text itself goes no further.
func wording(s *act.Snapshot, portions []cordon.Portion) (map[cordon.ID][]byte, error) {
	key := s.Base.Vault.Subkey("wording")
	out := make(map[cordon.ID][]byte, len(portions))
	for _, p := range portions {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		body, err := content.Open(s.Keys, p, rule)
		if err != nil {
			return nil, err
		}
		mac := hmac.New(sha256.New, key[:])
		for _, part := range []string{string(p.ID), p.Mark, body.Text} {
			sum := sha256.Sum256([]byte(part)) // so that no part runs into the next
			mac.Write(sum[:])
		}
		out[p.ID] = mac.Sum(nil)
	}
	return out, nil
}
