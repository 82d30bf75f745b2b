package act_test

import (
	"slices"
	"testing"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/harness/casetest"
)

// TestAsked: portions come in the order asked, each once, and of a report all that
// the caller sees. One that is withheld is in its owner's feed; one that is not
// there looks the same to the caller.
func TestAsked(t *testing.T) {
	w := casetest.New(t)
	report := world(t, w)
	title, text := report.Portions[0].ID, report.Portions[1].ID
	audience := w.ID("TARSIS")
	asked := func(person string, report cordon.ID, ids ...cordon.ID) ([]cordon.ID, error) {
		return act.Do(t.Context(), w.By(w.ID(person)), deed, func(s *act.Snapshot) ([]cordon.ID, error) {
			portions, err := s.Asked(report, ids, audience)
			return cordon.PortionIDs(portions), err
		}, func(_ *act.Commit, ids []cordon.ID) ([]cordon.ID, error) { return ids, nil })
	}
	for name, tt := range map[string]struct {
		report cordon.ID
		ids    []cordon.ID
		want   []cordon.ID
	}{
		"one by one": {"", []cordon.ID{text, title, text}, []cordon.ID{text, title}},
		"all of it":  {report.Report, nil, []cordon.ID{title, text}},
	} {
		if got, err := asked("ana", tt.report, tt.ids...); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	silent(t, w)
	absent := cordon.NewID()
	for name, tt := range map[string]struct {
		person string
		report cordon.ID
		ids    []cordon.ID
		entry  *cordon.Entry // in MERIDIAN's feed
	}{
		"withheld":             {"theo", "", []cordon.ID{title, text}, &cordon.Entry{Portions: []cordon.ID{title, text}}},
		"all of it withheld":   {"theo", report.Report, nil, &cordon.Entry{Subject: report.Report}},
		"absent":               {"theo", "", []cordon.ID{absent}, nil},
		"no report":            {"theo", absent, nil, nil},
		"one seen, one absent": {"ana", "", []cordon.ID{text, absent}, nil},
	} {
		before := len(w.Feed(t, "MERIDIAN", deed.Act, cordon.OutcomeRefused))
		if _, err := asked(tt.person, tt.report, tt.ids...); err != error(cordon.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		fresh := w.Feed(t, "MERIDIAN", deed.Act, cordon.OutcomeRefused)[before:]
		if tt.entry == nil {
			if len(fresh) > 0 {
				t.Errorf("%s: the owner is told %+v", name, fresh)
			}
			continue
		}
		slices.Sort(tt.entry.Portions)
		if len(fresh) != 1 || fresh[0].Subject != tt.entry.Subject || !slices.Equal(fresh[0].Portions, tt.entry.Portions) || fresh[0].Audience != audience {
			t.Errorf("%s: the owner is told %+v", name, fresh)
		}
	}
	if got := w.Feed(t, "", deed.Act, cordon.OutcomeRefused); len(got) != 5 {
		t.Errorf("five refusals are %d entries of the installation's feed", len(got))
	}
}
