// Package threat reads the text of what is exchanged about threats in JSON: STIX
// bundles (STIX 2.1, OASIS) and MISP events. Each object or attribute is a
// paragraph, which begins with the marking that the object carries.
package threat

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// The kinds of files, in the words of messages.
const (
	Bundle = "a STIX bundle"
	Event  = "a MISP event"
	Other  = "JSON"
)

// maxDepth bounds how deep values nest.
const maxDepth = 100

// value is a value of JSON with the line on which it begins.
type value struct {
	text   string // of a string or a number
	isText bool
	list   []value
	fields []member
	line   int
}

type member struct {
	name  string
	value value
}

func (v value) get(name string) value {
	for _, m := range v.fields {
		if m.name == name {
			return m.value
		}
	}
	return value{}
}

// Is reports whether a text is one JSON value, an object or a list.
func Is(src string) bool {
	src = strings.TrimSpace(src)
	return src != "" && (src[0] == '{' || src[0] == '[') && json.Valid([]byte(src))
}

// Opener reads a file within the bundle or event.
type Opener func(name string, src []byte) parts.File

// Read reads a text that Is. Files that objects carry in base64 are files of their
// own.
func Read(name, src string, open Opener) parts.File {
	v, err := parse(src)
	if err != nil {
		return parts.Unreadable(name, Other, "this is JSON, and "+err.Error(), "save it again")
	}
	r := reader{file: parts.File{Name: name, Kind: Other}, open: open, said: map[string]bool{}}
	events := v.events()
	switch {
	case v.get("type").text == "bundle" && v.get("objects").list != nil:
		r.bundle(v)
	case len(events) > 0:
		r.file.Kind = Event
		for _, e := range events {
			r.event(e)
		}
		r.beside(v, "Event", "response")
	default:
		r.values(v)
	}
	r.rest("", v, false)
	return r.file
}

// rest puts aside the texts that stand where no reader of such a file expects one:
// in a field that should be a number or a reference, or in one of another type. In
// plain fields, only what has three words is one.
func (r *reader) rest(name string, v value, plain bool) {
	plain = plain || defines(name) || isPlain(name)
	for _, one := range v.list {
		r.rest(name, one, plain)
	}
	for _, m := range v.fields {
		r.rest(m.name, m.value, plain)
	}
	if !v.isText || name == "data" || name == "payload_bin" || plain && len(strings.Fields(v.text)) < 3 {
		return
	}
	for text := range strings.Lines(v.text) {
		if text = unlisted(text); parts.Weight(text) > 0 && !r.said[text] {
			r.said[text] = true
			r.aside("a text in a field for something else", text, v.line)
		}
	}
}

// say notes that a text was read.
func (r *reader) say(text string) {
	for l := range strings.Lines(text) {
		r.said[unlisted(l)] = true
	}
}

// unlisted is a line without the signs of lists and quotations before it.
func unlisted(text string) string {
	return strings.TrimLeft(strings.TrimSpace(text), "->*•◦▪·–— \t")
}

func parse(src string) (value, error) {
	p := parser{dec: json.NewDecoder(strings.NewReader(src)), src: src, line: 1}
	p.dec.UseNumber()
	return p.value(0)
}

type parser struct {
	dec     *json.Decoder
	src     string
	counted int
	line    int
}

func (p *parser) value(depth int) (value, error) {
	if depth > maxDepth {
		return value{}, fmt.Errorf("its values are nested more than %d deep", maxDepth)
	}
	t, err := p.dec.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return value{}, err
	}
	at := int(p.dec.InputOffset())
	p.line += strings.Count(p.src[p.counted:at], "\n")
	p.counted = at
	v := value{line: p.line}
	switch t := t.(type) {
	case string:
		v.text, v.isText = t, true
	case json.Number:
		v.text = t.String()
	case json.Delim:
		for p.dec.More() {
			var m member
			if t == '{' {
				key, err := p.dec.Token()
				if err != nil {
					return v, err
				}
				m.name, _ = key.(string)
			}
			if m.value, err = p.value(depth + 1); err != nil {
				return v, err
			}
			if t == '{' {
				v.fields = append(v.fields, m)
			} else {
				v.list = append(v.list, m.value)
			}
		}
		if _, err := p.dec.Token(); err != nil {
			return v, err
		}
	}
	return v, nil
}

type reader struct {
	file parts.File
	open Opener
	said map[string]bool // the lines that were read
	all  []value         // the references of a bundle to the markings of all its objects
}

// carried reads a file that an object carries: the data of an attachment (MISP),
// the payload of an artifact (STIX). It reports whether there is one.
func (r *reader) carried(name string, v value, of string) bool {
	if !v.isText || v.text == "" || name != "data" && name != "payload_bin" {
		return false
	}
	src, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v.text), ""))
	if err != nil {
		return false // a text of another kind
	}
	f := r.open(r.file.Name+": "+cmp.Or(of, name), src)
	if f.Media {
		r.file.Note(v.line, parts.Clip(cmp.Or(of, name))+" was left out: "+f.Kind, "write down what it says")
	} else {
		r.file.Files = append(r.file.Files, f)
	}
	return true
}

// add adds a paragraph of the lines that have text.
func (r *reader) add(kind cordon.PortionKind, mark string, lines []parts.Line) {
	lines = slices.DeleteFunc(lines, func(l parts.Line) bool { return strings.TrimSpace(l.Text) == "" })
	if len(lines) == 0 {
		return
	}
	if mark != "" {
		lines[0].Text = mark + " " + lines[0].Text
	}
	var split []parts.Line
	for _, l := range lines {
		for text := range strings.Lines(l.Text) {
			if text = strings.TrimSpace(text); text != "" {
				split = append(split, parts.Line{Text: text, No: l.No, Col: 1})
			}
		}
	}
	r.file.Blocks = append(r.file.Blocks, parts.Block{Kind: kind, Lines: split})
}

// marks are the marking definitions of TLP by their ids: of the STIX standard
// (TLP 1), of OASIS's TLP 2 extension, and of OpenCTI for AMBER+STRICT.
var marks = map[string]string{
	"613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:CLEAR",
	"34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
	"f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER",
	"5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
	"94868c89-83c2-464b-929b-a1a8aa3c8487": "TLP:CLEAR",
	"bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "TLP:GREEN",
	"55d920b0-5e8b-4f79-9ee9-91f868d9b421": "TLP:AMBER",
	"939a9414-2ddd-4d32-a0cd-375ea402b003": "TLP:AMBER+STRICT",
	"e828b379-4e03-4974-9ac4-e53a884c97c1": "TLP:RED",
	"826578e1-40ad-459f-bc73-ede076f81f37": "TLP:AMBER+STRICT",
}

// bundle reads a STIX bundle.
func (r *reader) bundle(v value) {
	r.file.Kind = Bundle
	objects := v.get("objects").list
	r.all = v.get("object_marking_refs").list // which STIX has not, and some write
	defined, marksOf := map[string]string{}, map[string][]value{}
	for _, o := range objects {
		if o.get("type").text != "marking-definition" {
			continue
		}
		id, mark := o.get("id").text, ""
		tlp := o.get("definition").get("tlp").text
		for _, m := range o.get("extensions").fields { // TLP 2.0 by extension
			if t := m.value.get("tlp_2_0").text; t != "" {
				tlp = t
			}
		}
		if tlp == "" && strings.HasPrefix(strings.ToUpper(o.get("name").text), "TLP:") {
			tlp = strings.ToUpper(o.get("name").text)[4:]
		}
		if tlp != "" {
			mark = "TLP:" + strings.ToUpper(strings.ReplaceAll(tlp, "WHITE", "CLEAR"))
		} else if s := o.get("definition").get("statement").text; s != "" {
			mark = "=" + s
		} else if s := o.get("name").text; s != "" {
			mark = s
		}
		defined[id] = mark
		marksOf[id] = o.get("object_marking_refs").list
	}
	for _, o := range objects {
		mark, statements := r.marking(o, defined, marksOf)
		if o.get("type").text == "marking-definition" {
			var lines []parts.Line
			r.fields(o, &lines, func(name string) bool { return defines(name) || isPlain(name) })
			for _, l := range lines {
				r.file.Asides = append(r.file.Asides, parts.Aside{What: "a marking definition", Line: l, Plain: true})
			}
			continue
		}
		lines := []parts.Line{{Text: r.named(o, "name"), No: o.line}}
		r.fields(o, &lines, func(name string) bool { return name == "type" || name == "name" || isPlain(name) })
		for _, s := range statements {
			lines = append(lines, parts.Line{Text: s, No: o.line})
		}
		if len(lines) > 1 || o.get("name").text != "" {
			r.add(cordon.PortionParagraph, mark, lines)
		}
	}
	r.beside(v, "objects")
}

// named is the type of an object and what it is called.
func (r *reader) named(o value, field string) string {
	r.say(o.get(field).text)
	return strings.TrimSpace(o.get("type").text + ": " + o.get(field).text)
}

// beside adds what stands beside the objects or the event.
func (r *reader) beside(v value, but ...string) {
	var lines []parts.Line
	r.fields(v, &lines, func(name string) bool { return slices.Contains(but, name) || name == "type" || isPlain(name) })
	r.add(cordon.PortionParagraph, "", lines)
}

// marking is the portion mark of an object, and the statements that go with it.
func (r *reader) marking(o value, defined map[string]string, marksOf map[string][]value) (mark string, statements []string) {
	refs := slices.Concat(o.get("object_marking_refs").list, r.all)
	for _, g := range o.get("granular_markings").list {
		refs = append(refs, g.get("marking_ref")) // of a part of it: the whole object takes it
	}
	const most = 100 // definitions that mark each other
	strictest, seen := -1, map[string]bool{}
	for i := 0; i < len(refs) && i < most; i++ {
		ref := refs[i]
		if seen[ref.text] {
			continue
		}
		seen[ref.text] = true
		refs = append(refs, marksOf[ref.text]...) // what a definition is marked itself
		m, ok := defined[ref.text]
		if !ok {
			m, ok = marks[strings.TrimPrefix(ref.text, "marking-definition--")]
		}
		switch s, said := strings.CutPrefix(m, "="); {
		case !ok || m == "":
			r.file.Refused = append(r.file.Refused, cordon.Issue{
				File: r.file.Name, Line: ref.line, Problem: fmt.Sprintf("an object carries the marking %s, which is not defined in the bundle", parts.Clip(ref.text)), Fix: "export it with its marking definitions",
			})
		case said:
			statements = append(statements, s)
		case slices.Index(tlp, m) < 0:
			mark += "(" + m + ")"
		default:
			strictest = max(strictest, slices.Index(tlp, m))
		}
	}
	for _, m := range o.fields {
		said := ""
		if m.value.isText && !isPlain(m.name) {
			said = parts.Telling(m.name, m.value.text)
		}
		switch i := slices.Index(tlp, said); {
		case said == "":
		case i >= 0:
			strictest = max(strictest, i)
		case strings.HasPrefix(said, "PAP:"):
			mark += "(" + said + ")"
		default:
			r.file.Asides = append(r.file.Asides, parts.Aside{What: "a field of an object", Line: parts.Line{Text: m.name + ": " + m.value.text, No: m.value.line}, Plain: true, Tells: said})
		}
	}
	if strictest >= 0 {
		mark = "(" + tlp[strictest] + ")" + mark
	}
	return mark, statements
}

// tlp is the ladder of TLP.
var tlp = []string{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"}

// fields adds every text within a value, with the name of its field, but for those
// that are left out.
func (r *reader) fields(v value, lines *[]parts.Line, out func(string) bool) {
	for _, m := range v.fields {
		if wordy(m.name) && !isPlain(m.name) && !strings.HasPrefix(m.name, "extension-definition--") {
			r.aside("the name of a field", m.name, m.value.line)
		}
		if !out(m.name) {
			r.field(m.name, cmp.Or(v.get("name").text, v.get("value").text), m.value, lines, out)
		}
	}
}

// aside puts text aside that is compared and not part of a portion.
func (r *reader) aside(what, text string, line int) {
	r.file.Asides = append(r.file.Asides, parts.Aside{What: what, Line: parts.Line{Text: text, No: line, Col: 1}})
}

// wordy reports whether a text has three words or more, however they are joined.
func wordy(text string) bool {
	return len(strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) })) >= 3
}

func (r *reader) field(name, of string, v value, lines *[]parts.Line, out func(string) bool) {
	switch {
	case r.carried(name, v, of):
	case v.text != "":
		r.say(v.text)
		text := v.text
		if !prose[name] {
			text = name + ": " + text
		}
		*lines = append(*lines, parts.Line{Text: text, No: v.line})
	case v.list != nil:
		for _, one := range v.list {
			r.field(name, of, one, lines, out)
		}
	case v.fields != nil:
		r.fields(v, lines, out)
	}
}

// prose is fields of text, which say what they are without their names.
var prose = map[string]bool{"description": true, "content": true, "abstract": true, "opinion": true, "explanation": true, "info": true, "comment": true, "name": true, "value": true}

// defines reports fields that say of which type something is, or which marking of
// TLP a definition is.
func defines(name string) bool {
	return name == "type" || name == "tlp" || name == "tlp_2_0" || strings.HasSuffix(name, "_type")
}

// isPlain reports fields that hold no text: ids, times, references.
func isPlain(name string) bool {
	switch name {
	case "id", "spec_version", "created", "modified", "created_by_ref", "object_marking_refs", "granular_markings", "object_refs", "published", "valid_from", "valid_until",
		"first_seen", "last_seen", "first_observed", "last_observed", "lang", "uuid", "timestamp", "event_id", "org_id", "orgc_id", "sharing_group_id", "distribution",
		"analysis", "threat_level_id", "publish_timestamp", "attribute_count", "deleted", "to_ids", "object_id", "object_relation", "template_uuid", "template_version",
		"meta-category", "disable_correlation", "date", "extends_uuid", "Tag", "colour", "exportable", "locked", "proposal_email_lock", "user_id", "hide_tag", "local":
		return true
	}
	return strings.HasSuffix(name, "_ref") || strings.HasSuffix(name, "_refs")
}

// events are the MISP events in a value: as a server exports one, answers a
// search, or lists them.
func (v value) events() []value {
	if e := v.get("Event"); e.fields != nil {
		return []value{e}
	}
	list := v.list
	if response := v.get("response"); response.list != nil {
		list = response.list
	}
	var all []value
	for _, one := range list {
		if e := one.get("Event"); e.fields != nil {
			all = append(all, e)
		}
	}
	return all
}

// tags are the names of the tags of a value, in the forms that servers and exports
// have them.
func tags(v value) []value {
	var all []value
	for _, t := range v.get("Tag").list {
		all = append(all, t.get("name"))
	}
	for _, name := range [...]string{"AttributeTag", "EventTag", "EventReportTag"} {
		for _, t := range v.get(name).list {
			all = append(all, t.get("Tag").get("name"))
		}
	}
	return all
}

// The tags of MISP's taxonomies that mark: of TLP and PAP, of the Information
// Exchange Policy, and of the intelligence community, by the parts of its marks.
var (
	machineTag = regexp.MustCompile(`(?i)^(?:tlp:[a-z+:]+|pap:[a-z]+)$`)
	quotedTag  = regexp.MustCompile(`(?i)^(iep:traffic-light-protocol|dni-ism:[a-z]+(?::[a-z]+)?)="([^"]*)"$`)
)

// ismOf are the attributes of ISM that the predicates of dni-ism stand for.
var ismOf = map[string]string{
	"dni-ism:classification:us": "classification", "dni-ism:scicontrols": "scicontrols", "dni-ism:dissem": "disseminationcontrols",
	"dni-ism:nonic": "nonicmarkings", "dni-ism:atomicenergymarkings": "atomicenergymarkings",
}

// tagged is the portion mark that the tags of a value make; up is that of what it
// is part of.
func (r *reader) tagged(v value, up string) string {
	strictest, pap := -1, ""
	ism := map[string]string{}
	for _, t := range tags(v) {
		name := strings.ToUpper(strings.ReplaceAll(t.text, "white", "clear"))
		if m := quotedTag.FindStringSubmatch(t.text); m != nil {
			predicate := strings.ToLower(m[1])
			switch attribute := ismOf[predicate]; {
			case predicate == "iep:traffic-light-protocol":
				name = "TLP:" + strings.ToUpper(m[2])
			case attribute != "":
				ism[attribute] = strings.Trim(ism[attribute]+"/"+strings.ToUpper(m[2]), "/")
				continue
			case m[2] != "U":
				r.refuse(t, "cannot be read: it does not say whose classification it is, or what it restricts")
				continue
			}
		}
		if !machineTag.MatchString(name) {
			r.plainTag(t)
			continue
		}
		if strings.HasPrefix(name, "PAP:") {
			pap = "(" + name + ")"
			continue
		}
		i := slices.Index(tlp, name)
		if i < 0 {
			return "(" + name + ")" // which is refused, since it cannot be read
		}
		strictest = max(strictest, i)
	}
	mark := ""
	if strictest >= 0 {
		mark = "(" + tlp[strictest] + ")"
	}
	if len(ism) > 0 {
		if ism["classification"] == "" {
			r.refuse(v, "has tags of dni-ism without dni-ism:classification:us, which they belong behind")
		}
		mark += "(" + parts.Portion(ism) + ")"
	}
	return cmp.Or(mark+pap, up)
}

// refuse says that the file cannot be imported because of a tag.
func (r *reader) refuse(at value, why string) {
	what := "an object"
	if at.isText {
		what = "the tag " + parts.Clip(at.text)
	}
	r.file.Refused = append(r.file.Refused, cordon.Issue{File: r.file.Name, Line: at.line, Problem: what + " " + why, Fix: "tag it with what it means, or mark the text"})
}

// plainTag notes a tag of one word, which may be the name of a classification.
func (r *reader) plainTag(t value) {
	const shortest = 4
	if len(t.text) >= shortest && !strings.ContainsAny(t.text, ":= ") {
		r.file.Asides = append(r.file.Asides, parts.Aside{What: "a tag", Line: parts.Line{Text: t.text, No: t.line}, Plain: true, Tells: strings.ToUpper(t.text)})
	}
}

// event reads a MISP event: its title, attributes, objects and reports.
func (r *reader) event(e value) {
	mark := r.tagged(e, "")
	r.say(e.get("info").text)
	info := parts.Line{Text: strings.TrimSpace(mark + " " + e.get("info").text), No: e.get("info").line, Col: 1}
	if r.file.Subject == nil && e.get("info").text != "" {
		r.file.Subject = &info
	} else {
		r.add(cordon.PortionHeading, mark, []parts.Line{{Text: e.get("info").text, No: info.No}})
	}
	attribute := func(a value, up string) {
		lines := []parts.Line{{Text: r.named(a, "value"), No: a.line}}
		r.fields(a, &lines, func(name string) bool { return name == "type" || name == "value" || isPlain(name) })
		r.add(cordon.PortionListItem, r.tagged(a, up), lines)
	}
	for _, a := range e.get("Attribute").list {
		attribute(a, mark)
	}
	for _, o := range e.get("Object").list {
		up := r.tagged(o, mark)
		r.say(o.get("name").text)
		lines := []parts.Line{{Text: o.get("name").text, No: o.line}}
		r.fields(o, &lines, func(name string) bool { return name == "name" || name == "Attribute" || isPlain(name) })
		r.add(cordon.PortionParagraph, up, lines)
		for _, a := range o.get("Attribute").list {
			attribute(a, up)
		}
	}
	for _, report := range e.get("EventReport").list {
		up := r.tagged(report, mark)
		r.say(report.get("name").text)
		r.say(report.get("content").text)
		r.add(cordon.PortionHeading, up, []parts.Line{{Text: report.get("name").text, No: report.line}})
		for _, b := range parts.Paragraphs(report.get("content").text, 0) {
			for i := range b.Lines {
				b.Lines[i].No = report.get("content").line
			}
			r.add(b.Kind, up, b.Lines)
		}
	}
	var lines []parts.Line
	r.fields(e, &lines, func(name string) bool {
		return name == "info" || name == "Attribute" || name == "Object" || name == "EventReport" || isPlain(name)
	})
	r.add(cordon.PortionParagraph, mark, lines)
	var tags []parts.Line
	for _, t := range e.get("Tag").list {
		r.say(t.get("name").text)
		tags = append(tags, parts.Line{Text: t.get("name").text, No: t.line})
	}
	r.add(cordon.PortionParagraph, mark, tags)
}

// values adds every text of JSON of no form that is known.
func (r *reader) values(v value) {
	var lines []parts.Line
	r.field("", "", v, &lines, func(string) bool { return false })
	for i := range lines {
		lines[i].Text = strings.TrimPrefix(lines[i].Text, ": ")
		r.add(cordon.PortionParagraph, "", lines[i:i+1])
	}
}
