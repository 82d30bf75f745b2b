package office

import (
	"encoding/xml"
	"path"
	"regexp"
	"strings"

	"cordon/internal/edge/exchange/parts"
)

// What asides call text that neither slides nor sheets show by themselves.
const beneath = "data that is not shown"

// beneath puts aside all other text of the archive: prompts of cells and tips of
// links, names, the words in formulas, caches of tables and charts, tags,
// properties. What is left out is the vocabulary of the format itself.
func (r *reader) beneath() error {
	said := map[string]bool{}
	for _, b := range r.file.Blocks {
		for _, l := range b.Lines {
			said[l.Text] = true
		}
	}
	for _, a := range r.file.Asides {
		said[a.Line.Text] = true
	}
	say := func(a parts.Aside) {
		text := strings.TrimSpace(a.Line.Text)
		if said[text] || parts.Weight(text) < 2 {
			return
		}
		said[text] = true
		a.Line.Text = text
		r.file.Asides = append(r.file.Asides, a)
	}
	for _, name := range r.archive.Names {
		switch ext := path.Ext(name); {
		case name == "docProps/core.xml" || name == "docProps/custom.xml":
			if err := r.archive.Properties(name, say); err != nil {
				return err
			}
		case ext == ".rels":
			if err := r.links(name, say); err != nil {
				return err
			}
		case (ext == ".xml" || ext == ".vml") && !vocabulary.MatchString(name):
			if err := r.data(name, say); err != nil {
				return err
			}
		}
	}
	return nil
}

// vocabulary are parts that say how something looks.
var vocabulary = regexp.MustCompile(`^\[Content_Types\]\.xml$|(?:^|/)(?:theme|docProps/app|tableStyles|presProps|viewProps|calcChain|fontTable)[^/]*(?:/|\.xml$)`)

// links gives the addresses that a part links to.
func (r *reader) links(name string, say func(parts.Aside)) error {
	return r.archive.Walk(name, func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && parts.Attr(e, "TargetMode") == "External" {
			say(parts.Aside{What: "a link", Line: parts.Line{Text: parts.Attr(e, "Target")}, Plain: true})
		}
		return nil
	})
}

// worded are the attributes that hold words, whatever their element; of others a
// value counts that has three words or more.
var worded = map[string]bool{
	"alt": true, "altText": true, "altTextSummary": true, "author": true, "caption": true, "comment": true, "descr": true, "description": true, "display": true,
	"displayName": true, "error": true, "errorTitle": true, "help": true, "prompt": true, "promptTitle": true, "statusBar": true, "title": true, "tooltip": true,
	"userName": true,
}

// wordedIn are the attributes that hold words in one kind of element.
var wordedIn = map[string]string{
	"definedName": "name", "tag": "val", "cacheField": "name", "tableColumn": "name", "s": "v", "section": "name", "custShow": "name", "dataField": "name", "cmAuthor": "name",
	"sheet": "name", "scenario": "name", "connection": "name", "person": "name",
}

// literal is a text in a formula or in the format of a number.
var literal = regexp.MustCompile(`"((?:[^"]|"")*)"`)

// words are three words with blanks between them.
var words = regexp.MustCompile(`\pL{2,}[^\pL]* [^\pL]*\pL{2,}[^\pL]* [^\pL]*\pL{2,}`)

// data gives what a part says beside the text elements that were read.
func (r *reader) data(name string, say func(parts.Aside)) error {
	tell := func(text string) {
		say(parts.Aside{What: beneath, Line: parts.Line{Text: text}, Plain: true})
	}
	sheet := strings.HasPrefix(name, "xl/worksheets/") || name == "xl/sharedStrings.xml"
	var open []string
	return r.archive.Walk(name, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			local := t.Name.Local
			open = append(open, local)
			for _, a := range t.Attr {
				switch {
				case a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || local == "gd" || a.Name.Local == "style" || a.Name.Local == "typeface":
				case a.Name.Local == "formatCode":
					for _, m := range literal.FindAllStringSubmatch(a.Value, -1) {
						tell(m[1])
					}
				case worded[a.Name.Local], wordedIn[local] == a.Name.Local && wordedIn[local] != "", words.MatchString(a.Value):
					tell(a.Value)
				}
			}
		case xml.EndElement:
			if n := len(open); n > 0 {
				open = open[:n-1]
			}
		case xml.CharData:
			local := ""
			if n := len(open); n > 0 {
				local = open[n-1]
			}
			switch text := string(t); {
			case r.drawn[name] && (local == "t" || local == "text"), sheet && (local == "v" || local == "t" || strings.HasSuffix(local, "Header") || strings.HasSuffix(local, "Footer")):
			case strings.HasPrefix(strings.ToLower(local), "formula") || local == "f" || local == "definedName" || local == "calculatedColumnFormula":
				for _, m := range literal.FindAllStringSubmatch(text, -1) {
					tell(strings.ReplaceAll(m[1], `""`, `"`))
				}
			default:
				tell(text)
			}
		}
		return nil
	})
}
