// Package release is an owner's say: requests to give what it owns to somebody
// else, every owner's consent, and the grants that follow from it.
//
// A grant waives what its owner owns and nothing else (package access). A
// request has one part for each owner; an owner sees its own part and nothing
// of the others, not even how many there are.
package release

import (
	"cordon"
	"cordon/internal/sight"
	"cordon/internal/vault"
	"cordon/marking"
)

// Service is the use-cases on what they work with. It keeps no state of its
// own and is safe for concurrent use.
type Service struct {
	Store   cordon.Store
	Vault   *vault.Vault
	Book    *sight.Book
	Schemes *marking.Set
	Clock   cordon.Clock
}

// look loads who asks and requires the role.
func (s *Service) look(tx cordon.Tx, person cordon.ID, role cordon.Role) (*sight.View, error) {
	view, err := s.Book.Look(tx, person, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	return view, view.Require(role)
}
