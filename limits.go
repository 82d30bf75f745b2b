package cordon

import "time"

// Every bound on input to Cordon stands here. Input that exceeds one is
// refused with a TooLarge error that names the bound; nothing is cut
// silently.
const (
	// MaxPortionBytes bounds the text of one portion.
	MaxPortionBytes = 1 << 20
	// MaxPortions bounds the portions of one report, its title counted.
	MaxPortions = 20_000
	// MaxReportBytes bounds the text of one report in all its portions.
	MaxReportBytes = 64 << 20
	// MaxFileBytes bounds a file handed to an importer or a scan.
	MaxFileBytes = 64 << 20
	// MaxLineBytes bounds one line of JSON lines or of plain text.
	MaxLineBytes = 16 << 20
	// MaxUnzippedBytes bounds the unpacked size of a DOCX.
	MaxUnzippedBytes = 256 << 20
	// MaxRequestBytes bounds the body of one API request.
	MaxRequestBytes = 96 << 20
	// MaxNameBytes bounds names, refs, reasons and other short texts.
	MaxNameBytes = 1024
	// MaxPassages bounds the passages of others that a refusal to write lists.
	MaxPassages = 100
	// MaxCircle bounds the people named in a circle.
	MaxCircle = 1000
	// MaxPage is the most items a page of a list holds.
	MaxPage = 200
	// MaxGroups bounds the need-to-know groups of an organisation.
	MaxGroups = 1000
	// MaxNarrowed bounds how many portions one narrowing seals anew: it is
	// one transaction.
	MaxNarrowed = 100_000
	// MaxReadIns bounds the read-ins of a person.
	MaxReadIns = 1000
	// MaxMemberships bounds the communities that an organisation is a member of,
	// and the organisations that it is a client of.
	MaxMemberships = 1000
	// MaxSources bounds the portions one portion can be derived from.
	MaxSources = 1000
	// MaxOriginals bounds the portions one tearline is written against, and
	// MaxTearlinePortions those it has itself.
	MaxOriginals        = 100
	MaxTearlinePortions = 1000
	// MaxTearlineBytes bounds the text of one tearline in all its portions,
	// and MaxOriginalBytes that of all it is written against: each is
	// compared with each.
	MaxTearlineBytes = 1 << 20
	MaxOriginalBytes = 8 << 20
	// MaxGrant bounds how long a grant can run.
	MaxGrant = 10 * 365 * 24 * time.Hour
	// MaxParties bounds the parties of an arrangement.
	MaxParties = 100
	// MaxEmergency bounds how long an arrangement lets a release in an emergency
	// run, unless its owner upholds it for longer.
	MaxEmergency = 72 * time.Hour
	// MaxQueryWords bounds the words of one search.
	MaxQueryWords = 32
	// MaxQueryChoices bounds the ways to choose between a search's
	// alternatives.
	MaxQueryChoices = 16
	// MaxSearchHeads bounds the portions in sight that one search looks at
	// because they have its words. MaxSearchOpened bounds how many of them it
	// opens to rank them and to look for phrases, and MaxSearchBytes the text
	// it reads of those. The newest come first. Where a bound is met, the
	// answer says that there may be more.
	MaxSearchHeads  = 20_000
	MaxSearchOpened = 1_000
	MaxSearchBytes  = 4 << 20
	// MaxSuggestions bounds the words that are suggested, and MaxSuggestBytes
	// the newest text in sight from which they are taken.
	MaxSuggestions  = 10
	MaxSuggestBytes = 1 << 20
)
