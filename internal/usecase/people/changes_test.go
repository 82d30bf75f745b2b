package people

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
)

// TestChanges: what an act changed of what a person holds, and no name.
func TestChanges(t *testing.T) {
	before := cordon.Person{
		Name: "Noor", Nationality: "GBR", Clearances: map[string]string{"us": "S", "uk": "OFFICIAL"}, Roles: []cordon.Role{cordon.RoleReader},
		ReadIns: []cordon.ReadIn{{Compartment: "us:SI"}},
	}
	after := cordon.Person{
		Name: "Nour", Clearances: map[string]string{"us": "TS"}, Roles: []cordon.Role{cordon.RoleAuditor}, Suspended: true,
		ReadIns: []cordon.ReadIn{{Compartment: "us:SI", Until: time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)}, {Compartment: "us:<&>"}},
	}
	want := []string{
		"clearance uk from OFFICIAL to none", "clearance us from S to TS", "name", "nationality from GBR to none",
		"read-in us:??? given", "read-in us:SI taken", "read-in us:SI until 2027-01-02 given", "role auditor given", "role reader taken", "suspended",
	}
	if got := Changes(before, after); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := Changes(before, before); len(got) != 0 {
		t.Errorf("of nothing changed: %v", got)
	}
	many := cordon.Person{}
	for i := range 300 {
		many.ReadIns = append(many.ReadIns, cordon.ReadIn{Compartment: "us:" + strings.Repeat("X", i+1)})
	}
	got := Changes(cordon.Person{}, many)
	if len(got) > mostChanges+1 || !slices.IsSorted(got) || slices.ContainsFunc(got, func(s string) bool { return len(s) > 128 }) {
		t.Errorf("%d changes", len(got))
	}
}
