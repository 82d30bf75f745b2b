package writing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/writing"
)

// A text is never freer than what is written on it, whoever sends it.
func TestMarksInATextAreCovered(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	draft := func(text string) writing.Draft {
		return w.Draft(t, []string{"VALDOR"}, "(U) Notes", "(U) A first portion.", "(U) "+text)
	}

	_, err := writing.Publish(ctx, w.By(w.ID("mara")), draft("The pier is shut.\n[S//NF] "+cityText))
	var e *cordon.Error
	if !errors.As(err, &e) || e.Kind != cordon.KindInvalid || len(e.Issues) != 1 {
		t.Fatalf("a higher mark at the beginning of a line: %v", err)
	}
	if i := e.Issues[0]; i.Portion != 2 || i.Line != 2 || i.Column != 1 || !strings.Contains(i.Problem, "S//NF") {
		t.Errorf("%+v", i)
	}

	out, err := writing.Publish(ctx, w.By(w.ID("mara")), draft("The pier is shut; (S//NF) so they say."))
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Portions[2].Warnings; len(got) != 1 || got[0].Line != 1 || got[0].Column != 19 {
		t.Errorf("in running text it is warned of: %+v", got)
	}

	quoted := draft("A mark.")
	quoted.Portions[1].Text, quoted.Quoted = "(S//NF) is how a mark is written.", true
	if out, err = writing.Publish(ctx, w.By(w.ID("mara")), quoted); err != nil || len(out.Portions[2].Warnings) != 1 {
		t.Errorf("quoted: %+v, %v", out, err)
	}

	revision := writing.Revision{Text: "The pier.\n(S//REL TO USA, GBR) It is open."}
	if _, err := writing.Revise(ctx, w.By(w.ID("mara")), string(out.Report), out.Portions[1].ID, revision); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "line 2, column 1") {
		t.Errorf("revised: %v", err)
	}
	revision.Mark = "S//REL TO USA, GBR"
	if one, err := writing.Revise(ctx, w.By(w.ID("mara")), string(out.Report), out.Portions[1].ID, revision); err != nil || one.Mark != "S//REL TO USA, GBR" {
		t.Errorf("revised with its marking: %+v, %v", one, err)
	}
}

// A new wording that says who classified it is held to the same as a publication.
func TestAnAuthorityBlockInARevision(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	const block = "The pier is shut.\nClassified By: the Harbour Desk"

	out, err := writing.Publish(ctx, w.By(w.ID("mara")), w.Draft(t, []string{"VALDOR"}, "(U) Notes", "(U) The pier.", "(U) The gate."))
	if err != nil {
		t.Fatal(err)
	}
	revise := func(in writing.Published, r writing.Revision) error {
		_, err := writing.Revise(ctx, w.By(w.ID("mara")), string(in.Report), in.Portions[1].ID, r)
		return err
	}
	if err := revise(out, writing.Revision{Text: block}); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "Classified By") {
		t.Errorf("in what is unclassified: %v", err)
	}
	if err := revise(out, writing.Revision{Text: block, Quoted: true}); err != nil {
		t.Errorf("quoted: %v", err)
	}

	out, err = writing.Publish(ctx, w.By(w.ID("mara")), w.Draft(t, []string{"VALDOR"}, "(U) Notes", "(U) The pier.", "(S//REL TO USA, GBR) The gate."))
	if err != nil {
		t.Fatal(err)
	}
	if err := revise(out, writing.Revision{Text: block}); err != nil {
		t.Errorf("beside what is classified: %v", err)
	}
}
