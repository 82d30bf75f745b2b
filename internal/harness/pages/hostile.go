package pages

import (
	"fmt"
	"strings"
	"testing"

	"cordon"
	"cordon/wire"
)

// HostileText is what somebody could type who means no good.
const HostileText = `<script>window.hit=1</script><img src=x onerror="window.hit=1">"' {{.}} ` + "\u202edesrever\u202c \U000e0041 مرحبا 日本語 शांति ทดสอบ"

// Hostile fills what can be filled with such text, with what is long and with what
// is much, and gives the pages on which it is shown.
func Hostile(t testing.TB, w *World) map[string]string {
	t.Helper()
	long := strings.Repeat("a", 20_000) + " " + strings.Repeat("long words and short ones, ", 3000)
	draft := wire.Draft{Kind: cordon.ReportOriginal, Ref: HostileText, Title: wire.PortionDraft{Marking: "U", Text: HostileText}, Portions: []wire.PortionDraft{
		{Marking: "U", Text: HostileText}, {Marking: "U", Text: long}, {Marking: "U", Kind: cordon.PortionTable, Text: HostileText + "\n" + HostileText},
	}}
	published, err := w.API.Publish(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	many := wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "Many"}}
	for i := range 999 {
		many.Portions = append(many.Portions, wire.PortionDraft{Marking: "U", Text: fmt.Sprintf("Portion %d", i)})
	}
	whole, err := w.API.Publish(t.Context(), many)
	if err != nil {
		t.Fatal(err)
	}
	incident, err := w.API.OpenIncident(t.Context(), wire.IncidentDraft{Title: HostileText})
	if err != nil {
		t.Fatal(err)
	}
	// A name takes no character that nobody sees, and one script.
	markup, _, _ := strings.Cut(HostileText, " \u202e")
	if _, err := w.API.AddGroup(t.Context(), wire.GroupDraft{Name: HostileText, Everyone: true}); cordon.KindOf(err) != cordon.KindInvalid {
		t.Fatal(err)
	}
	group, err := w.API.AddGroup(t.Context(), wire.GroupDraft{Name: markup, Everyone: true})
	if err != nil || group.Name != markup {
		t.Fatal(err)
	}
	return map[string]string{
		"a report": "/reports/" + string(published.Report), "many portions": "/reports/" + string(whole.Report), "reports": "/reports",
		"an incident": "/incidents/" + string(incident.ID), "incidents": "/incidents", "groups": "/groups",
	}
}
