package casetest

import (
	"context"
	"slices"
	"time"

	"cordon"
)

// Watched is a store that notes what reading asks of it, call by call, so that
// a test can compare two requests without a clock. A test that compares empties
// Calls before each. A call that it does not
// know of panics: a call that is added to reading is added here too.
type Watched struct {
	cordon.Store
	Calls []string
}

// Update implements cordon.Store.
func (s *Watched) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	before := s.Calls
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		s.Calls = slices.Clone(before) // a transaction that is run again counts once
		return fn(&watchedTx{tx: tx, store: s})
	})
}

// View implements cordon.Store.
func (s *Watched) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	before := s.Calls
	return s.Store.View(ctx, func(tx cordon.ReadTx) error {
		s.Calls = slices.Clone(before)
		return fn(&watchedTx{tx: readOnly{ReadTx: tx}, store: s})
	})
}

// Decide implements cordon.Store.
func (s *Watched) Decide(ctx context.Context, fn func(cordon.ReadTx) error) (cordon.Basis, error) {
	before := s.Calls
	return s.Store.Decide(ctx, func(tx cordon.ReadTx) error {
		s.Calls = slices.Clone(before)
		return fn(&watchedTx{tx: readOnly{ReadTx: tx}, store: s})
	})
}

// Record implements cordon.Store.
func (s *Watched) Record(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	err := s.Store.Record(ctx, on, log)
	if err == nil {
		for range log.Entries {
			s.Calls = append(s.Calls, "Append")
		}
		for range log.Renditions {
			s.Calls = append(s.Calls, "AddRendition")
		}
		for range log.Steps {
			s.Calls = append(s.Calls, "AddArrangementStep")
		}
	}
	return err
}

// readOnly is a View's transaction where one that writes is asked for; nothing
// writes with it.
type readOnly struct {
	cordon.ReadTx
	writes
}

type writes interface {
	cordon.Holder
	cordon.MetaWriter
	cordon.PeopleWriter
	cordon.SignInWriter
	cordon.NeedToKnowWriter
	cordon.ArrangementWriter
	cordon.RuleWriter
	cordon.ReportWriter
	cordon.TokenWriter
	cordon.ReleaseWriter
	cordon.NoticeWriter
	cordon.TearlineWriter
	cordon.EmergencyWriter
	cordon.WaitingWriter
	cordon.IncidentWriter
	cordon.MosaicWriter
	cordon.StateWriter
	cordon.LedgerWriter
}

type watchedTx struct {
	cordon.WriteTx // nil: what is not noted is not passed on
	tx             cordon.WriteTx
	store          *Watched
}

func (w *watchedTx) note(call string) cordon.WriteTx {
	w.store.Calls = append(w.store.Calls, call)
	return w.tx
}

// HoldPerson implements cordon.Holder.
func (w *watchedTx) HoldPerson(id cordon.ID) (cordon.Person, error) {
	return w.note("HoldPerson").HoldPerson(id)
}

// HoldOrganisation implements cordon.Holder.
func (w *watchedTx) HoldOrganisation(id cordon.ID) (cordon.Organisation, error) {
	return w.note("HoldOrganisation").HoldOrganisation(id)
}

// HoldReport implements cordon.Holder.
func (w *watchedTx) HoldReport(id cordon.ID) (cordon.Report, error) {
	return w.note("HoldReport").HoldReport(id)
}

func (w *watchedTx) Person(id cordon.ID) (cordon.Person, error) { return w.note("Person").Person(id) }

func (w *watchedTx) Organisation(id cordon.ID) (cordon.Organisation, error) {
	return w.note("Organisation").Organisation(id)
}

func (w *watchedTx) GroupsOf(person, org cordon.ID) ([]cordon.ID, error) {
	return w.note("GroupsOf").GroupsOf(person, org)
}

func (w *watchedTx) GrantsTo(org cordon.ID, now time.Time) ([]cordon.Grant, error) {
	return w.note("GrantsTo").GrantsTo(org, now)
}

func (w *watchedTx) RulesAfter(m cordon.RuleMark) ([]cordon.InternedRule, cordon.RuleMark, error) {
	return w.note("RulesAfter").RulesAfter(m)
}

func (w *watchedTx) Report(id cordon.ID) (cordon.Report, error) { return w.note("Report").Report(id) }

func (w *watchedTx) ReportsByRef(token []byte, visible cordon.Visibility) ([]cordon.Report, error) {
	return w.note("ReportsByRef").ReportsByRef(token, visible)
}

func (w *watchedTx) AnyByRef(token []byte) (cordon.Report, error) {
	return w.note("AnyByRef").AnyByRef(token)
}

func (w *watchedTx) ReportPage(visible cordon.Visibility, after cordon.Cursor, limit int) ([]cordon.Report, error) {
	return w.note("ReportPage").ReportPage(visible, after, limit)
}

func (w *watchedTx) Titles(reports []cordon.ID, visible cordon.Visibility) ([]cordon.Portion, error) {
	return w.note("Titles").Titles(reports, visible)
}

func (w *watchedTx) Search(words []int64, visible cordon.Visibility, after cordon.Cursor, limit int) ([]cordon.Portion, error) {
	return w.note("Search").Search(words, visible, after, limit)
}

func (w *watchedTx) Count(visible cordon.Visibility) (cordon.Counts, error) {
	return w.note("Count").Count(visible)
}

func (w *watchedTx) Frequencies(words []int64, rules []cordon.RuleNo, most int) ([]int64, error) {
	return w.note("Frequencies").Frequencies(words, rules, most)
}

func (w *watchedTx) PortionRules(report cordon.ID) ([]cordon.RuleNo, error) {
	return w.note("PortionRules").PortionRules(report)
}

func (w *watchedTx) Portions(report cordon.ID, visible cordon.Visibility) ([]cordon.Portion, error) {
	return w.note("Portions").Portions(report, visible)
}

func (w *watchedTx) PortionHeads(report cordon.ID) ([]cordon.Portion, error) {
	return w.note("PortionHeads").PortionHeads(report)
}

func (w *watchedTx) PortionsByID(ids []cordon.ID) ([]cordon.Portion, error) {
	return w.note("PortionsByID").PortionsByID(ids)
}

func (w *watchedTx) Arrangement(id cordon.ID) (cordon.Arrangement, error) {
	return w.note("Arrangement").Arrangement(id)
}

func (w *watchedTx) OwnerKey(owner cordon.ID) (cordon.Sealed, error) {
	return w.note("OwnerKey").OwnerKey(owner)
}

func (w *watchedTx) AddRendition(r cordon.Rendition) error {
	return w.note("AddRendition").AddRendition(r)
}

func (w *watchedTx) AddArrangementStep(step cordon.ArrangementStep) error {
	return w.note("AddArrangementStep").AddArrangementStep(step)
}

func (w *watchedTx) Append(e cordon.Entry) error { return w.note("Append").Append(e) }

// HoldIncident implements cordon.Holder.
func (w *watchedTx) HoldIncident(id cordon.ID) (cordon.Incident, error) {
	return w.note("HoldIncident").HoldIncident(id)
}
