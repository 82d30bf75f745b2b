package act

import "cordon"

// FindReport loads a report by its id or its outside name. By an id it decides
// nothing: whether the caller may know of the report is decided on its portions.
// By a name it gives the newest report in which the caller may see something.
// Where only reports that they may not see have the name, it reads the newest of
// those, so that its owners learn of the refusal, and answers ErrNotFound.
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
