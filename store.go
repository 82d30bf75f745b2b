package cordon

import (
	"context"
	"io"
	"time"
)

// Store keeps everything Cordon knows. There is one contract, and every store
// passes internal/store/storetest. Nothing above a store can tell which it
// is.
//
// Errors: a row that is not there is ErrNotFound; a constraint that would be
// broken is a Conflict; a lost connection, a full disk, a failed write and an
// ended context are Unavailable, with nothing of the transaction done. So is nothing
// of one that met a row which the store has not written, or not last: its error reads
// like that of an absence, whatever fn returned, and is caused by an *Unverified.
type Store interface {
	// View runs fn in a read-only transaction that sees one consistent
	// snapshot, no older than the last Update that returned before it began.
	View(ctx context.Context, fn func(ReadTx) error) error
	// Update runs fn in a read-write transaction. When it returns nil, all
	// that fn did is on disk and survives power loss; when it returns an
	// error, none of it happened.
	//
	// Updates are strictly serialisable: they have the effect of running
	// one by one, in an order that respects real time. Beyond that, an
	// Update that holds a person, an organisation, a report or an
	// incident (Holder) does not commit after another Update that changed
	// the row or touched it has committed: it is run again. That is what makes a
	// suspension, a revocation and a strike rule the very next request.
	//
	// fn may be run more than once and must leave nothing behind but what
	// it did through its transaction. It must not call Update, which could wait for
	// itself. An error of fn is returned as it is.
	Update(ctx context.Context, fn func(WriteTx) error) error
	// Decide is a View that remembers what fn read, so that it can be held later: the
	// heads on which its decisions rest (Basis).
	Decide(ctx context.Context, fn func(ReadTx) error) (Basis, error)
	// Commit is an Update that runs fn if nothing has changed under the heads of
	// the basis since Decide read them, and holds them against change until it
	// commits. Otherwise it is ErrChanged and fn has not run, or not to any effect.
	//
	// What Decide read beside the heads, such as that a name is free, is not held: fn
	// reads it again, or has the store refuse what breaks a key.
	Commit(ctx context.Context, on Basis, fn func(WriteTx) error) error
	// Record is Commit of an act that changes nothing and writes down what it showed
	// or refused. Others that record at the same time do not wait for it.
	Record(ctx context.Context, on Basis, log Log) error
	// Scrub removes from disk the traces of deleted rows in files that the
	// store controls. Call it after a strike is committed.
	Scrub(ctx context.Context) error
	// Close waits for transactions under way and releases everything.
	Close() error
}

// Basis is what the decisions of one Decide rest on: heads, and how often each had
// been changed. A head is a person, an organisation, an arrangement, a report or
// whatever else changes on its own; with it goes what hangs on it, as the grants to
// an organisation and the portions of a report. Only the store that made a basis can
// read it; the zero value holds nothing.
type Basis struct{ Heads any }

// ErrChanged is the answer of Commit and Record where something that was decided on has
// changed since: decide again.
var ErrChanged = Errorf(KindUnavailable, "what was decided on is being changed: try again")

// Log is what an act writes down that changes nothing.
type Log struct {
	Entries    []Entry
	Renditions []Rendition
	Steps      []ArrangementStep
}

// LogWriter takes what an act writes down.
type LogWriter interface {
	// Append adds an entry; it is durable with the transaction and not yet
	// in its feed.
	Append(Entry) error
	AddRendition(Rendition) error
	AddArrangementStep(ArrangementStep) error
}

// Write writes all of it.
func (l Log) Write(to LogWriter) error {
	for _, e := range l.Entries {
		if err := to.Append(e); err != nil {
			return err
		}
	}
	for _, r := range l.Renditions {
		if err := to.AddRendition(r); err != nil {
			return err
		}
	}
	for _, s := range l.Steps {
		if err := to.AddArrangementStep(s); err != nil {
			return err
		}
	}
	return nil
}

// Append implements LogWriter.
func (l *Log) Append(e Entry) error {
	l.Entries = append(l.Entries, e)
	return nil
}

// AddRendition implements LogWriter.
func (l *Log) AddRendition(r Rendition) error {
	l.Renditions = append(l.Renditions, r)
	return nil
}

// AddArrangementStep implements LogWriter.
func (l *Log) AddArrangementStep(s ArrangementStep) error {
	l.Steps = append(l.Steps, s)
	return nil
}

// View runs fn in a View of the store and returns what fn returned.
func View[T any](ctx context.Context, store Store, fn func(ReadTx) (T, error)) (T, error) {
	var out T
	err := store.View(ctx, func(tx ReadTx) (err error) {
		out, err = fn(tx)
		return err
	})
	return result(out, err)
}

// Update runs fn in an Update of the store and returns what fn returned when
// the Update that committed ran it.
func Update[T any](ctx context.Context, store Store, fn func(WriteTx) (T, error)) (T, error) {
	var out T
	err := store.Update(ctx, func(tx WriteTx) (err error) {
		out, err = fn(tx)
		return err
	})
	return result(out, err)
}

// Decide runs fn in a Decide of the store and returns what fn returned.
func Decide[T any](ctx context.Context, store Store, fn func(ReadTx) (T, error)) (T, Basis, error) {
	var out T
	on, err := store.Decide(ctx, func(tx ReadTx) (err error) {
		out, err = fn(tx)
		return err
	})
	out, err = result(out, err)
	return out, on, err
}

// result leaves nothing of a transaction that failed.
func result[T any](out T, err error) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

// ReadTx is one transaction as it is read. It is used by one goroutine and is
// dead when the function it was handed to returns. Nothing it gives is held
// against change; see Holding.
type ReadTx interface {
	MetaReader
	PeopleReader
	SignInReader
	NeedToKnowReader
	ArrangementReader
	RuleReader
	ReportReader
	TokenReader
	ReleaseReader
	NoticeReader
	TearlineReader
	EmergencyReader
	WaitingReader
	IncidentReader
	MosaicReader
	LedgerReader
	StateReader
}

// WriteTx is one transaction of an Update: it reads, holds and changes.
type WriteTx interface {
	ReadTx
	Holder
	MetaWriter
	PeopleWriter
	SignInWriter
	NeedToKnowWriter
	ArrangementWriter
	RuleWriter
	ReportWriter
	TokenWriter
	ReleaseWriter
	NoticeWriter
	TearlineWriter
	EmergencyWriter
	WaitingWriter
	IncidentWriter
	MosaicWriter
	LedgerWriter
	StateWriter
}

// Holder reads rows that decisions rest on and holds them against change until
// the Update commits: another that changes or touches one of them waits, or
// this one is run again.
type Holder interface {
	HoldPerson(id ID) (Person, error)
	HoldPersonByName(org ID, name string) (Person, error)
	HoldOrganisation(id ID) (Organisation, error)
	HoldOrganisationByName(name string) (Organisation, error)
	HoldToken(id ID) (Token, error)
	HoldTokenByHash(hash [32]byte) (Token, error)
	HoldReport(id ID) (Report, error)
	HoldIncident(id ID) (Incident, error)
	HoldCredentialByHandle(kind CredentialKind, handle []byte) (Credential, error)
	// HoldTree is Tree, with the ledger's head held.
	HoldTree() (size int64, checkpoint string, err error)
}

// Holding is the transaction as a ReadTx that holds each of those rows that
// is read through it, so that a decision on them still holds when the Update
// commits.
func Holding(tx WriteTx) ReadTx { return holding{tx} }

type holding struct{ WriteTx }

func (h holding) Person(id ID) (Person, error) {
	return h.HoldPerson(id)
}

func (h holding) PersonByName(org ID, name string) (Person, error) {
	return h.HoldPersonByName(org, name)
}

func (h holding) Organisation(id ID) (Organisation, error) {
	return h.HoldOrganisation(id)
}

func (h holding) OrganisationByName(name string) (Organisation, error) {
	return h.HoldOrganisationByName(name)
}

func (h holding) Token(id ID) (Token, error) {
	return h.HoldToken(id)
}

func (h holding) TokenByHash(hash [32]byte) (Token, error) {
	return h.HoldTokenByHash(hash)
}

func (h holding) Report(id ID) (Report, error) {
	return h.HoldReport(id)
}

func (h holding) Incident(id ID) (Incident, error) {
	return h.HoldIncident(id)
}

func (h holding) CredentialByHandle(kind CredentialKind, handle []byte) (Credential, error) {
	return h.HoldCredentialByHandle(kind, handle)
}

func (h holding) Tree() (int64, string, error) { return h.HoldTree() }

// MetaReader reads things of which there is one: the wrapped ledger key, the
// key check value, the first person.
type MetaReader interface {
	// Meta is the value under the key, or ErrNotFound.
	Meta(key string) ([]byte, error)
	// OwnerKey is the owner's wrapped key, or ErrNotFound.
	OwnerKey(owner ID) (Sealed, error)
	// Answer is the sealed answer given before under an idempotency key
	// (a hash over key and person), or ErrNotFound.
	Answer(key []byte) (Sealed, error)
}

// MetaWriter changes what MetaReader reads.
type MetaWriter interface {
	PutMeta(key string, value []byte) error
	// PutOwnerKey adds it; a second one for an owner is a Conflict.
	PutOwnerKey(owner ID, key Sealed) error
	// PutAnswer keeps one; a second under the same key is a Conflict.
	PutAnswer(key []byte, answer Sealed, at time.Time) error
}

// PeopleReader reads organisations, people and tokens.
type PeopleReader interface {
	Organisation(ID) (Organisation, error)
	OrganisationByName(name string) (Organisation, error)
	// Organisations lists all, by name.
	Organisations() ([]Organisation, error)
	Person(ID) (Person, error)
	PersonByName(org ID, name string) (Person, error)
	// People lists an organisation's people, by name.
	People(org ID) ([]Person, error)
	// TokenByHash finds a token, expired and revoked ones too.
	TokenByHash([32]byte) (Token, error)
	// Token is one by its id, expired and revoked ones too.
	Token(ID) (Token, error)
	// Tokens lists a person's, expired and revoked ones too, newest first,
	// at most limit.
	Tokens(person ID, after Cursor, limit int) ([]Token, error)
	// TokensMadeWith lists those that were made with the token.
	TokensMadeWith(ID) ([]Token, error)
}

// PeopleWriter changes what PeopleReader reads.
type PeopleWriter interface {
	// PutOrganisation adds or replaces; a second organisation of the same
	// name, without regard to case, is a Conflict.
	PutOrganisation(Organisation) error
	// TouchOrganisation marks that something on which its people's reading
	// depends has changed: a grant made or revoked.
	TouchOrganisation(ID) error
	// PutPerson adds or replaces; two of one name in one organisation are
	// a Conflict.
	PutPerson(Person) error
	PutToken(Token) error
}

// SignInReader reads how people sign in, and that they are signed in.
type SignInReader interface {
	// SessionByHash finds a session, expired ones too, until it is ended.
	SessionByHash([32]byte) (Session, error)
	// Sessions lists a person's, expired ones too, newest first, at most
	// limit of them.
	Sessions(person ID, after Cursor, limit int) ([]Session, error)
	CredentialByHandle(kind CredentialKind, handle []byte) (Credential, error)
	// Credentials lists a person's, oldest first.
	Credentials(person ID) ([]Credential, error)
	// Attempts is what is counted under the key, or ErrNotFound.
	Attempts(key []byte) (Attempts, error)
}

// SignInWriter changes what SignInReader reads.
type SignInWriter interface {
	PutSession(Session) error
	// TouchSession says when a session was used; ErrNotFound where it has
	// been ended, which it stays.
	TouchSession(id ID, used time.Time) error
	// EndSession removes one of the person's; ErrNotFound where they have
	// none of that id.
	EndSession(person, id ID) error
	// EndSessions removes all of a person's but one, which may be empty.
	EndSessions(person, but ID) error
	// PutCredential adds or replaces; another of the same handle is a
	// Conflict.
	PutCredential(Credential) error
	// DropCredential removes one; ErrNotFound where it is not there.
	DropCredential(ID) error
	// PutAttempts adds or replaces what is counted under the key.
	PutAttempts(Attempts) error
	// Sweep removes sessions that expired and attempts that were last made
	// before the instant, and enrolments made before it.
	Sweep(before time.Time) error
}

// NeedToKnowReader reads need-to-know groups and the narrowings to them.
type NeedToKnowReader interface {
	Group(ID) (Group, error)
	// Groups lists an organisation's, the oldest first.
	Groups(org ID) ([]Group, error)
	// GroupsOf lists those of the organisation's groups that the person is
	// in, those open to everyone among them, in no promised order.
	GroupsOf(person, org ID) ([]ID, error)
	// NeedToKnow lists an organisation's, the newest first.
	NeedToKnow(org ID) ([]NeedToKnow, error)
	// NarrowedUnder lists organisations' narrowings of everything under the
	// arrangement, each once.
	NarrowedUnder(arrangement ID) ([]Narrowing, error)
	// ReportsUnder lists the reports under the arrangement, in no promised
	// order.
	ReportsUnder(arrangement ID) ([]ID, error)
}

// NeedToKnowWriter changes what NeedToKnowReader reads.
type NeedToKnowWriter interface {
	// PutGroup adds or replaces a group with its people. The caller touches
	// its organisation too, so that the change rules the next request.
	PutGroup(Group) error
	// AddNeedToKnow adds one; a second of the same id is a Conflict.
	AddNeedToKnow(NeedToKnow) error
}

// ArrangementReader reads arrangements.
type ArrangementReader interface {
	Arrangement(ID) (Arrangement, error)
	// Arrangements lists those whose own rule, or whose proposal's
	// invitation, is among the numbers, newest first, at most limit.
	Arrangements(rules []RuleNo, after Cursor, limit int) ([]Arrangement, error)
	// ArrangementSteps lists those of the ids that exist, in no promised
	// order.
	ArrangementSteps(ids []ID) ([]ArrangementStep, error)
}

// ArrangementWriter changes what ArrangementReader reads.
type ArrangementWriter interface {
	PutArrangement(Arrangement) error
	AddArrangementStep(ArrangementStep) error
}

// RuleReader reads the interned rules.
type RuleReader interface {
	// RulesAfter lists rules not among those known, in no promised order, so
	// that a cache of rules (immutable, never stale) can be completed inside
	// the transaction that decides. Known is how many the caller holds. A
	// store may list some that the caller has, and never leaves one out.
	RulesAfter(known RuleMark) ([]InternedRule, RuleMark, error)
}

// RuleWriter changes what RuleReader reads.
type RuleWriter interface {
	// Intern adds the normalised rule if it is new and gives its number,
	// which is Rule.No. Two rules of one number are an Internal error.
	Intern(Rule) (RuleNo, error)
}

// RuleMark says how far a cache of rules has been filled; the zero value is
// an empty cache. Only the store that made it can read it.
type RuleMark struct{ At int64 }

// Visibility is what a reader may see, as access decided it before the database
// is asked: portions under any of the rules, and the portions named.
type Visibility struct {
	Rules []RuleNo
	// Granted are portions open to the reader by a live grant though
	// their rule alone would not open them.
	Granted []ID
}

// Counts is how much is in sight.
type Counts struct {
	// Reports are those in which something live is in sight.
	Reports int64
	// Portions are the live portions in sight.
	Portions int64
}

// Cursor is a place in a list ordered newest first: after the item created
// at that instant with that id. The zero value is the start.
type Cursor struct {
	Created time.Time
	ID      ID
}

// ReportReader reads reports, portions and lineage.
type ReportReader interface {
	Report(ID) (Report, error)
	// ReportsByID lists those of the ids that exist, in no promised order.
	// It holds nothing against change.
	ReportsByID(ids []ID) ([]Report, error)
	// ReportsByRef lists reports with the keyed ref token in which
	// something is in sight, newest first.
	ReportsByRef(token []byte, visible Visibility) ([]Report, error)
	// AnyByRef is the newest report with the keyed ref token, no matter who
	// may see it, or ErrNotFound. Its owners learn of a refusal by it.
	AnyByRef(token []byte) (Report, error)
	// ReportPage lists reports in which something live is in sight,
	// newest first, at most limit of them. Its time does not depend on
	// what is out of sight.
	ReportPage(visible Visibility, after Cursor, limit int) ([]Report, error)
	// Count is how many reports and live portions are in sight, exactly. Its
	// time does not depend on what is out of sight.
	Count(visible Visibility) (Counts, error)
	// PortionRules lists the distinct rules of the report's live portions.
	PortionRules(report ID) ([]RuleNo, error)
	// Portions lists the report's live portions in sight, in order, with
	// bodies and keys.
	Portions(report ID, visible Visibility) ([]Portion, error)
	// Titles lists the live titles (ordinal 0) of the reports that are in
	// sight, with bodies and keys, in no promised order.
	Titles(reports []ID, visible Visibility) ([]Portion, error)
	// PortionHeads lists all the report's portions, struck ones too, in
	// order, without bodies and keys.
	PortionHeads(report ID) ([]Portion, error)
	// PortionsByID lists those of the ids that exist, live or struck, with
	// bodies and keys where they have them, in no promised order.
	PortionsByID(ids []ID) ([]Portion, error)
	// Sources lists what the portions were made from, one step.
	Sources(portions []ID) ([]Derivation, error)
	// Derived lists what was made from the portions, one step.
	Derived(portions []ID) ([]Derivation, error)
	// Renditions lists who was shown portions of the reports, oldest first.
	Renditions(reports []ID) ([]Rendition, error)
}

// ReportWriter changes what ReportReader reads.
type ReportWriter interface {
	PutReport(Report) error
	// TouchReport marks that the report's portions have changed, so that
	// no Update that read it before commits afterwards.
	TouchReport(ID) error
	// PutPortions adds portions, bodies and keys.
	PutPortions([]Portion) error
	// ReplacePortion changes the mark, rule, body and key of a portion that is
	// not struck, and the rule its tokens are filed under.
	ReplacePortion(Portion) error
	// MovePortions puts live portions of the report under other rules, and their tokens
	// with them.
	MovePortions(report ID, moves []Move) error
	// StrikePortion leaves the portion's row as a tombstone and removes its
	// body, key, tokens, fingerprints and facts. A superseded portion can be
	// struck too; striking a struck one is a Conflict.
	StrikePortion(ID) error
	// SupersedePortion leaves a live portion's row, body, key and facts where
	// they are and takes it out of every list: its tokens, its fingerprints
	// and its place among the live are removed. One that is not live is a
	// Conflict.
	SupersedePortion(ID) error
	// AddDerivations adds lineage; a derivation known already stays as it is.
	AddDerivations([]Derivation) error
	AddRendition(Rendition) error
}

// PortionTokens is the keyed tokens of one live portion: words for search,
// prints and terms for tracing. A store learns neither word nor text from them.
type PortionTokens struct {
	Portion ID
	Rule    RuleNo
	Words   []int64
	Prints  []int64
	// Terms are what the portion is about: distinct and sorted, each a hash with how
	// often it stands there in the lower two bits, 0 for once to 2 for three times and
	// more; 3 is an indicator.
	Terms []uint32
	// Made is the version of what made them.
	Made int64
}

// Near is how like a portion is to a text whose terms were asked for. The weights are
// of what is in sight, in nats.
type Near struct {
	Portion, Report ID
	// Score is BM25's, Terms how many terms both have.
	Score float64
	Terms int
	// Shared is the weight of those, Own of all of the portion's and Asked of all of
	// the text's.
	Shared, Own, Asked float64
}

// TermHit is one term found in one portion, and in how many reports in sight it is.
type TermHit struct {
	Term            uint32
	Portion, Report ID
	Reports         int
}

// PrintHit is one fingerprint found in one portion.
type PrintHit struct {
	Print   int64
	Portion ID
	Report  ID
	Rule    RuleNo
	// Created is the portion's.
	Created time.Time
}

// TokenReader reads the keyed tokens of live portions.
type TokenReader interface {
	// Frequencies is, for each of the word tokens, how many live portions
	// under the rules carry it, counted to most and no further.
	Frequencies(words []int64, rules []RuleNo, most int) ([]int64, error)
	// Search lists live portions in sight that carry every one of the
	// word tokens, newest first, at most limit of them, without bodies.
	Search(words []int64, visible Visibility, after Cursor, limit int) ([]Portion, error)
	// PrintHits lists where the prints stand, in all live portions.
	PrintHits(prints []int64) ([]PrintHit, error)
	// Nearest gives, for the terms of each of several texts, the live portions in
	// sight that are likest to it, best first, at most limit of them. Indicators are
	// not looked at.
	Nearest(asked [][]uint32, visible Visibility, limit int) ([][]Near, error)
	// Carrying lists the live portions in sight that carry the terms, at most so many
	// for each.
	Carrying(terms []uint32, visible Visibility, most int) ([]TermHit, error)
	// MadeBefore lists live portions whose tokens were made by an older version, in the
	// order of their ids, with bodies and keys.
	MadeBefore(version int64, after ID, limit int) ([]Portion, error)
}

// TokenWriter changes what TokenReader reads.
type TokenWriter interface {
	// AddTokens adds to those of portions; one that is not there is
	// ErrNotFound, one that is struck or under another rule a Conflict.
	AddTokens([]PortionTokens) error
	// ReplaceTokens puts others in the place of those of portions, all of them; it is
	// refused as AddTokens is.
	ReplaceTokens([]PortionTokens) error
}

// ReleaseReader reads grants and release requests.
type ReleaseReader interface {
	Grant(ID) (Grant, error)
	// GrantsTo lists an organisation's grants that end after the instant
	// and are not revoked, with their portions.
	GrantsTo(org ID, now time.Time) ([]Grant, error)
	// GrantsOf lists all grants that cover any of the portions.
	GrantsOf(portions []ID) ([]Grant, error)
	// GrantsBy lists an owner's grants, ended ones too, newest first, at most
	// limit of them.
	GrantsBy(owner ID, after Cursor, limit int) ([]Grant, error)
	Request(ID) (ReleaseRequest, error)
	// Requests lists an organisation's own requests, newest first, at most
	// limit of them.
	Requests(org ID, after Cursor, limit int) ([]ReleaseRequest, error)
	// RequestsOf lists all requests for any of the portions, each once, in no
	// promised order.
	RequestsOf(portions []ID) ([]ReleaseRequest, error)
	// RequestsToRemind lists requests of which Remind has come, the longest
	// due first, at most limit of them.
	RequestsToRemind(now time.Time, limit int) ([]ReleaseRequest, error)
	Parts(request ID) ([]RequestPart, error)
	Part(ID) (RequestPart, error)
	// PartsFor lists an owner's parts, newest first, at most limit of them.
	PartsFor(owner ID, after Cursor, limit int) ([]RequestPart, error)
}

// ReleaseWriter changes what ReleaseReader reads.
type ReleaseWriter interface {
	PutGrant(Grant) error
	// PutRequest adds a request; its parts are Created when it is.
	PutRequest(ReleaseRequest, []RequestPart) error
	PutPart(RequestPart) error
	// PutRequestState changes the times of a request: Expires, Withdrawn,
	// Released, Voided, Remind.
	PutRequestState(ReleaseRequest) error
}

// NoticeReader reads notices, who has read them, and the channels and
// deliveries that carry them out.
type NoticeReader interface {
	Notice(ID) (Notice, error)
	// Notices lists those of the inbox, newest first, at most limit.
	Notices(in Inbox, after Cursor, limit int) ([]Notice, error)
	// CountUnread counts those of the inbox that the person has not read.
	CountUnread(in Inbox) (int64, error)
	Channel(ID) (Channel, error)
	// Channels lists an organisation's, oldest first.
	Channels(org ID) ([]Channel, error)
	// DueChannels lists channels to which something is due, in no promised
	// order, at most limit of them.
	DueChannels(now time.Time, limit int) ([]ID, error)
	// DueDelivery is a delivery that is due to the channel, or ErrNotFound.
	DueDelivery(channel ID, now time.Time) (Delivery, error)
	Delivery(ID) (Delivery, error)
}

// NoticeWriter changes what NoticeReader reads.
type NoticeWriter interface {
	AddNotices([]Notice) error
	// MarkRead notes that the person has read the notices. A notice read
	// before keeps its time.
	MarkRead(person ID, notices []ID, at time.Time) error
	// PutChannel adds or replaces.
	PutChannel(Channel) error
	// RemoveChannel removes it with all deliveries on their way to it.
	RemoveChannel(ID) error
	AddDeliveries([]Delivery) error
	// PutDelivery changes one that is there; ErrNotFound where it is not.
	PutDelivery(Delivery) error
	RemoveDelivery(ID) error
}

// TearlineReader reads which originals tearlines were written against. That
// is not lineage and nothing follows along it: only the owner of both is ever
// told.
type TearlineReader interface {
	// Originals lists the links from the portions to the originals they were
	// written against.
	Originals(portions []ID) ([]TearlineLink, error)
	// Tearlines lists the links to the originals from the tearlines written
	// against them.
	Tearlines(originals []ID) ([]TearlineLink, error)
}

// TearlineWriter changes what TearlineReader reads.
type TearlineWriter interface {
	// AddTearlines adds links; one that is there already stays.
	AddTearlines([]TearlineLink) error
}

// EmergencyReader reads emergency releases, by owner.
type EmergencyReader interface {
	EmergencyPart(ID) (EmergencyPart, error)
	// EmergencyParts lists an owner's parts, newest first, at most limit of
	// them: those in the state, or with none, all.
	EmergencyParts(owner ID, state EmergencyState, after Cursor, limit int) ([]EmergencyPart, error)
}

// EmergencyWriter changes what EmergencyReader reads.
type EmergencyWriter interface {
	// AddEmergency adds parts; one that is there already is a Conflict.
	AddEmergency([]EmergencyPart) error
	// PutEmergencyReview changes state, reviewer, time and note of a part.
	PutEmergencyReview(EmergencyPart) error
}

// WaitingReader reads which reports wait, and what was found in reports.
type WaitingReader interface {
	// WaitingIn lists reports that wait in the state, in no promised order, at most limit
	// of them.
	WaitingIn(state WaitingState, limit int) ([]Report, error)
	// WaitingToRemind lists reports of which Remind has come, at most limit of them.
	WaitingToRemind(now time.Time, limit int) ([]Report, error)
	// WaitingOf lists reports of an organisation that wait for a decision, newest first,
	// at most limit of them.
	WaitingOf(org ID, after Cursor, limit int) ([]Report, error)
	Match(ID) (Match, error)
	// Matches lists those in the report, in no promised order.
	Matches(report ID) ([]Match, error)
	// MatchesIn lists those in the portions, in no promised order.
	MatchesIn(portions []ID) ([]Match, error)
	// MatchesOf lists those of an owner's words that are not settled, newest first, at
	// most limit of them.
	MatchesOf(owner ID, after Cursor, limit int) ([]Match, error)
	// MatchesDue lists those whose Effective has come and that are pending, at most
	// limit of them.
	MatchesDue(now time.Time, limit int) ([]Match, error)
	// HitsSince counts the reports of the organisation in which, since the instant,
	// words of others were found that its writer had not dismissed before, by owner.
	HitsSince(org ID, since time.Time) ([]Hits, error)
}

// WaitingWriter changes what was found. What waits is changed by PutReport.
type WaitingWriter interface {
	// AddMatches adds; one that is there already is a Conflict.
	AddMatches([]Match) error
	// PutMatch changes state, spans, decision and reason of one that is there.
	PutMatch(Match) error
}

// IncidentReader reads incidents, custody and the public record.
type IncidentReader interface {
	Incident(ID) (Incident, error)
	// Incidents lists an organisation's, newest first.
	Incidents(org ID) ([]Incident, error)
	Disclosures(incident ID) ([]Disclosure, error)
	// Steps lists an incident's, oldest first.
	Steps(incident ID) ([]ContainmentStep, error)
	// Custody is the item of a portion, or ErrNotFound.
	Custody(portion ID) (CustodyItem, error)
	CustodyOf(incident ID) ([]CustodyItem, error)
	// InCustody lists what was struck, by portion, after one, at most limit. It is a
	// list of places, to be looked up: the rows are not held against what was written.
	InCustody(after ID, limit int) ([]InCustody, error)
	// Claims lists an incident's records, oldest first.
	Claims(incident ID) ([]ClaimRecord, error)
}

// InCustody is a portion that was struck.
type InCustody struct {
	Portion   ID
	Destroyed bool
}

// IncidentWriter changes what IncidentReader reads.
type IncidentWriter interface {
	PutIncident(Incident) error
	AddDisclosures([]Disclosure) error
	AddSteps([]ContainmentStep) error
	PutCustody(CustodyItem) error
	// DestroyCustody removes an item's body and key for good and keeps
	// the item without them.
	DestroyCustody(portion ID) error
	PutClaim(ClaimRecord) error
}

// MosaicReader reads registries of candidate sources, facts, and what
// audiences were told.
type MosaicReader interface {
	Registry(ID) (Registry, error)
	// Registries lists an owner's.
	Registries(owner ID) ([]Registry, error)
	// Facts lists the facts on the portions.
	Facts(portions []ID) ([]Fact, error)
	// ToldTo lists what the registry's audience knows, and what the public
	// knows.
	ToldTo(registry, audience ID) ([]Told, error)
}

// MosaicWriter changes what MosaicReader reads.
type MosaicWriter interface {
	PutRegistry(Registry) error
	AddFacts([]Fact) error
	AddTold(Told) error
}

// StateReader looks at what the store keeps as a whole.
type StateReader interface {
	// VerifyState holds every row against its MAC, every set of rows against its
	// sum, and what follows from other rows against those. It lists at most limit
	// of the differences.
	VerifyState(limit int) (StateReport, error)
	// VerifyRoot holds the sets of rows against the last tick of the ledger, and lists
	// at most limit of the differences. Where there are none, the store remembers how
	// often each set was changed, and takes none of before from then on.
	VerifyRoot(limit int) ([]Unverified, error)
	// Signed reports whether any row is, or there is none yet.
	Signed() (bool, error)
	// Dump writes everything that is kept, as of this transaction, in a form that
	// Load takes on every engine, and gives the number of rows. It keeps no more than
	// a row in memory. Of the head it sets schema, size and checkpoint. What the store
	// has not written, or not last, is Invalid, caused by an *Unverified; then nothing
	// that was written can be loaded.
	Dump(to io.Writer, head DumpHead) (rows int64, err error)
}

// DumpHead says what a dump is of.
type DumpHead struct {
	// Schema is the schema of its tables; a store loads only that of its own.
	Schema int64 `json:"schema"`
	// At is when it was made.
	At time.Time `json:"at"`
	// Size and Checkpoint are those of the ledger's public log.
	Size       int64  `json:"size"`
	Checkpoint string `json:"checkpoint"`
}

// StateWriter changes it.
type StateWriter interface {
	// SignState gives the rows of a database of before the MACs that they lack, and
	// says how many there are. It is a Conflict where rows are signed already.
	SignState() (rows int64, err error)
	// Load takes a dump into this store, in which nothing may be kept yet (a Conflict).
	// A dump that is cut off, altered, of another schema, or of an installation with
	// another root key is Invalid. The transaction has to fail with it. What the
	// process keeps of the store in memory is not told of it: open the store anew.
	Load(from io.Reader) (head DumpHead, rows int64, err error)
	// TickState is the root of the state for the ledger's new tick of that number. It
	// tells nothing to whoever has not the key, not even whether anything has changed
	// since another tick.
	TickState(number int64) ([32]byte, error)
}

// StateReport says how what the store keeps differs from what it has written.
type StateReport struct {
	Rows   int64
	Sets   int64
	Faults []Unverified
	// More says that there are more faults than are listed.
	More bool
}

// LedgerReader reads the ledger: entries as they are appended, the feeds they are
// integrated into in batches, each a Merkle tree of its own, and the public log of
// ticks.
type LedgerReader interface {
	// Pending lists entries not yet in their feed, oldest first, at most
	// limit of them.
	Pending(limit int) ([]Entry, error)
	// Tree is the number of leaves of the public log and its latest checkpoint's
	// text; zero and empty for a new ledger.
	Tree() (size int64, checkpoint string, err error)
	// Ticks lists leaves of the public log from the place on, at most limit. The
	// leaves of before there were ticks are not among them.
	Ticks(from int64, limit int) ([]Tick, error)
	// Hashes reads stored tree hashes: those of the public log by their tlog
	// storage index, those of a feed by that and FeedHead.Log times LogSpan. A
	// missing one is an error.
	Hashes(indexes []int64) ([][32]byte, error)
	// FeedHead is the head of the feed's tree. That of a feed without entries has
	// the size 0 and the number that its log would get.
	FeedHead(feed ID) (FeedHead, error)
	// FeedHeads lists those of all feeds that have entries.
	FeedHeads() ([]FeedHead, error)
	// FeedSizeAt is how many entries the feed had at the tick with that place in
	// the public log; 0 where there was none.
	FeedSizeAt(feed ID, tick int64) (int64, error)
	// Feed lists integrated entries of a feed after the number, at most
	// limit of them.
	Feed(feed ID, after int64, limit int) ([]LeafRecord, error)
}

// LedgerWriter changes what LedgerReader reads.
type LedgerWriter interface {
	// Append adds an entry; it is durable with the transaction and not yet
	// in its feed.
	Append(Entry) error
	// PutTree sets both.
	PutTree(size int64, checkpoint string) error
	// PutTick adds a leaf of the public log, and keeps the size and root that each
	// feed has now as those that it had at this tick.
	PutTick(Tick) error
	// Place gives pending entries their places.
	Place([]LeafRecord) error
	// PutHashes adds stored hashes.
	PutHashes([]TreeHash) error
	// PutFeedHeads sets heads of feeds; what they were at the last tick stays.
	PutFeedHeads([]FeedHead) error
}
