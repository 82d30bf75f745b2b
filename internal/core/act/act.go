// Package act is the one way in which every use-case acts.
package act

import (
	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/marking"
)

// Base is what every act stands on: one installation's store, keys, rules and
// clock. It keeps no state of its own and is safe for concurrent use.
type Base struct {
	Store   cordon.Store
	Vault   *vault.Vault
	Rules   *reader.RuleCache
	Schemes *marking.Set
	Tokens  *tokens.Tokeniser
	Ledger  *ledger.Ledger
	Clock   cordon.Clock
}

// Caller is a person about to act. Who they are is loaded in the transaction
// that acts.
type Caller struct {
	*Base
	Person cordon.ID
}

// By is the person as a caller.
func (b *Base) By(person cordon.ID) Caller { return Caller{b, person} }
