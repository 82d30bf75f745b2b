package ledger_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
)

// A use-case records a read, a tick commits to it, and the owner
// checks its feed with the public key alone.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store, err := sqlite.Open(ctx, dir, storetest.Key)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	signer, verifier, err := ledger.GenerateKey("ledger.example/meridian")
	if err != nil {
		log.Fatal(err)
	}
	l, err := ledger.New(store, signer, verifier, cordon.SystemClock{})
	if err != nil {
		log.Fatal(err)
	}

	owner := cordon.NewID()
	err = store.Update(ctx, func(tx cordon.WriteTx) error {
		return ledger.Append(tx, cordon.Entry{
			At: time.Now(), Feed: owner, Act: cordon.ActRead, Outcome: cordon.OutcomeAllowed,
			Portions: []cordon.ID{cordon.NewID()},
		})
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := l.Tick(ctx, 0); err != nil {
		log.Fatal(err)
	}

	bundle, err := l.Bundle(ctx, owner, 0, 0, ledger.MaxBundle)
	if err != nil {
		log.Fatal(err)
	}
	held, err := ledger.VerifyBundle(bundle, verifier, ledger.Verified{Feed: owner})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d of %d entries, complete: %t\n", held.Seq, held.FeedSize, held.Complete())
	// Output: 1 of 1 entries, complete: true
}
