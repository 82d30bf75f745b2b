package claims

// Roots is how many independent roots the sources can be: how many of them
// certainly, and how many possibly, know what they say from nobody else among
// them.
//
// A source counts as one root however many people it speaks for, since nobody
// outside can tell whether "two officials" are one who knows and one who was
// told. Two sources are certainly distinct if both are named and the names
// differ (without regard to case), or if one was in the room and the other
// was not. Any other two may be the same, or share a member: two unnamed
// groups, whatever the outlets call them, and an unnamed source and a named
// one, because people who speak on the record speak off it too.
//
// AtMost counts every source as a root of its own, only those of one name as
// one. AtLeast is the fewest roots that all of the sources could come from:
// the least number of heaps into which they can be sorted with no two
// certainly distinct ones in one heap.
func Roots(sources []Source) Range {
	type seen struct{ in, out bool }
	named := map[string]seen{}
	var unnamed seen
	unnamedCount := 0
	for _, s := range sources {
		var this seen
		if s.InRoom != nil {
			this = seen{in: *s.InRoom, out: !*s.InRoom}
		}
		if !s.Named {
			unnamedCount++
			unnamed = seen{unnamed.in || this.in, unnamed.out || this.out}
			continue
		}
		who := name(s)
		was := named[who]
		named[who] = seen{was.in || this.in, was.out || this.out}
	}
	// Every named person is a heap. Those unnamed who were in the room fit
	// into the heap of a person who was, or whose whereabouts are unknown
	// and who is then taken to have been; likewise those who were not.
	// Those of whom nothing is known fit anywhere.
	open, in, out := 0, 0, 0
	for _, n := range named {
		switch {
		case n.in:
			in++
		case n.out:
			out++
		default:
			open++
		}
	}
	lack := 0
	if unnamed.in && in == 0 {
		lack++
	}
	if unnamed.out && out == 0 {
		lack++
	}
	atLeast := len(named) + max(0, lack-open)
	if unnamedCount > 0 {
		atLeast = max(atLeast, 1)
	}
	return Range{AtLeast: atLeast, AtMost: len(named) + unnamedCount}
}
