package sqltx

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"cordon"
)

// A table is one whose rows are authenticated: each carries a MAC over the name of
// the table and all columns listed here, and belongs to a set (see sets.go).
type table struct {
	name string
	// columns are all columns but the MAC and what only orders locks; the first
	// key of them are the primary key.
	columns []string
	key     int
	// held says that the table has a column generation, which each change raises,
	// so that no Update commits that had read the row before.
	held bool
	// set names the set of a row; nil where rows are in none.
	set func(row) string
	// log says that the sets are only ever written by acts and looked at by Verify.
	// They lie apart, so that acts which only read do not meet those that write.
	log bool
}

// row is the values of a table's columns, as plain gives them.
type row []any

// str is the text in the column.
func (r row) str(i int) string {
	switch v := r[i].(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return fmt.Sprint(r[i])
}

// by names sets after the table and the values of columns.
func by(name string, columns ...int) func(row) string {
	return func(r row) string {
		id := name
		for _, c := range columns {
			id += "/" + r.str(c)
		}
		return id
	}
}

// shard is a part of a table whose rows have an owner in one column and a random
// id in the first: one in 32.
func shard(name string, owner int) func(row) string {
	return func(r row) string { return name + "/" + r.str(owner) + "/" + r.str(0)[:min(1, len(r.str(0)))] }
}

// hashed is one in 4,096 parts of a table whose key is a hash.
func hashed(name string) func(row) string {
	return func(r row) string {
		key := hex.EncodeToString([]byte(r.str(0)))
		return name + "/" + key[:min(3, len(key))]
	}
}

func columns(list string) []string { return strings.Split(strings.Join(strings.Fields(list), ""), ",") }

// The authenticated tables. Tables that are missing here hold only what follows from
// others and is compared with them (search_tokens, fingerprints, grant_portions,
// request_portions), report_changes, which says what to look up again, and the ledger, which proves itself.
var (
	metaTable      = &table{name: "meta", key: 1, columns: columns(`key, value`), set: by("meta", 0)}
	ownerKeysTable = &table{name: "owner_keys", key: 1, columns: columns(`owner, key`), set: by("owner_keys", 0)}
	answersTable   = &table{name: "answers", key: 1, columns: columns(`key, answer, at`), set: hashed("answers"), log: true}
	rulesTable     = &table{name: "rules", key: 1, columns: columns(`no, mark, digest, rule`), set: by("rules"), log: true}

	organisationsTable = &table{name: "organisations", key: 1, held: true, set: by("organisations", 0), columns: columns(
		`id, name, title, country, communities, client_of, ceiling, asked, folded`)}
	peopleTable = &table{name: "people", key: 1, held: true, set: by("people", 0), columns: columns(
		`id, org, name, nationality, clearances, read_ins, roles, suspended, service`)}
	tokensTable = &table{name: "tokens", key: 1, set: func(r row) string {
		if r[6] == int64(1) {
			return "tokens/" + r.str(1) + "/revoked"
		}
		return "tokens/" + r.str(1)
	}, columns: columns(`id, person, hash, label, created, expires, revoked, scopes, made_with`)}
	sessionsTable    = &table{name: "sessions", key: 1, set: by("sessions", 1), columns: columns(`id, person, hash, signed, created, used, expires`)}
	credentialsTable = &table{name: "credentials", key: 1, set: by("credentials", 1), columns: columns(`id, person, kind, handle, body, created`)}
	attemptsTable    = &table{name: "attempts", key: 1, set: hashed("attempts"), log: true, columns: columns(`key, failures, at, until`)}

	groupsTable       = &table{name: "groups", key: 1, set: by("groups", 1), columns: columns(`id, org, name, everyone, created`)}
	groupMembersTable = &table{name: "group_members", key: 2, set: by("group_members", 0), columns: columns(`person, group_id, ordinal`)}
	needToKnowTable   = &table{name: "need_to_know", key: 1, set: func(r row) string {
		if r.str(4) != "" {
			return "need_to_know/" + r.str(4)
		}
		return "need_to_know/" + r.str(1)
	}, columns: columns(`id, org, group_id, report, arrangement, person, at`)}

	arrangementsTable = &table{name: "arrangements", key: 1, set: by("arrangements", 0), columns: columns(
		`id, drafter, name, mark, rule, parties, state, version, scheme, default_mark, equivalences, withheld,
		recipients, onward, shown_only, longest, until, two_persons, emergency_authorities, emergency_for, proposal, suspended_by,
		created, ended, invitation`)}
	arrangementStepsTable = &table{name: "arrangement_steps", key: 1, set: by("arrangement_steps", 1), log: true, columns: columns(
		`id, arrangement, what, actor, org, at, salt`)}

	reportsTable = &table{name: "reports", key: 1, held: true, set: by("reports", 0), columns: columns(
		`id, kind, holder, author, arrangement, ref_token, compilation, created, waits, writers, since, remind`)}
	portionsTable = &table{name: "portions", key: 1, set: func(r row) string {
		if r.str(6) == string(cordon.PortionLive) {
			return livePortions(cordon.ID(r.str(1)), cordon.RuleNo(r[5].(int64)))
		}
		return "portions/" + r.str(1)
	}, columns: columns(`id, report, ordinal, kind, mark, rule, state, created, place, body`)}
	portionKeysTable   = &table{name: "portion_keys", key: 1, set: by("portion_keys", 1), log: true, columns: columns(`portion, report, key`)}
	reportRulesTable   = &table{name: "report_rules", key: 2, set: by("report_rules", 2), columns: columns(`rule, place, report, live`)}
	portionTokensTable = &table{name: "portion_tokens", key: 1, set: by("portion_tokens", 1), log: true, columns: columns(`portion, report, words, prints, terms, made`)}
	derivationsTable   = &table{name: "derivations", key: 2, set: by("derivations", 0), columns: columns(`portion, source, how`)}
	renditionsTable    = &table{name: "renditions", key: 1, columns: columns(`id, report, portions, person, org, at, via, n`)}
	tearlinesTable     = &table{name: "tearlines", key: 2, set: by("tearlines", 0), columns: columns(`portion, original`)}

	grantsTable = &table{name: "grants", key: 1, set: func(r row) string {
		if r[9] != zeroTime {
			return "grants/" + r.str(2) + "/revoked"
		}
		return "grants/" + r.str(2)
	}, columns: columns(`id, owner, to_org, request, portions, shown_only, people, created, until, revoked, emergency, made_by`)}
	requestsTable = &table{name: "requests", key: 1, set: by("requests", 0), columns: columns(
		`id, requester, org, audience, report, portions, purpose, created, expires, withdrawn, released, voided, remind`)}
	requestPartsTable = &table{name: "request_parts", key: 1, set: by("request_parts", 1), columns: columns(
		`id, request, owner, created, portions, wording, state, decider, decided, proposal, confirmer,
		granted, until, shown_only, people, known, reason, tearline, grant_id`)}
	emergencyPartsTable = &table{name: "emergency_parts", key: 1, set: by("emergency_parts", 2), log: true, columns: columns(
		`id, release, owner, by_person, org, audience, portions, reason, grant_id, created, until, state, reviewer, reviewed, note, place`)}

	matchesTable = &table{name: "matches", key: 1, set: by("matches", 1), columns: columns(
		`id, report, portion, org, source, owner, spans, words, state, found, by_person, decided, effective, reason, place`)}

	noticesTable = &table{name: "notices", key: 1, set: shard("notices", 1), log: true, columns: columns(
		`id, org, person, roles, kind, mark, rule, portions, body, created, place`)}
	noticeReadsTable = &table{name: "notice_reads", key: 2, set: by("notice_reads", 0), log: true, columns: columns(`person, notice, at`)}
	channelsTable    = &table{name: "channels", key: 1, set: by("channels", 1), columns: columns(`id, org, kind, target, clearance, quiet, kinds, created, failing`)}
	outboxTable      = &table{name: "outbox", key: 1, set: shard("outbox", 2), log: true, columns: columns(`id, notice, channel, attempts, due`)}

	incidentsTable   = &table{name: "incidents", key: 1, held: true, set: by("incidents", 0), columns: columns(`id, org, opener, title, opened, custody`)}
	disclosuresTable = &table{name: "disclosures", key: 1, set: by("disclosures", 1), columns: columns(`id, incident, portion, words, found, n`)}
	stepsTable       = &table{name: "steps", key: 1, set: by("steps", 1), columns: columns(`id, incident, step, target, by_person, at, n`)}
	custodyTable     = &table{name: "custody", key: 1, set: by("custody", 1), columns: columns(`portion, incident, rule, body, at, n`)}
	custodyKeysTable = &table{name: "custody_keys", key: 1, set: by("custody_keys", 1), log: true, columns: columns(`portion, incident, key`)}
	claimsTable      = &table{name: "claims", key: 1, set: by("claims", 1), columns: columns(`id, incident, kind, body, created, n`)}

	registriesTable = &table{name: "registries", key: 1, set: by("registries", 1), columns: columns(`id, owner, name, body, created`)}
	factsTable      = &table{name: "facts", key: 1, set: by("facts", 1), columns: columns(`id, portion, body`)}
	toldTable       = &table{name: "told", key: 1, set: by("told", 1), columns: columns(`id, registry, audience, body, at, n`)}
)

// authenticated lists them, in the order of the schema.
func authenticated() []*table {
	return []*table{
		metaTable, ownerKeysTable, answersTable, organisationsTable, peopleTable, tokensTable, sessionsTable, credentialsTable, attemptsTable, groupsTable, groupMembersTable, needToKnowTable,
		rulesTable, arrangementsTable, arrangementStepsTable, reportsTable, portionsTable, portionKeysTable, reportRulesTable, portionTokensTable, derivationsTable, renditionsTable, tearlinesTable,
		grantsTable, requestsTable, requestPartsTable, emergencyPartsTable, matchesTable, noticesTable, noticeReadsTable, channelsTable, outboxTable,
		incidentsTable, disclosuresTable, stepsTable, custodyTable, custodyKeysTable, claimsTable, registriesTable, factsTable, toldTable,
	}
}

// livePortions names the set of a report's live portions under a rule.
func livePortions(report cordon.ID, rule cordon.RuleNo) string {
	return fmt.Sprintf("portions/%s/%d", report, int64(rule))
}

// sets is the table in which the sets of the table are kept.
func (tb *table) sets() string {
	if tb.log {
		return logSets
	}
	return stateSets
}

const stateSets, logSets = "state_sets", "log_sets"

// list is the columns and the MAC for a SELECT, each after the prefix.
func (tb *table) list(prefix string) string {
	return prefix + strings.Join(tb.columns, ", "+prefix) + ", " + prefix + "mac"
}

// column is where the column stands.
func (tb *table) column(name string) int { return slices.Index(tb.columns, name) }

// keyIs is the condition that names one row, with placeholders from the number on.
func (tb *table) keyIs(first int) string {
	parts := make([]string, tb.key)
	for i := range parts {
		parts[i] = fmt.Sprintf("%s = $%d", tb.columns[i], first+i)
	}
	return strings.Join(parts, " AND ")
}
