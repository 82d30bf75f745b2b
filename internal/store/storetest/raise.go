package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"cordon"
)

// FirstVersion is what a database of schema 1, the first that was released,
// may hold, as statements for both databases. Raised reads it.
const FirstVersion = `
INSERT INTO meta (key, value) VALUES ('k', '\x76'), ('people.first', '\x6565656565656565656565656565656565656565656565656562');
INSERT INTO organisations (id, name, folded, title, country, communities, generation)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeea', 'VALDOR', 'valdor', 'Valdor Service', 'USA', '["FVEY"]', 3);
INSERT INTO people (id, org, name, nationality, clearances, read_ins, roles, suspended, generation)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeeb', 'eeeeeeeeeeeeeeeeeeeeeeeeea', 'ana', '', '{"us":"S"}', '["us:SI"]', '["reader","administrator"]', 0, 1);
INSERT INTO organisations (id, name, folded, title, country, communities, generation) VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeek', 'TARSIS', 'tarsis', '', '', 'null', 0);
INSERT INTO people (id, org, name, nationality, clearances, read_ins, roles, suspended, generation)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeel', 'eeeeeeeeeeeeeeeeeeeeeeeeek', 'theo', '', 'null', 'null', '["administrator"]', 0, 0);
INSERT INTO tokens (id, person, hash, label, created, expires, revoked)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeec', 'eeeeeeeeeeeeeeeeeeeeeeeeeb', '\x3031323334353637383930313233343536373839303132333435363738393031', 'mine', 1779872400000000, -62135596800000000, 0);
INSERT INTO arrangements (id, drafter, name, mark, rule, parties, default_mark, equivalences, withheld, created, ended)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeed', 'eeeeeeeeeeeeeeeeeeeeeeeeea', '\x01', 'U', 7, '["eeeeeeeeeeeeeeeeeeeeeeeeea"]', 'U', 'null', 'silent', 1779872400000000, -62135596800000000);
INSERT INTO reports (id, kind, holder, author, arrangement, ref_token, compilation, created, generation)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeee', 'report', 'eeeeeeeeeeeeeeeeeeeeeeeeea', 'eeeeeeeeeeeeeeeeeeeeeeeeeb', '', NULL, '', 1779872400000000, 1);
INSERT INTO portions (id, report, ordinal, kind, mark, rule, state, created, place, body)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeef', 'eeeeeeeeeeeeeeeeeeeeeeeeee', 0, 'title', 'U', 7, 'live', 1779872400000000,
		'\x800652c8d625c4006565656565656565656565656565656565656565656565656566', '\x02');
INSERT INTO portion_keys (portion, key) VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeef', '\x03');
INSERT INTO report_rules (rule, place, report)
	VALUES (7, '\x800652c8d625c4006565656565656565656565656565656565656565656565656565', 'eeeeeeeeeeeeeeeeeeeeeeeeee');
INSERT INTO grants (id, owner, to_org, request, portions, shown_only, created, until, revoked)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeeg', 'eeeeeeeeeeeeeeeeeeeeeeeeea', 'eeeeeeeeeeeeeeeeeeeeeeeeea', '', '["eeeeeeeeeeeeeeeeeeeeeeeeef"]', 1, 1779872400000000, 1879872400000000, -62135596800000000);
INSERT INTO grant_portions (portion, grant_id) VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeef', 'eeeeeeeeeeeeeeeeeeeeeeeeeg');
INSERT INTO requests (id, requester, org, audience, portions, purpose, created, expires, withdrawn)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeeh', 'eeeeeeeeeeeeeeeeeeeeeeeeeb', 'eeeeeeeeeeeeeeeeeeeeeeeeea', 'eeeeeeeeeeeeeeeeeeeeeeeeea', '["eeeeeeeeeeeeeeeeeeeeeeeeef"]', '\x04', 1779872400000000, 1879872400000000, -62135596800000000);
INSERT INTO request_parts (id, request, owner, portions, state, decider, decided, reason, grant_id, tearline, created)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeei', 'eeeeeeeeeeeeeeeeeeeeeeeeeh', 'eeeeeeeeeeeeeeeeeeeeeeeeea', '["eeeeeeeeeeeeeeeeeeeeeeeeef"]', 'granted', 'eeeeeeeeeeeeeeeeeeeeeeeeeb', 1779872400000000, NULL, 'eeeeeeeeeeeeeeeeeeeeeeeeeg', '', 1779872400000000);
INSERT INTO notices (id, org, place, person, mark, body, created, read)
	VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeej', 'eeeeeeeeeeeeeeeeeeeeeeeeea', '\x800652c8d625c400656565656565656565656565656565656565656565656565656a', '', 'U', '\x05', 1779872400000000, -62135596800000000);
`

// Raised tests that what FirstVersion holds is all there, and means what it
// did, after the store was opened by this program.
func Raised(t *testing.T, s cordon.Store) {
	id := func(last string) cordon.ID { return cordon.ID("eeeeeeeeeeeeeeeeeeeeeeeee" + last) }
	then := time.UnixMicro(1779872400000000).UTC()
	// Until somebody has them signed, its rows verify under no key.
	var unverified *cordon.Unverified
	err := s.View(t.Context(), func(tx cordon.ReadTx) error { _, err := tx.Meta("k"); return err })
	if err != nil && !errors.As(err, &unverified) {
		t.Errorf("a row without a MAC: %v", err)
	}
	err = s.Update(t.Context(), func(tx cordon.WriteTx) error { _, err := tx.SignState(); return err })
	if err != nil && cordon.KindOf(err) != cordon.KindConflict {
		t.Fatal(err)
	}
	view(t, s, func(tx cordon.ReadTx) error {
		r, err := tx.VerifyState(10)
		// It has no words or prints of its portion, as a real one would.
		if len(r.Faults) > 0 || r.Rows == 0 {
			t.Errorf("signed, and yet: %+v", r)
		}
		return err
	})
	err = s.View(t.Context(), func(tx cordon.ReadTx) error {
		check := func(what string, ok bool, err error, got any) {
			t.Helper()
			if err != nil || !ok {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
		}
		o, err := tx.OrganisationByName("valdor")
		check("the organisation", o.ID == id("a") && slices.Equal(o.Communities, []string{"FVEY"}) && o.Ceiling == nil && o.Asked == nil, err, o)
		p, err := tx.Person(id("b"))
		check("the person", p.Clearances["us"] == "S" && len(p.ReadIns) == 1 && p.Has(cordon.RoleReader) && !p.Suspended && !p.Service, err, p)
		check("who ran the installation", p.Has(cordon.RoleAdministrator) && p.Has(cordon.RoleOperator), err, p)
		other, err := tx.Person(id("l"))
		check("another organisation's administrator", other.Has(cordon.RoleAdministrator) && !other.Has(cordon.RoleOperator), err, other)
		host, err := tx.Meta("people.host")
		check("the organisation that runs it", cordon.ID(host) == id("a"), err, host)
		k, err := tx.TokenByHash([32]byte([]byte("01234567890123456789012345678901")))
		check("the token", k.Person == p.ID && k.Expires.IsZero() && !k.Revoked, err, k)
		a, err := tx.Arrangement(id("d"))
		check("the arrangement", a.State == cordon.ArrangementStateInForce && a.Version == 1 && a.Onward == cordon.OnwardAsk && a.Recipients == nil &&
			a.Until.IsZero() && a.Ended.IsZero() && a.DefaultMark == "U", err, a)
		visible := cordon.Visibility{Rules: []cordon.RuleNo{7}}
		reports, err := tx.ReportPage(visible, cordon.Cursor{}, 10)
		check("the list of reports", len(reports) == 1 && reports[0].ID == id("e") && reports[0].Created.Equal(then), err, reports)
		counts, err := tx.Count(visible)
		check("the counts", counts == cordon.Counts{Reports: 1, Portions: 1}, err, counts)
		portions, err := tx.Portions(id("e"), visible)
		check("the portion", len(portions) == 1 && portions[0].State == cordon.PortionLive && string(portions[0].Key) == "\x03", err, portions)
		grants, err := tx.GrantsTo(id("a"), then)
		check("the grant", len(grants) == 1 && grants[0].LiveAt(then) && grants[0].ShownOnly && len(grants[0].Portions) == 1, err, grants)
		r, err := tx.Request(id("h"))
		check("the request", r.Withdrawn.IsZero() && len(r.Portions) == 1, err, r)
		part, err := tx.Part(id("i"))
		check("the part", part.State == cordon.PartGranted && part.Grant == id("g"), err, part)
		notices, err := tx.Notices(cordon.Inbox{Org: id("a"), Person: id("b"), Roles: []cordon.Role{cordon.RoleSecurityOfficer}}, cordon.Cursor{}, 10)
		check("the notice", len(notices) == 1 && notices[0].ID == id("j") && notices[0].Read.IsZero() && notices[0].Kind == cordon.NoticeOther && len(notices[0].Roles) == 2 && notices[0].Portions == nil, err, notices)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
