package claims

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cordon"
)

// MaxItems bounds each of the three lists of one incident's record.
const MaxItems = 2000

// Validate tells everything that is wrong with the record, item by item, as the
// issues of one Invalid error; nil where nothing is. A list beyond MaxItems is
// TooLarge.
func (r Record) Validate() error {
	for what, n := range map[string]int{
		"propositions": len(r.Propositions), "sources": len(r.Sources), "statements": len(r.Statements),
	} {
		if n > MaxItems {
			return cordon.Errorf(cordon.KindTooLarge, "more than %d %s in one incident", MaxItems, what)
		}
	}
	c := checker{
		propositions: make(map[string]bool),
		sources:      make(map[string]Source),
		statements:   make(map[string]Statement),
	}
	for _, p := range r.Propositions {
		c.proposition(p)
	}
	for _, s := range r.Sources {
		c.source(s)
	}
	c.oneRoom(r.Sources)
	for _, s := range r.Statements {
		c.statement(s)
	}
	// Corrections and ties need all statements known.
	c.corrections(r.Statements)
	c.ties(r.Statements)
	if len(c.issues) == 0 {
		return nil
	}
	return cordon.Errorf(cordon.KindInvalid, "the public record cannot be taken as it is: %s", c.issues[0].Problem).With(c.issues...)
}

// checker goes through a record and notes what is wrong with it.
type checker struct {
	propositions map[string]bool
	sources      map[string]Source
	statements   map[string]Statement
	issues       []cordon.Issue
}

func (c *checker) wrong(fix, format string, args ...any) {
	c.issues = append(c.issues, cordon.Issue{Problem: fmt.Sprintf(format, args...), Fix: fix})
}

// id checks a new id against those of its kind and reports whether it can be
// spoken of at all.
func (c *checker) id(kind, id string, taken bool) bool {
	switch {
	case id == "" || id != strings.TrimSpace(id) || !printable(id):
		c.wrong("give it an id of visible characters", "a %s has no usable id", kind)
		return false
	case len(id) > cordon.MaxNameBytes:
		c.wrong("", "a %s has an id of more than %d bytes", kind, cordon.MaxNameBytes)
		return false
	case taken:
		c.wrong("give each its own id", "there are two of %s %s", kind, id)
	}
	return true
}

func (c *checker) text(what, text string, limit int, needed bool) {
	switch {
	case needed && strings.TrimSpace(text) == "":
		c.wrong("", "%s is empty", what)
	case len(text) > limit:
		c.wrong("", "%s has more than %d bytes", what, limit)
	case !utf8.ValidString(text):
		c.wrong("", "%s is not valid UTF-8", what)
	}
}

func (c *checker) proposition(p Proposition) {
	if !c.id("proposition", p.ID, c.propositions[p.ID]) {
		return
	}
	c.propositions[p.ID] = true
	c.text("the text of proposition "+p.ID, p.Text, cordon.MaxPortionBytes, true)
	if len(p.Portions) > cordon.MaxSources {
		c.wrong("", "proposition %s names more than %d portions", p.ID, cordon.MaxSources)
		return
	}
	for _, id := range p.Portions {
		if !id.Valid() {
			c.wrong("give portions by their ids", "proposition %s names a portion by what is not an id", p.ID)
		}
	}
}

func (c *checker) source(s Source) {
	_, taken := c.sources[s.ID]
	if !c.id("source", s.ID, taken) {
		return
	}
	c.sources[s.ID] = s
	c.text("who of source "+s.ID, s.Who, cordon.MaxNameBytes, true)
	c.text("via of source "+s.ID, s.Via, cordon.MaxNameBytes, false)
}

// oneRoom refuses a named person who was and was not in the room.
func (c *checker) oneRoom(sources []Source) {
	was := make(map[string]Source)
	for _, s := range sources {
		if !s.Named || s.InRoom == nil {
			continue
		}
		other, met := was[name(s)]
		if met && *other.InRoom != *s.InRoom {
			c.wrong("", "sources %s and %s are one person, who cannot have been in the room and not in it", other.ID, s.ID)
		}
		was[name(s)] = s
	}
}

func (c *checker) statement(s Statement) {
	_, taken := c.statements[s.ID]
	if !c.id("statement", s.ID, taken) {
		return
	}
	c.statements[s.ID] = s
	if _, known := c.sources[s.Source]; !known {
		c.wrong("add the source first", "statement %s is attributed to a source that is not in the record", s.ID)
	}
	c.text("the note of statement "+s.ID, s.Note, cordon.MaxPortionBytes, false)
	if y := s.Published.UTC().Year(); s.Published.IsZero() || y < 1 || y > 9998 {
		c.wrong("give published with its zone, as in 2006-01-02T15:04:05+01:00", "statement %s has no date of publication", s.ID)
	}
	if len(s.Stances) == 0 {
		c.wrong("give at least one stance", "statement %s takes no stance on anything", s.ID)
	}
	for _, p := range propositionsOf(s) {
		if !c.propositions[p] {
			c.wrong("add the proposition first", "statement %s takes a stance on a proposition that is not in the record", s.ID)
		}
		if !slices.Contains(Stances(), s.Stances[p]) {
			c.wrong("use confirms, denies, does-not-claim or does-not-address",
				"statement %s takes a stance that is not one", s.ID)
		}
	}
}

// corrections holds each to what makes the table well defined: it stands in
// the place of one earlier statement of its source, alone, and says what
// becomes of each of its stances.
func (c *checker) corrections(statements []Statement) {
	correctedBy := make(map[string]string)
	for _, s := range statements {
		if s.Corrects == "" {
			continue
		}
		old, known := c.statements[s.Corrects]
		switch by, twice := correctedBy[s.Corrects]; {
		case !known:
			c.wrong("", "statement %s corrects one that is not in the record", s.ID)
			continue
		case old.Source != s.Source:
			c.wrong("record it as a statement of its own", "statement %s corrects one of another source", s.ID)
		case !s.Published.After(old.Published):
			c.wrong("", "statement %s corrects %s and is not later than it", s.ID, old.ID)
		case twice:
			c.wrong("let one correct the other", "statements %s and %s both correct %s", by, s.ID, old.ID)
		}
		correctedBy[s.Corrects] = s.ID
		for _, p := range propositionsOf(old) {
			if _, kept := s.Stances[p]; !kept {
				c.wrong("repeat the stances that stand",
					"statement %s corrects %s and does not say what becomes of its stance on %s", s.ID, old.ID, p)
			}
		}
	}
}

// ties refuses two statements of one source at one instant that contradict
// each other, since neither is the latest.
func (c *checker) ties(statements []Statement) {
	type slot struct {
		source, proposition string
		at                  time.Time
	}
	first := make(map[slot]Statement)
	for _, s := range statements {
		for _, p := range propositionsOf(s) {
			k := slot{s.Source, p, s.Published.UTC()}
			other, met := first[k]
			switch {
			case !met:
				first[k] = s
			case other.Stances[p] != s.Stances[p]:
				c.wrong("say which came later, be it by a minute",
					"statements %s and %s of one source and one time differ on %s", other.ID, s.ID, p)
			}
		}
	}
}

// propositionsOf lists those a statement bears on, in order, so that what is
// wrong with a record is told in the same words every time.
func propositionsOf(s Statement) []string {
	var ids []string
	for p := range s.Stances {
		ids = append(ids, p)
	}
	slices.Sort(ids)
	return ids
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// name is what tells named sources apart.
func name(s Source) string { return strings.ToLower(strings.TrimSpace(s.Who)) }
