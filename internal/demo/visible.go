package demo

import (
	"fmt"

	"cordon/wire"
)

// seen is how many portions of each report somebody sees; none is as if the
// report were not there.
type seen map[string][]int

// see opens the reports as everybody, holds the number of portions each sees
// against the story, and shows it.
func (s *story) see(reports []string, total []int, want seen) {
	if s.err != nil {
		return
	}
	rows := make([][]string, len(cast))
	for i, who := range cast {
		rows[i] = []string{who.shown}
		for j, report := range reports {
			id := report
			if report == "MEMO-12" { // whose name is not shown to all who are shown some of it
				id = s.memoID
			}
			n := s.portionsSeen(who.token, id)
			if s.err != nil {
				return
			}
			if wanted := want[who.token][j]; n != wanted {
				s.fail("%s sees %d portions of %s where the story has %d", who.name, n, report, wanted)
				return
			}
			rows[i] = append(rows[i], howMany(n, total[j]))
		}
	}
	s.stage.Table("what each can see now", append([]string{""}, reports...), rows)
}

func (s *story) portionsSeen(token, report string) int {
	r := s.run(s.ctx, Command{Args: []string{"report", "open", report}, As: token})
	switch r.Code {
	case 0:
		var rendition wire.Rendition
		s.read(r, &rendition)
		return len(rendition.Portions)
	case notFound:
		return 0
	}
	s.fail("opening %s with %s: exit code %d: %s", report, token, r.Code, r.Err)
	return 0
}

func howMany(n, total int) string {
	switch n {
	case 0:
		return "nothing"
	case total:
		return fmt.Sprintf("all %d", n)
	}
	return fmt.Sprintf("%d of %d", n, total)
}

// The exit codes of the command line that the story meets.
const (
	ok       = 0
	found    = 1
	notFound = 3
)

// published gives the id of a report that was imported or derived, and of its
// portions.
func (s *story) published(r Result) (report string, portions []string) {
	var p wire.Published
	s.read(r, &p)
	ids := make([]string, len(p.Portions))
	for i, portion := range p.Portions {
		ids[i] = string(portion.ID)
	}
	return string(p.Report), ids
}
