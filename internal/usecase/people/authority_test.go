package people_test

import (
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
)

// authorities are the world with one of each kind of authority, who hold nothing
// besides: an operator and an administrator of HUB, which runs it, and an
// administrator of TARSIS.
func authorities(t *testing.T, w *casetest.World) {
	t.Helper()
	for _, p := range []struct {
		org, name string
		role      cordon.Role
	}{{"HUB", "oper", cordon.RoleOperator}, {"HUB", "hana", cordon.RoleAdministrator}, {"TARSIS", "tess", cordon.RoleAdministrator}} {
		added, err := people.AddPerson(t.Context(), w.Local(), cordon.Person{Org: w.ID(p.org), Name: p.name, Roles: []cordon.Role{p.role}})
		if err != nil {
			t.Fatal(err)
		}
		w.Person[p.name] = added
	}
	if _, _, err := people.NewToken(t.Context(), w.By(w.ID("tess")), w.ID("tess"), people.TokenDraft{}); err != nil { // she has come in
		t.Fatal(err)
	}
}

// TestEachAuthorityHasItsOwn: operators keep organisations and see none of their
// people, administrators look after their own organisation's people and nobody
// else's, and nobody makes a token for somebody else. Somebody of another
// organisation is as absent as an id that was never given.
func TestEachAuthorityHasItsOwn(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		authorities(t, w)
		ctx := t.Context()
		n := 0
		fresh := func(name string) string { n++; return name + " " + strings.Repeat("x", n) }
		program, err := people.AddPerson(ctx, w.By(w.ID("tess")), cordon.Person{Org: w.ID("TARSIS"), Name: "import", Service: true, Roles: []cordon.Role{cordon.RoleAuthor}})
		if err != nil {
			t.Fatal(err)
		}
		const fine = cordon.Kind(0) // KindOf of nothing
		const denied, absent = cordon.KindDenied, cordon.KindNotFound
		for what, tt := range map[string]struct {
			try func(by act.Caller, theo cordon.ID) error // of TARSIS
			// what the operator, TARSIS's and HUB's administrators, and a colleague of
			// theo's are answered
			oper, tess, hana, theo cordon.Kind
			named                  bool // theo is not named by an id
		}{
			"change": {oper: denied, hana: absent, theo: denied, try: func(by act.Caller, id cordon.ID) error {
				p := w.Person["theo"]
				p.ID, p.Clearances = id, map[string]string{"us": "TS"}
				_, err := people.ChangePerson(ctx, by, p)
				return err
			}},
			"make an operator of": {oper: denied, tess: denied, hana: absent, theo: denied, try: func(by act.Caller, id cordon.ID) error {
				p := w.Person["theo"]
				p.ID, p.Roles = id, []cordon.Role{cordon.RoleOperator}
				_, err := people.ChangePerson(ctx, by, p)
				return err
			}},
			"look at": {oper: absent, hana: absent, try: func(by act.Caller, id cordon.ID) error {
				_, err := people.Person(ctx, by, id)
				return err
			}},
			"token": {oper: denied, tess: denied, hana: absent, try: func(by act.Caller, id cordon.ID) error {
				_, _, err := people.NewToken(ctx, by, id, people.TokenDraft{})
				return err
			}},
			"tokens of": {oper: denied, hana: absent, try: func(by act.Caller, id cordon.ID) error {
				_, err := people.Tokens(ctx, by, id, cordon.Cursor{}, 9)
				return err
			}},
			"revoke a token of": {oper: denied, tess: absent, hana: absent, theo: absent, try: func(by act.Caller, id cordon.ID) error {
				return people.RevokeToken(ctx, by, id, cordon.NewID())
			}},
			"enrol": {oper: denied, hana: absent, theo: denied, try: func(by act.Caller, id cordon.ID) error {
				_, _, _, err := w.SignIn.Enrol(ctx, by, id)
				return err
			}},
			"certificate": {oper: denied, hana: absent, theo: denied, try: func(by act.Caller, id cordon.ID) error {
				_, err := w.SignIn.AddCertificate(ctx, by, id, "dns:"+string(cordon.NewID()))
				return err
			}},
			"credentials of": {oper: denied, hana: absent, try: func(by act.Caller, id cordon.ID) error {
				_, err := w.SignIn.Credentials(ctx, by, id)
				return err
			}},
			"drop a credential of": {oper: denied, tess: absent, hana: absent, theo: absent, try: func(by act.Caller, id cordon.ID) error {
				return w.SignIn.DropCredential(ctx, by, id, cordon.NewID())
			}},
			"sessions of": {oper: denied, hana: absent, try: func(by act.Caller, id cordon.ID) error {
				_, err := w.SignIn.Sessions(ctx, by, id, cordon.Cursor{}, 9)
				return err
			}},
			"end a session of": {oper: denied, tess: absent, hana: absent, theo: absent, try: func(by act.Caller, id cordon.ID) error {
				return w.SignIn.EndSession(ctx, by, id, cordon.NewID())
			}},
			"people": {named: true, oper: absent, hana: absent, try: func(by act.Caller, _ cordon.ID) error {
				_, err := people.People(ctx, by, w.ID("TARSIS"))
				return err
			}},
			"add": {named: true, oper: denied, hana: denied, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, err := people.AddPerson(ctx, by, cordon.Person{Org: w.ID("TARSIS"), Name: fresh("new")})
				return err
			}},
			"a program's token": {named: true, oper: denied, hana: absent, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, _, err := people.NewToken(ctx, by, program.ID, people.TokenDraft{})
				return err
			}},
			"enrol a program": {named: true, oper: denied, tess: cordon.KindInvalid, hana: absent, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, _, _, err := w.SignIn.Enrol(ctx, by, program.ID)
				return err
			}},
			"add an organisation": {named: true, tess: denied, hana: denied, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, err := people.AddOrganisation(ctx, by, cordon.Organisation{Name: fresh("NEW")})
				return err
			}},
			"change an organisation": {named: true, tess: denied, hana: denied, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, err := people.ChangeOrganisation(ctx, by, w.Org["TARSIS"])
				return err
			}},
			"invite to an organisation that is administered": {named: true, oper: cordon.KindConflict, tess: denied, hana: denied, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, _, _, err := w.SignIn.Invite(ctx, by, w.ID("TARSIS"), "mole")
				return err
			}},
			"change an operator": {named: true, tess: absent, oper: denied, hana: denied, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, err := people.ChangePerson(ctx, by, w.Person["oper"])
				return err
			}},
			"enrol an operator": {named: true, tess: absent, oper: denied, hana: denied, theo: denied, try: func(by act.Caller, _ cordon.ID) error {
				_, _, _, err := w.SignIn.Enrol(ctx, by, w.ID("oper"))
				return err
			}},
		} {
			for who, want := range map[string]cordon.Kind{"oper": tt.oper, "tess": tt.tess, "hana": tt.hana, "theo": tt.theo} {
				err := tt.try(w.By(w.ID(who)), w.ID("theo"))
				if (err == nil) != (want == fine) || err != nil && cordon.KindOf(err) != want {
					t.Errorf("%s as %s: %v, want %v", what, who, err, want)
				}
				if tt.named || want == fine || who == "tess" || who == "theo" {
					continue
				}
				if none := tt.try(w.By(w.ID(who)), cordon.NewID()); none == nil || none.Error() != err.Error() {
					t.Errorf("%s as %s: %v, and of nobody %v", what, who, err, none)
				}
			}
		}
	})
}

// TestEachActOfAnAuthorityIsInTheFeedItConcerns, and in that of the organisation
// which runs the installation, where no other's people are named.
func TestEachActOfAnAuthorityIsInTheFeedItConcerns(t *testing.T) {
	w := casetest.New(t)
	authorities(t, w)
	ctx := t.Context()
	tess, oper := w.By(w.ID("tess")), w.By(w.ID("oper"))
	count := func() map[string]int {
		n := make(map[string]int)
		for _, org := range []string{"HUB", "TARSIS", "VALDOR", "MERIDIAN"} {
			for _, a := range []cordon.Act{cordon.ActPerson, cordon.ActToken, cordon.ActCredential, cordon.ActSignOut, cordon.ActOrg} {
				n[org] += len(w.Feed(t, org, a, cordon.OutcomeAllowed))
			}
		}
		return n
	}
	program := cordon.Person{Org: w.ID("TARSIS"), Name: "import", Service: true}
	var token cordon.Token
	for _, step := range []struct {
		what string
		does func() error
	}{
		{"a person", func() (err error) { program, err = people.AddPerson(ctx, tess, program); return err }},
		{"a change", func() error {
			_, err := people.ChangePerson(ctx, tess, w.Person["theo"])
			return err
		}},
		{"a token", func() (err error) {
			_, token, err = people.NewToken(ctx, tess, program.ID, people.TokenDraft{})
			return err
		}},
		{"a revocation", func() error { return people.RevokeToken(ctx, tess, program.ID, token.ID) }},
		{"an enrolment", func() error { _, _, _, err := w.SignIn.Enrol(ctx, tess, w.ID("theo")); return err }},
		{"a certificate", func() error { _, err := w.SignIn.AddCertificate(ctx, tess, w.ID("theo"), "dns:theo"); return err }},
		{"an organisation", func() error { _, err := people.ChangeOrganisation(ctx, oper, w.Org["TARSIS"]); return err }},
	} {
		before := count()
		if err := step.does(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		after := count()
		for org, want := range map[string]int{"HUB": 1, "TARSIS": 1, "VALDOR": 0, "MERIDIAN": 0} {
			if got := after[org] - before[org]; got != want {
				t.Errorf("%s leaves %d entries in the feed of %s, want %d", step.what, got, org, want)
			}
		}
	}
	for _, a := range []cordon.Act{cordon.ActPerson, cordon.ActToken, cordon.ActCredential} {
		theirs := w.Feed(t, "TARSIS", a, cordon.OutcomeAllowed)
		if !slices.ContainsFunc(theirs, func(e cordon.Entry) bool {
			return e.Actor == w.ID("tess") && (e.Subject == w.ID("theo") || e.Subject == program.ID)
		}) {
			t.Errorf("%s does not say in their own feed who did it to whom: %+v", a, theirs)
		}
		for _, e := range w.Feed(t, "HUB", a, cordon.OutcomeAllowed) {
			if e.Subject == w.ID("theo") || e.Subject == program.ID {
				t.Errorf("%s names another organisation's person in the feed of the installation", a)
			}
		}
	}
	// An attempt on somebody of theirs is in their feed too.
	if _, err := people.ChangePerson(ctx, w.By(w.ID("hana")), w.Person["theo"]); cordon.KindOf(err) != cordon.KindNotFound {
		t.Fatal(err)
	}
	tried := w.Feed(t, "TARSIS", cordon.ActPerson, cordon.OutcomeRefused)
	if len(tried) != 1 || tried[0].Actor != w.In("TARSIS", "hana") || tried[0].Actor == w.ID("hana") || tried[0].Subject != w.ID("theo") {
		t.Errorf("the attempt is recorded as %+v", tried)
	}
}

// TestAnInvitation is good for the first administrator, and for another while that
// one has not come.
func TestAnInvitation(t *testing.T) {
	w := casetest.New(t)
	authorities(t, w)
	ctx, oper := t.Context(), w.By(w.ID("oper"))
	const password = "correct horse battery"
	org, err := people.AddOrganisation(ctx, oper, cordon.Organisation{Name: "ORDEN"})
	if err != nil {
		t.Fatal(err)
	}
	olga, lost, _, err := w.SignIn.Invite(ctx, oper, org.ID, "Olga")
	if err != nil || !slices.Equal(olga.Roles, []cordon.Role{cordon.RoleAdministrator}) || len(olga.Clearances) > 0 {
		t.Fatalf("invited %+v, %v", olga, err)
	}
	again, second, _, err := w.SignIn.Invite(ctx, oper, org.ID, "olga")
	if err != nil || again.ID != olga.ID {
		t.Fatalf("invited again: %+v, %v", again, err)
	}
	omar, third, _, err := w.SignIn.Invite(ctx, oper, org.ID, "Omar")
	if err != nil || omar.ID == olga.ID {
		t.Fatalf("invited in her place: %+v, %v", omar, err)
	}
	for what, secret := range map[string]string{"the first": lost, "the second": second} {
		if _, err := w.SignIn.EnrolPassword(ctx, secret, password); cordon.KindOf(err) != cordon.KindUnauthenticated {
			t.Errorf("%s invitation lets somebody in: %v", what, err)
		}
	}
	if _, err := w.SignIn.EnrolPassword(ctx, third, password); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Omar", "Oskar"} {
		if _, _, _, err := w.SignIn.Invite(ctx, oper, org.ID, name); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("%s is invited where there is an administrator: %v", name, err)
		}
	}
	if _, err := people.AddPerson(ctx, w.By(omar.ID), cordon.Person{Org: org.ID, Name: "Rita", Roles: []cordon.Role{cordon.RoleReader}}); err != nil {
		t.Errorf("the administrator invited looks after nobody: %v", err)
	}
}

// TestTheLastAdministratorStays: nobody leaves an organisation without one by
// dropping the role, or by being suspended; a program's account is none.
func TestTheLastAdministratorStays(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		authorities(t, w)
		ctx := t.Context()
		tess := w.By(w.ID("tess"))
		for _, change := range []func(*cordon.Person){
			func(p *cordon.Person) { p.Roles = nil },
			func(p *cordon.Person) { p.Suspended = true },
		} {
			p := w.Person["tess"]
			change(&p)
			if _, err := people.ChangePerson(ctx, tess, p); cordon.KindOf(err) != cordon.KindConflict {
				t.Errorf("%+v: %v", p, err)
			}
		}
		theo := w.Person["theo"]
		theo.Roles = append(slices.Clone(theo.Roles), cordon.RoleAdministrator)
		if _, err := people.ChangePerson(ctx, tess, theo); err != nil {
			t.Fatal(err)
		}
		p := w.Person["tess"]
		p.Roles = nil
		if _, err := people.ChangePerson(ctx, tess, p); err != nil {
			t.Errorf("there is another: %v", err)
		}
		theo.Suspended = true
		if _, err := people.ChangePerson(ctx, w.Local(), theo); err != nil {
			t.Errorf("on the data itself: %v", err)
		}
	})
}

// TestAProgramsAccountDecidesNothing, is not enrolled, and stays one.
func TestAProgramsAccountDecidesNothing(t *testing.T) {
	w := casetest.New(t)
	authorities(t, w)
	tess := w.By(w.ID("tess"))
	for _, role := range cordon.Roles() {
		_, err := people.AddPerson(t.Context(), tess, cordon.Person{Org: w.ID("TARSIS"), Name: "feed " + string(role), Service: true, Roles: []cordon.Role{role}})
		if may := slices.Contains(cordon.ServiceRoles(), role); (err == nil) != may {
			t.Errorf("with the role %s: %v", role, err)
		}
	}
	theo := w.Person["theo"]
	theo.Service, theo.Roles = true, nil
	if _, err := people.ChangePerson(t.Context(), tess, theo); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("a person is made a program's account: %v", err)
	}
}
