package app

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/vault"
	"cordon/internal/usecase/people"
)

// Init sets up an installation: directories, root key, database, the ledger's
// signing key (sealed under the root key) and the first organisation and
// person, who gets every role. It gives that person's token, which is shown
// once. An installation that is set up already is a Conflict and stays as it is. A killed Init
// can be run again: until the last step nothing counts as set up, and a root
// key that was made is used.
func Init(ctx context.Context, config Config, org cordon.Organisation, person cordon.Person) (cordon.Person, string, error) {
	c, err := config.withDefaults()
	if err != nil {
		return person, "", err
	}
	schemes, err := c.schemes()
	if err != nil {
		return person, "", err
	}
	// Before anything is made: of what is refused nothing is to stay.
	if _, _, err := people.CheckFirst(&act.Base{Schemes: schemes}, org, person); err != nil {
		return person, "", err
	}
	if err := makeDirs(c); err != nil {
		return person, "", err
	}
	// Before a key is made: beside data that was sealed with another it would
	// pass for the one that is missing.
	if err := unused(ctx, c); err != nil {
		return person, "", err
	}
	if err := vault.CreateKeyFile(c.KeyFile); err != nil && cordon.KindOf(err) != cordon.KindConflict {
		return person, "", err
	}
	v, err := vault.New(vault.KeyFile(c.KeyFile))
	if err != nil {
		return person, "", err
	}
	store, err := openStore(ctx, c, v.Subkey(stateKey))
	if err != nil {
		return person, "", err
	}
	defer store.Close()
	signer, verifier, err := ledger.GenerateKey("cordon-" + string(cordon.NewID()))
	if err != nil {
		return person, "", err
	}
	return people.Initialise(ctx, newBase(store, v, schemes, c.Clock), org, person, func(tx cordon.WriteTx) error {
		return tx.PutMeta(ledgerKeyMeta, v.SealRoot(ledgerKeyMeta, []byte(signer+"\n"+verifier)))
	})
}

// unused checks that nobody is in the database yet. No key is needed to see that
// there are no rows; where there are some, they do not verify under none.
func unused(ctx context.Context, c Config) error {
	store, err := openStore(ctx, c, [32]byte{})
	if err != nil {
		return err
	}
	defer store.Close()
	return people.Unused(ctx, store)
}
