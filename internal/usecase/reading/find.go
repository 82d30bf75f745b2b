package reading

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
)

// Find gives the id of the report with the outside name among the reports in
// which the person may see something; ErrNotFound otherwise. An id is given
// back as it is. Find shows nothing: an act on the report is decided on its
// own.
func Find(ctx context.Context, by act.Caller, name string) (cordon.ID, error) {
	if id := cordon.ID(name); id.Valid() {
		return id, nil
	}
	return act.Read(ctx, by, act.ByRole(cordon.ActRead, cordon.RoleReader), func(s *act.Snapshot) (cordon.ID, error) {
		report, err := s.FindReport(name)
		return report.ID, err
	})
}
