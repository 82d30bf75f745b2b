package webui

import (
	"strings"

	"cordon"
)

// place is one of the places that the pages lead to, for those who hold one of
// the roles; for everybody where none is named.
type place struct {
	path, text string
	// key goes there, pressed after g.
	key   string
	roles []cordon.Role
}

// knowing are the roles that may know of arrangements.
var knowing = []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer}

var places = []place{
	{"/", "Inbox", "i", nil},
	{"/reports", "Reports", "r", []cordon.Role{cordon.RoleReader}},
	{"/search", "Search", "s", []cordon.Role{cordon.RoleReader}},
	{"/write", "Write", "w", []cordon.Role{cordon.RoleAuthor}},
	{"/import", "Import", "m", []cordon.Role{cordon.RoleAuthor}},
	{"/check", "Check a text", "c", []cordon.Role{cordon.RoleReader}},
	{"/requests", "Release requests", "q", []cordon.Role{cordon.RoleAuthor, cordon.RoleReleaseAuthority}},
	{"/answers", "Asked of us", "a", []cordon.Role{cordon.RoleReleaseAuthority}},
	{"/grants", "Grants", "g", []cordon.Role{cordon.RoleReleaseAuthority}},
	{"/emergencies", "Emergency releases", "e", []cordon.Role{cordon.RoleReleaseAuthority}},
	{"/waiting", "What waits", "f", []cordon.Role{cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer}},
	{"/arrangements", "Arrangements", "t", knowing},
	{"/incidents", "Incidents", "n", nil},
	{"/mosaic", "Mosaic", "o", []cordon.Role{cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer, cordon.RoleAuthor}},
	{"/groups", "Need to know", "k", []cordon.Role{cordon.RoleSecurityOfficer, cordon.RoleAdministrator}},
	{"/ledger", "Ledger", "l", []cordon.Role{cordon.RoleAuditor, cordon.RoleAdministrator, cordon.RoleOperator}},
	{"/people", "People", "p", nil},
	{"/channels", "Channels", "h", []cordon.Role{cordon.RoleSecurityOfficer, cordon.RoleAdministrator}},
	{"/installation", "Installation", "x", []cordon.Role{cordon.RoleOperator}},
}

// nav are the places that are the person's to go to.
func (v *visit) nav() []link {
	var out []link
	for _, p := range places {
		if len(p.roles) > 0 && !holds(v.me.Person, p.roles...) {
			continue
		}
		at := v.r.URL.Path
		out = append(out, link{p.path, p.text, p.key, at == p.path || p.path != "/" && strings.HasPrefix(at, p.path+"/")})
	}
	return out
}
