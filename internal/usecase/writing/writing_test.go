package writing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

const (
	cityText  = "The courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier."
	plainText = "Shipping through the northern harbour has slowed since the spring floods."
)

func TestADerivativeInheritsMarkingAndOwners(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText, "(U) "+plainText)
		city := report.Portions[1].ID
		memo := w.Draft(t, []string{"MERIDIAN", "TARSIS"}, "(U) Memo", "(U) A meeting took place.")
		memo.Kind = cordon.ReportMemo
		memo.Portions[0].Sources = []cordon.ID{city}
		out, err := writing.Publish(context.Background(), w.By(w.ID("ana")), memo)
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

// TestAWriterIsAsked: what they may see and repeat for others is a source, is reworded,
// or is dismissed with a reason that its owner is shown.
func TestAWriterIsAsked(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := t.Context()
		source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText).Portions[1].ID
		draft := w.Draft(t, []string{"TARSIS"}, "(U) Memo", "(U) As we heard: "+strings.ToUpper(cityText)+" That is all.")
		_, err := writing.Publish(ctx, w.By(w.ID("ana")), draft)
		var asked *cordon.Error
		if !errors.As(err, &asked) || asked.Kind != cordon.KindConflict || len(asked.Issues) != 1 || asked.Issues[0].Source != source || asked.Issues[0].Portion != 1 {
			t.Fatalf("pasted without saying so: %v %+v", err, asked)
		}
		if found, _, err := reading.List(ctx, w.By(w.ID("ana")), reading.Page{}); err != nil || len(found) != 1 {
			t.Errorf("a report that was asked about is there: %+v, %v", found, err)
		}
		// Dismissed.
		dismissed := draft
		dismissed.Portions = slices.Clone(draft.Portions)
		dismissed.Portions[0].Dismissed = []writing.Dismissal{{Source: source, Reason: "it was in the gazette"}}
		out, err := writing.Publish(ctx, w.By(w.ID("ana")), dismissed)
		if err != nil || out.Portions[1].Mark != "U" || len(out.Portions[1].Owners) != 1 {
			t.Fatalf("dismissed: %+v, %v", out.Portions, err)
		}
		if read := w.Texts(t, "theo", out.Report); len(read) != 2 {
			t.Errorf("the third party reads %q", read)
		}
		feed := w.Feed(t, "MERIDIAN", cordon.ActDismiss, cordon.OutcomeAllowed)
		if len(feed) != 1 || !slices.Equal(feed[0].Portions, []cordon.ID{source}) || feed[0].Words != 16 {
			t.Errorf("the owner's feed has %+v", feed)
		}
		if notices := w.Inbox(t, "mara"); !slices.ContainsFunc(notices, func(n string) bool { return strings.Contains(n, "it was in the gazette") }) {
			t.Errorf("the owner is not shown the reason: %q", notices)
		}
		// A revision is asked about like a report, and what was dismissed stays so.
		if _, err := writing.Revise(ctx, w.By(w.ID("ana")), string(out.Report), out.Portions[1].ID, writing.Revision{Text: cityText}); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("a revision that quotes: %v", err)
		}
		_, err = writing.Revise(ctx, w.By(w.ID("ana")), string(out.Report), out.Portions[1].ID, writing.Revision{
			Text: cityText, Dismissed: []writing.Dismissal{{Source: source, Reason: "still"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if read := w.Texts(t, "theo", out.Report); !slices.Equal(read, []string{"Memo", cityText}) {
			t.Errorf("the third party reads %q", read)
		}
		// Declared.
		declared := draft
		declared.Portions = slices.Clone(draft.Portions)
		declared.Portions[0].Sources = []cordon.ID{source}
		out, err = writing.Publish(ctx, w.By(w.ID("ana")), declared)
		if err != nil || out.Portions[1].Mark != "S//REL TO USA, GBR" || len(out.Portions[1].Owners) != 2 {
			t.Errorf("declared: %+v, %v", out.Portions, err)
		}
		if read := w.Texts(t, "theo", out.Report); !slices.Equal(read, []string{"Memo"}) {
			t.Errorf("the third party reads %q", read)
		}
	})
}

// TestOnesOwnForOthers: an organisation's own words for somebody whom they were not for
// are asked about, and those that it lets out freely already are not.
func TestOnesOwnForOthers(t *testing.T) {
	w := casetest.New(t)
	w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText)
	draft := w.Draft(t, []string{"TARSIS"}, "(U) For Tarsis", "(U) "+cityText)
	if _, err := writing.Publish(t.Context(), w.By(w.ID("mara")), draft); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("secret words of one's own, for others: %v", err)
	}
	// For the same people it asks nothing.
	w.Publish(t, "mara", []string{"VALDOR"}, "(U) Again", "(S//REL TO USA, GBR) "+cityText)
	w.Publish(t, "mara", nil, "(U) Again", "(S//REL TO USA, GBR) "+cityText)
	// Nor where its owner has let it out.
	w.Publish(t, "mara", []string{"VALDOR", "TARSIS"}, "(TLP:CLEAR) Notes", "(TLP:CLEAR) "+plainText)
	w.Publish(t, "mara", []string{"VALDOR"}, "(U) Notes", "(S//REL TO USA, GBR) "+plainText)
	w.Publish(t, "ana", []string{"TARSIS"}, "(U) Weather", "(TLP:CLEAR) "+plainText)
}

// TestNobodyFreesAnothersWords: a sentence that somebody else publishes for everybody is
// not free by that, not by the one who dismissed it either.
func TestNobodyFreesAnothersWords(t *testing.T) {
	w := casetest.New(t)
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText).Portions[1].ID
	draft := w.Draft(t, nil, "(TLP:CLEAR) Free", "(TLP:CLEAR) "+cityText)
	draft.Portions[0].Dismissed = []writing.Dismissal{{Source: source, Reason: "so say I"}}
	if _, err := writing.Publish(t.Context(), w.By(w.ID("ana")), draft); err != nil {
		t.Fatal(err)
	}
	draft.Portions[0].Dismissed = nil
	if _, err := writing.Publish(t.Context(), w.By(w.ID("ana")), draft); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("freed by a copy of it: %v", err)
	}
}

func TestWritingThatNobodyCouldReadIsRefused(t *testing.T) {
	w := casetest.New(t)
	a := w.Publish(t, "mara", []string{"VALDOR"}, "(U) A", "(S//REL TO USA, GBR) "+cityText)
	b := w.Publish(t, "theo", []string{"VALDOR"}, "(U) B", "(U) "+plainText)
	memo := w.Draft(t, nil, "(U) Memo", "(U) Both.")
	memo.Kind = cordon.ReportMemo
	memo.Portions[0].Sources = []cordon.ID{a.Portions[1].ID, b.Portions[1].ID}
	if _, err := writing.Publish(context.Background(), w.By(w.ID("ana")), memo); err != nil {
		t.Fatalf("VALDOR may read both, so its memo of both: %v", err)
	}
	// mara cannot see B, so she cannot say that she derives from it, and is
	// not told whether it exists.
	_, err := writing.Publish(context.Background(), w.By(w.ID("mara")), memo)
	if err != error(cordon.ErrNotFound) {
		t.Errorf("deriving from what is not there: %v", err)
	}
	// Pasted, with a circle that shares nobody: refused, and nothing is written.
	circled := w.Draft(t, nil, "(TLP:RED) Memo", "(TLP:RED) For one reader.")
	circled.Kind, circled.Named = cordon.ReportMemo, []cordon.ID{w.ID("mara")}
	first, err := writing.Publish(context.Background(), w.By(w.ID("mara")), circled)
	if err != nil {
		t.Fatal(err)
	}
	_ = first
	orphan := w.Draft(t, nil, "(U) Memo", "(S//NF) Only Tarsis writes this.")
	if _, err := writing.Publish(context.Background(), w.By(w.ID("theo")), orphan); cordon.KindOf(err) != cordon.KindSpill {
		t.Errorf("NOFORN written by an organisation of FRA for itself alone: %v, want Spill", err)
	}
	if items, _, _ := reading.List(context.Background(), w.By(w.ID("theo")), reading.Page{}); len(items) != 1 {
		t.Errorf("a refused report left something: %+v", items)
	}
}

func TestBadDraftsAreRefusedWhole(t *testing.T) {
	w := casetest.New(t)
	good := func() writing.Draft { return w.Draft(t, nil, "(U) Title", "(U) Text.") }
	for name, tt := range map[string]struct {
		change func(*writing.Draft)
		kind   cordon.Kind
		says   string
	}{
		"unknown kind":        {func(d *writing.Draft) { d.Kind = "novel" }, cordon.KindInvalid, "not a kind of report"},
		"no title":            {func(d *writing.Draft) { d.Title.Text = " " }, cordon.KindInvalid, "no title"},
		"bad mark":            {func(d *writing.Draft) { d.Portions[0].Mark = "S//NOFRON" }, cordon.KindInvalid, "portion 1"},
		"no mark":             {func(d *writing.Draft) { d.Portions[0].Mark = "" }, cordon.KindInvalid, "no marking"},
		"empty text":          {func(d *writing.Draft) { d.Portions[0].Text = "\n" }, cordon.KindInvalid, "has no text"},
		"not UTF-8":           {func(d *writing.Draft) { d.Portions[0].Text = "a\xff" }, cordon.KindInvalid, "UTF-8"},
		"second title":        {func(d *writing.Draft) { d.Portions[0].Kind = cordon.PortionTitle }, cordon.KindInvalid, "kind of portion"},
		"unknown recipient":   {func(d *writing.Draft) { d.Recipients = []cordon.ID{cordon.NewID()} }, cordon.KindInvalid, "not known"},
		"unknown person":      {func(d *writing.Draft) { d.Named = []cordon.ID{cordon.NewID()} }, cordon.KindInvalid, "not known"},
		"unknown arrangement": {func(d *writing.Draft) { d.Arrangement = cordon.NewID() }, cordon.KindNotFound, "no such thing"},
		"unknown source":      {func(d *writing.Draft) { d.Portions[0].Sources = []cordon.ID{cordon.NewID()} }, cordon.KindNotFound, "no such thing"},
		"bad compilation":     {func(d *writing.Draft) { d.Compilation = "VERY SECRET" }, cordon.KindInvalid, "compilation"},
		"long portion":        {func(d *writing.Draft) { d.Portions[0].Text = strings.Repeat("x", cordon.MaxPortionBytes+1) }, cordon.KindTooLarge, "split it"},
		"many portions": {func(d *writing.Draft) {
			d.Portions = make([]writing.PortionDraft, cordon.MaxPortions)
		}, cordon.KindTooLarge, "at most"},
	} {
		d := good()
		tt.change(&d)
		_, err := writing.Publish(context.Background(), w.By(w.ID("mara")), d)
		if cordon.KindOf(err) != tt.kind || err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v (%v), want %v saying %q", name, err, cordon.KindOf(err), tt.kind, tt.says)
		}
	}
	if items, _, err := reading.List(context.Background(), w.By(w.ID("mara")), reading.Page{}); err != nil || len(items) != 0 {
		t.Errorf("refused drafts left %+v, %v", items, err)
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

func TestEquivalencesOfAnArrangementAreEnforced(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		a := w.Arrange(t, "mara", arrangement.Draft{
			Name: "QUIET HARBOUR", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR"), w.ID("TARSIS")},
			Terms: cordon.Terms{Equivalences: []cordon.Equivalence{{From: "(TLP:AMBER)", As: "S//REL TO USA, GBR"}}},
		})
		draft := w.Draft(t, nil, "(TLP:GREEN) Title", "(TLP:AMBER) "+cityText, "(TLP:AMBER+STRICT) "+plainText, "(TLP:GREEN) Free.")
		draft.Arrangement = a.ID
		out, err := writing.Publish(context.Background(), w.By(w.ID("mara")), draft)
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
		if cordon.KindOf(err) != cordon.KindInvalid || err == nil {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
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
			draft.Kind, draft.Portions[1].Sources = cordon.ReportMemo, []cordon.ID{id}
			if _, err := writing.Publish(context.Background(), w.By(w.ID("theo")), draft); err != error(cordon.ErrNotFound) {
				t.Errorf("derived from what he may not see: %v", err)
			}
		}
		refused := w.Feed(t, "MERIDIAN", cordon.ActDerive, cordon.OutcomeRefused)
		if len(refused) != 1 || !slices.Equal(refused[0].Portions, []cordon.ID{source.Portions[1].ID}) || len(refused[0].Reasons) == 0 {
			t.Errorf("the owner's feed has %+v", refused)
		}
		if items, _, err := reading.List(context.Background(), w.By(w.ID("theo")), reading.Page{}); err != nil || len(items) != 0 {
			t.Errorf("a refused memo left %+v, %v", items, err)
		}
	})
}

// TestATitleIsBoundedLikeAPortion: it is one.
func TestATitleIsBoundedLikeAPortion(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	for name, change := range map[string]func(*writing.PortionDraft){
		"text":    func(p *writing.PortionDraft) { p.Text = strings.Repeat("word ", cordon.MaxPortionBytes/5+1) },
		"ref":     func(p *writing.PortionDraft) { p.Ref = strings.Repeat("r", cordon.MaxNameBytes+1) },
		"sources": func(p *writing.PortionDraft) { p.Sources = make([]cordon.ID, cordon.MaxSources+1) },
	} {
		draft := w.Draft(t, nil, "(U) Title", "(U) Text.")
		change(&draft.Title)
		if _, err := writing.Publish(ctx, w.By(w.ID("ana")), draft); cordon.KindOf(err) != cordon.KindTooLarge {
			t.Errorf("%s: %v, want TooLarge", name, err)
		}
	}
}

// TestWhatIsQuotedIsNotAMarking: a portion left without a marking has the
// arrangement's, or is refused, whatever it repeats.
func TestWhatIsQuotedIsNotAMarking(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+cityText).Portions[1].ID
	a := w.Arrange(t, "sol", arrangement.Draft{
		Name: "With MERIDIAN", Mark: "U", Parties: []cordon.ID{w.ID("MERIDIAN")}, Terms: cordon.Terms{DefaultMark: "S//REL TO USA, GBR"},
	})
	draft := w.Draft(t, nil, "(U) Memo", "(U) x")
	draft.Portions[0].Mark, draft.Portions[0].Text = "", cityText+" Our own man in the harbour master's office says why."
	if _, err := writing.Publish(ctx, w.By(w.ID("ana")), draft); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("without a marking, and with a passage of another's: %v, want Invalid", err)
	}
	draft.Arrangement = a.ID
	draft.Portions[0].Dismissed = []writing.Dismissal{{Source: source, Reason: "known"}}
	out, err := writing.Publish(ctx, w.By(w.ID("ana")), draft)
	if err != nil || out.Portions[1].Mark != "S//REL TO USA, GBR" {
		t.Errorf("under an arrangement whose default is S//REL TO USA, GBR: %+v, %v", out.Portions, err)
	}
}

// TestPiecesOfOneReportAreCountedTogether: pieces too short to say anything alone do not
// free the whole, nor each other.
func TestPiecesOfOneReportAreCountedTogether(t *testing.T) {
	w := casetest.New(t)
	w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+cityText)
	words := strings.Fields(cityText)
	half := len(words) / 2
	one := w.Draft(t, []string{"TARSIS"}, "(U) Scraps", "(U) "+strings.Join(words[:half], " "))
	two := w.Draft(t, []string{"TARSIS"}, "(U) Scraps", "(U) "+strings.Join(words[:half], " "), "(U) "+strings.Join(words[half:], " "))
	whole := w.Draft(t, []string{"TARSIS"}, "(U) Whole", "(U) "+cityText)
	if _, err := writing.Publish(t.Context(), w.By(w.ID("ana")), one); err != nil {
		t.Errorf("eight words: %v", err)
	}
	for name, draft := range map[string]writing.Draft{"two halves": two, "the whole, of which one's own has eight words": whole} {
		_, err := writing.Publish(t.Context(), w.By(w.ID("ana")), draft)
		var asked *cordon.Error
		if !errors.As(err, &asked) || asked.Kind != cordon.KindConflict || len(asked.Issues) != len(draft.Portions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
