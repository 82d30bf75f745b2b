package act

import "cordon"

// FindReport loads the report of the id or, by its outside name, the newest in
// which the caller may see something. A report that is found by its id is
// there, and no more is said: whether the caller may know of it is decided on
// its portions. Where the name is that of reports out of their sight only, the
// newest of those is looked at, so that its owners learn of the refusal.
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
	if len(reports) > 0 {
		return s.Tx.Report(reports[0].ID)
	}
	if _, err := s.Tx.AnyByRef(token); err != nil {
		return cordon.Report{}, err
	}
	return cordon.Report{}, cordon.ErrNotFound
}
