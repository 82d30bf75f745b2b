package reading_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
)

const (
	cityText  = "The courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier."
	plainText = "Shipping through the northern harbour has slowed since the spring floods."
)

func texts(hits []reading.Hit) (out []string) {
	for _, h := range hits {
		out = append(out, h.Text)
	}
	return out
}

func TestEachReaderSeesWhatHeMay(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := w.Publish(t, "mara", []string{"VALDOR"},
			"(U) Harbour notes", "(U) "+plainText, "(S//REL TO USA, GBR) "+cityText, "(TS//SI//REL TO USA, GBR) The intercept confirms it.")
		if report.Banner != "TOP SECRET//SI//REL TO USA, GBR" {
			t.Errorf("banner %q", report.Banner)
		}
		for person, want := range map[string][]string{
			"ana":  {"Harbour notes", plainText, cityText}, // cleared S, not read in
			"mara": {"Harbour notes", plainText, cityText},
			"theo": nil, // third party: nothing at all
			"root": nil, // runs the installation and reads nothing by it
		} {
			if got := w.Texts(t, person, report.Report); !slices.Equal(got, want) {
				t.Errorf("%s reads %q, want %q", person, got, want)
			}
			items, _, err := reading.List(context.Background(), w.By(w.ID(person)), reading.Page{})
			if err != nil || (len(items) == 1) != (want != nil) {
				t.Errorf("%s lists %+v, %v", person, items, err)
			}
			found, err := reading.Search(context.Background(), w.By(w.ID(person)), reading.Query{Text: "crates PIER"})
			if err != nil || slices.Contains(texts(found.Hits), cityText) != (want != nil) || len(found.Hits) > 1 {
				t.Errorf("%s finds %q, %v", person, texts(found.Hits), err)
			}
		}
		out, err := reading.Open(context.Background(), w.By(w.ID("ana")), string(report.Report), cordon.ActRead)
		if err != nil {
			t.Fatal(err)
		}
		if out.Banner != "SECRET//REL TO USA, GBR" {
			t.Errorf("ana is shown banner %q: it must be of what she is shown", out.Banner)
		}
		if strings.Contains(fmt.Sprintf("%+v", out), "SI") {
			t.Errorf("the rendition tells of what is withheld: %+v", out)
		}
	})
}

func TestWithheldAndAbsentAreTheSame(t *testing.T) {
	w := casetest.New(t)
	report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+plainText)
	_, withheld := reading.Open(context.Background(), w.By(w.ID("theo")), string(report.Report), cordon.ActRead)
	_, absent := reading.Open(context.Background(), w.By(w.ID("theo")), string(cordon.NewID()), cordon.ActRead)
	_, noRef := reading.Open(context.Background(), w.By(w.ID("theo")), "no such ref", cordon.ActRead)
	for _, err := range []error{withheld, absent, noRef} {
		if err != error(cordon.ErrNotFound) {
			t.Errorf("%#v, want ErrNotFound itself", err)
		}
	}
}

func TestAWithheldPortionShowsAsTheArrangementSays(t *testing.T) {
	w := casetest.New(t)
	for _, tt := range []struct {
		how  cordon.Withheld
		want string
	}{
		{cordon.Silent, "title:U paragraph:U"},
		{cordon.ShowMark, "title:U paragraph:withheld TS//NF paragraph:U"},
	} {
		a := arranged(t, w, tt.how)
		draft := w.Draft(t, nil, "(U) Harbour notes", "(TS//NF) Hidden.", "(U) "+plainText)
		draft.Arrangement = a
		out, err := reading.Publish(context.Background(), w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := reading.Open(context.Background(), w.By(w.ID("ana")), string(out.Report), cordon.ActRead)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range shown.Portions {
			mark := p.Mark
			if p.Withheld {
				mark = "withheld " + mark
				if p.Text != "" || p.ID != "" {
					t.Errorf("a withheld portion shows %+v", p)
				}
			}
			got = append(got, string(p.Kind)+":"+mark)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %s, want %s", tt.how, strings.Join(got, " "), tt.want)
		}
	}
}

func TestADerivativeInheritsMarkingAndOwners(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText, "(U) "+plainText)
		city := report.Portions[1].ID
		memo := w.Draft(t, []string{"MERIDIAN", "TARSIS"}, "(U) Memo", "(U) A meeting took place.")
		memo.Kind = cordon.Memo
		memo.Portions[0].Sources = []cordon.ID{city}
		out, err := reading.Publish(context.Background(), w.By(w.ID("ana")), memo)
		if err != nil {
			t.Fatal(err)
		}
		got := out.Portions[1]
		if got.Mark != "S//REL TO USA, GBR" || !got.Raised {
			t.Errorf("the derived portion is marked %q (raised %v)", got.Mark, got.Raised)
		}
		owners := []cordon.ID{w.ID("MERIDIAN"), w.ID("VALDOR")}
		slices.Sort(owners)
		if !slices.Equal(got.Owners, owners) {
			t.Errorf("owners %v, want both", got.Owners)
		}
		// VALDOR gave its memo to TARSIS; MERIDIAN did not.
		if read := w.Texts(t, "theo", out.Report); !slices.Equal(read, []string{"Memo"}) {
			t.Errorf("the third party reads %q", read)
		}
		if read := w.Texts(t, "mara", out.Report); len(read) != 2 {
			t.Errorf("the originator reads %q", read)
		}
	})
}

func TestPastedTextIsFoundAndTreatedTheSame(t *testing.T) {
	w := casetest.New(t)
	w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText)
	out := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Memo", "(U) As we heard: "+strings.ToUpper(cityText)+" That is all.")
	if got := out.Portions[1]; got.Mark != "S//REL TO USA, GBR" || len(got.Owners) != 2 {
		t.Errorf("pasted without saying so: %+v", got)
	}
	if read := w.Texts(t, "theo", out.Report); !slices.Equal(read, []string{"Memo"}) {
		t.Errorf("the third party reads %q", read)
	}
	// What an organisation repeats of its own is its own to mark.
	own := w.Publish(t, "mara", []string{"TARSIS"}, "(U) Tearline", "(U) "+cityText)
	if got := own.Portions[1]; got.Mark != "U" || len(got.Owners) != 1 {
		t.Errorf("the owner's own words: %+v", got)
	}
}

func TestWritingThatNobodyCouldReadIsRefused(t *testing.T) {
	w := casetest.New(t)
	a := w.Publish(t, "mara", []string{"VALDOR"}, "(U) A", "(S//REL TO USA, GBR) "+cityText)
	b := w.Publish(t, "theo", []string{"VALDOR"}, "(U) B", "(U) "+plainText)
	memo := w.Draft(t, nil, "(U) Memo", "(U) Both.")
	memo.Kind = cordon.Memo
	memo.Portions[0].Sources = []cordon.ID{a.Portions[1].ID, b.Portions[1].ID}
	if _, err := reading.Publish(context.Background(), w.By(w.ID("ana")), memo); err != nil {
		t.Fatalf("VALDOR may read both, so its memo of both: %v", err)
	}
	// mara cannot see B, so she cannot say that she derives from it, and is
	// not told whether it exists.
	_, err := reading.Publish(context.Background(), w.By(w.ID("mara")), memo)
	if err != error(cordon.ErrNotFound) {
		t.Errorf("deriving from what is not there: %v", err)
	}
	// Pasted, with a circle that shares nobody: refused, and nothing is written.
	circled := w.Draft(t, nil, "(TLP:RED) Memo", "(TLP:RED) For one reader.")
	circled.Kind, circled.Named = cordon.Memo, []cordon.ID{w.ID("mara")}
	first, err := reading.Publish(context.Background(), w.By(w.ID("mara")), circled)
	if err != nil {
		t.Fatal(err)
	}
	_ = first
	orphan := w.Draft(t, nil, "(U) Memo", "(S//NF) Only Tarsis writes this.")
	if _, err := reading.Publish(context.Background(), w.By(w.ID("theo")), orphan); cordon.KindOf(err) != cordon.Spill {
		t.Errorf("NOFORN written by an organisation of FRA for itself alone: %v, want Spill", err)
	}
	if items, _, _ := reading.List(context.Background(), w.By(w.ID("theo")), reading.Page{}); len(items) != 1 {
		t.Errorf("a refused report left something: %+v", items)
	}
}

func TestBadDraftsAreRefusedWhole(t *testing.T) {
	w := casetest.New(t)
	good := func() reading.Draft { return w.Draft(t, nil, "(U) Title", "(U) Text.") }
	for name, tt := range map[string]struct {
		change func(*reading.Draft)
		kind   cordon.Kind
		says   string
	}{
		"unknown kind":        {func(d *reading.Draft) { d.Kind = "novel" }, cordon.Invalid, "not a kind of report"},
		"no title":            {func(d *reading.Draft) { d.Title.Text = " " }, cordon.Invalid, "no title"},
		"bad mark":            {func(d *reading.Draft) { d.Portions[0].Mark = "S//NOFRON" }, cordon.Invalid, "portion 1"},
		"no mark":             {func(d *reading.Draft) { d.Portions[0].Mark = "" }, cordon.Invalid, "no marking"},
		"empty text":          {func(d *reading.Draft) { d.Portions[0].Text = "\n" }, cordon.Invalid, "has no text"},
		"not UTF-8":           {func(d *reading.Draft) { d.Portions[0].Text = "a\xff" }, cordon.Invalid, "UTF-8"},
		"second title":        {func(d *reading.Draft) { d.Portions[0].Kind = cordon.Title }, cordon.Invalid, "kind of portion"},
		"unknown recipient":   {func(d *reading.Draft) { d.Recipients = []cordon.ID{cordon.NewID()} }, cordon.Invalid, "not known"},
		"unknown person":      {func(d *reading.Draft) { d.Named = []cordon.ID{cordon.NewID()} }, cordon.Invalid, "not known"},
		"unknown arrangement": {func(d *reading.Draft) { d.Arrangement = cordon.NewID() }, cordon.NotFound, "no such thing"},
		"unknown source":      {func(d *reading.Draft) { d.Portions[0].Sources = []cordon.ID{cordon.NewID()} }, cordon.NotFound, "no such thing"},
		"bad compilation":     {func(d *reading.Draft) { d.Compilation = "VERY SECRET" }, cordon.Invalid, "compilation"},
		"long portion":        {func(d *reading.Draft) { d.Portions[0].Text = strings.Repeat("x", cordon.MaxPortionBytes+1) }, cordon.TooLarge, "split it"},
		"many portions": {func(d *reading.Draft) {
			d.Portions = make([]reading.PortionDraft, cordon.MaxPortions)
		}, cordon.TooLarge, "at most"},
	} {
		d := good()
		tt.change(&d)
		_, err := reading.Publish(context.Background(), w.By(w.ID("mara")), d)
		if cordon.KindOf(err) != tt.kind || err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v (%v), want %v saying %q", name, err, cordon.KindOf(err), tt.kind, tt.says)
		}
	}
	if items, _, err := reading.List(context.Background(), w.By(w.ID("mara")), reading.Page{}); err != nil || len(items) != 0 {
		t.Errorf("refused drafts left %+v, %v", items, err)
	}
}

func TestCompilationIsEnforcedOnEveryPortion(t *testing.T) {
	w := casetest.New(t)
	draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(U) "+plainText)
	draft.Compilation = "TS"
	out, err := reading.Publish(context.Background(), w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	if out.Banner != "TOP SECRET" {
		t.Errorf("banner %q", out.Banner)
	}
	if read := w.Texts(t, "ana", out.Report); read != nil {
		t.Errorf("cleared S, she reads %q of a whole that is TOP SECRET by compilation", read)
	}
}

func TestAnAuthorIsToldWhatIsClosedToHim(t *testing.T) {
	w := casetest.New(t)
	out := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Title", "(TS//SI//NF) Text.", "(U) Text.")
	if got := out.Portions[1].Closed; !slices.Equal(got, []string{"clearance", "read-in us:SI", "audience"}) {
		t.Errorf("the author, of GBR and cleared S, lacks %q", got)
	}
	if got := out.Portions[2].Closed; got != nil {
		t.Errorf("what is open to him is said to be closed: %q", got)
	}
}

func TestRefsAreGivenBackAndFound(t *testing.T) {
	w := casetest.New(t)
	draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(U) "+plainText)
	draft.Ref, draft.Portions[0].Ref = "MRD-2026-17", "MRD-2026-17/1"
	if _, err := reading.Publish(context.Background(), w.By(w.ID("mara")), draft); err != nil {
		t.Fatal(err)
	}
	out, err := reading.Open(context.Background(), w.By(w.ID("ana")), "MRD-2026-17", cordon.ActRead)
	if err != nil || out.Ref != "MRD-2026-17" || out.Portions[1].Ref != "MRD-2026-17/1" {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err := reading.Open(context.Background(), w.By(w.ID("theo")), "MRD-2026-17", cordon.ActRead); err != error(cordon.ErrNotFound) {
		t.Errorf("the third party asks by ref: %v", err)
	}
	w.AbsentFromFiles(t, "MRD-2026-17")
}

// TestTheOriginatorSees: every read and refusal is in the owner's feed, only
// its own portions, without gaps (promise 4). A refusal of the whole report names
// the report alone.
func TestTheOriginatorSees(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText)
		w.Texts(t, "ana", report.Report)
		w.Texts(t, "theo", report.Report)
		reading.List(ctx, w.By(w.ID("ana")), reading.Page{})
		reading.Search(ctx, w.By(w.ID("ana")), reading.Query{Text: "crates"})
		reading.Search(ctx, w.By(w.ID("theo")), reading.Query{Text: "crates"})
		if _, err := w.Ledger.Integrate(ctx); err != nil {
			t.Fatal(err)
		}
		var feed []cordon.LeafRecord
		err := w.Store.View(ctx, func(tx cordon.ReadTx) (err error) {
			feed, err = tx.Feed(w.ID("MERIDIAN"), 0, 100)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, leaf := range feed {
			if leaf.FeedSeq != int64(i+1) {
				t.Errorf("entry %d of the feed is numbered %d", i+1, leaf.FeedSeq)
			}
			for _, id := range leaf.Entry.Portions {
				if id != report.Portions[0].ID && id != report.Portions[1].ID {
					t.Errorf("the feed names a portion that is not the owner's: %s", id)
				}
			}
			if leaf.Entry.Outcome == cordon.RefusedWith && leaf.Entry.Subject != report.Report {
				t.Errorf("a refusal names %q and not the report", leaf.Entry.Subject)
			}
			got = append(got, fmt.Sprintf("%s %s %d", leaf.Entry.Act, leaf.Entry.Outcome, len(leaf.Entry.Portions)))
		}
		want := []string{"publish allowed 2", "read allowed 2", "read refused 0", "list allowed 1", "search allowed 1"}
		if !slices.Equal(got, want) {
			t.Errorf("the feed:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		verified, err := w.Ledger.Verify(ctx)
		if err != nil {
			t.Errorf("the ledger does not verify: %v (%+v)", err, verified)
		}
	})
}

// TestNothingIsShownThatIsNotRecorded: if the ledger cannot be written, no
// text leaves (promise 1).
func TestNothingIsShownThatIsNotRecorded(t *testing.T) {
	w := casetest.New(t)
	report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+plainText)
	broken := *w.Base
	broken.Store = noAppend{w.Store}
	out, err := reading.Open(context.Background(), broken.By(w.ID("ana")), string(report.Report), cordon.ActRead)
	if err == nil || len(out.Portions) != 0 || out.Title != "" {
		t.Errorf("opened without a ledger entry: %+v, %v", out, err)
	}
	items, _, err := reading.List(context.Background(), broken.By(w.ID("ana")), reading.Page{})
	if err == nil || items != nil {
		t.Errorf("listed without a ledger entry: %+v, %v", items, err)
	}
	found, err := reading.Search(context.Background(), broken.By(w.ID("ana")), reading.Query{Text: "shipping"})
	if err == nil || found.Hits != nil {
		t.Errorf("searched without a ledger entry: %+v, %v", found.Hits, err)
	}
}

// noAppend is a store whose ledger cannot be written.
type noAppend struct{ cordon.Store }

func (s noAppend) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error { return fn(noAppendTx{tx}) })
}

type noAppendTx struct{ cordon.WriteTx }

func (noAppendTx) Append(cordon.Entry) error {
	return cordon.Errorf(cordon.Unavailable, "the ledger cannot be written")
}

func TestEffectiveAtOnce(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText)
		node := w.Node(t)
		if len(node.Texts(t, "ana", report.Report)) != 2 {
			t.Fatal("the other node does not show the report")
		}
		ana := w.Person["ana"]
		ana.Clearances = map[string]string{"us": "C"}
		if _, err := people.ChangePerson(context.Background(), w.By(w.ID("root")), ana); err != nil {
			t.Fatal(err)
		}
		if read := node.Texts(t, "ana", report.Report); !slices.Equal(read, []string{"Harbour notes"}) {
			t.Errorf("her clearance was lowered; on the other node she reads %q", read)
		}
		ana.Suspended = true
		if _, err := people.ChangePerson(context.Background(), w.By(w.ID("root")), ana); err != nil {
			t.Fatal(err)
		}
		_, err := reading.Open(context.Background(), node.By(w.ID("ana")), string(report.Report), cordon.ActRead)
		if cordon.KindOf(err) != cordon.Unauthenticated {
			t.Errorf("suspended, she is answered %v", err)
		}
	})
}

func TestListPages(t *testing.T) {
	w := casetest.New(t)
	var want []cordon.ID
	for i := range 7 {
		out := w.Publish(t, "mara", []string{"VALDOR"}, fmt.Sprintf("(U) Report %d", i), "(U) Text.")
		want = append([]cordon.ID{out.Report}, want...)
		w.Publish(t, "theo", nil, "(U) Hidden", "(U) Hidden.")
	}
	var got []cordon.ID
	page := reading.Page{Limit: 3}
	for {
		items, more, err := reading.List(context.Background(), w.By(w.ID("ana")), page)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			got = append(got, item.Report)
		}
		if !more {
			break
		}
		last := items[len(items)-1]
		page.After = cordon.Cursor{Created: last.Created, ID: last.Report}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages give %v, want %v", got, want)
	}
}

func TestEquivalencesOfAnArrangementAreEnforced(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		a := w.Arrange(t, "mara", arrangement.Draft{
			Name: "QUIET HARBOUR", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR"), w.ID("TARSIS")},
			Terms: cordon.Terms{Equivalences: []cordon.Equivalence{{From: "(TLP:AMBER)", As: "S//REL TO USA, GBR"}}},
		})
		draft := w.Draft(t, nil, "(TLP:GREEN) Title", "(TLP:AMBER) "+cityText, "(TLP:AMBER+STRICT) "+plainText, "(TLP:GREEN) Free.")
		draft.Arrangement = a.ID
		out, err := reading.Publish(context.Background(), w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		var marks []string
		for _, p := range out.Portions {
			marks = append(marks, p.Mark)
		}
		want := []string{"TLP:GREEN", "(S//REL TO USA, GBR)(TLP:AMBER)", "(S//REL TO USA, GBR)(TLP:AMBER+STRICT)", "TLP:GREEN"}
		if !slices.Equal(marks, want) {
			t.Errorf("marked %q, want %q", marks, want)
		}
		if got := w.Texts(t, "theo", out.Report); !slices.Equal(got, []string{"Title", "Free."}) {
			t.Errorf("a party of FRA reads %q", got)
		}
		if got := w.Texts(t, "ana", out.Report); len(got) != 4 {
			t.Errorf("a party of USA reads %q", got)
		}
	})
	w := casetest.New(t)
	for name, e := range map[string]cordon.Equivalence{
		"within one scheme": {From: "TLP:AMBER", As: "TLP:RED"},
		"from two":          {From: "(U)(TLP:AMBER)", As: "S"},
		"unknown":           {From: "H9", As: "S"},
	} {
		_, err := arrangement.Create(context.Background(), w.By(w.ID("mara")), arrangement.Draft{
			Name: "X", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{Equivalences: []cordon.Equivalence{e}},
		})
		if cordon.KindOf(err) != cordon.Invalid || err == nil {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
}

// TestARefusalByRefIsInTheOwnersFeed: the owner learns of the attempt whether
// the report was named by id or by ref, and who asked learns nothing.
func TestARefusalByRefIsInTheOwnersFeed(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(U) "+plainText)
		draft.Ref = "MRD-1"
		out, err := reading.Publish(context.Background(), w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reading.Open(context.Background(), w.By(w.ID("theo")), "MRD-1", cordon.ActRead); err != error(cordon.ErrNotFound) {
			t.Errorf("by ref: %v", err)
		}
		if refused := w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.RefusedWith); len(refused) != 1 || refused[0].Subject != out.Report {
			t.Errorf("the owner's feed has %+v", refused)
		}
		if id, err := reading.Find(context.Background(), w.By(w.ID("theo")), "MRD-1"); err != error(cordon.ErrNotFound) {
			t.Errorf("the ref resolves to %s, %v", id, err)
		}
	})
}

// clear gives the person another clearance.
func clear(t *testing.T, w *casetest.World, name, level string) {
	t.Helper()
	person := w.Person[name]
	person.Clearances = map[string]string{"us": level}
	if _, err := people.ChangePerson(context.Background(), w.By(w.ID("root")), person); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyAPersonLowersACompilation(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(C//REL TO USA, GBR) "+plainText, "(U) "+cityText)
		draft.Compilation = "TS//REL TO USA, GBR"
		out, err := reading.Publish(ctx, w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		i, err := contain.OpenIncident(ctx, w.By(w.ID("mara")), "It is out", nil)
		if err != nil {
			t.Fatal(err)
		}
		done, err := contain.Contain(ctx, w.By(w.ID("mara")), i.ID, contain.Plan{Strike: []cordon.ID{out.Portions[2].ID}})
		if err != nil || !slices.Equal(done.Review, []cordon.ID{out.Report}) {
			t.Errorf("the strike does not ask for a decision: %+v, %v", done, err)
		}
		if got := w.Texts(t, "ana", out.Report); got != nil {
			t.Errorf("struck, and the compilation is lowered by itself: she reads %q", got)
		}

		for person, want := range map[string]cordon.Kind{"sol": cordon.NotFound, "ana": cordon.Denied} {
			if _, err := reading.SetCompilation(ctx, w.By(w.ID(person)), string(out.Report), ""); err == nil || cordon.KindOf(err) != want {
				t.Errorf("%s of another organisation: %v, want %v", person, err, want)
			}
		}
		if _, err := reading.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "S//REL TO USA, GBR"); err != error(cordon.ErrNotFound) {
			t.Errorf("she lowers to her clearance what she may not see: %v", err)
		}
		clear(t, w, "mara", "TS")
		banner, err := reading.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "S//REL TO USA, GBR")
		if err != nil || banner != "SECRET//REL TO USA, GBR" {
			t.Errorf("lowered to %q, %v", banner, err)
		}
		if got := w.Texts(t, "ana", out.Report); len(got) != 2 {
			t.Errorf("lowered to her clearance, she reads %q", got)
		}
		if found, _ := reading.Search(ctx, w.By(w.ID("ana")), reading.Query{Text: "shipping floods"}); len(found.Hits) != 1 {
			t.Errorf("lowered, she finds %+v", found.Hits)
		}
		if banner, err = reading.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), ""); err != nil || banner != "CONFIDENTIAL//REL TO USA, GBR" {
			t.Errorf("lifted: %q, %v", banner, err)
		}
		if _, err = reading.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "TS//SI//NF"); cordon.KindOf(err) != cordon.Invalid {
			t.Errorf("raised out of her own sight, and everybody's of her organisation: %v, want Invalid", err)
		}
		if _, err = reading.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "TS//REL TO USA, GBR"); err != nil {
			t.Fatal(err)
		}
		if got := w.Texts(t, "ana", out.Report); got != nil {
			t.Errorf("raised, and she reads %q", got)
		}
		if entries := w.Feed(t, "MERIDIAN", cordon.ActRegrade, cordon.Allowed); len(entries) != 3 {
			t.Errorf("the owner's feed has %d of three decisions", len(entries))
		}
	})
}

// TestACompilationLetsNobodyInWhoWasOut: lifting it never opens a portion to
// anyone whom the owners' policies, a circle or a source keep out.
func TestACompilationLetsNobodyInWhoWasOut(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Source", "(S//REL TO USA, GBR) "+cityText)
	draft := w.Draft(t, []string{"MERIDIAN", "TARSIS"}, "(U) Memo", "(U) About a town.")
	draft.Kind, draft.Compilation = cordon.Memo, "TS"
	draft.Portions[0].Sources = []cordon.ID{source.Portions[1].ID}
	memo, err := reading.Publish(ctx, w.By(w.ID("ana")), draft)
	if err != nil {
		t.Fatal(err)
	}
	clear(t, w, "sol", "TS")
	if _, err := reading.SetCompilation(ctx, w.By(w.ID("sol")), string(memo.Report), ""); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", memo.Report); !slices.Equal(got, []string{"Memo"}) {
		t.Errorf("lifted, the third party reads %q", got)
	}
	if got := w.Texts(t, "ana", memo.Report); len(got) != 2 {
		t.Errorf("lifted, its author reads %q", got)
	}
}

// TestARefusalToDeriveIsInTheOwnersFeed: naming a source that is withheld is
// answered like naming one that is not there, writes no report, and its owner
// learns of it.
func TestARefusalToDeriveIsInTheOwnersFeed(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Source", "(U) "+cityText)
		for _, id := range []cordon.ID{source.Portions[1].ID, cordon.NewID()} {
			draft := w.Draft(t, nil, "(U) Memo", "(U) First.", "(U) Second.")
			draft.Kind, draft.Portions[1].Sources = cordon.Memo, []cordon.ID{id}
			if _, err := reading.Publish(context.Background(), w.By(w.ID("theo")), draft); err != error(cordon.ErrNotFound) {
				t.Errorf("derived from what he may not see: %v", err)
			}
		}
		refused := w.Feed(t, "MERIDIAN", cordon.ActDerive, cordon.RefusedWith)
		if len(refused) != 1 || !slices.Equal(refused[0].Portions, []cordon.ID{source.Portions[1].ID}) || len(refused[0].Reasons) == 0 {
			t.Errorf("the owner's feed has %+v", refused)
		}
		if items, _, err := reading.List(context.Background(), w.By(w.ID("theo")), reading.Page{}); err != nil || len(items) != 0 {
			t.Errorf("a refused memo left %+v, %v", items, err)
		}
	})
}
