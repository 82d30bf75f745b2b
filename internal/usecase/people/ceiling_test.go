package people_test

import (
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
)

// TestACeiling bounds what is read at the very next request, whatever is written of
// people; an administrator gives nothing above it and raises it by nothing but
// asking; an operator raises it no further than was asked.
func TestACeiling(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		authorities(t, w)
		ctx := t.Context()
		tess, oper, tarsis := w.By(w.ID("tess")), w.By(w.ID("oper")), w.ID("TARSIS")
		report := w.Publish(t, "mara", []string{"TARSIS"}, "(S//REL TO USA, FRA, GBR) A title").Report
		node := w.Node(t) // which has met the rule
		reads := func(when string, want bool) {
			t.Helper()
			for _, n := range []*casetest.World{w, node} {
				if got := n.Texts(t, "theo", report); (len(got) == 1) != want {
					t.Errorf("%s: %q", when, got)
				}
			}
		}
		level := func(l string, readIns ...string) cordon.Ceiling {
			return cordon.Ceiling{Clearances: map[string]string{"us": l}, ReadIns: readIns}
		}
		set := func(what string, to cordon.Ceiling, want cordon.Kind) {
			t.Helper()
			if _, err := people.SetCeiling(ctx, oper, tarsis, to); cordon.KindOf(err) != want || (err == nil) != (want == 0) {
				t.Errorf("%s: %v", what, err)
			}
		}
		reads("without a bound", true)
		set("lowered", level("C"), 0)
		reads("under a lower ceiling", false)
		set("raised unasked", level("S"), cordon.KindDenied)

		theo := w.Person["theo"]
		if _, err := people.ChangePerson(ctx, tess, theo); err != nil { // as he is
			t.Errorf("somebody who holds more from before cannot be changed: %v", err)
		}
		for what, holds := range map[string]cordon.Person{
			"a level":   {Clearances: map[string]string{"us": "TS"}},
			"a read-in": {Clearances: map[string]string{"us": "C"}, ReadIns: cordon.ReadIns("us:SI")},
		} {
			holds.ID, holds.Org, holds.Name = theo.ID, theo.Org, theo.Name
			if _, err := people.ChangePerson(ctx, tess, holds); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "is above what people of TARSIS can hold") {
				t.Errorf("%s above the ceiling: %v", what, err)
			}
			holds.Name = "new " + what
			if _, err := people.AddPerson(ctx, tess, holds); cordon.KindOf(err) != cordon.KindInvalid {
				t.Errorf("somebody is added with %s above the ceiling: %v", what, err)
			}
		}

		// Nobody but its administrators asks, and nobody but operators sets it.
		for who, want := range map[string]cordon.Kind{"hana": cordon.KindDenied, "oper": cordon.KindDenied, "theo": cordon.KindDenied} {
			if _, err := people.AskCeiling(ctx, w.By(w.ID(who)), tarsis, level("TS")); cordon.KindOf(err) != want || err == nil {
				t.Errorf("%s asks: %v", who, err)
			}
		}
		if _, err := people.SetCeiling(ctx, tess, tarsis, level("TS")); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("an administrator raises the ceiling of their own organisation: %v", err)
		}
		if _, err := people.AskCeiling(ctx, tess, tarsis, level("S", "us:SI")); err != nil {
			t.Fatal(err)
		}
		reads("asked and not given", false)
		set("above what was asked", level("TS"), cordon.KindDenied)
		set("with another compartment", level("S", "us:TK"), cordon.KindDenied)
		set("as asked", level("S", "us:SI"), 0)
		reads("as asked", true)
		set("once more", level("TS"), cordon.KindDenied)

		// Both feeds have each act, and nobody else is shown the ceiling.
		for _, org := range []string{"TARSIS", "HUB"} {
			var changes []string
			for _, e := range w.Feed(t, org, cordon.ActOrg, cordon.OutcomeAllowed) {
				if len(e.Reasons) > 0 && e.Subject == tarsis && strings.HasPrefix(e.Reasons[0], "ceiling") {
					changes = append(changes, strings.Join(e.Reasons, ", "))
				}
			}
			if want := []string{
				"ceiling, ceiling us from none to C",
				"ceiling-asked, ceiling-asked read-in us:SI given, ceiling-asked us from C to S",
				"ceiling, ceiling read-in us:SI given, ceiling us from C to S",
			}; !slices.Equal(changes, want) { // lowered, asked, raised
				t.Errorf("the feed of %s has of the ceiling:\n%s\nwant\n%s", org, strings.Join(changes, "\n"), strings.Join(want, "\n"))
			}
		}
		for who, sees := range map[string]bool{"oper": true, "tess": true, "hana": false, "ana": false} {
			all, err := people.Organisations(ctx, w.By(w.ID(who)))
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range all {
				if o.ID == tarsis && (o.Ceiling != nil) != sees {
					t.Errorf("%s is shown %+v", who, o)
				}
			}
		}
	})
}

// TestSecurityOfficersAreToldOfRights that are raised in their organisation, and of
// ways in that somebody else made; nobody else is told.
func TestSecurityOfficersAreToldOfRights(t *testing.T) {
	w := casetest.New(t)
	authorities(t, w)
	ctx, tess, oper := t.Context(), w.By(w.ID("tess")), w.By(w.ID("oper"))
	inbox := func(who string) []notice.Notice {
		list, err := notice.List(ctx, w.By(w.ID(who)), cordon.Cursor{}, 50)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	raised := w.Person["theo"]
	raised.Clearances = map[string]string{"us": "TS"}
	raised.ReadIns = cordon.ReadIns("us:SI")
	for _, step := range []struct {
		says string // nothing where nobody is told
		does func() error
	}{
		{"tess changed who may do what: theo was given the clearance us=TS, the read-in us:SI.", func() error { _, err := people.ChangePerson(ctx, tess, raised); return err }},
		{"", func() error { _, err := people.ChangePerson(ctx, tess, w.Person["theo"]); return err }}, // lowered
		{"tess changed who may do what: rita was given the role administrator.", func() error {
			_, err := people.AddPerson(ctx, tess, cordon.Person{Org: w.ID("TARSIS"), Name: "rita", Roles: []cordon.Role{cordon.RoleAdministrator}})
			return err
		}},
		{"", func() error {
			_, err := people.AddPerson(ctx, tess, cordon.Person{Org: w.ID("TARSIS"), Name: "nobody"})
			return err
		}},
		{"tess changed who may do what: a way to sign in as theo was made: enrolment.", func() error { _, _, _, err := w.SignIn.Enrol(ctx, tess, w.ID("theo")); return err }},
		{"tess changed who may do what: a way to sign in as theo was made: certificate.", func() error {
			_, err := w.SignIn.AddCertificate(ctx, tess, w.ID("theo"), "dns:theo")
			return err
		}},
		{"An operator of the installation changed who may do what: the ceiling of what your people can hold was raised to us=S.", func() error {
			if _, err := people.SetCeiling(ctx, oper, w.ID("TARSIS"), cordon.Ceiling{}); err != nil {
				return err
			}
			to := cordon.Ceiling{Clearances: map[string]string{"us": "S"}}
			if _, err := people.AskCeiling(ctx, tess, w.ID("TARSIS"), to); err != nil {
				return err
			}
			_, err := people.SetCeiling(ctx, oper, w.ID("TARSIS"), to)
			return err
		}},
	} {
		before := len(inbox("theo")) // who is TARSIS's security officer
		if err := step.does(); err != nil {
			t.Fatalf("%s: %v", step.says, err)
		}
		now := inbox("theo")
		switch {
		case step.says == "" && len(now) != before:
			t.Errorf("told of what raises nothing: %q", now[0].Text)
		case step.says != "" && (len(now) != before+1 || now[0].Text != step.says):
			t.Errorf("told %d times, last %+v, want %q", len(now)-before, now[0], step.says)
		}
	}
	for _, who := range []string{"tess", "hana", "oper", "ana", "mara"} {
		if list := inbox(who); len(list) > 0 {
			t.Errorf("%s is told %q", who, list[0].Text)
		}
	}
}
