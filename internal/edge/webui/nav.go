package webui

import (
	"strings"

	"cordon"
)

// place is one of the places that the pages lead to, for those who hold one of
// the roles; for everybody where none is named.
type place struct {
	path, text string
	roles      []cordon.Role
}

var places = []place{
	{"/", "Inbox", nil},
	{"/reports", "Reports", []cordon.Role{cordon.RoleReader}},
	{"/search", "Search", []cordon.Role{cordon.RoleReader}},
	{"/write", "Write", []cordon.Role{cordon.RoleAuthor}},
	{"/import", "Import", []cordon.Role{cordon.RoleAuthor}},
	{"/check", "Check a text", []cordon.Role{cordon.RoleReader}},
	{"/requests", "Release requests", []cordon.Role{cordon.RoleAuthor, cordon.RoleReleaseAuthority}},
	{"/answers", "Asked of us", []cordon.Role{cordon.RoleReleaseAuthority}},
	{"/grants", "Grants", []cordon.Role{cordon.RoleReleaseAuthority}},
	{"/emergencies", "Emergency releases", []cordon.Role{cordon.RoleReleaseAuthority}},
	{"/arrangements", "Arrangements", nil},
	{"/incidents", "Incidents", nil},
	{"/mosaic", "Mosaic", []cordon.Role{cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer, cordon.RoleAuthor}},
	{"/groups", "Need to know", []cordon.Role{cordon.RoleSecurityOfficer, cordon.RoleAdministrator}},
	{"/ledger", "Ledger", []cordon.Role{cordon.RoleAuditor, cordon.RoleAdministrator, cordon.RoleOperator}},
	{"/people", "People", nil},
	{"/channels", "Channels", []cordon.Role{cordon.RoleSecurityOfficer, cordon.RoleAdministrator}},
	{"/installation", "Installation", []cordon.Role{cordon.RoleOperator}},
}

// nav are the places that are the person's to go to.
func (v *visit) nav() []link {
	var out []link
	for _, p := range places {
		if len(p.roles) > 0 && !holds(v.me.Person, p.roles...) {
			continue
		}
		at := v.r.URL.Path
		out = append(out, link{p.path, p.text, at == p.path || p.path != "/" && strings.HasPrefix(at, p.path+"/")})
	}
	return out
}
