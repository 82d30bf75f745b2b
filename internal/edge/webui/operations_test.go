package webui_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"cordon/internal/edge/httpapi"
)

// pageOf says in which file the page is that uses each operation of the API.
var pageOf = map[string]string{
	"getMe": "visit", "countUnread": "visit",
	"listNotices": "inbox", "readNotices": "inbox", "getCounts": "inbox",
	"listTokens": "account", "newToken": "account", "revokeToken": "account", "listSessions": "account", "endSession": "account",
	"listCredentials": "account", "dropCredential": "account", "changePassword": "account",
	"listReports": "reports", "search": "search", "suggest": "search", "openReport": "report", "exportReport": "report", "setCompilation": "report", "narrowReport": "report",
	"revise": "revise", "listWordings": "wordings", "publish": "write", "importReports": "import", "addTearline": "tearlines", "checkTearline": "tearlines", "listTearlines": "report",
	"listHolders": "holders", "addFacts": "holders", "checkDraft": "check", "scanText": "check",
	"planRelease": "requests", "requestRelease": "requests", "listReleaseRequests": "requests", "getReleaseRequest": "requests", "release": "requests", "withdrawRequest": "requests",
	"listReleaseParts": "answers", "getReleasePart": "answers", "openPart": "answers", "decidePart": "answers", "confirmPart": "answers",
	"listGrants": "grants", "revokeGrant": "grants", "listEmergencies": "emergencies", "releaseInEmergency": "emergencies", "reviewEmergency": "emergencies",
	"listWaiting": "waiting", "decideWaiting": "waiting",
	"listArrangements": "arrangements", "addArrangement": "arrangements", "getArrangement": "arrangements", "agree": "arrangements", "decline": "arrangements",
	"amend": "arrangements", "suspendArrangement": "arrangements", "resumeArrangement": "arrangements", "leaveArrangement": "arrangements", "endArrangement": "arrangements",
	"narrowArrangement": "arrangements", "listIncidents": "incidents", "openIncident": "incidents", "getIncident": "incidents", "contain": "incidents",
	"openCustody": "incidents", "destroy": "incidents", "importClaims": "claims", "addProposition": "claims", "addSource": "claims", "addStatement": "claims", "getMatrix": "claims",
	"listRegistries": "mosaic", "addRegistry": "mosaic", "addTold": "mosaic", "checkMosaic": "mosaic",
	"getFeed": "ledger", "getCheckpoint": "ledger", "getBundle": "ledger", "verifyLedger": "ledger",
	"listPeople": "people", "addPerson": "people", "getPerson": "people", "changePerson": "people", "enrol": "people", "addCertificate": "people",
	"listOrganisations": "installation", "addOrganisation": "installation", "getOrganisation": "installation", "changeOrganisation": "installation", "inviteAdministrator": "installation", "setCeiling": "installation", "askCeiling": "people", "getReadiness": "installation",
	"listGroups": "groups", "addGroup": "groups", "changeGroup": "groups", "listNarrowings": "groups",
	"listChannels": "channels", "addChannel": "channels", "changeChannel": "channels", "removeChannel": "channels", "newChannelSecret": "channels", "testChannel": "channels",
}

// otherwise are operations that a page does not run, and how what they do is done
// in the pages.
var otherwise = map[string]string{
	"signIn": "signin.go signs in by a cookie", "signOut": "signin.go ends the cookie's session", "useEnrolment": "signin.go enrols by a cookie",
	"getHealth": "a page that is shown says it", "getOpenAPI": "installation.html links to it",
}

// TestEveryOperationHasAPage: whatever the API can do, a page can do.
func TestEveryOperationHasAPage(t *testing.T) {
	t.Parallel()
	var declared []string
	for _, op := range httpapi.Operations() {
		declared = append(declared, op.Name)
		if otherwise[op.Name] != "" {
			continue
		}
		file := pageOf[op.Name]
		if file == "" {
			t.Errorf("no page uses the operation %s", op.Name)
			continue
		}
		body, err := os.ReadFile(filepath.Join(file + ".go"))
		if err != nil {
			t.Fatal(err)
		}
		variable := string(op.Name[0]-'a'+'A') + op.Name[1:]
		if !regexp.MustCompile(`httpapi\.Do\([^,]+, wire\.` + variable + `\b`).Match(body) {
			t.Errorf("%s.go does not run %s", file, op.Name)
		}
	}
	for name := range pageOf {
		if !slices.Contains(declared, name) {
			t.Errorf("there is no operation %s", name)
		}
	}
}
