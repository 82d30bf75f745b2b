package reader

import (
	"strings"

	"cordon"
	"cordon/marking"
)

// Banner is the roll-up of the portions of a report that a reader is shown,
// and of its compilation. Where a scheme has no banner for just these
// portions together, their own banners stand side by side: no portion that
// may be read is kept back for want of a line above it.
func (v *View) Banner(report cordon.Report, portions []cordon.Portion) (string, error) {
	all, err := v.Markings(report, portions)
	if err != nil {
		return "", err
	}
	if whole, err := v.Schemes.RollUp(all); err == nil {
		return whole.Banner(), nil
	}
	banners := make([]string, len(all))
	for i, m := range all {
		banners[i] = m.Banner()
	}
	return strings.Join(banners, " + "), nil
}

// Markings gives each marking of the portions once, and the compilation where
// a person set one on the whole.
func (v *View) Markings(report cordon.Report, portions []cordon.Portion) ([]marking.Marks, error) {
	var all []marking.Marks
	seen := map[string]bool{"": true}
	texts := make([]string, 0, len(portions)+1)
	for _, p := range portions {
		texts = append(texts, p.Mark)
	}
	for _, text := range append(texts, report.Compilation) {
		if seen[text] {
			continue
		}
		seen[text] = true
		m, err := v.Marks(text)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// Marks reads a marking as it is kept; one that is none is Internal.
func (v *View) Marks(kept string) (marking.Marks, error) {
	m, err := v.Schemes.Parse(kept)
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "a stored marking is not a marking").Because(err)
	}
	return m, nil
}
