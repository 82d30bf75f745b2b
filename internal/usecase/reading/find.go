package reading

import (
	"context"

	"cordon"
)

// Find gives the id of the report with the outside name among those in which
// the person may see something; ErrNotFound otherwise. An id is given back as
// it is. It shows nothing: whoever acts on the report is decided on again.
func (s *Service) Find(ctx context.Context, person cordon.ID, name string) (cordon.ID, error) {
	if id := cordon.ID(name); id.Valid() {
		return id, nil
	}
	var id cordon.ID
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := s.look(tx, person, cordon.Reader)
		if err != nil {
			return err
		}
		report, err := s.find(tx, view, name)
		id = report.ID
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}
