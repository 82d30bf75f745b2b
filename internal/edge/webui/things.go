package webui

import (
	"maps"
	"regexp"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/reading"
	"cordon/wire"
)

// thing is what an id is to the person: what it is called, where its page is, and
// the one step that it leads to.
type thing struct {
	Name, Mark, Path string
	// Step is what is to be done with it next; Done says that nothing is any more.
	Step string
	Done bool
}

// things names the ids as far as the person may see what they name. It asks the
// lists that are theirs anyway, so that nothing is asked for that they may not see.
func (v *visit) things(ids []cordon.ID) (map[cordon.ID]thing, error) {
	out := make(map[cordon.ID]thing)
	wanted := make(map[cordon.ID]bool)
	for _, id := range ids {
		wanted[id] = true
	}
	if len(wanted) == 0 {
		return out, nil
	}
	page := wire.Page{Limit: cordon.MaxPage}
	err := v.Together(func() error {
		if holds(v.me.Person, cordon.RoleReleaseAuthority) {
			parts, err := httpapi.Do(v.Caller, wire.ListReleaseParts, page)
			if err != nil {
				return err
			}
			for _, p := range parts.Items {
				open := p.State == cordon.PartPending && p.RequestState == wire.RequestOpen
				out[p.ID] = thing{Name: p.Purpose, Path: "/answers/" + string(p.ID), Step: map[bool]string{true: "Answer it", false: "See the answer"}[open], Done: !open}
			}
			late, err := httpapi.Do(v.Caller, wire.ListEmergencies, wire.EmergenciesPage{Page: page, All: true})
			if err != nil {
				return err
			}
			for _, p := range late.Items {
				done := !p.Reviewed.IsZero()
				out[p.ID] = thing{Name: p.Reason, Path: "/emergencies?show=all", Step: map[bool]string{false: "Review it", true: "See the review"}[done], Done: done}
			}
		}
		if holds(v.me.Person, cordon.RoleAuthor, cordon.RoleReleaseAuthority) {
			asked, err := httpapi.Do(v.Caller, wire.ListReleaseRequests, page)
			if err != nil {
				return err
			}
			for _, q := range asked.Items {
				one := thing{Name: q.Purpose, Path: "/requests/" + string(q.ID), Step: "See who has answered"}
				switch q.State {
				case wire.RequestOpen:
				case wire.RequestAnswered:
					one.Step = "Release it"
				default:
					one.Step, one.Done = "See how it ended", true
				}
				out[q.ID] = one
			}
		}
		if holds(v.me.Person, knowing...) {
			arrangements, err := httpapi.Do(v.Caller, wire.ListArrangements, page)
			if err != nil {
				return err
			}
			for _, a := range arrangements.Items {
				waits := a.Proposal != nil && !among(v.me.Organisation.ID, a.Proposal.Agreed)
				out[a.ID] = thing{Name: a.Name, Mark: a.Marking, Path: "/arrangements/" + string(a.ID), Step: map[bool]string{true: "Read and answer", false: "Read the terms"}[waits], Done: !waits}
			}
		}
		incidents, err := httpapi.Do(v.Caller, wire.ListIncidents, page)
		if err != nil {
			return err
		}
		for _, i := range incidents.Items {
			out[i.ID] = thing{Name: i.Title, Path: "/incidents/" + string(i.ID), Step: "Go to the incident"}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var left []cordon.ID
	for id := range wanted {
		if _, known := out[id]; !known {
			left = append(left, id)
		}
	}
	more, err := v.named(left)
	maps.Copy(out, more)
	return out, err
}

// named names reports and portions.
func (v *visit) named(ids []cordon.ID) (map[cordon.ID]thing, error) {
	out := make(map[cordon.ID]thing)
	if len(ids) == 0 || !holds(v.me.Person, cordon.RoleReader) {
		return out, nil
	}
	places, err := reading.Named(v.r.Context(), v.by, ids)
	if err != nil {
		return nil, err
	}
	for id, p := range places {
		one := thing{Name: first(p.Title, p.Ref), Mark: p.Mark, Path: "/reports/" + string(p.Report), Step: "Read it"}
		if p.Portion != "" {
			one.Path, one.Step = "/portions/"+string(p.Portion), "See who had it"
		}
		out[id] = one
	}
	return out, nil
}

// idInText is an id where it stands in a sentence.
var idInText = regexp.MustCompile(`\b[a-z2-9]{26}\b`)

func idsIn(text string) []cordon.ID {
	var out []cordon.ID
	for _, id := range idInText.FindAllString(text, -1) {
		out = append(out, cordon.ID(id))
	}
	return out
}

// phrase is a piece of a sentence: text, or what an id in it names. Of an id that
// names nothing to the person the beginning is shown.
type phrase struct {
	Text  string
	Thing *thing
	ID    cordon.ID
}

// phrases is the sentence with its ids named.
func phrases(text string, known map[cordon.ID]thing) []phrase {
	var out []phrase
	at := 0
	for _, place := range idInText.FindAllStringIndex(text, -1) {
		id := cordon.ID(text[place[0]:place[1]])
		if at < place[0] {
			out = append(out, phrase{Text: text[at:place[0]]})
		}
		one := phrase{ID: id}
		if t, ok := known[id]; ok {
			one.Thing = &t
		}
		out, at = append(out, one), place[1]
	}
	if at < len(text) {
		out = append(out, phrase{Text: text[at:]})
	}
	return out
}
