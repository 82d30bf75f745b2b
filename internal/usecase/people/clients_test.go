package people_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/writing"
)

// change has the administrator change the organisation.
func change(t *testing.T, w *casetest.World, name string, how func(*cordon.Organisation)) {
	t.Helper()
	o := w.Org[name]
	how(&o)
	o, err := people.ChangeOrganisation(context.Background(), w.Local(), o)
	if err != nil {
		t.Fatal(err)
	}
	w.Org[name] = o
}

// TestClientsReadWhatIsAmber: what a recipient, or the owner, was given under
// TLP:AMBER its clients may read, from the moment they are its clients until they
// are not; never what is stricter, and never clients of clients.
func TestClientsReadWhatIsAmber(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := w.Publish(t, "mara", []string{"VALDOR"}, "(TLP:AMBER) A title", "(TLP:AMBER) For clients.", "(TLP:AMBER+STRICT) Not for clients.").Report
		node := w.Node(t) // which has met the rule
		sees := func(when string, want ...string) {
			t.Helper()
			for _, n := range []*casetest.World{w, node} {
				if got := n.Texts(t, "theo", report); !slices.Equal(got, want) {
					t.Errorf("%s: %q, want %q", when, got, want)
				}
			}
		}
		amber := []string{"A title", "For clients."}
		sees("nobody's client")
		change(t, w, "TARSIS", func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{w.ID("VALDOR")} })
		sees("a recipient's client", amber...)
		change(t, w, "TARSIS", func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{w.ID("MERIDIAN")} })
		sees("the owner's client", amber...)
		change(t, w, "HUB", func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{w.ID("VALDOR")} })
		change(t, w, "TARSIS", func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{w.ID("HUB")} })
		sees("a client's client")
		change(t, w, "TARSIS", func(o *cordon.Organisation) { o.ClientOf = nil })
		sees("nobody's client any more")

		// It decides who reads what they were given, so they are told; nobody else is.
		for name, want := range map[string][2]int{"VALDOR": {2, 1}, "MERIDIAN": {1, 1}, "HUB": {1, 1}, "TARSIS": {0, 0}} {
			began, ended := w.Feed(t, name, cordon.ActClient, cordon.OutcomeAllowed), w.Feed(t, name, cordon.ActClientEnd, cordon.OutcomeAllowed)
			if len(began) != want[0] || len(ended) != want[1] {
				t.Errorf("%s is told of %d that became its clients and %d that ceased to be, want %v", name, len(began), len(ended), want)
			}
			for _, e := range began {
				if e.Subject != w.ID("TARSIS") && e.Subject != w.ID("HUB") {
					t.Errorf("%s is told of %s", name, e.Subject)
				}
			}
		}
	})
}

// TestWhatManyOwnToldClients: a client of one owner's recipients reads what
// several own only if every owner's marking lets it.
func TestWhatManyOwnToldClients(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	amber := w.Publish(t, "mara", []string{"VALDOR"}, "(TLP:AMBER) One", "(TLP:AMBER) Said to the clients too.")
	strict := w.Publish(t, "mara", []string{"VALDOR"}, "(TLP:AMBER+STRICT) Two", "(TLP:AMBER+STRICT) Said to nobody else.")
	change(t, w, "TARSIS", func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{w.ID("VALDOR")} })
	for name, tt := range map[string]struct {
		mark    string
		sources []cordon.ID
		reads   bool
	}{
		"of amber":            {"TLP:AMBER", []cordon.ID{amber.Portions[1].ID}, true},
		"of strict":           {"TLP:AMBER", []cordon.ID{strict.Portions[1].ID}, false},
		"of both":             {"TLP:AMBER", []cordon.ID{amber.Portions[1].ID, strict.Portions[1].ID}, false},
		"of amber, in strict": {"TLP:AMBER+STRICT", []cordon.ID{amber.Portions[1].ID}, false},
	} {
		draft := w.Draft(t, []string{"MERIDIAN"}, "("+tt.mark+") Memo "+name, "("+tt.mark+") Said again in other words, "+name)
		for i := range draft.Portions {
			draft.Portions[i].Sources = tt.sources
		}
		draft.Kind = cordon.ReportMemo
		memo, err := writing.Publish(ctx, w.By(w.ID("ana")), draft)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Texts(t, "theo", memo.Report); slices.Contains(got, "Said again in other words, "+name) != tt.reads {
			t.Errorf("%s: a client reads %q", name, got)
		}
	}
}

// TestAClientRelationIsForTheTwoOfThem in the directory.
func TestAClientRelationIsForTheTwoOfThem(t *testing.T) {
	w := casetest.New(t)
	change(t, w, "TARSIS", func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{w.ID("MERIDIAN"), w.ID("VALDOR")} })
	for person, want := range map[string][]string{
		"theo": {"MERIDIAN", "VALDOR"}, "root": {"MERIDIAN", "VALDOR"}, "mara": {"MERIDIAN"}, "ana": {"VALDOR"},
	} {
		list, err := people.Organisations(context.Background(), w.By(w.ID(person)))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list {
			var got []cordon.ID
			for _, name := range want {
				got = append(got, w.ID(name))
			}
			if o.Name != "TARSIS" {
				got = nil
			}
			if !slices.Equal(o.ClientOf, got) && len(o.ClientOf)+len(got) > 0 {
				t.Errorf("%s is told that %s is a client of %v", person, o.Name, o.ClientOf)
			}
		}
	}
}

// TestCommunities: a reader who joins or leaves one is ruled by it at once; what
// an owner let its community have stays with the community it had then.
func TestCommunities(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		green := func() cordon.ID { return w.Publish(t, "mara", nil, "(TLP:GREEN) For the community").Report }
		report := green()
		reads := func(when string, report cordon.ID, want bool) {
			t.Helper()
			if got := w.Texts(t, "theo", report); (len(got) == 1) != want {
				t.Errorf("%s: %q", when, got)
			}
		}
		reads("of no community", report, false)
		change(t, w, "TARSIS", func(o *cordon.Organisation) { o.Communities = []string{"FIN-ISAC"} })
		reads("joined", report, true)
		change(t, w, "MERIDIAN", func(o *cordon.Organisation) { o.Communities = []string{"SEA-ISAC"} })
		reads("the owner has moved on", report, true)
		later := green()
		reads("written after that", later, false)
		change(t, w, "TARSIS", func(o *cordon.Organisation) { o.Communities = []string{"SEA-ISAC"} })
		reads("left", report, false)
		reads("followed", later, true)
	})
}

func TestCountry(t *testing.T) {
	w := casetest.New(t)
	report := w.Publish(t, "mara", []string{"TARSIS"}, "(S//REL TO USA, GBR) A title").Report
	for _, step := range []struct {
		country string
		reads   bool
	}{{"FRA", false}, {"USA", true}, {"FRA", false}, {"", false}} {
		change(t, w, "TARSIS", func(o *cordon.Organisation) { o.Country = step.country })
		if got := w.Texts(t, "theo", report); (len(got) > 0) != step.reads {
			t.Errorf("of %q: %q", step.country, got)
		}
	}
}

// TestAReadInCountsWhileItIsHeld: judged at the very request.
func TestAReadInCountsWhileItIsHeld(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		mara := w.Person["mara"]
		mara.Clearances, mara.ReadIns = map[string]string{"us": "TS"}, cordon.ReadIns("us:SI")
		if _, err := people.ChangePerson(context.Background(), w.Local(), mara); err != nil {
			t.Fatal(err)
		}
		report := w.Publish(t, "mara", []string{"VALDOR"}, "(TS//SI) A title").Report
		ana := w.Person["ana"]
		start := w.Clock.Now()
		ana.Clearances = mara.Clearances
		ana.ReadIns = []cordon.ReadIn{
			{Compartment: "us:SI", From: start.Add(time.Hour), Until: start.Add(2 * time.Hour)},
			{Compartment: "us:SI", From: start.Add(4 * time.Hour)},
		}
		if _, err := people.ChangePerson(context.Background(), w.Local(), ana); err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{false, true, false, false, true} {
			if got := w.Texts(t, "ana", report); (len(got) == 1) != want {
				t.Errorf("after %d hours: %q", i, got)
			}
			w.Clock.Advance(time.Hour)
		}
	})
}

func TestWhatIsNoChange(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	tarsis := w.Org["TARSIS"]
	for name, tt := range map[string]struct {
		how  func(*cordon.Organisation)
		kind cordon.Kind
	}{
		"its own client":       {func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{o.ID} }, cordon.KindInvalid},
		"a client of nobody":   {func(o *cordon.Organisation) { o.ClientOf = []cordon.ID{cordon.NewID()} }, cordon.KindInvalid},
		"of too many":          {func(o *cordon.Organisation) { o.ClientOf = make([]cordon.ID, cordon.MaxMemberships+1) }, cordon.KindTooLarge},
		"another's name":       {func(o *cordon.Organisation) { o.Name = "valdor" }, cordon.KindConflict},
		"one that is not":      {func(o *cordon.Organisation) { o.ID = cordon.NewID() }, cordon.KindNotFound},
		"no such community":    {func(o *cordon.Organisation) { o.Communities = []string{"five eyes"} }, cordon.KindInvalid},
		"too many memberships": {func(o *cordon.Organisation) { o.Communities = slices.Repeat([]string{"FVEY"}, cordon.MaxMemberships+1) }, cordon.KindTooLarge},
	} {
		o := tarsis
		tt.how(&o)
		if _, err := people.ChangeOrganisation(ctx, w.Local(), o); cordon.KindOf(err) != tt.kind {
			t.Errorf("%s: %v, want %v", name, err, tt.kind)
		}
	}
	for _, person := range []string{"theo", "sol"} {
		if _, err := people.ChangeOrganisation(ctx, w.By(w.ID(person)), tarsis); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("%s changes an organisation: %v", person, err)
		}
	}
	if told := w.Feed(t, "VALDOR", cordon.ActClient, cordon.OutcomeAllowed); len(told) > 0 {
		t.Errorf("what did not happen is in a feed: %+v", told)
	}
	theo := w.Person["theo"]
	at := w.Clock.Now()
	for name, r := range map[string]cordon.ReadIn{
		"ends before it begins": {Compartment: "us:SI", From: at, Until: at},
		"no scheme":             {Compartment: "SI"},
		"dates in its name":     {Compartment: "us:SI@2026-01-01.."},
		"beyond the calendar":   {Compartment: "us:SI", Until: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		theo.ReadIns = []cordon.ReadIn{r}
		if _, err := people.ChangePerson(ctx, w.Local(), theo); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("a read-in, %s: %v", name, err)
		}
	}
	theo.ReadIns = make([]cordon.ReadIn, cordon.MaxReadIns+1)
	if _, err := people.ChangePerson(ctx, w.Local(), theo); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("too many read-ins: %v", err)
	}
}
