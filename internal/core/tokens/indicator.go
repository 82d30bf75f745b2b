package tokens

import (
	"cmp"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Kind is the kind of an indicator.
type Kind string

// The kinds of indicators.
const (
	Hash       Kind = "hash"
	Address    Kind = "address"
	Domain     Kind = "domain"
	URL        Kind = "url"
	Mailbox    Kind = "mailbox"
	FileName   Kind = "file"
	Account    Kind = "account" // and telephone numbers
	Weakness   Kind = "vulnerability"
	Coordinate Kind = "coordinates"
	Date       Kind = "date"
	Amount     Kind = "amount"
)

// Strong reports whether one of the kind alone says where a text comes from, if it is
// rare. Dates and amounts meet by chance.
func (k Kind) Strong() bool { return k != Date && k != Amount }

// Indicator is a stretch of a text that names one thing and can be compared alone,
// however it is written.
type Indicator struct {
	Kind Kind
	// Value is its one spelling.
	Value string
	// Start and End are its bytes in the text.
	Start, End int
}

// MaxIndicators bounds those that are read from one text.
const MaxIndicators = 100_000

// Indicators reads those of a text, in its order: through defanging (hxxp, [.], (dot),
// [at]), case and grouping of digits. Letters are taken for what they are, not for those
// they look like. Of more than MaxIndicators the rest is left out.
func Indicators(text string) []Indicator {
	var out []Indicator
	for start := 0; start < len(text) && len(out) < MaxIndicators; {
		end := start + strings.IndexByte(text[start:], '\n')
		if end < start {
			end = len(text)
		}
		if end-start > maxLine {
			end = start + maxLine
			for cut := end; cut > start; cut-- {
				if blank[text[cut]] {
					end = cut
					break
				}
			}
		}
		out = line(out, text[start:end], start)
		start = end + 1
	}
	return out[:min(len(out), MaxIndicators)]
}

// maxLine is the longest line that is read in one piece.
const maxLine = 8 << 10

// line appends the indicators of a line, which begins there in the text.
func line(out []Indicator, text string, at int) []Indicator {
	before := len(out)
	add := func(k Kind, value string, start, end int) {
		out = append(out, Indicator{k, value, at + start, at + end})
	}
	numbers := false
	for start := 0; start < len(text); {
		end := start
		telling := false // no indicator is of letters alone
		for ; end < len(text) && !blank[text[end]]; end++ {
			c := text[end]
			numbers = numbers || '0' <= c && c <= '9'
			telling = telling || '0' <= c && c <= '9' || c == '.' || c == '@' || c == ']' || c == ')'
		}
		if telling && end-start >= 4 && end-start < 4096 {
			chunk(text[start:end], start, add)
		}
		start = end + 1
	}
	if numbers {
		// What is part of a longer indicator is none itself.
		figures(text, func(k Kind, value string, start, end int) {
			if !slices.ContainsFunc(out[before:], func(i Indicator) bool { return i.Start < at+end && at+start < i.End }) {
				add(k, value, start, end)
			}
		})
	}
	slices.SortStableFunc(out[before:], func(a, b Indicator) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

var blank = func() (b [256]bool) {
	for _, c := range " \t\r\n\"<>|`;,\u0000" {
		b[c] = true
	}
	return b
}()

var (
	refang  = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "{dot}", ".", "[at]", "@", "(at)", "@", "[@]", "@", "(@)", "@", "[:]", ":", "[://]", "://", "\\.", ".")
	cve     = regexp.MustCompile(`^cve-\d{4}-\d{4,8}$`)
	host    = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
	mailbox = regexp.MustCompile(`^[a-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}$`)
	file    = regexp.MustCompile(`^[^/\\:*?"<>|]{1,120}\.(?:exe|dll|sys|docx?|docm|xlsx?|xlsm|pptx?|pdf|rtf|ps1|psm1|vbs|vbe|js|jse|hta|lnk|bat|cmd|scr|msi|iso|img|zip|rar|7z|gz|tgz|jar|apk|dmg|elf|bin|py|sh|php|aspx?|jsp|chm|one|cpl|ocx|tmp|dat|log|cfg|ini|csv|txt|key|pem|pst|eml)$`)
	// program is the endings that names of software and sentences have too.
	program = regexp.MustCompile(`^[a-z]+\.(?:js|py|sh|php|one|key|log|bin|dat|img|com|zip)$`)
)

// chunk reads one stretch without blanks.
func chunk(raw string, at int, add func(Kind, string, int, int)) {
	from := len(raw) - len(strings.TrimLeft(raw, "([{'“‘«*_"))
	raw = strings.TrimRight(raw[from:], ".,;:!?)]}'”’»*_")
	at += from
	end := at + len(raw)
	if strings.Contains(raw, "](") { // a Markdown link
		raw = raw[strings.Index(raw, "](")+2:]
		at = end - len(raw)
	}
	v := strings.ToLower(raw)
	if strings.ContainsAny(v, "[({\\") {
		v = refang.Replace(v)
	}
	if rest, ok := strings.CutPrefix(v, "hxxp"); ok {
		v = "http" + rest
	}
	// "sha256:4f1c…" and "c2=198.51.100.7"
	if i := strings.LastIndexAny(v, "=:"); i > 0 && hexes(v[i+1:]) {
		v = v[i+1:]
	}
	switch {
	case len(v) < 4:
	case hexes(v):
		add(Hash, v, at, end)
	case strings.HasPrefix(v, "cve-"):
		if cve.MatchString(v) {
			add(Weakness, v, at, end)
		}
	case strings.Contains(v, "://"):
		web(v, at, end, add)
	case strings.Contains(v, "@"):
		local, domain, _ := strings.Cut(strings.TrimPrefix(v, "mailto:"), "@")
		if mailbox.MatchString(local) && domainName(domain) {
			add(Mailbox, local+"@"+domain, at, end)
			add(Domain, domain, at, end)
		}
	case netAddress(v) != "":
		add(Address, netAddress(v), at, end)
	case strings.Contains(v, "."):
		h, _, deeper := strings.Cut(v, "/")
		name := v[strings.LastIndexAny(v, `/\`)+1:]
		switch {
		case program.MatchString(v) && !domainName(v):
		case !deeper && file.MatchString(v) && !program.MatchString(v):
			add(FileName, v, at, end)
		case domainName(h):
			add(Domain, h, at, end)
			if deeper && len(v) > len(h)+1 {
				add(URL, "//"+strings.TrimSuffix(v, "/"), at, end)
			}
		case file.MatchString(name):
			add(FileName, name, at, end)
		}
	case account(v):
		add(Account, v, at, end)
	}
}

func web(v string, at, end int, add func(Kind, string, int, int)) {
	_, rest, _ := strings.Cut(v, "://")
	h, path, _ := strings.Cut(rest, "/")
	if _, after, ok := strings.Cut(h, "@"); ok {
		h = after
	}
	if a := netAddress(h); a != "" {
		add(Address, a, at, end)
	} else {
		h, _, _ = strings.Cut(h, ":")
		if !domainName(h) {
			return
		}
		add(Domain, h, at, end)
	}
	if path != "" {
		add(URL, "//"+h+"/"+strings.TrimSuffix(path, "/"), at, end)
	}
}

// hexes reports whether it has the form of a digest: MD5, SHA-1, SHA-256, SHA-512.
func hexes(v string) bool {
	if n := len(v); n != 32 && n != 40 && n != 64 && n != 128 || strings.Trim(v, "0123456789abcdef") != "" {
		return false
	}
	return strings.ContainsAny(v, "0123456789") && strings.ContainsAny(v, "abcdef")
}

// netAddress gives the one spelling of an IP address, with or without a port.
func netAddress(v string) string {
	if strings.Count(v, ".") != 3 && strings.Count(v, ":") < 2 {
		return ""
	}
	if a, err := netip.ParseAddr(v); err == nil {
		return a.Unmap().String()
	}
	if a, err := netip.ParseAddrPort(v); err == nil {
		return a.Addr().Unmap().String()
	}
	return ""
}

// domainName reports whether it is a name under a public suffix, or under one that is
// reserved for examples and tests.
func domainName(v string) bool {
	if len(v) > 253 || !host.MatchString(v) {
		return false
	}
	top := v[strings.LastIndexByte(v, '.')+1:]
	switch top {
	case "example", "test", "onion", "local", "internal", "invalid", "lan":
		return true
	}
	suffix, public := publicsuffix.PublicSuffix(v)
	return public && suffix != v || strings.Contains(suffix, ".") && suffix != v
}

// account reports whether it is a bank account (IBAN, by its check digits).
func account(v string) bool {
	if len(v) < 15 || len(v) > 34 || v[0] < 'a' || v[0] > 'z' || v[1] < 'a' || v[1] > 'z' || strings.Trim(v, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	rest := 0
	for _, c := range v[4:] + v[:4] {
		n := int(c - '0')
		if c >= 'a' {
			n = int(c-'a') + 10
			rest = rest * 10 % 97
		}
		rest = (rest*10 + n) % 97
	}
	return rest == 1
}

var (
	long       = regexp.MustCompile(`(?:\+|\b)\d[\d ().\x{a0}/-]{5,24}\d\b`)
	spaced     = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?\b`)
	degrees    = regexp.MustCompile(`([+-]?\d{1,2}[.]\d{3,8})°? ?([NSns])?[,;/ ]{1,3}([+-]?\d{1,3}[.]\d{3,8})°? ?([EWew])?`)
	isoDate    = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b`)
	dayFirst   = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?[ .]{1,2}(?:of )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? (\d{4})\b`)
	monthFirst = regexp.MustCompile(`(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b`)
	amount     = regexp.MustCompile(`\b\d{1,3}(?:[,.' \x{a0}\x{202f}’]\d{3})+\b|\b\d{4,12}\b`)
)

// figures reads what consists of digits, which may be grouped.
func figures(text string, add func(Kind, string, int, int)) {
	for _, m := range degrees.FindAllStringSubmatchIndex(text, MaxIndicators) {
		lat, lon := part(text, m, 1), part(text, m, 3)
		a, _ := strconv.ParseFloat(lat, 64)
		b, _ := strconv.ParseFloat(lon, 64)
		if strings.EqualFold(part(text, m, 2), "s") {
			a = -a
		}
		if strings.EqualFold(part(text, m, 4), "w") {
			b = -b
		}
		if a >= -90 && a <= 90 && b >= -180 && b <= 180 {
			add(Coordinate, strconv.FormatFloat(a, 'f', 3, 64)+","+strconv.FormatFloat(b, 'f', 3, 64), m[0], m[1])
		}
	}
	date := func(m []int, year, month, day string) {
		y, _ := strconv.Atoi(year)
		d, _ := strconv.Atoi(day)
		n, err := strconv.Atoi(month)
		if err != nil {
			n = 1 + strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(month))/3
		}
		if t := time.Date(y, time.Month(n), d, 0, 0, 0, 0, time.UTC); n >= 1 && t.Day() == d && int(t.Month()) == n {
			add(Date, t.Format(time.DateOnly), m[0], m[1])
		}
	}
	for _, m := range isoDate.FindAllStringSubmatchIndex(text, MaxIndicators) {
		date(m, part(text, m, 1), part(text, m, 2), part(text, m, 3))
	}
	for _, m := range dayFirst.FindAllStringSubmatchIndex(text, MaxIndicators) {
		date(m, part(text, m, 3), part(text, m, 2), part(text, m, 1))
	}
	for _, m := range monthFirst.FindAllStringSubmatchIndex(text, MaxIndicators) {
		date(m, part(text, m, 3), part(text, m, 1), part(text, m, 2))
	}
	for _, m := range spaced.FindAllStringIndex(text, MaxIndicators) {
		if v := strings.ToLower(strings.ReplaceAll(text[m[0]:m[1]], " ", "")); account(v) {
			add(Account, v, m[0], m[1])
		}
	}
	for _, m := range long.FindAllStringIndex(text, MaxIndicators) {
		v := digits(text[m[0]:m[1]])
		if n := len(v); n >= 7 && n <= 19 {
			add(Account, v, m[0], m[1])
		}
	}
	for _, m := range amount.FindAllStringIndex(text, MaxIndicators) {
		// A year is none, nor is one that ends in many noughts.
		if v := digits(text[m[0]:m[1]]); (len(v) > 4 || len(v) < m[1]-m[0]) && len(strings.TrimRight(v, "0")) >= 2 {
			add(Amount, v, m[0], m[1])
		}
	}
}

func part(text string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return text[m[2*n]:m[2*n+1]]
}

// digits are those of a number, without a trunk prefix or one of international calls.
func digits(v string) string {
	v = strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, v)
	return strings.TrimLeft(v, "0")
}
