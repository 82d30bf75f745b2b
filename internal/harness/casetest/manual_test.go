package casetest_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/edge/exchange/document"
	"cordon/internal/harness/casetest"
	"cordon/internal/harness/sample"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/trace"
	"cordon/internal/usecase/writing"
)

// manual imports the manual, in the real one's case some 1,200 genuine portion
// marks, as a report of MERIDIAN's given to VALDOR.
func manual(t *testing.T, w *casetest.World, s sample.Set) (document.Document, writing.Published) {
	t.Helper()
	doc, err := document.ReadMarkdown("manual.md", bytes.NewReader(s.Read(t, "ic-markings-manual.md")), document.Options{Schemes: w.Schemes, Quoted: true})
	if err != nil {
		t.Fatal(err)
	}
	draft := writing.Draft{Kind: cordon.ReportOriginal, Quoted: true, Recipients: []cordon.ID{w.ID("VALDOR")}}
	draft.Title = writing.PortionDraft{Mark: doc.Title.Marks.Portion(), Text: doc.Title.Text}
	for _, p := range doc.Portions {
		draft.Portions = append(draft.Portions, writing.PortionDraft{Kind: p.Kind, Mark: p.Marks.Portion(), Text: p.Text})
	}
	out, err := writing.Publish(context.Background(), w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	return doc, out
}

// unrelated is a page of another text, into which paragraphs are quoted.
const unrelated = `The ferry left at seven. Nobody on deck spoke of what had been
said the night before, and the captain kept to his cabin until the islands came
into view, one after the other, grey in the rain.

%s

At the landing stage a boy sold oranges. She bought two, gave one back, and asked
him the way to the post office, which turned out to be shut.

%s

By noon the weather had cleared and there was nothing to be done but wait.`

func TestTheManual(t *testing.T) { sample.Each(t, theManual) }

func theManual(t *testing.T, s sample.Set) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		doc, published := manual(t, w, s)
		if least := sample.Pick(s, 72, 1200); len(published.Portions) < least {
			t.Errorf("%d portions: there are some %d marks", len(published.Portions), least)
		}
		if published.Banner != "UNCLASSIFIED" {
			t.Errorf("banner %q", published.Banner)
		}

		// A reader with the clearances opens it whole.
		texts := w.Texts(t, "ana", published.Report)
		if len(texts) != len(doc.Portions)+1 {
			t.Fatalf("she reads %d portions of %d", len(texts), len(doc.Portions)+1)
		}
		for i, p := range doc.Portions {
			if texts[i+1] != p.Text {
				t.Fatalf("portion %d reads %q, was written %q", i+1, texts[i+1], p.Text)
			}
		}

		// Two of its paragraphs, each long and standing once, quoted in a page
		// of something else, are found there, and nothing else is.
		var quoted []int
		all := flat(doc)
		for i, p := range doc.Portions {
			if p.Kind == cordon.PortionParagraph && len(strings.Fields(p.Text)) > 60 && once(all, p.Text) {
				quoted = append(quoted, i)
			}
		}
		one, two := quoted[len(quoted)/3], quoted[2*len(quoted)/3]
		page := fmt.Sprintf(unrelated, doc.Portions[one].Text, strings.ReplaceAll(doc.Portions[two].Text, " ", "\n  "))
		tracer := &act.Base{Store: w.Store, Vault: w.Vault, Rules: w.Rules, Tokens: w.Tokens, Clock: w.Clock}
		found := scan(t, w, tracer, "ana", page)
		want := []cordon.ID{published.Portions[one+1].ID, published.Portions[two+1].ID}
		if !slices.Equal(found, want) {
			t.Errorf("found %v, want %v", found, want)
		}
		if clean := scan(t, w, tracer, "ana", fmt.Sprintf(unrelated, "", "")); len(clean) != 0 {
			t.Errorf("in the page without them it found %v", clean)
		}
		if others := scan(t, w, tracer, "theo", page); len(others) != 0 {
			t.Errorf("who may not see the manual is told %v", others)
		}

		// Struck, a paragraph is gone from open, list, search, export and scan.
		incident, err := contain.OpenIncident(ctx, w.By(w.ID("mara")), "A quoted paragraph", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := contain.Contain(ctx, w.By(w.ID("mara")), incident.ID, contain.Plan{Strike: want[:1]}); err != nil {
			t.Fatal(err)
		}
		gone := doc.Portions[one].Text
		for _, via := range []cordon.Act{cordon.ActRead, cordon.ActExport} {
			out, err := reading.Open(ctx, w.By(w.ID("ana")), string(published.Report), via)
			if err != nil || len(out.Portions) != len(texts)-1 {
				t.Errorf("%s: %d portions, %v", via, len(out.Portions), err)
			}
			if strings.Contains(fmt.Sprintf("%+v", out), gone) {
				t.Errorf("%s still gives it", via)
			}
		}
		query := strings.Join(strings.FieldsFunc(gone, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') })[:12], " ")
		hits, err := reading.Search(ctx, w.By(w.ID("ana")), reading.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits.Hits {
			if h.ID == want[0] {
				t.Error("search still finds it")
			}
		}
		if found := scan(t, w, tracer, "ana", page); !slices.Equal(found, want[1:]) {
			t.Errorf("scan still finds %v, want the other alone", found)
		}
		w.AbsentFromFiles(t, gone, doc.Portions[two].Text, gone[:60])
	})
}

func scan(t *testing.T, w *casetest.World, tracer *act.Base, person, text string) []cordon.ID {
	t.Helper()
	report, err := trace.Scan(context.Background(), tracer.By(w.ID(person)), text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ids []cordon.ID
	for _, h := range report.Hits {
		if h.How == "verbatim" { // paragraphs alike are found as reworded
			ids = append(ids, h.Portion)
		}
	}
	return ids
}

// flat is the document's portions, one to a line, with single blanks.
func flat(doc document.Document) string {
	var all strings.Builder
	for _, p := range doc.Portions {
		all.WriteString(strings.Join(strings.Fields(p.Text), " ") + "\n")
	}
	return all.String()
}

// once reports whether no run of the text's words stands twice in all.
func once(all, text string) bool {
	words := strings.Fields(text)
	for i := 0; i+8 < len(words); i += 4 {
		if strings.Count(all, strings.Join(words[i:i+8], " ")) > 1 {
			return false
		}
	}
	return true
}
