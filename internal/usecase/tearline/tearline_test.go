package tearline_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/mosaic"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/tearline"
	"cordon/internal/usecase/writing"
)

const (
	secret = "The courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier."
	advice = "Goods are moving through a northern harbour."
)

// original publishes MERIDIAN's report to VALDOR.
func original(t *testing.T, w *casetest.World) writing.Published {
	t.Helper()
	return w.Publish(t, "mara", []string{"VALDOR"}, "(S//REL TO USA, GBR) Harbour notes", "(S//REL TO USA, GBR) "+secret)
}

func draft(t *testing.T, w *casetest.World, text string, against ...cordon.ID) writing.Draft {
	t.Helper()
	d := w.Draft(t, []string{"TARSIS"}, "(U) Advice", "(U) "+text)
	d.Portions[0].Against = against
	return d
}

func TestATearlineIsLinkedAndTellsNobody(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		o := original(t, w)
		line, err := tearline.Add(ctx, w.By(w.ID("mara")), draft(t, w, advice, o.Portions[1].ID))
		if err != nil {
			t.Fatal(err)
		}
		if line.Portions[1].Mark != "U" || line.Portions[1].Raised || len(line.Portions[1].Owners) != 1 {
			t.Errorf("it inherited from what it was written against: %+v", line.Portions[1])
		}
		if len(line.Check.Findings) != 0 || line.Check.Shares[0].Words != 0 || !slices.Contains(line.Check.Notes, tearline.Blind) {
			t.Errorf("check %+v", line.Check)
		}
		// The owner's people see the link from both ends, on another node too.
		node := w.Node(t)
		for _, report := range []cordon.ID{o.Report, line.Report} {
			links, err := tearline.List(ctx, node.By(w.ID("mara")), report)
			if err != nil || len(links) != 1 || links[0].Original != o.Portions[1].ID || links[0].Portion != line.Portions[1].ID {
				t.Errorf("links %+v, %v", links, err)
			}
		}
		// People who may read one end learn nothing of the other.
		for person, report := range map[string]cordon.ID{"ana": o.Report, "theo": line.Report} {
			links, err := tearline.List(ctx, node.By(w.ID(person)), report)
			if err != nil || len(links) != 0 {
				t.Errorf("%s is told of %+v, %v", person, links, err)
			}
		}
		_, withheld := tearline.List(ctx, node.By(w.ID("theo")), o.Report)
		_, absent := tearline.List(ctx, node.By(w.ID("theo")), cordon.NewID())
		if withheld != absent || absent != error(cordon.ErrNotFound) {
			t.Errorf("withheld %v, absent %v", withheld, absent)
		}
		if entries := w.Feed(t, "MERIDIAN", cordon.ActTearline, cordon.OutcomeAllowed); len(entries) != 1 ||
			entries[0].Subject != line.Report || !slices.Equal(entries[0].Portions, []cordon.ID{o.Portions[1].ID}) {
			t.Errorf("the owner's feed has %+v", entries)
		}
		for _, org := range []string{"VALDOR", "TARSIS"} {
			if entries := w.Feed(t, org, cordon.ActTearline, cordon.OutcomeAllowed); len(entries) != 0 {
				t.Errorf("the feed of %s has %+v", org, entries)
			}
		}
	})
}

// TestOnlyAnOriginatorTears: what is not seen, not there and not owned is
// answered the same, and is in the owner's feed.
func TestOnlyAnOriginatorTears(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		o := original(t, w)
		memo := w.Draft(t, nil, "(S//REL TO USA, GBR) Memo", "(S//REL TO USA, GBR) A courier was somewhere.")
		memo.Kind, memo.Portions[0].Sources = cordon.ReportMemo, []cordon.ID{o.Portions[1].ID}
		joint, err := writing.Publish(ctx, w.By(w.ID("ana")), memo)
		if err != nil {
			t.Fatal(err)
		}
		try := func(person string, against cordon.ID) (add, check error) {
			_, add = tearline.Add(ctx, w.By(w.ID(person)), draft(t, w, advice, against))
			_, check = tearline.Check(ctx, w.By(w.ID(person)), tearline.CheckDraft{
				Against: []cordon.ID{against}, Paragraphs: []tearline.CheckParagraph{{Text: secret}},
			})
			return add, check
		}
		for name, c := range map[string]struct {
			person  string
			against cordon.ID
		}{
			"not seen":  {"theo", o.Portions[1].ID},
			"not owned": {"ana", o.Portions[1].ID},
			"absent":    {"ana", cordon.NewID()},
		} {
			add, check := try(c.person, c.against)
			if add != error(cordon.ErrNotFound) || check != error(cordon.ErrNotFound) {
				t.Errorf("%s: %v, %v: want ErrNotFound itself", name, add, check)
			}
		}
		refused := w.Feed(t, "MERIDIAN", cordon.ActTearline, cordon.OutcomeRefused)
		if len(refused) != 4 || len(refused[0].Portions) != 1 || refused[0].Portions[0] != o.Portions[1].ID || len(refused[0].Reasons) == 0 {
			t.Errorf("the owner's feed has %+v", refused)
		}
		add, check := try("ana", joint.Portions[1].ID)
		if cordon.KindOf(add) != cordon.KindDenied || cordon.KindOf(check) != cordon.KindDenied || !strings.Contains(add.Error(), "all of them") {
			t.Errorf("of what is not hers alone: %v, %v", add, check)
		}
		if refused = w.Feed(t, "MERIDIAN", cordon.ActTearline, cordon.OutcomeRefused); len(refused) != 6 {
			t.Errorf("of what is not hers alone its owner's feed has %d refusals", len(refused)-4)
		}
		if _, err := tearline.Add(ctx, w.By(w.ID("sol")), draft(t, w, advice, o.Portions[1].ID)); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("who is no author: %v", err)
		}
		if _, err := tearline.Add(ctx, w.By(w.ID("mara")), draft(t, w, advice)); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("a tearline of nothing: %v", err)
		}
		plain := draft(t, w, advice, o.Portions[1].ID)
		if _, err := writing.Publish(ctx, w.By(w.ID("mara")), plain); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("a report that is no tearline, written against something: %v", err)
		}
		// Nothing of all this was written.
		items, _, err := reading.List(ctx, w.By(w.ID("theo")), reading.Page{})
		if err != nil || len(items) != 0 {
			t.Errorf("refused, and there are %+v, %v", items, err)
		}
	})
}

// TestATearlineIsNeverFreerThanOthers: what quotes another owner's portion is asked
// about; its own originals are what its check is for.
func TestATearlineIsNeverFreerThanOthers(t *testing.T) {
	w := casetest.New(t)
	const theirs = "Two customs officers were promised the northern route in exchange for silence about the second barge."
	source := w.Publish(t, "ana", []string{"MERIDIAN"}, "(U) Ours", "(S//REL TO USA, GBR) "+theirs).Portions[1].ID
	o := original(t, w)
	d := draft(t, w, advice+" "+theirs, o.Portions[1].ID)
	d.Recipients = nil
	if _, err := tearline.Add(context.Background(), w.By(w.ID("mara")), d); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("it has their words: %v", err)
	}
	d.Portions[0].Sources = []cordon.ID{source}
	line, err := tearline.Add(context.Background(), w.By(w.ID("mara")), d)
	if err != nil {
		t.Fatal(err)
	}
	if p := line.Portions[1]; p.Mark != "S//REL TO USA, GBR" || !p.Raised || len(p.Owners) != 2 {
		t.Errorf("it has their words and is %+v", p)
	}
	if f := line.Check.Findings; len(f) == 0 || f[0].Kind != tearline.Others || f[0].Severity != tearline.Serious || f[0].Paragraph != 1 {
		t.Errorf("findings %+v", f)
	}
	if derived := w.Feed(t, "VALDOR", cordon.ActDerive, cordon.OutcomeAllowed); len(derived) != 1 {
		t.Errorf("their feed has %+v", derived)
	}
	own, err := tearline.Add(context.Background(), w.By(w.ID("mara")), draft(t, w, secret, o.Portions[1].ID))
	if err != nil || own.Portions[1].Mark != "U" || own.Portions[1].Raised {
		t.Fatalf("its own words: %+v, %v", own.Portions, err)
	}
	if f := own.Check.Findings; len(f) == 0 || f[0].Kind != tearline.Passage || own.Check.Shares[0].Words != own.Check.Shares[0].Of {
		t.Errorf("quoted whole, and found are %+v", own.Check)
	}
	if read := w.Texts(t, "theo", own.Report); len(read) != 2 {
		t.Errorf("it waits, and theo reads %q", read)
	}
}

func TestFactsAndRareWordsOfAnOriginal(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		facts := &act.Base{Store: w.Store, Vault: w.Vault, Rules: w.Rules, Clock: w.Clock}
		o := original(t, w)
		fact := func(portion cordon.ID, values ...string) {
			t.Helper()
			if err := mosaic.AddFacts(ctx, facts.By(w.ID("mara")), portion, []mosaic.Fact{{Attribute: "place", Values: values}}); err != nil {
				t.Fatal(err)
			}
		}
		fact(o.Portions[1].ID, "the coast")
		if _, err := mosaic.AddRegistry(ctx, facts.By(w.ID("mara")), mosaic.Registry{
			Name: "who", Attributes: []mosaic.Attribute{{Name: "place", Hierarchy: [][]string{{"Marrow Quay", "the coast"}, {"Tarn", "inland"}}}},
			Candidates: []mosaic.Candidate{{ID: "A", Values: map[string]string{"place": "Tarn"}}},
		}); err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			w.Publish(t, "mara", nil, "(U) Other", "(U) A courier came by, "+strings.Repeat("again ", i+1))
		}
		line, err := tearline.Add(ctx, w.By(w.ID("mara")), draft(t, w, "A courier saw a quartermaster. It was in Marrow Quay.", o.Portions[1].ID))
		if err != nil {
			t.Fatal(err)
		}
		has(t, line.Check.Result, `serious fact 1 "Marrow Quay"`, `doubtful name 1 "Marrow Quay"`, `slight rare-word 1 "quartermaster"`)
		for _, f := range line.Check.Findings {
			if f.Text == "courier" {
				t.Errorf("a word of five other portions is called rare: %+v", f)
			}
		}
		// Facts recorded on it later are looked at too.
		fact(line.Portions[1].ID, "Marrow Quay")
		again, err := tearline.CheckReport(ctx, w.By(w.ID("mara")), line.Report)
		if err != nil {
			t.Fatal(err)
		}
		has(t, again.Result, `serious fact-as-fine 1 ""`, `serious fact 1 "Marrow Quay"`)
		// An author who may not know the registries is told less, and that they are.
		hand, err := people.AddPerson(ctx, w.Local(), cordon.Person{
			Org: w.ID("MERIDIAN"), Name: "hand", Roles: []cordon.Role{cordon.RoleAuthor}, Clearances: map[string]string{"us": "S"},
		})
		if err != nil {
			t.Fatal(err)
		}
		less, err := tearline.CheckReport(ctx, w.By(hand.ID), line.Report)
		if err != nil || slices.ContainsFunc(less.Findings, func(f tearline.Finding) bool { return strings.Contains(f.Says, "finer") }) || len(less.Notes) != 2 {
			t.Errorf("without the role: %+v, %v", less, err)
		}
		for _, person := range []string{"ana", "theo"} {
			if _, err := tearline.CheckReport(ctx, w.By(w.ID(person)), line.Report); err != error(cordon.ErrNotFound) {
				t.Errorf("%s checks it: %v", person, err)
			}
		}
		w.AbsentFromFiles(t, "Marrow Quay", "quartermaster")
	})
}

func TestContainmentListsTearlines(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		o := original(t, w)
		line, err := tearline.Add(ctx, w.By(w.ID("mara")), draft(t, w, advice, o.Portions[1].ID))
		if err != nil {
			t.Fatal(err)
		}
		// The holder of a memo of it strikes that: whose tearlines there are is
		// not the holder's to know.
		memo := w.Draft(t, nil, "(S//REL TO USA, GBR) Memo", "(S//REL TO USA, GBR) A courier was somewhere.")
		memo.Kind, memo.Portions[0].Sources = cordon.ReportMemo, []cordon.ID{o.Portions[1].ID}
		joint, err := writing.Publish(ctx, w.By(w.ID("ana")), memo)
		if err != nil {
			t.Fatal(err)
		}
		strike := func(officer string, portion cordon.ID) contain.Contained {
			t.Helper()
			i, err := contain.OpenIncident(ctx, w.By(w.ID(officer)), "A leak", nil)
			if err != nil {
				t.Fatal(err)
			}
			done, err := contain.Contain(ctx, w.By(w.ID(officer)), i.ID, contain.Plan{Strike: []cordon.ID{portion}})
			if err != nil {
				t.Fatal(err)
			}
			return done
		}
		if done := strike("sol", joint.Portions[1].ID); len(done.Tearlines) != 0 {
			t.Errorf("VALDOR is told of %+v", done.Tearlines)
		}
		done := strike("mara", o.Portions[1].ID)
		if len(done.Tearlines) != 1 || done.Tearlines[0].Report != line.Report ||
			!slices.Equal(done.Tearlines[0].To, []cordon.ID{w.ID("TARSIS")}) || !slices.Equal(done.Tearlines[0].Originals, []cordon.ID{o.Portions[1].ID}) {
			t.Errorf("to be looked at again: %+v", done.Tearlines)
		}
		if read := w.Texts(t, "theo", line.Report); !slices.Contains(read, advice) {
			t.Errorf("the tearline was not to be struck: %q", read)
		}
		notices, err := notice.List(ctx, w.By(w.ID("mara")), cordon.Cursor{}, 1)
		if err != nil || len(notices) != 1 || !strings.Contains(notices[0].Text, string(line.Report)) {
			t.Errorf("the owner's notice %+v, %v", notices, err)
		}
		theirs, err := notice.List(ctx, w.By(w.ID("sol")), cordon.Cursor{}, 10)
		if err != nil || slices.ContainsFunc(theirs, func(n notice.Notice) bool { return strings.Contains(n.Text, string(line.Report)) }) {
			t.Errorf("VALDOR's notices %+v, %v", theirs, err)
		}
	})
}

// TestALinkIsThereWithItsTearlineOrNeither: a failure at the last write undoes
// all of it.
func TestALinkIsThereWithItsTearlineOrNeither(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	o := original(t, w)
	broken := errors.New("the power fails")
	d := draft(t, w, advice, o.Portions[1].ID)
	d.Kind = cordon.ReportTearline
	prepared, err := writing.Prepare(w.Base, d)
	if err != nil {
		t.Fatal(err)
	}
	_, err = act.Do(ctx, w.By(w.ID("mara")), act.ByAnyone(cordon.ActTearline), prepared.Decide, func(c *act.Commit, p writing.Plan) (act.Done, error) {
		if _, err := writing.Write(c, p); err != nil {
			t.Error(err)
		}
		return act.Done{}, broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if links, err := tearline.List(ctx, w.By(w.ID("mara")), o.Report); err != nil || len(links) != 0 {
		t.Errorf("links %+v, %v", links, err)
	}
	if items, _, err := reading.List(ctx, w.By(w.ID("theo")), reading.Page{}); err != nil || len(items) != 0 {
		t.Errorf("reports %+v, %v", items, err)
	}
}

// TestALinkNeedsOwnershipAndSight: neither who may read both ends and owns
// neither, nor a colleague of the owner's who may read one of them only, is told.
func TestALinkNeedsOwnershipAndSight(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	o := original(t, w)
	d := draft(t, w, advice, o.Portions[1].ID)
	d.Recipients = []cordon.ID{w.ID("VALDOR")}
	line, err := tearline.Add(ctx, w.By(w.ID("mara")), d)
	if err != nil {
		t.Fatal(err)
	}
	uncleared, err := people.AddPerson(ctx, w.Local(), cordon.Person{
		Org: w.ID("MERIDIAN"), Name: "uncleared", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ person, report cordon.ID }{
		"a recipient of both, from the tearline": {w.ID("ana"), line.Report},
		"a recipient of both, from the original": {w.ID("ana"), o.Report},
		"a colleague who sees the tearline only": {uncleared.ID, line.Report},
	} {
		if links, err := tearline.List(ctx, w.By(c.person), c.report); err != nil || len(links) != 0 {
			t.Errorf("%s: %+v, %v", name, links, err)
		}
		if _, err := tearline.CheckReport(ctx, w.By(c.person), c.report); err != error(cordon.ErrNotFound) {
			t.Errorf("%s: checking it: %v", name, err)
		}
	}
}
