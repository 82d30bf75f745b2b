package us

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"cordon/marking"
)

// ISM is a marking as machines write it: the attributes of the namespace
// urn:us:gov:ic:ism (XML Data Encoding Specification for Information Security
// Marking Metadata), each a list of tokens separated by spaces. The names are
// those of the attributes.
type ISM struct {
	Classification        string `json:"classification"`
	OwnerProducer         string `json:"ownerProducer"`
	Joint                 string `json:"joint,omitempty"`
	SCIControls           string `json:"SCIcontrols,omitempty"`
	SARIdentifier         string `json:"SARIdentifier,omitempty"`
	AtomicEnergyMarkings  string `json:"atomicEnergyMarkings,omitempty"`
	HighWaterNATO         string `json:"highWaterNATO,omitempty"`
	FGISourceOpen         string `json:"FGIsourceOpen,omitempty"`
	FGISourceProtected    string `json:"FGIsourceProtected,omitempty"`
	NonUSControls         string `json:"nonUSControls,omitempty"`
	DisseminationControls string `json:"disseminationControls,omitempty"`
	ReleasableTo          string `json:"releasableTo,omitempty"`
	DisplayOnlyTo         string `json:"displayOnlyTo,omitempty"`
	NonICMarkings         string `json:"nonICmarkings,omitempty"`
}

// unmarked are ISM attributes that say nothing a portion mark or banner shows:
// the classification authority block, and facts about the document. Any other
// attribute that ISM does not have here is refused, so that no control is lost
// unseen.
var unmarked = map[string]bool{
	"DESVersion": true, "ISMCATCESVersion": true, "createDate": true, "resourceElement": true, "compliesWith": true,
	"classifiedBy": true, "classificationReason": true, "derivativelyClassifiedBy": true, "derivedFrom": true,
	"compilationReason": true, "declassDate": true, "declassEvent": true, "declassException": true,
	"excludeFromRollup": true, "exemptFrom": true, "noticeType": true, "noticeDate": true, "noticeReason": true,
	"noticeProseID": true, "noAggregation": true, "pocType": true, "unregisteredNoticeType": true, "externalNotice": true, "hasApproximateMarkings": true,
}

// ParseISM reads an attribute set from a JSON object, with or without the
// prefix "ism:" before the names.
func ParseISM(data []byte) (ISM, error) {
	refuse := func(reason string) (ISM, error) {
		return ISM{}, &marking.Error{Scheme: name, Reason: reason, Section: "ISM.XML"}
	}
	if len(data) > marking.MaxText*4 {
		return refuse("the attribute set is too long")
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return refuse("the attribute set is not a JSON object")
	}
	var out ISM
	for key, value := range raw {
		key = strings.TrimPrefix(key, "ism:")
		field := out.field(key)
		if field == nil {
			if unmarked[key] {
				continue
			}
			return refuse("unknown ISM attribute " + strconv.Quote(key))
		}
		if *field != "" {
			return refuse("the ISM attribute " + key + " is given twice")
		}
		var flag bool
		if json.Unmarshal(value, &flag) == nil {
			*field = strconv.FormatBool(flag)
		} else if json.Unmarshal(value, field) != nil {
			return refuse("the ISM attribute " + key + " is not a text")
		}
	}
	return out, nil
}

// field is the attribute of that name, or nil.
func (a *ISM) field(key string) *string {
	switch key {
	case "classification":
		return &a.Classification
	case "ownerProducer":
		return &a.OwnerProducer
	case "joint":
		return &a.Joint
	case "SCIcontrols":
		return &a.SCIControls
	case "SARIdentifier":
		return &a.SARIdentifier
	case "atomicEnergyMarkings":
		return &a.AtomicEnergyMarkings
	case "highWaterNATO":
		return &a.HighWaterNATO
	case "FGIsourceOpen":
		return &a.FGISourceOpen
	case "FGIsourceProtected":
		return &a.FGISourceProtected
	case "nonUSControls":
		return &a.NonUSControls
	case "disseminationControls":
		return &a.DisseminationControls
	case "releasableTo":
		return &a.ReleasableTo
	case "displayOnlyTo":
		return &a.DisplayOnlyTo
	case "nonICmarkings":
		return &a.NonICMarkings
	}
	return nil
}

// ToISM writes a marking as ISM attributes. ORCON-USGOV is written OC OC-USGOV
// and a compartment with its control system, as ISM requires.
func ToISM(m marking.Marking) (ISM, error) {
	u, ok := m.(*mark)
	if !ok {
		return ISM{}, &marking.Error{Scheme: name, Reason: "the marking is not of this scheme"}
	}
	if u.unresolved() {
		return ISM{}, &marking.Error{Scheme: name, Text: u.portion, Reason: "the marking leaves a list to its banner, and attributes cannot", Section: "H.8 REL TO"}
	}
	a := ISM{
		Classification:       u.level.name(portionForm),
		OwnerProducer:        usa,
		SCIControls:          controlTokens(u.sci),
		SARIdentifier:        controlTokens(u.sap),
		AtomicEnergyMarkings: u.aeaTokens(),
		NonICMarkings:        tokens(uint16(u.nonIC), nonICRegister[:]),
	}
	switch u.kind {
	case kindConcealed:
		a.OwnerProducer, a.FGISourceProtected = "FGI", "FGI"
	case kindNonUS:
		a.OwnerProducer = u.owners.tokens(nil)
		if u.nac != "" {
			a.OwnerProducer = "NATO:" + u.nac
		}
	case kindJoint:
		a.OwnerProducer = codes{merge(u.owners.countries, []string{usa}), u.owners.groups}.tokens(nil)
		a.Joint = "true"
	}
	if u.fgi {
		if u.fgiList.empty() {
			a.FGISourceProtected = "FGI"
		} else {
			a.FGISourceOpen = u.fgiList.tokens(nil)
		}
	}
	if u.kind == kindUS && u.fgiList.has("NATO") {
		// The highest that can be in it (ISM-ID-00525): a banner says that
		// there is NATO information, and not of which level.
		a.HighWaterNATO = natoPrefix + u.level.name(portionForm)
	}
	a.NonUSControls = u.nonUSTokens()
	var dissems []string
	for set := u.dissem; set != 0; set &= set - 1 {
		dissems = append(dissems, ismDissem[bits.TrailingZeros16(uint16(set))]...)
	}
	a.DisseminationControls = strings.Join(dissems, " ")
	if u.dissem&(rel|eyes) != 0 {
		a.ReleasableTo = u.relTo.tokens([]string{usa})
	}
	if u.dissem&display != 0 {
		a.DisplayOnlyTo = u.displayTo.tokens(nil)
	}
	return a, nil
}

// ismDissem are ISM's tokens for the dissemination controls, in the order of
// the register.
var ismDissem = [...][]string{
	{"RS"}, {"FOUO"}, {"OC"}, {"OC", "OC-USGOV"}, {"IMC"}, {"NF"}, {"PR"}, {"REL"}, {"RELIDO"}, {"EYES"}, {"DSEN"}, {"FISA"}, {"DISPLAYONLY"},
}

// natoPrefix begins the tokens of CVEnumISMHighWaterNATO: NATO-S.
const natoPrefix = "NATO-"

// nonUSControls are ISM's tokens for NATO's markings, in the order of
// CVEnumISMNonUSControls. Its first versions wrote them without "NATO-".
var nonUSControls = [...]struct {
	token string
	aea   aea
	nato  natoControl
}{
	{"NATO-ATOMAL", atomal, 0}, {"NATO-BOHEMIA", 0, bohemia}, {"NATO-BALK", 0, balk},
}

func (m *mark) nonUSTokens() string {
	var out []string
	for _, c := range nonUSControls {
		if m.aea&c.aea != 0 || m.nato&c.nato != 0 {
			out = append(out, c.token)
		}
	}
	return strings.Join(out, " ")
}

func tokens(set uint16, register []entry) string {
	var out []string
	for ; set != 0; set &= set - 1 {
		out = append(out, register[bits.TrailingZeros16(set)].portion)
	}
	return strings.Join(out, " ")
}

func (c codes) tokens(first []string) string {
	return strings.Join(slices.Concat(first, c.countries, c.groups), " ")
}

// controlTokens writes SI-G ABCD as SI SI-G SI-G-ABCD. A space within the
// nickname of a program becomes an underscore.
func controlTokens(list []control) string {
	var out []string
	for _, c := range list {
		base := strings.ReplaceAll(c.name, " ", "_")
		if c.authority != "" {
			base = c.authority + ":" + base
		}
		out = append(out, base)
		for _, k := range c.comps {
			out = append(out, base+"-"+k.name)
			for _, s := range k.subs {
				out = append(out, base+"-"+k.name+"-"+s)
			}
		}
	}
	return strings.Join(out, " ")
}

func (m *mark) aeaTokens() string {
	var out []string
	for set := m.aea &^ (cnwdi | atomal); set != 0; set &= set - 1 {
		bit := set & -set
		head := aeaRegister[bits.TrailingZeros16(uint16(bit))].portion
		out = append(out, head)
		if bit == rd && m.aea&cnwdi != 0 {
			out = append(out, "RD-CNWDI")
		}
		if bit == rd || bit == frd && m.aea&rd == 0 {
			for n := m.sigma; n != 0; n &= n - 1 {
				out = append(out, head+"-SG-"+strconv.Itoa(bits.TrailingZeros32(n)))
			}
		}
	}
	return strings.Join(out, " ")
}

// FromISM reads ISM attributes as a marking, and validates it as if a person
// had written it. The order of tokens does not matter.
func FromISM(a ISM) (marking.Marking, error) {
	m := &mark{}
	r := ismReader{m: m}
	r.classification(a)
	r.controls(a)
	r.aea(a)
	r.fgi(a)
	r.highWater(a)
	r.dissem(a)
	r.nonIC(a)
	if r.err == nil {
		if v := m.check(); v != nil {
			r.fail(v.reason, v.section)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	return m.seal(), nil
}

// ismReader fills a mark from attributes and keeps the first error.
type ismReader struct {
	m   *mark
	err *marking.Error
}

func (r *ismReader) fail(reason, section string) {
	if r.err == nil {
		r.err = &marking.Error{Scheme: name, Reason: reason, Section: section}
	}
}

// list reads codes in any order; USA is reported, not kept.
func (r *ismReader) list(attr, text string) (list codes, hasUSA bool) {
	fields := strings.Fields(text)
	if len(fields) > marking.MaxEntries {
		r.fail(attr+" has too many tokens", "ISM.XML")
		return list, false
	}
	for _, c := range fields {
		switch {
		case c == usa:
			hasUSA = true
		case isCountry(c):
			list.countries = append(list.countries, c)
		case isGroup(c):
			list.groups = append(list.groups, c)
		default:
			r.fail("unknown code "+strconv.Quote(c)+" in "+attr, "ISM.XML")
		}
	}
	slices.Sort(list.countries)
	slices.Sort(list.groups)
	list.countries, list.groups = slices.Compact(list.countries), slices.Compact(list.groups)
	return list, hasUSA
}

func (r *ismReader) classification(a ISM) {
	l, ok := levelOf(a.Classification, portionForm)
	if !ok {
		r.fail("unknown classification "+strconv.Quote(a.Classification), "ISM.XML")
		return
	}
	r.m.level = l
	owner := strings.Join(strings.Fields(a.OwnerProducer), " ")
	if nac, ok := strings.CutPrefix(owner, "NATO:"); ok && isGroup(nac) {
		if l == levelTS {
			r.fail("NATO activities have SECRET at most", "G.1 Table 4, 2")
		}
		r.m.kind, r.m.owners, r.m.nac = kindNonUS, codes{groups: []string{"NATO"}}, nac
		return
	}
	if owner == "FGI" {
		r.m.kind = kindConcealed
		return
	}
	owners, american := r.list("ownerProducer", owner)
	r.m.owners = owners
	if owners.has(unitedNations) && (owner != unitedNations || l != levelR) {
		r.fail("the United Nations have RESTRICTED only, and alone", "G.1 Table 4, 2")
	}
	switch {
	case american && owners.empty():
		if l == levelR {
			r.fail("the United States have no RESTRICTED", "H.1")
		}
	case american:
		r.m.kind = kindJoint
		if l == levelR {
			r.fail("JOINT may not be used with RESTRICTED", "H.3")
		}
	case owners.empty():
		r.fail("ownerProducer is empty", "ISM.XML")
	default:
		r.m.kind = kindNonUS
	}
	if a.Joint != "" && (a.Joint == "true" || a.Joint == "1") != (r.m.kind == kindJoint) {
		r.fail("joint does not agree with ownerProducer", "H.3")
	}
}

func (r *ismReader) controls(a ISM) {
	r.m.sci = r.tree("SCIcontrols", a.SCIControls, true)
	r.m.sap = r.tree("SARIdentifier", a.SARIdentifier, false)
	for _, t := range strings.Fields(a.NonUSControls) {
		known := false
		for _, c := range nonUSControls {
			if t == c.token || "NATO-"+t == c.token {
				r.m.aea, r.m.nato, known = r.m.aea|c.aea, r.m.nato|c.nato, true
			}
		}
		if !known {
			r.fail("unknown token "+strconv.Quote(t)+" in nonUSControls", "ISM.XML")
		}
	}
}

// tree reads SI SI-G SI-G-ABCD by the same rules as the text SI-G ABCD.
func (r *ismReader) tree(attr, text string, isSCI bool) []control {
	var out []control
	fields := strings.Fields(text)
	if len(fields) > marking.MaxEntries {
		r.fail(attr+" has too many tokens", "ISM.XML")
		return nil
	}
	for _, t := range fields {
		authority := ""
		if !isSCI {
			at := strings.LastIndexByte(t, ':')
			authority, t = t[:max(at, 0)], strings.TrimPrefix(t[at+1:], "SAR-")
			if authority != "" && (!alnum(strings.ReplaceAll(authority, "-", "")) || len(authority) > 24) {
				r.fail("unknown authority "+strconv.Quote(authority)+" in "+attr, "ISM.XML")
				return nil
			}
		}
		path := strings.SplitN(t, "-", 3)
		if len(path) == 3 {
			path = []string{path[0], path[1] + " " + path[2]}
		}
		line := strings.Join(path, "-")
		if !isSCI {
			line = strings.ReplaceAll(line, "_", " ")
		}
		p := parser{s: line, form: portionForm, m: &mark{}}
		one, ok := p.controls(0, len(line), isSCI)
		if !ok {
			r.fail(p.err.Reason+" in "+attr, p.err.Section)
			return nil
		}
		one[0].authority = authority
		for _, c := range out {
			if c.name == one[0].name && c.authority != authority {
				r.fail("two authorities for the program "+c.name+" in "+attr, "ISM.XML")
				return nil
			}
		}
		out = uniteTokens(out, one)
	}
	return out
}

// uniteTokens unites without reading a system's own token beside its
// compartments as anything more: HCS HCS-O is HCS-O.
func uniteTokens(a, b []control) []control {
	if len(b) == 1 && len(b[0].comps) == 0 {
		for _, c := range a {
			if c.name == b[0].name {
				return a
			}
		}
	}
	for i, c := range a {
		if len(b) == 1 && c.name == b[0].name && len(c.comps) == 0 {
			return slices.Concat(a[:i], b, a[i+1:])
		}
	}
	return unite(a, b)
}

func (r *ismReader) aea(a ISM) {
	fields := strings.Fields(a.AtomicEnergyMarkings)
	slices.Sort(fields)
	for _, t := range slices.Compact(fields) {
		head, tail, _ := strings.Cut(t, "-")
		i, _ := aeaIndex(head, portionForm)
		if i < 0 {
			r.fail("unknown token "+strconv.Quote(t)+" in atomicEnergyMarkings", "ISM.XML")
			return
		}
		bit := aea(1) << i
		r.m.aea |= bit
		number, isSigma := strings.CutPrefix(tail, "SG-")
		n, err := strconv.Atoi(number)
		switch {
		case tail == "":
		case tail == "CNWDI" && bit == rd:
			r.m.aea |= cnwdi
		case isSigma && err == nil && bit&(rd|frd) != 0 && n > 0 && n < 32 && sigmaValid&(1<<n) != 0:
			r.m.sigma |= 1 << n
		default:
			r.fail("unknown token "+strconv.Quote(t)+" in atomicEnergyMarkings", "ISM.XML")
		}
	}
	switch {
	case r.m.aea&rd != 0 && r.m.aea&(frd|tfni) != 0, r.m.aea&frd != 0 && r.m.aea&tfni != 0:
		r.fail("RD takes precedence over FRD, and both over TFNI", "H.6")
	}
}

func (r *ismReader) fgi(a ISM) {
	if a.FGISourceProtected != "" {
		if a.FGISourceProtected != "FGI" || a.FGISourceOpen != "" {
			r.fail("concealed and acknowledged FGI do not stand in one marking", "H.7")
		}
		r.m.fgi = r.m.kind != kindConcealed
		return
	}
	if a.FGISourceOpen != "" {
		// NATO:ISAF is an activity of NATO's, which a mark writes ISAF NATO (H.3).
		list, american := r.list("FGIsourceOpen", strings.ReplaceAll(a.FGISourceOpen, "NATO:", "NATO "))
		if american || list.empty() {
			r.fail("USA is no foreign source", "H.7")
		}
		r.m.fgi, r.m.fgiList = true, list
	}
}

// highWater checks what is said of NATO information in the whole: that there is
// some, and of no higher level (ISM-ID-00522, 00525).
func (r *ismReader) highWater(a ISM) {
	if a.HighWaterNATO == "" {
		return
	}
	l, ok := levelOf(strings.TrimPrefix(a.HighWaterNATO, natoPrefix), portionForm)
	switch {
	case !ok || !strings.HasPrefix(a.HighWaterNATO, natoPrefix):
		r.fail("unknown token "+strconv.Quote(a.HighWaterNATO)+" in highWaterNATO", "ISM.XML")
	case l.us() > r.m.level.us():
		r.fail("highWaterNATO is higher than the classification", "ISM-ID-00525")
	case !r.m.owners.has("NATO") && !(r.m.fgi && (r.m.fgiList.empty() || r.m.fgiList.has("NATO"))) && r.m.kind != kindConcealed:
		r.fail("highWaterNATO stands where there is NATO information", "ISM-ID-00522")
	}
}

func (r *ismReader) dissem(a ISM) {
	for _, t := range strings.Fields(a.DisseminationControls) {
		i := slices.IndexFunc(ismDissem[:], func(of []string) bool { return of[len(of)-1] == t })
		if i < 0 {
			r.fail("unknown token "+strconv.Quote(t)+" in disseminationControls", "ISM.XML")
			return
		}
		r.m.dissem |= 1 << i
	}
	if r.m.dissem&usgov != 0 {
		r.m.dissem &^= orcon // ISM writes ORCON-USGOV as OC OC-USGOV
	}
	if (a.ReleasableTo != "") != (r.m.dissem&(rel|eyes) != 0) {
		r.fail("REL or EYES and releasableTo go together", "H.8 REL TO")
	}
	if (a.DisplayOnlyTo != "") != (r.m.dissem&display != 0) {
		r.fail("DISPLAYONLY and displayOnlyTo go together", "H.8 DISPLAY ONLY")
	}
	if a.ReleasableTo != "" {
		list, american := r.list("releasableTo", a.ReleasableTo)
		if !american || list.empty() {
			r.fail("a release list has USA and somebody beside", "H.8 REL TO")
		}
		r.m.relTo = list
	}
	if a.DisplayOnlyTo != "" {
		list, _ := r.list("displayOnlyTo", a.DisplayOnlyTo)
		if list.empty() {
			r.fail("displayOnlyTo names nobody", "H.8 DISPLAY ONLY")
		}
		r.m.displayTo = list
	}
}

func (r *ismReader) nonIC(a ISM) {
	for _, t := range strings.Fields(a.NonICMarkings) {
		i := nonICIndex(t, portionForm)
		if i < 0 {
			r.fail("unknown token "+strconv.Quote(t)+" in nonICmarkings", "ISM.XML")
			return
		}
		r.m.nonIC |= 1 << i
	}
}
