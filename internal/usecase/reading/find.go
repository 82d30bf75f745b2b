package reading

import (
	"context"
	"cordon/internal/core/act"

	"cordon"
)

// Find gives the id of the report with the outside name among those in which
// the person may see something; ErrNotFound otherwise. An id is given back as
// it is. It shows nothing: whoever acts on the report is decided on again.
func Find(ctx context.Context, by act.Caller, name string) (cordon.ID, error) {
	if id := cordon.ID(name); id.Valid() {
		return id, nil
	}
	var id cordon.ID
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, cordon.Reader)
		if err != nil {
			return err
		}
		report, err := find(by.Base, tx, view, name)
		id = report.ID
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}
