package act

import "cordon"

// Asked loads the portions that are asked for one by one or, where a report is
// given in their place, all its portions that the caller sees. They come in the
// order asked, each once. It is a refusal where one is absent or withheld from the
// caller. Audience is the organisation that they are asked for.
func (s *Snapshot) Asked(report cordon.ID, ids []cordon.ID, audience cordon.ID) ([]cordon.Portion, error) {
	if report != "" {
		return s.askedWhole(report, audience)
	}
	loaded, err := s.Tx.PortionsByID(ids)
	if err != nil {
		return nil, err
	}
	there := make(map[cordon.ID]cordon.Portion, len(loaded))
	for _, p := range loaded {
		there[p.ID] = p
	}
	var portions, withheld []cordon.Portion
	absent := false
	met := make(map[cordon.ID]bool, len(ids))
	for _, id := range ids {
		p, ok := there[id]
		switch {
		case met[id]:
		case !ok:
			absent = true
		case !s.Decide(p).Allowed():
			withheld = append(withheld, p)
		default:
			portions = append(portions, p)
		}
		met[id] = true
	}
	if absent || len(withheld) > 0 {
		return nil, &Refusal{Answer: cordon.ErrNotFound, Portions: withheld, Audience: audience}
	}
	return portions, nil
}

// RefuseUnseen is a refusal where nothing of the report is in the caller's sight,
// and where there is none. It goes by the few rules of a report and not by its
// portions, so that it takes no longer for a long one than for one that is not there.
func (s *Snapshot) RefuseUnseen(report cordon.ID) error {
	numbers, err := s.Tx.PortionRules(report)
	if err != nil {
		return err
	}
	seen, err := s.VisibleUnder(numbers)
	if err == nil && len(seen.Rules)+len(seen.Granted) == 0 {
		err = &Refusal{Answer: cordon.ErrNotFound, Reports: []cordon.ID{report}}
	}
	return err
}

func (s *Snapshot) askedWhole(report, audience cordon.ID) ([]cordon.Portion, error) {
	numbers, err := s.Tx.PortionRules(report)
	if err != nil {
		return nil, err
	}
	seen, err := s.VisibleUnder(numbers)
	if err != nil {
		return nil, err
	}
	portions, err := s.Tx.Portions(report, seen)
	if err == nil && len(portions) == 0 {
		err = &Refusal{Answer: cordon.ErrNotFound, Reports: []cordon.ID{report}, Audience: audience}
	}
	return portions, err
}
