package marked

import (
	"regexp"
	"strings"
)

// noticeYears is what stands behind the sign of a copyright, and noticeOwner who
// stands behind that.
var (
	noticeYears = regexp.MustCompile(`^(?i:copyright[ \t]+)?(?:19|20)\d\d(?:[ \t]*[-–,][ \t]*(?:19|20)?\d\d)*,?[ \t]+(.*)$`)
	noticeOwner = regexp.MustCompile(`(?i)\ball rights reserved\b|\b(?:inc|ltd|llc|corp|gmbh|foundation|authors?|contributors|copyright)\b`)
)

// IsCopyright reports whether a mark is evidently the sign of a copyright by what
// stands behind it: years, and somebody who can hold it. (C) 2024 Posture is none: a
// line could be marked so.
func IsCopyright(mark, behind string) bool {
	held := noticeYears.FindStringSubmatch(strings.Trim(behind, "*_ \t"))
	return strings.EqualFold(mark, "(c)") && held != nil && noticeOwner.MatchString(held[1])
}
