package act

import (
	"slices"

	"cordon"
)

// FindReport loads a report by its id or its outside name. By an id it decides
// nothing: whether the caller may know of the report is decided on its portions.
// By a name it gives the newest report of which the caller may see the title, which
// carries the name: a name that they are not shown opens nothing, however it was
// come by. Where only other reports have the name, it reads the newest of those, so
// that its owners learn of the refusal, and answers ErrNotFound.
func (s *Snapshot) FindReport(name string) (cordon.Report, error) {
	if id := cordon.ID(name); id.Valid() {
		return s.Tx.Report(id)
	}
	token := s.Base.Tokens.Ref(name)
	all, err := s.Visible()
	if err != nil {
		return cordon.Report{}, err
	}
	reports, err := s.Tx.ReportsByRef(token, all)
	if err != nil {
		return cordon.Report{}, err
	}
	ids := make([]cordon.ID, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	titles, err := s.Tx.Titles(ids, all)
	if err != nil {
		return cordon.Report{}, err
	}
	for _, id := range ids {
		if slices.ContainsFunc(titles, func(p cordon.Portion) bool { return p.Report == id && s.Decide(p).Allowed() }) {
			return s.Tx.Report(id)
		}
	}
	if _, err := s.Tx.AnyByRef(token); err != nil {
		return cordon.Report{}, err
	}
	return cordon.Report{}, cordon.ErrNotFound
}
