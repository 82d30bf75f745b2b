// Package release is an owner's say: requests to give what it owns to somebody
// else, every owner's consent, and the grants that follow from it.
//
// A grant waives what its owner owns and nothing else (package access). A
// request has one part for each owner; an owner sees its own part and nothing
// of the others, not even how many there are, unless one lets the others know.
// What the owners permit takes effect when the requester releases it, in the
// wording that they were asked for and no other.
package release

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
)

// look loads who asks and requires one of the roles.
func look(base *act.Base, tx cordon.ReadTx, person cordon.ID, roles ...cordon.Role) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	for _, role := range roles[1:] {
		if view.Actor.Person.Has(role) {
			return view, nil
		}
	}
	return view, view.Require(roles[0])
}

// update runs fn, whose refusal, which must be recorded, is given only once the
// transaction is on disk.
func update(ctx context.Context, base *act.Base, fn func(tx cordon.WriteTx) (refusal error, err error)) error {
	var refusal error
	if err := base.Store.Update(ctx, func(tx cordon.WriteTx) (err error) {
		refusal, err = fn(tx)
		return err
	}); err != nil {
		return err
	}
	return refusal
}
