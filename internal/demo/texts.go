package demo

// The people of the story, by the file their token is in.
const (
	meridian  = "meridian.token"  // Edda Storm of MERIDIAN, the partner service
	security  = "security.token"  // Iris Vane of HARBOUR, security officer
	analyst   = "analyst.token"   // Tomas Reed of HARBOUR, analyst
	desk      = "desk.token"      // Noor Falk of HARBOUR, desk officer
	lantern   = "lantern.token"   // Jun Okafor of LANTERN, an ally
	cormorant = "cormorant.token" // Pell Hartmann of CORMORANT, the visitor
)

// cast lists them in the order in which tables have them.
var cast = []struct{ token, name, org, shown string }{
	{meridian, "Edda Storm", "MERIDIAN", "Edda, MERIDIAN"},
	{security, "Iris Vane", "HARBOUR", "Iris, HARBOUR"},
	{analyst, "Tomas Reed", "HARBOUR", "Tomas, HARBOUR"},
	{desk, "Noor Falk", "HARBOUR", "Noor, HARBOUR"},
	{lantern, "Jun Okafor", "LANTERN", "Jun, LANTERN"},
	{cormorant, "Pell Hartmann", "CORMORANT", "Pell, CORMORANT"},
}

// The report. Trigraphs beginning with X belong to no country.
const kestrelText = `# (S//REL TO USA, XMD) False beacons aboard ferries

(S//REL TO USA, XMD) A group that calls itself the Grey Heron is about
to plant false beacons aboard passenger ferries.

(TS//SI//REL TO USA, XMD) The beacons are assembled in the port city of
Velmora, in a workshop behind the old rope market.

(TS//SI//REL TO USA, XMD) This comes from somebody who repairs radios
for the group and who writes to us by way of a ship's chandler.

(S//REL TO USA, XMD) A ferry that tests its beacon against the signal
of the harbour before it sails is in no danger.
`

const memoText = `# (S//REL TO USA, XMD) Talking points for Thursday

Ferry operators should test every beacon before they sail.

We are told that the beacons are assembled in the port city of Velmora;
this stays within the few who were read in and goes no further.

(C//REL TO USA, XCO, XMD) CORMORANT is asked for the serial numbers of
all beacons sold since the spring.
`

const tearlineText = `# (C//REL TO USA, XCO, XMD) Advice on beacons aboard ferries

(C//REL TO USA, XCO, XMD) Some beacons aboard ferries may be false.
Test each against the harbour's signal before sailing.
`

const draftText = `Thank you for coming. Ferries are at risk from false beacons.
The beacons are assembled in the port city of Velmora, in a workshop
behind the old rope market. Please send us your serial numbers.
`

const transcriptText = `# (S//REL TO USA, XMD) Meeting with CORMORANT, transcript

CORMORANT asked how we know of the beacons.

Our side answered: they will not get far. The beacons are assembled in
the port city of Velmora, in a workshop behind the old rope market.

CORMORANT said that it would look into it.
`

// secretWords are in the struck passage, and in nothing that is shown to
// people who may not have it.
const secretWords = "Velmora"

// registryText is MERIDIAN's own list of who could be taken for the source.
const registryText = `{"name": "beacons", "threshold": 5,
 "attributes": [
  {"name": "city", "hierarchy": [["Velmora", "the coast"],
    ["Sandhaven", "the coast"], ["Orrin", "the coast"],
    ["Tarn", "inland"], ["Highmoor", "inland"]]},
  {"name": "trade"}],
 "candidates": [
  {"id": "c01", "values": {"city": "Velmora",   "trade": "radios"}},
  {"id": "c02", "values": {"city": "Velmora",   "trade": "ropes"}},
  {"id": "c03", "values": {"city": "Sandhaven", "trade": "radios"}},
  {"id": "c04", "values": {"city": "Sandhaven", "trade": "radios"}},
  {"id": "c05", "values": {"city": "Sandhaven", "trade": "engines"}},
  {"id": "c06", "values": {"city": "Orrin",     "trade": "radios"}},
  {"id": "c07", "values": {"city": "Orrin",     "trade": "sails"}},
  {"id": "c08", "values": {"city": "Orrin",     "trade": "engines"}},
  {"id": "c09", "values": {"city": "Tarn",      "trade": "radios"}},
  {"id": "c10", "values": {"city": "Tarn",      "trade": "engines"}},
  {"id": "c11", "values": {"city": "Highmoor",  "trade": "ropes"}},
  {"id": "c12", "values": {"city": "Highmoor",  "trade": "radios"}}]}
`

// recordText is the day's public record; the times are filled in.
const recordText = `{"propositions": [
  {"id": "P1", "text": "A partner's secret was told to CORMORANT"},
  {"id": "P2", "text": "The source itself was named"},
  {"id": "P3", "text": "A city was named"},
  {"id": "P4", "text": "A passage was ordered struck from memos"}],
 "sources": [
  {"id": "courier", "who": "two officials", "via": "Tidewater Courier"},
  {"id": "gazette", "who": "a former official", "via": "Harbour Gazette"},
  {"id": "minister", "who": "the minister", "named": true, "inRoom": true},
  {"id": "adviser", "who": "the adviser", "named": true, "inRoom": true},
  {"id": "envoy", "who": "the envoy", "named": true, "inRoom": true}],
 "statements": [
  {"id": "A1", "source": "courier", "published": "%s",
   "stances": {"P1": "confirms", "P3": "confirms", "P4": "confirms",
               "P2": "does-not-claim"}},
  {"id": "A2", "source": "gazette", "published": "%s",
   "stances": {"P1": "confirms", "P3": "confirms"}},
  {"id": "A3", "source": "minister", "published": "%s",
   "stances": {"P2": "denies", "P1": "does-not-address"}},
  {"id": "A4", "source": "adviser", "published": "%s",
   "stances": {"P2": "denies", "P3": "does-not-address"}},
  {"id": "A5", "source": "envoy", "published": "%s",
   "stances": {"P1": "denies"}}]}
`
