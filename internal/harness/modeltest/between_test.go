package modeltest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/harness/casetest"
	"cordon/internal/harness/soak"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/needtoknow"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/trace"
	"cordon/internal/usecase/writing"
)

// scene is what one act and one change meet in: a report of MERIDIAN's under an
// arrangement with VALDOR, and somebody of VALDOR's and somebody of TARSIS', to whom
// its paragraph was released, who do nothing else.
type scene struct {
	*casetest.World
	reader, third cordon.Person
	report        writing.Published
	arrangement   cordon.ID
	request       release.Request
	grant         cordon.ID
	by            act.Caller // of the reader, on the store that lets others in
	byThird       act.Caller
	word          string
}

func (s scene) paragraph() cordon.ID { return s.report.Portions[1].ID }

// an act answers with what was shown, for comparison.
var acts = map[string]func(scene) (string, error){
	"open": func(s scene) (string, error) { return opened(s.by, s.report.Report, cordon.ActRead) },
	"open what was released": func(s scene) (string, error) {
		return opened(s.byThird, s.report.Report, cordon.ActRead)
	},
	"export": func(s scene) (string, error) { return opened(s.by, s.report.Report, cordon.ActExport) },
	"open portions": func(s scene) (string, error) {
		return texts(reading.OpenPortions(context.Background(), s.by, s.report.Report, []cordon.ID{s.paragraph()}))
	},
	"wordings": func(s scene) (string, error) {
		return texts(reading.Wordings(context.Background(), s.by, string(s.report.Report), s.paragraph()))
	},
	"list": func(s scene) (string, error) {
		items, _, err := reading.List(context.Background(), s.by, reading.Page{Limit: cordon.MaxPage})
		i := slices.IndexFunc(items, func(i reading.Item) bool { return i.Report == s.report.Report })
		if i < 0 {
			return "not listed", err
		}
		return items[i].Title + items[i].Mark, err
	},
	"search": func(s scene) (string, error) {
		found, err := reading.Search(context.Background(), s.by, reading.Query{Text: s.word, Newest: true})
		var all []reading.Shown
		for _, h := range found.Hits {
			all = append(all, h.Shown)
		}
		out, _ := texts(all, nil)
		return out, err
	},
	"suggest": func(s scene) (string, error) {
		words, err := reading.Suggest(context.Background(), s.by, s.word[:len(s.word)-1])
		return fmt.Sprint(words), err
	},
	"named": func(s scene) (string, error) {
		places, err := reading.Named(context.Background(), s.by, []cordon.ID{s.report.Report, s.paragraph()})
		return fmt.Sprint(len(places), places[s.report.Report].Title), err
	},
	"holders": func(s scene) (string, error) {
		_, err := trace.Holders(context.Background(), s.by, s.paragraph())
		return "done", err
	},
	"scan": func(s scene) (string, error) {
		out, err := trace.Scan(context.Background(), s.by, s.text(), 0)
		return fmt.Sprint(len(out.Hits)), err
	},
	"derive": func(s scene) (string, error) {
		draft := writing.Draft{Kind: cordon.ReportMemo, Title: writing.PortionDraft{Mark: "U", Text: "A memo"}}
		draft.Portions = []writing.PortionDraft{{Kind: cordon.PortionParagraph, Text: "In other terms.", Sources: []cordon.ID{s.paragraph()}}}
		_, err := writing.Publish(context.Background(), s.by, draft)
		return "done", err
	},
	"publish under the arrangement": func(s scene) (string, error) {
		draft := writing.Draft{Kind: cordon.ReportMemo, Arrangement: s.arrangement, Title: writing.PortionDraft{Mark: "U", Text: "A memo"}}
		_, err := writing.Publish(context.Background(), s.by, draft)
		return "done", err
	},
	"ask": func(s scene) (string, error) {
		_, err := release.Ask(context.Background(), s.by, release.RequestDraft{Portions: []cordon.ID{s.paragraph()}, Audience: s.ID("HUB")})
		return "done", err
	},
	"plan a release": func(s scene) (string, error) {
		_, err := release.Preview(context.Background(), s.by, release.RequestDraft{Portions: []cordon.ID{s.paragraph()}, Audience: s.ID("HUB")})
		return "done", err
	},
	"release": func(s scene) (string, error) {
		_, err := release.Release(context.Background(), s.by, s.request.ID, nil)
		return "done", err
	},
}

// texts are those shown and the error.
func texts(shown []reading.Shown, err error) (string, error) {
	var all []string
	for _, one := range shown {
		all = append(all, one.Mark+" "+one.Text)
	}
	slices.Sort(all) // what is found at once is in no order
	return strings.Join(all, "|"), err
}

func opened(by act.Caller, report cordon.ID, via cordon.Act) (string, error) {
	out, err := reading.Open(context.Background(), by, string(report), via)
	if err != nil {
		return "", err
	}
	return texts(out.Portions, nil)
}

// changes are what somebody else does meanwhile.
var interventions = map[string]func(scene) error{
	"": func(scene) error { return nil },
	"the clearance is lowered": func(s scene) error {
		for _, p := range []cordon.Person{s.reader, s.third} {
			p.Clearances = map[string]string{"us": "C"}
			if _, err := people.ChangePerson(context.Background(), s.Local(), p); err != nil {
				return err
			}
		}
		return nil
	},
	"the person is suspended": func(s scene) error {
		for _, p := range []cordon.Person{s.reader, s.third} {
			p.Suspended = true
			if _, err := people.ChangePerson(context.Background(), s.Local(), p); err != nil {
				return err
			}
		}
		return nil
	},
	"the organisation moves": func(s scene) error {
		for _, name := range []string{"VALDOR", "TARSIS"} {
			o := s.Org[name]
			o.Country = "DEU"
			if _, err := people.ChangeOrganisation(context.Background(), s.Local(), o); err != nil {
				return err
			}
		}
		return nil
	},
	"the grant is revoked": func(s scene) error {
		return release.Revoke(context.Background(), s.By(s.ID("mara")), s.grant)
	},
	"the paragraph is struck": func(s scene) error {
		incident, err := contain.OpenIncident(context.Background(), s.By(s.ID("mara")), "It is out", nil)
		if err == nil {
			_, err = contain.Contain(context.Background(), s.By(s.ID("mara")), incident.ID, contain.Plan{Strike: []cordon.ID{s.paragraph()}})
		}
		return err
	},
	"it is limited": func(s scene) error {
		incident, err := contain.OpenIncident(context.Background(), s.By(s.ID("mara")), "It is out", nil)
		if err == nil {
			_, err = contain.Contain(context.Background(), s.By(s.ID("mara")), incident.ID,
				contain.Plan{Limit: []contain.Limit{{Report: s.report.Report, Circle: []cordon.ID{s.ID("mara")}}}})
		}
		return err
	},
	"it is narrowed": func(s scene) error {
		_, err := needtoknow.Report(context.Background(), s.By(s.ID("sol")), s.report.Report, needtoknow.To{People: []cordon.ID{s.ID("sol")}})
		return err
	},
	"all under the arrangement is narrowed": func(s scene) error {
		_, err := needtoknow.Arrangement(context.Background(), s.By(s.ID("sol")), s.arrangement, needtoknow.To{People: []cordon.ID{s.ID("sol")}})
		return err
	},
	"it is reworded": func(s scene) error {
		_, err := writing.Revise(context.Background(), s.By(s.ID("mara")), string(s.report.Report), s.paragraph(), writing.Revision{Text: "Nothing of it."})
		return err
	},
	"the arrangement is suspended": func(s scene) error {
		_, err := arrangement.Suspend(context.Background(), s.By(s.ID("mara")), s.arrangement)
		return err
	},
	"the arrangement ends": func(s scene) error {
		_, err := arrangement.End(context.Background(), s.By(s.ID("mara")), s.arrangement)
		return err
	},
}

// text is the paragraph's.
func (s scene) text() string {
	return "The envoy " + s.word + " said before the vote that the harbour would close within a week."
}

// play sets the scene and runs the act, with the change before its n-th transaction
// commits; before it begins where n is negative. It says how it ended, and whether it
// came to that transaction.
func play(t *testing.T, w *casetest.World, n int, do func(scene) (string, error), change func(scene) error) (string, bool) {
	t.Helper()
	ctx := context.Background()
	for _, name := range []string{"VALDOR", "TARSIS"} { // as they were
		if _, err := people.ChangeOrganisation(ctx, w.Local(), w.Org[name]); err != nil {
			t.Fatal(err)
		}
	}
	scenes++
	s := scene{World: w, word: strings.ToLower("w" + strings.Repeat("x", 2) + word(scenes, 1))}
	roles := []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority}
	var err error
	add := func(org string) cordon.Person {
		p, err := people.AddPerson(ctx, w.Local(), cordon.Person{
			Org: w.ID(org), Name: fmt.Sprintf("p%d", scenes), Roles: roles, Clearances: map[string]string{"us": "S"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	s.reader, s.third = add("VALDOR"), add("TARSIS")
	s.arrangement = w.Arrange(t, "mara", arrangement.Draft{
		Name: fmt.Sprintf("QUIET %d", scenes), Mark: "S//REL TO USA, GBR", Parties: []cordon.ID{w.ID("VALDOR")},
		Terms: cordon.Terms{DefaultMark: "U", Withheld: cordon.WithheldSilent},
	}).ID
	draft := w.Draft(t, nil, "(S//REL TO USA, FRA, GBR) The file "+s.word, "(S//REL TO USA, FRA, GBR) "+s.text())
	draft.Arrangement = s.arrangement
	if s.report, err = writing.Publish(ctx, w.By(w.ID("mara")), draft); err != nil {
		t.Fatal(err)
	}
	s.grant = releasedTo(t, w, s.paragraph(), "TARSIS")
	s.request, err = release.Ask(ctx, w.By(s.reader.ID), release.RequestDraft{Portions: []cordon.ID{s.paragraph()}, Audience: w.ID("HUB")})
	if err != nil {
		t.Fatal(err)
	}
	part := s.request.Parts[0]
	if _, err := release.Decide(ctx, w.By(w.ID("mara")), part.ID, release.Decision{Grant: []cordon.ID{s.paragraph()}, Until: w.Clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	meddle := func() {
		if err := change(s); err != nil {
			t.Fatal(err)
		}
	}
	if n < 0 {
		meddle()
	}
	between := &casetest.Between{Store: w.Store, Calls: max(n, 0)}
	if n >= 0 {
		between.Act = meddle
	}
	base := *w.Base
	base.Store = between
	s.by, s.byThird = base.By(s.reader.ID), base.By(s.third.ID)
	out, err := do(s)
	if err != nil {
		return "error " + cordon.KindOf(err).String(), between.Met()
	}
	return strings.ReplaceAll(out, s.word, "WORD"), between.Met()
}

var scenes int

// releasedTo has MERIDIAN release the portion to the organisation, as ana asks.
func releasedTo(t *testing.T, w *casetest.World, portion cordon.ID, to string) cordon.ID {
	t.Helper()
	ctx := context.Background()
	r, err := release.Ask(ctx, w.By(w.ID("ana")), release.RequestDraft{Portions: []cordon.ID{portion}, Audience: w.ID(to)})
	if err != nil {
		t.Fatal(err)
	}
	answer := release.Decision{Grant: []cordon.ID{portion}, Until: w.Clock.Now().Add(time.Hour)}
	if _, err := release.Decide(ctx, w.By(w.ID("mara")), r.Parts[0].ID, answer); err != nil {
		t.Fatal(err)
	}
	if r, err = release.Release(ctx, w.By(w.ID("ana")), r.ID, nil); err != nil {
		t.Fatal(err)
	}
	return r.Parts[0].Grant
}

// TestWhatCommitsIsOfTheNewerState: whatever somebody else does between an act's
// deciding and its committing, it ends as it would have, had that come first.
func TestWhatCommitsIsOfTheNewerState(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		weighs := make(map[string]bool) // acts and changes of which one bears on the other
		part := soak.Pick(8, 1)
		if w.Dir == "" { // PostgreSQL
			part = soak.Pick(32, 1)
		}
		for i, name := range slices.Sorted(maps.Keys(acts)) {
			undisturbed := ""
			for j, what := range slices.Sorted(maps.Keys(interventions)) {
				if (i+j)%part > 0 && what != "" { // in the gate a part
					continue
				}
				want, _ := play(t, w, -1, acts[name], interventions[what])
				if what == "" {
					undisturbed = want
				}
				for n := range most {
					got, met := play(t, w, n, acts[name], interventions[what])
					if !met {
						break
					}
					if got != want {
						t.Errorf("%s while %s, in transaction %d: %s, want %s", name, what, n, got, want)
					}
				}
				if undisturbed != "" && want != undisturbed {
					weighs[name], weighs[what] = true, true
				}
			}
		}
		if soak.On() {
			for _, name := range slices.Concat(slices.Collect(maps.Keys(acts)), slices.Collect(maps.Keys(interventions))) {
				if !weighs[name] && name != "" {
					t.Errorf("%s: it bears on nothing, or nothing on it", name)
				}
			}
		}
	})
}

// most is how many transactions of one act are looked at.
const most = 4
