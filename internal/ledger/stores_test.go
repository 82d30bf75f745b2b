package ledger

import (
	"testing"

	"cordon"
)

// stores are those that every test of the whole is run on.
func stores(t *testing.T) map[string]cordon.Store {
	return map[string]cordon.Store{"memory": &memory{}}
}
