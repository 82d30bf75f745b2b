package httpapi_test

import (
	"testing"

	"cordon"
	"cordon/wire"
)

// TestImportedOnce: what a person published before under its key is left out,
// whatever request it comes in, and nothing else is.
func TestImportedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		note := func(title string) wire.Draft {
			return wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: title}}
		}
		send := func(who string, drafts []wire.Draft, keys ...string) []wire.Imported {
			t.Helper()
			out, err := w.as[who].Import(t.Context(), drafts, keys)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		// became is, in a word each, what became of the drafts.
		became := func(all []wire.Imported) (words string) {
			for _, one := range all {
				switch {
				case one.Before && one.Published == nil && one.Problem == nil:
					words += " before"
				case one.Published != nil && !one.Before:
					words += " published"
				case one.Problem != nil && !one.Before:
					words += " " + one.Problem.Type
				default:
					t.Errorf("%+v is several", one)
				}
			}
			return words
		}
		check := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s:%s, want%s", what, got, want)
			}
		}
		wrong := note("wrong")
		wrong.Title.Marking = "S//NOFRN"
		check("at first", became(send("ana", []wire.Draft{note("a"), wrong, note("b")}, "a", "wrong", "b")), " published urn:cordon:error:invalid published")
		check("with a new one between", became(send("ana", []wire.Draft{note("a"), note("new"), note("b")}, "a", "new", "b")), " before published before")
		// A refused report was not published; mended, it is.
		check("mended", became(send("ana", []wire.Draft{note("wrong")}, "wrong")), " published")
		check("twice in one", became(send("ana", []wire.Draft{note("c"), note("d"), note("e")}, "c", "", "")), " published published published")
		check("without keys", became(send("ana", []wire.Draft{note("a"), note("a")})), " published published")
		check("with an empty one", became(send("ana", []wire.Draft{note("d")}, "")), " published")
		check("by somebody else", became(send("mara", []wire.Draft{note("a")}, "a")), " published")
		check("and again", became(send("mara", []wire.Draft{note("a")}, "a")), " before")

		if _, err := w.as["ana"].Import(t.Context(), []wire.Draft{note("a"), note("b")}, []string{"a"}); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
			t.Errorf("one key for two: %v", err)
		}
		if _, err := w.as["ana"].Import(t.Context(), []wire.Draft{note("a")}, []string{string(make([]byte, 256))}); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
			t.Errorf("a long key: %v", err)
		}
	})
}
