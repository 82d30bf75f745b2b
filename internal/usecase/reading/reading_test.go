package reading_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
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
		{cordon.WithheldSilent, "title:U paragraph:U"},
		{cordon.WithheldShowMark, "title:U paragraph:withheld TS//NF paragraph:U"},
	} {
		a := arranged(t, w, tt.how)
		draft := w.Draft(t, nil, "(U) Harbour notes", "(TS//NF) Hidden.", "(U) "+plainText)
		draft.Arrangement = a
		out, err := writing.Publish(context.Background(), w.By(w.ID("mara")), draft)
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

func TestRefsAreGivenBackAndFound(t *testing.T) {
	w := casetest.New(t)
	draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(U) "+plainText)
	draft.Ref, draft.Portions[0].Ref = "MRD-2026-17", "MRD-2026-17/1"
	if _, err := writing.Publish(context.Background(), w.By(w.ID("mara")), draft); err != nil {
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

// TestWhatIsCountedIsRecorded: whoever counts by words reads by words, so that what a
// search counts beside its hits is in its owner's feed, and what a suggestion was taken
// from; and a report that is listed without its title, for what it was listed.
func TestWhatIsCountedIsRecorded(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	by := w.By(w.ID("theo"))
	report := w.Publish(t, "mara", []string{"VALDOR", "TARSIS"}, "(S//REL TO USA, GBR) The file", "(U) Crates arrive.", "(U) More crates.", "(U) Crates and cranes.")
	found, err := reading.Search(ctx, by, reading.Query{Text: "crates", Limit: 1})
	if err != nil || found.Total != 3 || len(found.Hits) != 1 {
		t.Fatalf("found %+v, %v", found, err)
	}
	var shown, counted []cordon.ID
	for _, e := range w.Feed(t, "MERIDIAN", cordon.ActSearch, cordon.OutcomeAllowed) {
		if slices.Equal(e.Reasons, []string{cordon.ReasonCounted}) {
			counted = append(counted, e.Portions...)
		} else {
			shown = append(shown, e.Portions...)
		}
	}
	if len(shown) != 1 || shown[0] != found.Hits[0].ID || len(counted) != 2 || slices.Contains(counted, shown[0]) {
		t.Errorf("shown %v, counted %v", shown, counted)
	}
	if words, err := reading.Suggest(ctx, by, "crat"); err != nil || len(words) != 1 || words[0].Portions != 3 {
		t.Fatalf("suggested %+v, %v", words, err)
	}
	of := make(map[cordon.ID]bool)
	for _, e := range w.Feed(t, "MERIDIAN", cordon.ActSearch, cordon.OutcomeAllowed)[2:] {
		for _, id := range e.Portions {
			of[id] = true
		}
	}
	if len(of) != 3 {
		t.Errorf("a word of 3 portions was suggested, and the feed has %d of them", len(of))
	}
	if list, _, err := reading.List(ctx, by, reading.Page{}); err != nil || len(list) != 1 || list[0].Title != "" {
		t.Fatalf("listed %+v, %v", list, err)
	}
	listed := w.Feed(t, "MERIDIAN", cordon.ActList, cordon.OutcomeAllowed)
	if len(listed) != 1 || listed[0].Subject != report.Report || len(listed[0].Portions) != 3 {
		t.Errorf("the feed has %+v of a report that is listed without its title", listed)
	}
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
			if leaf.Entry.Outcome == cordon.OutcomeRefused && leaf.Entry.Subject != report.Report {
				t.Errorf("a refusal names %q and not the report", leaf.Entry.Subject)
			}
			got = append(got, fmt.Sprintf("%s %s %d", leaf.Entry.Act, leaf.Entry.Outcome, len(leaf.Entry.Portions)))
		}
		// It begins with who takes part.
		want := []string{"organisation allowed 0", "person allowed 0", "publish allowed 2", "read allowed 2", "read refused 0", "list allowed 1", "search allowed 1"}
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

func (s noAppend) Record(context.Context, cordon.Basis, cordon.Log) error {
	return noAppendTx{}.Append(cordon.Entry{})
}

type noAppendTx struct{ cordon.WriteTx }

func (noAppendTx) Append(cordon.Entry) error {
	return cordon.Errorf(cordon.KindUnavailable, "the ledger cannot be written")
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
		if _, err := people.ChangePerson(context.Background(), w.Local(), ana); err != nil {
			t.Fatal(err)
		}
		if read := node.Texts(t, "ana", report.Report); !slices.Equal(read, []string{"Harbour notes"}) {
			t.Errorf("her clearance was lowered; on the other node she reads %q", read)
		}
		ana.Suspended = true
		if _, err := people.ChangePerson(context.Background(), w.Local(), ana); err != nil {
			t.Fatal(err)
		}
		_, err := reading.Open(context.Background(), node.By(w.ID("ana")), string(report.Report), cordon.ActRead)
		if cordon.KindOf(err) != cordon.KindUnauthenticated {
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

// TestARefusalByRefIsInTheOwnersFeed: the owner learns of the attempt whether
// the report was named by id or by ref, and who asked learns nothing.
func TestARefusalByRefIsInTheOwnersFeed(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(U) "+plainText)
		draft.Ref = "MRD-1"
		out, err := writing.Publish(context.Background(), w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reading.Open(context.Background(), w.By(w.ID("theo")), "MRD-1", cordon.ActRead); err != error(cordon.ErrNotFound) {
			t.Errorf("by ref: %v", err)
		}
		if refused := w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.OutcomeRefused); len(refused) != 1 || refused[0].Subject != out.Report {
			t.Errorf("the owner's feed has %+v", refused)
		}
		if id, err := reading.Find(context.Background(), w.By(w.ID("theo")), "MRD-1"); err != error(cordon.ErrNotFound) {
			t.Errorf("the ref resolves to %s, %v", id, err)
		}
	})
}
