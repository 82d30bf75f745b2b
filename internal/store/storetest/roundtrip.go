package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cordon"
)

// trip puts a value and gets it back, as its own test.
type trip struct {
	name string
	run  func(*testing.T, cordon.Store)
}

// roundTrip puts a value with every field set, replaces it by another with the
// same id if it is of those that can be, and gets back what it put last; and
// does it again with nothing set that can be left out.
func roundTrip[T any](name string, key func(*T) *cordon.ID, ready func(cordon.WriteTx, *T) error,
	put func(cordon.WriteTx, T) error, get func(cordon.ReadTx, T) (T, error), replaces bool,
) trip {
	return trip{name, func(t *testing.T, s cordon.Store) {
		check := func(v T) {
			t.Helper()
			update(t, s, func(tx cordon.WriteTx) error {
				if err := ready(tx, &v); err != nil {
					return err
				}
				return put(tx, v)
			})
			equal(t, "read in a View", look(t, s, func(tx cordon.ReadTx) (T, error) { return get(tx, v) }), v)
			update(t, s, func(tx cordon.WriteTx) error {
				got, err := get(tx, v)
				if err == nil && cmp.Diff(v, got) != "" {
					err = errors.New(cmp.Diff(v, got))
				}
				return err
			})
		}
		first := filled[T]()
		check(first)
		if replaces {
			second := filled[T]()
			*key(&second) = *key(&first)
			check(second)
		}
		var bare T
		*key(&bare) = cordon.NewID()
		check(bare)
	}}
}

func nothing[T any](cordon.WriteTx, *T) error { return nil }

// only is the value of a list of one.
func only[T any](all []T, err error) (T, error) {
	var zero T
	if err != nil {
		return zero, err
	}
	if len(all) != 1 {
		return zero, cordon.Errorf(cordon.KindInternal, "got %d, want 1", len(all))
	}
	return all[0], nil
}

func testRoundTrips(t *testing.T, s cordon.Store) {
	for _, c := range []trip{
		roundTrip("Organisation", func(v *cordon.Organisation) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Organisation) error { return tx.PutOrganisation(v) },
			func(tx cordon.ReadTx, v cordon.Organisation) (cordon.Organisation, error) {
				return tx.Organisation(v.ID)
			}, true),
		roundTrip("OrganisationByName", func(v *cordon.Organisation) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.Organisation) error {
				v.Name = "n" + string(cordon.NewID())
				return nil
			},
			func(tx cordon.WriteTx, v cordon.Organisation) error { return tx.PutOrganisation(v) },
			func(tx cordon.ReadTx, v cordon.Organisation) (cordon.Organisation, error) {
				return tx.OrganisationByName(v.Name)
			}, true),
		roundTrip("Person", func(v *cordon.Person) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.Person) error {
				o, err := organisation(tx)
				v.Org = o.ID
				return err
			},
			func(tx cordon.WriteTx, v cordon.Person) error { return tx.PutPerson(v) },
			func(tx cordon.ReadTx, v cordon.Person) (cordon.Person, error) { return tx.Person(v.ID) }, true),
		roundTrip("Group", func(v *cordon.Group) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.Group) error {
				o, err := organisation(tx)
				v.Org = o.ID
				return err
			},
			func(tx cordon.WriteTx, v cordon.Group) error { return tx.PutGroup(v) },
			func(tx cordon.ReadTx, v cordon.Group) (cordon.Group, error) { return tx.Group(v.ID) }, true),
		roundTrip("NeedToKnow", func(v *cordon.NeedToKnow) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.NeedToKnow) error {
				o, err := organisation(tx)
				if err != nil {
					return err
				}
				g := cordon.Group{ID: cordon.NewID(), Org: o.ID}
				v.Org, v.Group = o.ID, g.ID
				return tx.PutGroup(g)
			},
			func(tx cordon.WriteTx, v cordon.NeedToKnow) error { return tx.AddNeedToKnow(v) },
			func(tx cordon.ReadTx, v cordon.NeedToKnow) (cordon.NeedToKnow, error) {
				return only(tx.NeedToKnow(v.Org))
			}, false),
		roundTrip("Token", func(v *cordon.Token) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.Token) error {
				o, err := organisation(tx)
				if err != nil {
					return err
				}
				p, err := person(tx, o.ID)
				v.Person = p.ID
				return err
			},
			func(tx cordon.WriteTx, v cordon.Token) error { return tx.PutToken(v) },
			func(tx cordon.ReadTx, v cordon.Token) (cordon.Token, error) { return tx.TokenByHash(v.Hash) }, true),
		roundTrip("Arrangement", func(v *cordon.Arrangement) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Arrangement) error { return tx.PutArrangement(v) },
			func(tx cordon.ReadTx, v cordon.Arrangement) (cordon.Arrangement, error) { return tx.Arrangement(v.ID) }, true),
		roundTrip("ArrangementStep", func(v *cordon.ArrangementStep) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.ArrangementStep) error { return tx.AddArrangementStep(v) },
			func(tx cordon.ReadTx, v cordon.ArrangementStep) (cordon.ArrangementStep, error) {
				return only(tx.ArrangementSteps([]cordon.ID{v.ID, cordon.NewID()}))
			}, false),
		roundTrip("Report", func(v *cordon.Report) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Report) error { return tx.PutReport(v) },
			func(tx cordon.ReadTx, v cordon.Report) (cordon.Report, error) { return tx.Report(v.ID) }, true),
		roundTrip("Portion", func(v *cordon.Portion) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.Portion) error {
				r := filled[cordon.Report]()
				r.Created = v.Created
				v.Report, v.State = r.ID, cordon.PortionLive
				return tx.PutReport(r)
			},
			func(tx cordon.WriteTx, v cordon.Portion) error { return tx.PutPortions([]cordon.Portion{v}) },
			func(tx cordon.ReadTx, v cordon.Portion) (cordon.Portion, error) {
				return only(tx.PortionsByID([]cordon.ID{v.ID, cordon.NewID()}))
			}, false),
		roundTrip("Rendition", func(v *cordon.Rendition) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.Rendition) error { v.Report = cordon.NewID(); return nil },
			func(tx cordon.WriteTx, v cordon.Rendition) error { return tx.AddRendition(v) },
			func(tx cordon.ReadTx, v cordon.Rendition) (cordon.Rendition, error) {
				return only(tx.Renditions([]cordon.ID{v.Report}))
			}, false),
		roundTrip("Grant", func(v *cordon.Grant) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Grant) error { return tx.PutGrant(v) },
			func(tx cordon.ReadTx, v cordon.Grant) (cordon.Grant, error) { return tx.Grant(v.ID) }, true),
		roundTrip("Request", func(v *cordon.ReleaseRequest) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.ReleaseRequest) error { return tx.PutRequest(v, nil) },
			func(tx cordon.ReadTx, v cordon.ReleaseRequest) (cordon.ReleaseRequest, error) {
				return tx.Request(v.ID)
			}, false),
		roundTrip("Part", func(v *cordon.RequestPart) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.RequestPart) error {
				if _, err := tx.Part(v.ID); err == nil {
					return nil
				}
				return tx.PutRequest(filled[cordon.ReleaseRequest](), []cordon.RequestPart{{ID: v.ID}})
			},
			func(tx cordon.WriteTx, v cordon.RequestPart) error { return tx.PutPart(v) },
			func(tx cordon.ReadTx, v cordon.RequestPart) (cordon.RequestPart, error) { return tx.Part(v.ID) }, true),
		roundTrip("EmergencyPart", func(v *cordon.EmergencyPart) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.EmergencyPart) error {
				return tx.AddEmergency([]cordon.EmergencyPart{v})
			},
			func(tx cordon.ReadTx, v cordon.EmergencyPart) (cordon.EmergencyPart, error) {
				return tx.EmergencyPart(v.ID)
			}, false),
		roundTrip("Notice", func(v *cordon.Notice) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.Notice) error {
				v.Roles, v.Read = []cordon.Role{cordon.RoleAuthor, cordon.RoleAuditor}, time.Time{} // that is MarkRead's
				return nil
			},
			func(tx cordon.WriteTx, v cordon.Notice) error { return tx.AddNotices([]cordon.Notice{v}) },
			func(tx cordon.ReadTx, v cordon.Notice) (cordon.Notice, error) { return tx.Notice(v.ID) }, false),
		roundTrip("Channel", func(v *cordon.Channel) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Channel) error { return tx.PutChannel(v) },
			func(tx cordon.ReadTx, v cordon.Channel) (cordon.Channel, error) { return tx.Channel(v.ID) }, true),
		roundTrip("Delivery", func(v *cordon.Delivery) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Delivery) error { return tx.AddDeliveries([]cordon.Delivery{v}) },
			func(tx cordon.ReadTx, v cordon.Delivery) (cordon.Delivery, error) {
				return tx.DueDelivery(v.Channel, v.Due)
			}, false),
		roundTrip("Incident", func(v *cordon.Incident) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Incident) error { return tx.PutIncident(v) },
			func(tx cordon.ReadTx, v cordon.Incident) (cordon.Incident, error) { return tx.Incident(v.ID) }, true),
		roundTrip("Disclosure", func(v *cordon.Disclosure) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.Disclosure) error { v.Incident = cordon.NewID(); return nil },
			func(tx cordon.WriteTx, v cordon.Disclosure) error { return tx.AddDisclosures([]cordon.Disclosure{v}) },
			func(tx cordon.ReadTx, v cordon.Disclosure) (cordon.Disclosure, error) {
				return only(tx.Disclosures(v.Incident))
			}, false),
		roundTrip("Step", func(v *cordon.ContainmentStep) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.ContainmentStep) error { v.Incident = cordon.NewID(); return nil },
			func(tx cordon.WriteTx, v cordon.ContainmentStep) error {
				return tx.AddSteps([]cordon.ContainmentStep{v})
			},
			func(tx cordon.ReadTx, v cordon.ContainmentStep) (cordon.ContainmentStep, error) {
				return only(tx.Steps(v.Incident))
			}, false),
		roundTrip("Custody", func(v *cordon.CustodyItem) *cordon.ID { return &v.Portion }, nothing,
			func(tx cordon.WriteTx, v cordon.CustodyItem) error { return tx.PutCustody(v) },
			func(tx cordon.ReadTx, v cordon.CustodyItem) (cordon.CustodyItem, error) { return tx.Custody(v.Portion) }, false),
		roundTrip("Claim", func(v *cordon.ClaimRecord) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.ClaimRecord) error { v.Incident = cordon.NewID(); return nil },
			func(tx cordon.WriteTx, v cordon.ClaimRecord) error { return tx.PutClaim(v) },
			func(tx cordon.ReadTx, v cordon.ClaimRecord) (cordon.ClaimRecord, error) {
				return only(tx.Claims(v.Incident))
			}, true),
		roundTrip("Registry", func(v *cordon.Registry) *cordon.ID { return &v.ID }, nothing,
			func(tx cordon.WriteTx, v cordon.Registry) error { return tx.PutRegistry(v) },
			func(tx cordon.ReadTx, v cordon.Registry) (cordon.Registry, error) { return tx.Registry(v.ID) }, true),
		roundTrip("Fact", func(v *cordon.Fact) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.Fact) error { v.Portion = cordon.NewID(); return nil },
			func(tx cordon.WriteTx, v cordon.Fact) error { return tx.AddFacts([]cordon.Fact{v}) },
			func(tx cordon.ReadTx, v cordon.Fact) (cordon.Fact, error) {
				return only(tx.Facts([]cordon.ID{v.Portion}))
			}, false),
		roundTrip("Told", func(v *cordon.Told) *cordon.ID { return &v.ID },
			func(_ cordon.WriteTx, v *cordon.Told) error { v.Registry = cordon.NewID(); return nil },
			func(tx cordon.WriteTx, v cordon.Told) error { return tx.AddTold(v) },
			func(tx cordon.ReadTx, v cordon.Told) (cordon.Told, error) {
				return only(tx.ToldTo(v.Registry, v.Audience))
			}, false),
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, s) })
	}
	t.Run("Meta", func(t *testing.T) {
		for _, value := range [][]byte{{0, 1, 255}, []byte("other"), {}} {
			update(t, s, func(tx cordon.WriteTx) error { return tx.PutMeta("k", value) })
			equal(t, "value", string(look(t, s, func(tx cordon.ReadTx) ([]byte, error) { return tx.Meta("k") })), string(value))
		}
	})
	t.Run("OwnerKey", func(t *testing.T) {
		owner, key := cordon.NewID(), cordon.Sealed{9, 0, 8}
		update(t, s, func(tx cordon.WriteTx) error { return tx.PutOwnerKey(owner, key) })
		equal(t, "key", look(t, s, func(tx cordon.ReadTx) (cordon.Sealed, error) { return tx.OwnerKey(owner) }), key)
	})
	t.Run("Answer", func(t *testing.T) {
		key, answer := []byte(cordon.NewID()), cordon.Sealed{7, 0}
		update(t, s, func(tx cordon.WriteTx) error { return tx.PutAnswer(key, answer, base) })
		equal(t, "answer", look(t, s, func(tx cordon.ReadTx) (cordon.Sealed, error) { return tx.Answer(key) }), answer)
	})
}

func testNotFound(t *testing.T, s cordon.Store) {
	id := cordon.NewID()
	for name, read := range map[string]func(cordon.ReadTx) error{
		"Meta":               func(tx cordon.ReadTx) error { _, err := tx.Meta("absent"); return err },
		"OwnerKey":           func(tx cordon.ReadTx) error { _, err := tx.OwnerKey(id); return err },
		"Answer":             func(tx cordon.ReadTx) error { _, err := tx.Answer([]byte("absent")); return err },
		"Organisation":       func(tx cordon.ReadTx) error { _, err := tx.Organisation(id); return err },
		"OrganisationByName": func(tx cordon.ReadTx) error { _, err := tx.OrganisationByName("absent"); return err },
		"Person":             func(tx cordon.ReadTx) error { _, err := tx.Person(id); return err },
		"PersonByName":       func(tx cordon.ReadTx) error { _, err := tx.PersonByName(id, "absent"); return err },
		"TokenByHash":        func(tx cordon.ReadTx) error { _, err := tx.TokenByHash([32]byte{1}); return err },
		"Token":              func(tx cordon.ReadTx) error { _, err := tx.Token(id); return err },
		"SessionByHash":      func(tx cordon.ReadTx) error { _, err := tx.SessionByHash([32]byte{1}); return err },
		"CredentialByHandle": func(tx cordon.ReadTx) error {
			_, err := tx.CredentialByHandle(cordon.CredentialPasskey, []byte{1})
			return err
		},
		"Attempts":      func(tx cordon.ReadTx) error { _, err := tx.Attempts([]byte{1}); return err },
		"Arrangement":   func(tx cordon.ReadTx) error { _, err := tx.Arrangement(id); return err },
		"Report":        func(tx cordon.ReadTx) error { _, err := tx.Report(id); return err },
		"EmergencyPart": func(tx cordon.ReadTx) error { _, err := tx.EmergencyPart(id); return err },
		"Grant":         func(tx cordon.ReadTx) error { _, err := tx.Grant(id); return err },
		"Request":       func(tx cordon.ReadTx) error { _, err := tx.Request(id); return err },
		"Part":          func(tx cordon.ReadTx) error { _, err := tx.Part(id); return err },
		"Incident":      func(tx cordon.ReadTx) error { _, err := tx.Incident(id); return err },
		"Custody":       func(tx cordon.ReadTx) error { _, err := tx.Custody(id); return err },
		"Registry":      func(tx cordon.ReadTx) error { _, err := tx.Registry(id); return err },
	} {
		if err := s.View(t.Context(), read); !errors.Is(err, cordon.ErrNotFound) {
			t.Errorf("%s in a View: got %v, want ErrNotFound", name, err)
		}
		if err := s.Update(t.Context(), func(tx cordon.WriteTx) error { return read(tx) }); !errors.Is(err, cordon.ErrNotFound) {
			t.Errorf("%s in an Update: got %v, want ErrNotFound", name, err)
		}
	}
	for name, write := range map[string]func(cordon.WriteTx) error{
		"TouchOrganisation": func(tx cordon.WriteTx) error { return tx.TouchOrganisation(id) },
		"TouchSession":      func(tx cordon.WriteTx) error { return tx.TouchSession(id, base) },
		"EndSession":        func(tx cordon.WriteTx) error { return tx.EndSession(id, id) },
		"DropCredential":    func(tx cordon.WriteTx) error { return tx.DropCredential(id) },
		"TouchReport":       func(tx cordon.WriteTx) error { return tx.TouchReport(id) },
		"ReplacePortion":    func(tx cordon.WriteTx) error { return tx.ReplacePortion(cordon.Portion{ID: id}) },
		"SupersedePortion":  func(tx cordon.WriteTx) error { return tx.SupersedePortion(id) },
		"StrikePortion":     func(tx cordon.WriteTx) error { return tx.StrikePortion(id) },
		"AddTokens":         func(tx cordon.WriteTx) error { return tx.AddTokens([]cordon.PortionTokens{{Portion: id}}) },
		"ReplaceTokens":     func(tx cordon.WriteTx) error { return tx.ReplaceTokens([]cordon.PortionTokens{{Portion: id}}) },
		"PutPart":           func(tx cordon.WriteTx) error { return tx.PutPart(cordon.RequestPart{ID: id}) },
		"PutRequestState":   func(tx cordon.WriteTx) error { return tx.PutRequestState(cordon.ReleaseRequest{ID: id}) },
		"DestroyCustody":    func(tx cordon.WriteTx) error { return tx.DestroyCustody(id) },
	} {
		if err := s.Update(t.Context(), write); !errors.Is(err, cordon.ErrNotFound) {
			t.Errorf("%s: got %v, want ErrNotFound", name, err)
		}
	}
}

// testConflicts does everything twice that may be done once. The transaction
// goes on after a Conflict and can be committed.
func testConflicts(t *testing.T, s cordon.Store) {
	var org cordon.Organisation
	var someone cordon.Person
	token := filled[cordon.Token]()
	r, portions := report(0, 1)
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if org, err = organisation(tx); err != nil {
			return err
		}
		if someone, err = person(tx, org.ID); err != nil {
			return err
		}
		token.Person = someone.ID
		if err := tx.PutToken(token); err != nil {
			return err
		}
		return publish(tx, r, portions)
	})
	organisationOfName := func(name string) func(cordon.WriteTx) error {
		o := filled[cordon.Organisation]()
		o.Name = name
		return func(tx cordon.WriteTx) error { return tx.PutOrganisation(o) }
	}
	namesake := filled[cordon.Person]()
	namesake.Org, namesake.Name = org.ID, someone.Name
	sameHash := filled[cordon.Token]()
	sameHash.Person, sameHash.Hash = someone.ID, token.Hash
	owner, key := cordon.NewID(), []byte(cordon.NewID())
	rendition, request, told := filled[cordon.Rendition](), filled[cordon.ReleaseRequest](), filled[cordon.Told]()
	notices, facts := []cordon.Notice{noticeTo(owner)}, []cordon.Fact{filled[cordon.Fact]()}
	deliveries := []cordon.Delivery{filled[cordon.Delivery]()}
	disclosures, steps := []cordon.Disclosure{filled[cordon.Disclosure]()}, []cordon.ContainmentStep{filled[cordon.ContainmentStep]()}
	custody := filled[cordon.CustodyItem]()
	for _, c := range []struct {
		name          string
		first, second func(cordon.WriteTx) error
	}{
		{"organisation's name", organisationOfName("Meridian É"), organisationOfName("mERIDIAN é")},
		{"person's name", nil, func(tx cordon.WriteTx) error { return tx.PutPerson(namesake) }},
		{"token's hash", nil, func(tx cordon.WriteTx) error { return tx.PutToken(sameHash) }},
		{
			"owner key", func(tx cordon.WriteTx) error { return tx.PutOwnerKey(owner, cordon.Sealed{1}) },
			func(tx cordon.WriteTx) error { return tx.PutOwnerKey(owner, cordon.Sealed{2}) },
		},
		{
			"answer", func(tx cordon.WriteTx) error { return tx.PutAnswer(key, cordon.Sealed{1}, base) },
			func(tx cordon.WriteTx) error { return tx.PutAnswer(key, cordon.Sealed{2}, base) },
		},
		{"portion", nil, func(tx cordon.WriteTx) error { return tx.PutPortions(portions) }},
		{
			"strike", func(tx cordon.WriteTx) error { return tx.StrikePortion(portions[0].ID) },
			func(tx cordon.WriteTx) error { return tx.StrikePortion(portions[0].ID) },
		},
		{"replace what is struck", nil, func(tx cordon.WriteTx) error { return tx.ReplacePortion(portions[0]) }},
		{"tokens of what is struck", nil, func(tx cordon.WriteTx) error {
			return tx.AddTokens([]cordon.PortionTokens{{Portion: portions[0].ID, Rule: 1, Words: []int64{1}}})
		}},
		{
			"rendition", func(tx cordon.WriteTx) error { return tx.AddRendition(rendition) },
			func(tx cordon.WriteTx) error { return tx.AddRendition(rendition) },
		},
		{
			"request", func(tx cordon.WriteTx) error { return tx.PutRequest(request, nil) },
			func(tx cordon.WriteTx) error { return tx.PutRequest(request, nil) },
		},
		{
			"notice", func(tx cordon.WriteTx) error { return tx.AddNotices(notices) },
			func(tx cordon.WriteTx) error { return tx.AddNotices(notices) },
		},
		{
			"delivery", func(tx cordon.WriteTx) error { return tx.AddDeliveries(deliveries) },
			func(tx cordon.WriteTx) error { return tx.AddDeliveries(deliveries) },
		},
		{
			"fact", func(tx cordon.WriteTx) error { return tx.AddFacts(facts) },
			func(tx cordon.WriteTx) error { return tx.AddFacts(facts) },
		},
		{"told", func(tx cordon.WriteTx) error { return tx.AddTold(told) }, func(tx cordon.WriteTx) error { return tx.AddTold(told) }},
		{
			"disclosure", func(tx cordon.WriteTx) error { return tx.AddDisclosures(disclosures) },
			func(tx cordon.WriteTx) error { return tx.AddDisclosures(disclosures) },
		},
		{
			"step", func(tx cordon.WriteTx) error { return tx.AddSteps(steps) },
			func(tx cordon.WriteTx) error { return tx.AddSteps(steps) },
		},
		{
			"custody", func(tx cordon.WriteTx) error { return tx.PutCustody(custody) },
			func(tx cordon.WriteTx) error { return tx.PutCustody(custody) },
		},
		{
			"hash", func(tx cordon.WriteTx) error {
				return tx.PutHashes([]cordon.TreeHash{{Place: cordon.LogSpan, Hash: [32]byte{1}}})
			},
			func(tx cordon.WriteTx) error {
				return tx.PutHashes([]cordon.TreeHash{{Place: cordon.LogSpan, Hash: [32]byte{2}}})
			},
		},
		{
			"tick", func(tx cordon.WriteTx) error { return tx.PutTick(cordon.Tick{Index: 5}) },
			func(tx cordon.WriteTx) error { return tx.PutTick(cordon.Tick{Index: 5, Number: 2}) },
		},
		{"leaf that is not pending", nil, func(tx cordon.WriteTx) error {
			return tx.Place([]cordon.LeafRecord{filled[cordon.LeafRecord]()})
		}},
	} {
		if c.first != nil {
			update(t, s, c.first)
		}
		after := "after " + c.name
		update(t, s, func(tx cordon.WriteTx) error {
			wantKind(t, c.name, c.second(tx), cordon.KindConflict)
			return tx.PutMeta(after, []byte("done"))
		})
		view(t, s, func(tx cordon.ReadTx) error { _, err := tx.Meta(after); return err })
		wantKind(t, c.name, s.Update(t.Context(), c.second), cordon.KindConflict)
	}
	// Nothing belongs to what is not there.
	orphan := filled[cordon.Portion]()
	for name, add := range map[string]func(cordon.WriteTx) error{
		"a person of no organisation": func(tx cordon.WriteTx) error { return tx.PutPerson(filled[cordon.Person]()) },
		"a token of nobody":           func(tx cordon.WriteTx) error { return tx.PutToken(filled[cordon.Token]()) },
		"a portion of no report":      func(tx cordon.WriteTx) error { return tx.PutPortions([]cordon.Portion{orphan}) },
	} {
		wantKind(t, name, s.Update(t.Context(), add), cordon.KindConflict)
	}
	// The first one stays.
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.OwnerKey(owner)
		equal(t, "owner key", got, cordon.Sealed{1})
		return err
	})
}

// testEmptyLists asks for lists with nothing to look for, or nothing there.
func testEmptyLists(t *testing.T, s cordon.Store) {
	r, portions := report(0, 5)
	update(t, s, func(tx cordon.WriteTx) error { return publish(tx, r, portions) })
	id := cordon.NewID()
	sees := cordon.Visibility{Rules: []cordon.RuleNo{5}}
	for name, length := range map[string]func(cordon.ReadTx) (int, error){
		"Organisations": func(tx cordon.ReadTx) (int, error) { l, err := tx.Organisations(); return len(l), err },
		"People":        func(tx cordon.ReadTx) (int, error) { l, err := tx.People(id); return len(l), err },
		"Arrangements": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Arrangements(nil, cordon.Cursor{}, 9)
			return len(l), err
		},
		"ArrangementSteps":  func(tx cordon.ReadTx) (int, error) { l, err := tx.ArrangementSteps(nil); return len(l), err },
		"ReportsByRef":      func(tx cordon.ReadTx) (int, error) { l, err := tx.ReportsByRef([]byte("x"), sees); return len(l), err },
		"ReportsByRef, nil": func(tx cordon.ReadTx) (int, error) { l, err := tx.ReportsByRef(nil, sees); return len(l), err },
		"ReportsByRef, blind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.ReportsByRef(r.RefToken, cordon.Visibility{})
			return len(l), err
		},
		"ReportPage, blind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.ReportPage(cordon.Visibility{}, cordon.Cursor{}, 5)
			return len(l), err
		},
		"ReportPage, limit 0": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.ReportPage(sees, cordon.Cursor{}, 0)
			return len(l), err
		},
		"ReportPage, granted": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.ReportPage(cordon.Visibility{Granted: []cordon.ID{id}}, cordon.Cursor{}, 5)
			return len(l), err
		},
		"PortionRules": func(tx cordon.ReadTx) (int, error) { l, err := tx.PortionRules(id); return len(l), err },
		"Portions":     func(tx cordon.ReadTx) (int, error) { l, err := tx.Portions(id, sees); return len(l), err },
		"Portions, blind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Portions(r.ID, cordon.Visibility{})
			return len(l), err
		},
		"Titles, none asked": func(tx cordon.ReadTx) (int, error) { l, err := tx.Titles(nil, sees); return len(l), err },
		"Titles, blind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Titles([]cordon.ID{r.ID}, cordon.Visibility{})
			return len(l), err
		},
		"PortionHeads":         func(tx cordon.ReadTx) (int, error) { l, err := tx.PortionHeads(id); return len(l), err },
		"PortionsByID":         func(tx cordon.ReadTx) (int, error) { l, err := tx.PortionsByID(nil); return len(l), err },
		"PortionsByID, absent": func(tx cordon.ReadTx) (int, error) { l, err := tx.PortionsByID([]cordon.ID{id}); return len(l), err },
		"Sources":              func(tx cordon.ReadTx) (int, error) { l, err := tx.Sources(nil); return len(l), err },
		"Derived":              func(tx cordon.ReadTx) (int, error) { l, err := tx.Derived(nil); return len(l), err },
		"Originals":            func(tx cordon.ReadTx) (int, error) { l, err := tx.Originals(nil); return len(l), err },
		"Tearlines":            func(tx cordon.ReadTx) (int, error) { l, err := tx.Tearlines([]cordon.ID{id}); return len(l), err },
		"Renditions":           func(tx cordon.ReadTx) (int, error) { l, err := tx.Renditions(nil); return len(l), err },
		"Search, no words": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Search(nil, sees, cordon.Cursor{}, 5)
			return len(l), err
		},
		"Search, blind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Search([]int64{1, 2}, cordon.Visibility{}, cordon.Cursor{}, 5)
			return len(l), err
		},
		"Search, limit 0": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Search([]int64{1}, sees, cordon.Cursor{}, 0)
			return len(l), err
		},
		"PrintHits": func(tx cordon.ReadTx) (int, error) { l, err := tx.PrintHits(nil); return len(l), err },
		"Nearest":   func(tx cordon.ReadTx) (int, error) { l, err := tx.Nearest(nil, sees, 5); return len(l), err },
		"Nearest, blind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Nearest([][]uint32{{4}}, cordon.Visibility{}, 5)
			return len(slices.Concat(l...)), err
		},
		"Carrying": func(tx cordon.ReadTx) (int, error) { l, err := tx.Carrying(nil, sees, 5); return len(l), err },
		"MadeBefore": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.MadeBefore(1<<40, cordon.ID("z"), 5)
			return len(l), err
		},
		"GrantsTo": func(tx cordon.ReadTx) (int, error) { l, err := tx.GrantsTo(id, base); return len(l), err },
		"GrantsOf": func(tx cordon.ReadTx) (int, error) { l, err := tx.GrantsOf(nil); return len(l), err },
		"EmergencyParts": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.EmergencyParts(id, "", cordon.Cursor{}, 5)
			return len(l), err
		},
		"WaitingIn": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.WaitingIn(cordon.WaitingComparison, 0)
			return len(l), err
		},
		"WaitingToRemind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.WaitingToRemind(base.AddDate(-1, 0, 0), 5)
			return len(l), err
		},
		"WaitingOf": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.WaitingOf(id, cordon.Cursor{}, 5)
			return len(l), err
		},
		"Matches":   func(tx cordon.ReadTx) (int, error) { l, err := tx.Matches(id); return len(l), err },
		"MatchesIn": func(tx cordon.ReadTx) (int, error) { l, err := tx.MatchesIn(nil); return len(l), err },
		"MatchesOf": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.MatchesOf(id, cordon.Cursor{}, 5)
			return len(l), err
		},
		"HitsSince": func(tx cordon.ReadTx) (int, error) { l, err := tx.HitsSince(id, base); return len(l), err },
		"Requests":  func(tx cordon.ReadTx) (int, error) { l, err := tx.Requests(id, cordon.Cursor{}, 5); return len(l), err },
		"GrantsBy": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.GrantsBy(id, cordon.Cursor{}, 5)
			return len(l), err
		},
		"RequestsOf": func(tx cordon.ReadTx) (int, error) { l, err := tx.RequestsOf(nil); return len(l), err },
		"RequestsToRemind": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.RequestsToRemind(base.AddDate(-1, 0, 0), 5)
			return len(l), err
		},
		"Parts":    func(tx cordon.ReadTx) (int, error) { l, err := tx.Parts(id); return len(l), err },
		"PartsFor": func(tx cordon.ReadTx) (int, error) { l, err := tx.PartsFor(id, cordon.Cursor{}, 5); return len(l), err },
		"Notices": func(tx cordon.ReadTx) (int, error) {
			l, err := tx.Notices(cordon.Inbox{Org: id, Person: id, Roles: cordon.Roles()}, cordon.Cursor{}, 5)
			return len(l), err
		},
		"Channels":    func(tx cordon.ReadTx) (int, error) { l, err := tx.Channels(id); return len(l), err },
		"DueChannels": func(tx cordon.ReadTx) (int, error) { l, err := tx.DueChannels(base, 5); return len(l), err },
		"Incidents":   func(tx cordon.ReadTx) (int, error) { l, err := tx.Incidents(id); return len(l), err },
		"Facts":       func(tx cordon.ReadTx) (int, error) { l, err := tx.Facts(nil); return len(l), err },
		"Pending":     func(tx cordon.ReadTx) (int, error) { l, err := tx.Pending(5); return len(l), err },
		"Feed":        func(tx cordon.ReadTx) (int, error) { l, err := tx.Feed(id, 0, 5); return len(l), err },
		"FeedHeads":   func(tx cordon.ReadTx) (int, error) { l, err := tx.FeedHeads(); return len(l), err },
		"Ticks":       func(tx cordon.ReadTx) (int, error) { l, err := tx.Ticks(0, 5); return len(l), err },
		"Hashes":      func(tx cordon.ReadTx) (int, error) { l, err := tx.Hashes(nil); return len(l), err },
	} {
		view(t, s, func(tx cordon.ReadTx) error {
			n, err := length(tx)
			if n != 0 {
				t.Errorf("%s: got %d, want none", name, n)
			}
			return err
		})
	}
	// Adding nothing is no error.
	update(t, s, func(tx cordon.WriteTx) error {
		return errors.Join(tx.PutPortions(nil), tx.AddTokens(nil), tx.ReplaceTokens(nil), tx.AddDerivations(nil), tx.AddTearlines(nil), tx.AddEmergency(nil), tx.AddMatches(nil), tx.MovePortions(id, nil), tx.AddNotices(nil), tx.AddDeliveries(nil), tx.MarkRead(id, nil, base),
			tx.AddDisclosures(nil), tx.AddSteps(nil), tx.AddFacts(nil), tx.Place(nil), tx.PutHashes(nil), tx.PutFeedHeads(nil))
	})
}
