package marking

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cordon/internal/strictjson"
)

// definition is the file in which a scheme is written. A marking of such a
// scheme is a level, then the codes of each group, then each list; what is
// absent leaves no trace.
type definition struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Source string `json:"source"`
	// Prefix is what evidently begins a marking of the scheme, in whatever
	// case: "TLP:".
	Prefix string `json:"prefix"`
	// Clearances are the ladder, lowest first; empty where there are none.
	Clearances []string `json:"clearances"`
	// Levels are ordered, freest first; the roll-up is the last of those of
	// the portions. A scheme without levels has groups.
	Levels []defLevel `json:"levels"`
	Groups []defGroup `json:"groups"`
	Lists  []defList  `json:"lists"`
	// Audience are those whom a marking admits that does not release to
	// anybody further; absent, it names no audience.
	Audience *defAudience `json:"audience"`
	// SilentOnward: the scheme says nothing about passing on.
	SilentOnward bool `json:"silentOnward"`
	// Retired are texts that are refused, with what to write instead.
	Retired map[string]string `json:"retired"`
	// Synonyms are whole texts that are read as a marking and never written,
	// the machine tags of MISP's taxonomies among them.
	Synonyms map[string]string `json:"synonyms"`
	// Until is how a marking says when it ends; absent, it does not.
	Until *defUntil `json:"until"`
	// Unclear are texts that could mean several levels; they are refused with
	// all of them.
	Unclear map[string][]string `json:"unclear"`
}

type defLevel struct {
	Portion   string   `json:"portion"`
	Banner    string   `json:"banner"` // the portion, where absent
	Also      []string `json:"also"`   // read, but never written
	Clearance string   `json:"clearance"`
	Named     bool     `json:"named"`
	Onward    string   `json:"onward"`
	// Open: the scheme's audience does not apply, and a portion of this
	// level without a list does not vote on one.
	Open    bool   `json:"open"`
	Meaning string `json:"meaning"`
	Section string `json:"section"`
	Style
}

type defGroup struct {
	Name string `json:"name"`
	// Join is "union" (every code of every portion), "intersection" (the
	// codes on all portions: permissions) or "highest" (the last in the order
	// of the file, and one at most in a marking).
	Join       string    `json:"join"`
	Before     string    `json:"before"`       // what stands before the first code of a portion mark
	Banner     string    `json:"bannerBefore"` // the same in a banner; Before where absent
	AlsoBefore string    `json:"alsoBefore"`   // read for either, but never written
	Between    string    `json:"between"`
	Codes      []defCode `json:"codes"`
	// Free lets the group take codewords beside its codes.
	Free     *defFree `json:"free"`
	Required bool     `json:"required"`
	Section  string   `json:"section"`
}

type defCode struct {
	Portion string   `json:"portion"`
	Banner  string   `json:"banner"`
	ReadIn  string   `json:"readIn"`
	Named   bool     `json:"named"`
	Levels  []string `json:"levels"` // portion marks of the levels it may stand with; all where absent
	// Requires and Excludes are the portion marks of codes that must, or must
	// not, stand in a marking with it.
	Requires []string `json:"requires"`
	Excludes []string `json:"excludes"`
	// Audience are those whom the code restricts a marking to.
	Audience *defAudience `json:"audience"`
	Meaning  string       `json:"meaning"`
	Section  string       `json:"section"`
	Style
}

// defFree is what codewords of a group may be: capital letters and digits, a
// letter first. Each is a read-in where ReadIn is set.
type defFree struct {
	Shortest int  `json:"shortest"`
	Longest  int  `json:"longest"`
	ReadIn   bool `json:"readIn"`
}

// defUntil is the date, YYYY-MM-DD, or the year, or one of the events, at which
// the level ends. It stands last. A whole keeps it where every portion has one:
// the same event, or the latest date.
type defUntil struct {
	Before  string   `json:"before"`
	Year    bool     `json:"year"`
	Events  []string `json:"events"`
	Section string   `json:"section"`
}

type defList struct {
	Name string `json:"name"`
	// Kind is "release" (adds to the scheme's audience) or "only" (admits
	// nobody but those listed). Both roll up to what is common; a portion
	// without a release list releases to nobody, one without an only list
	// restricts nobody.
	Kind       string   `json:"kind"`
	Before     string   `json:"before"`
	AlsoBefore []string `json:"alsoBefore"` // read, but never written
	After      string   `json:"after"`
	Between    string   `json:"between"`
	// Codes are how the list writes countries and communities, where it does
	// not write trigraphs: {"UK": "GBR"}.
	Codes map[string]string `json:"codes"`
	// Countries: every code is one of Codes or that of a nation; no community.
	// Nations may be written by their names, which are never written.
	Countries bool `json:"countries"`
	// Bodies are the communities that the list may name beside nations; absent,
	// any.
	Bodies []string `json:"bodies"`
	// Fallback is the portion mark of the code that takes the place of a list
	// which names nobody, or nobody but First.
	Fallback string `json:"fallback"`
	// Levels are the portion marks of the levels it may stand with; all where
	// absent.
	Levels []string `json:"levels"`
	// First is the code that every list begins with, if there is one.
	First   string `json:"first"`
	Section string `json:"section"`
}

type defAudience struct {
	Countries   []string `json:"countries"`
	Communities []string `json:"communities"`
}

var onwards = map[string]Onward{
	"": OnwardNone, "none": OnwardNone, "clients": OnwardClients, "community": OnwardCommunity, "anyone": OnwardAnyone,
}

// Define makes a scheme of the JSON file in which an organisation has written
// it. The file is validated whole: unknown fields, doubled or ambiguous names,
// unknown clearances and joins are refused with the place. docs/markings.md
// describes the form; the schemes tlp, pap, europol, nato, eu and uk are
// written in it.
func Define(file []byte) (Scheme, error) {
	if len(file) > MaxDefinition {
		return nil, &Error{Reason: "the definition of the scheme is too long"}
	}
	var d definition
	if err := strictjson.Unmarshal(file, &d); err != nil {
		return nil, &Error{Reason: "the definition of the scheme cannot be read: " + err.Error()}
	}
	s := &defined{d: d}
	if err := s.complete(); err != nil {
		return nil, &Error{Scheme: d.Name, Reason: "the definition of the scheme is not valid: " + err.Error()}
	}
	s.parts = s.partsOf()
	return s, nil
}

// complete fills what may be left out and checks the rest.
func (s *defined) complete() error {
	d := &s.d
	if d.Name == "" || strings.Trim(d.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return fmt.Errorf("name %q is not lower-case letters, digits and hyphens", d.Name)
	}
	if d.Title == "" {
		return fmt.Errorf("title is empty")
	}
	if len(d.Levels) == 0 && len(d.Groups) == 0 {
		return fmt.Errorf("there are neither levels nor groups")
	}
	seen := map[string]bool{}
	name := func(where, text string) error {
		if err := checkName(text); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
		if seen[text] {
			return fmt.Errorf("%s: %q is defined twice", where, text)
		}
		seen[text] = true
		return nil
	}
	prev := -1
	for i := range d.Levels {
		l := &d.Levels[i]
		where := fmt.Sprintf("level %d", i+1)
		if l.Banner == "" {
			l.Banner = l.Portion
		}
		names := append([]string{l.Portion}, l.Also...)
		if l.Banner != l.Portion {
			names = append(names, l.Banner)
		}
		for _, n := range names {
			if err := name(where, n); err != nil {
				return err
			}
		}
		if _, ok := onwards[l.Onward]; !ok {
			return fmt.Errorf("%s: onward is %q, not none, clients, community or anyone", where, l.Onward)
		}
		rank, err := s.clearance(l.Clearance)
		if err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
		// A stricter level that asked less would make a roll-up freer than
		// its portions.
		if rank < prev {
			return fmt.Errorf("%s: its clearance is below that of the level before it", where)
		}
		prev = rank
		if i > 0 {
			before := d.Levels[i-1]
			if before.Named && !l.Named || onwards[l.Onward] > onwards[before.Onward] || l.Open && !before.Open {
				return fmt.Errorf("%s: it is freer than the level before it; levels stand freest first", where)
			}
		}
	}
	for i := range d.Groups {
		if err := s.completeGroup(i, name); err != nil {
			return err
		}
	}
	for i, l := range d.Lists {
		where := fmt.Sprintf("list %d", i+1)
		if l.Kind != "release" && l.Kind != "only" {
			return fmt.Errorf("%s: kind is %q, not release or only", where, l.Kind)
		}
		if l.Kind == "release" && d.Audience == nil {
			return fmt.Errorf("%s: a release list adds to an audience, and the scheme has none", where)
		}
		if l.Before == "" && l.After == "" || l.Between == "" {
			return fmt.Errorf("%s: a list has words before or after it and something between its codes", where)
		}
		if slices.Contains(l.AlsoBefore, "") {
			return fmt.Errorf("%s: what also stands before it is empty", where)
		}
		if strings.Trim(l.First, upperAlnum) != "" {
			return fmt.Errorf("%s: first is not a code", where)
		}
		if err := s.completeLevels(l.Levels); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
	}
	if err := s.completeRelations(); err != nil {
		return err
	}
	for text, readings := range d.Unclear {
		if seen[text] || len(readings) < 2 {
			return fmt.Errorf("unclear: %q is defined, or has one reading only", text)
		}
		for _, r := range readings {
			if !seen[r] {
				return fmt.Errorf("unclear: %q is not defined", r)
			}
		}
	}
	for text, means := range d.Synonyms {
		if err := name("synonyms", text); err != nil {
			return err
		}
		if _, ok := s.Match(means); !ok || d.Synonyms[means] != "" {
			return fmt.Errorf("synonyms: %q means %q, which is no marking of the scheme", text, means)
		}
	}
	for text, instead := range d.Retired {
		if seen[text] {
			return fmt.Errorf("retired: %q is defined too", text)
		}
		if !seen[instead] {
			return fmt.Errorf("retired: %q is not defined", instead)
		}
	}
	return nil
}

func (s *defined) completeGroup(i int, name func(where, text string) error) error {
	g := &s.d.Groups[i]
	where := fmt.Sprintf("group %d", i+1)
	switch g.Join {
	case "union", "intersection", "highest":
	default:
		return fmt.Errorf("%s: join is %q, not union, intersection or highest", where, g.Join)
	}
	if g.Banner == "" {
		g.Banner = g.Before
	}
	if len(g.Codes) == 0 && g.Free == nil {
		return fmt.Errorf("%s has no codes", where)
	}
	if len(g.Codes) > MaxEntries {
		return fmt.Errorf("%s has more than %d codes", where, MaxEntries)
	}
	if f := g.Free; f != nil {
		switch {
		case g.Join != "union":
			return fmt.Errorf("%s: codewords join by union", where)
		case f.Shortest < 1 || f.Longest < f.Shortest || f.Longest > 40:
			return fmt.Errorf("%s: codewords are of shortest to longest letters, 1 to 40", where)
		}
	}
	if (g.Join != "highest" && len(g.Codes) > 1 || g.Free != nil) && g.Between == "" {
		return fmt.Errorf("%s: something stands between its codes", where)
	}
	if (i > 0 || len(s.d.Levels) > 0) && g.Before == "" {
		return fmt.Errorf("%s: something stands before its codes", where)
	}
	for k := range g.Codes {
		c := &g.Codes[k]
		at := fmt.Sprintf("%s, code %d", where, k+1)
		if c.Banner == "" {
			c.Banner = c.Portion
		}
		if err := name(at, c.Portion); err != nil {
			return err
		}
		if c.Banner != c.Portion {
			if err := name(at, c.Banner); err != nil {
				return err
			}
		}
		if g.Join == "intersection" && (c.ReadIn != "" || c.Named || c.Audience != nil) {
			return fmt.Errorf("%s: a code that only stays when all portions have it cannot restrict", at)
		}
		if g.Join == "highest" && k > 0 {
			if before := g.Codes[k-1]; before.Named && !c.Named || before.ReadIn != "" && before.ReadIn != c.ReadIn || before.Audience != nil && (c.Audience == nil || !c.Audience.equal(before.Audience)) {
				return fmt.Errorf("%s: it is freer than the code before it", at)
			}
		}
		if err := s.completeLevels(c.Levels); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

// completeLevels checks the levels that a code or a list may stand with. With
// one it may stand with every stricter one: a roll-up has the strictest.
func (s *defined) completeLevels(levels []string) error {
	least := len(s.d.Levels)
	for _, l := range levels {
		i := s.levelIndex(l)
		if i < 0 {
			return fmt.Errorf("%q is no level", l)
		}
		least = min(least, i)
	}
	for _, l := range s.d.Levels[least:] {
		if !slices.Contains(levels, l.Portion) {
			return fmt.Errorf("it may stand with %s, and not with the stricter %s", s.d.Levels[least].Portion, l.Portion)
		}
	}
	return nil
}

// completeRelations checks what codes, lists and the end of a marking say of
// other parts.
func (s *defined) completeRelations() error {
	for _, g := range s.d.Groups {
		for _, c := range g.Codes {
			for _, other := range slices.Concat(c.Requires, c.Excludes) {
				og, _ := s.find(other)
				switch {
				case og < 0:
					return fmt.Errorf("code %s: %q is no code", c.Portion, other)
				case g.Join != "union" || s.d.Groups[og].Join != "union":
					// Whether a roll-up is refused would depend on its order.
					return fmt.Errorf("code %s: codes that require or exclude one another join by union, and %s or %s does not", c.Portion, c.Portion, other)
				}
			}
		}
	}
	for i := range s.d.Lists {
		if err := s.completeFallback(&s.d.Lists[i]); err != nil {
			return fmt.Errorf("list %d: the fallback %q %w", i+1, s.d.Lists[i].Fallback, err)
		}
	}
	if u := s.d.Until; u != nil && u.Before == "" {
		return fmt.Errorf("until: something stands before it")
	}
	return nil
}

// completeFallback checks that the code which takes the place of a list admits
// nobody whom the list would not: those in its place are on every such list.
func (s *defined) completeFallback(l *defList) error {
	if l.Fallback == "" {
		return nil
	}
	g, k := s.find(l.Fallback)
	if g < 0 || s.d.Groups[g].Join != "union" {
		return errors.New("is no code that joins by union")
	}
	c := &s.d.Groups[g].Codes[k]
	if len(c.Levels) > 0 && !slices.Equal(c.Levels, l.Levels) {
		return errors.New("stands with other levels than the list")
	}
	if len(c.Requires) > 0 || len(c.Excludes) > 0 {
		return errors.New("requires or excludes other codes")
	}
	admits := func(country string) bool { return country == l.firstCode() }
	if l.Kind == "release" {
		admits = func(country string) bool { return slices.Contains(s.d.Audience.Countries, country) }
	}
	if c.Audience == nil || len(c.Audience.Communities) > 0 || slices.ContainsFunc(c.Audience.Countries, func(country string) bool { return !admits(country) }) {
		return errors.New("admits others than those whom every list admits")
	}
	return nil
}

// firstCode is the country that every list begins with; empty where there is none.
func (l *defList) firstCode() string {
	if long, ok := l.Codes[l.First]; ok {
		return long
	}
	return l.First
}

// nobodyElse reports whether a list names nobody, or only whom every list names.
func (l *defList) nobodyElse(codes []string) bool {
	return len(codes) == 0 || len(codes) == 1 && l.First != "" && codes[0] == l.firstCode()
}

// find is the group and place of the code with a portion mark, or -1.
func (s *defined) find(portion string) (group, code int) {
	if portion == "" {
		return -1, -1
	}
	for g := range s.d.Groups {
		for k := range s.d.Groups[g].Codes {
			if s.d.Groups[g].Codes[k].Portion == portion {
				return g, k
			}
		}
	}
	return -1, -1
}

func (a *defAudience) equal(b *defAudience) bool {
	return slices.Equal(a.Countries, b.Countries) && slices.Equal(a.Communities, b.Communities)
}

const upperAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// checkName bounds what a definition may call its levels and codes.
func checkName(text string) error {
	switch {
	case text == "":
		return fmt.Errorf("a name is empty")
	case len(text) > 100:
		return fmt.Errorf("the name %q is too long", clip(text))
	case strings.ContainsAny(text, "()|\t\r\n"), strings.TrimSpace(text) != text:
		return fmt.Errorf("the name %q has parentheses, bars or stray spaces", text)
	}
	return nil
}

func (s *defined) clearance(name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	for i, c := range s.d.Clearances {
		if c == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("there is no clearance %q", name)
}

func (s *defined) levelIndex(portion string) int {
	for i, l := range s.d.Levels {
		if l.Portion == portion {
			return i
		}
	}
	return -1
}

// MustDefine is Define for a file that is part of the program; it panics where
// the file is not valid.
func MustDefine(file []byte) Scheme {
	s, err := Define(file)
	if err != nil {
		panic(err)
	}
	return s
}
