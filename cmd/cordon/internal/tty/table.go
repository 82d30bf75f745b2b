package tty

import "strings"

// gap stands between two columns of a table.
const gap = "  "

// Table writes rows under a head, in columns as wide as their cells. On a
// screen of limited width the widest columns are wrapped at blanks; in a file
// every row is one line, so that other tools can read it.
func (s *Screen) Table(head []string, rows [][]string) {
	if s.Width == 0 {
		rows = singleLines(rows)
	}
	widths := s.widths(head, rows)
	s.row(head, widths, s.Bold)
	for _, row := range rows {
		s.row(row, widths, func(text string) string { return text })
	}
}

// widths gives each column the width it needs, then takes from the widest
// until the table fits.
func (s *Screen) widths(head []string, rows [][]string) []int {
	widths := make([]int, len(head))
	least := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			for _, line := range strings.Split(cell, "\n") {
				widths[i] = max(widths[i], Width(line))
				for _, word := range strings.Fields(line) {
					least[i] = max(least[i], Width(word))
				}
			}
		}
	}
	if s.Width == 0 {
		return widths
	}
	for {
		total := len(gap) * (len(widths) - 1)
		widest := -1
		for i, w := range widths {
			total += w
			if w > least[i] && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if total <= s.Width || widest < 0 {
			return widths
		}
		widths[widest]--
	}
}

// row writes one row, over several lines where a cell is wrapped.
func (s *Screen) row(cells []string, widths []int, dress func(string) string) {
	wrapped := make([][]string, len(cells))
	height := 1
	for i, cell := range cells {
		columns := 0
		if s.Width > 0 {
			columns = widths[i]
		}
		wrapped[i] = Wrap(cell, columns)
		height = max(height, len(wrapped[i]))
	}
	for n := range height {
		var line strings.Builder
		blanks := 0
		for i, lines := range wrapped {
			text := ""
			if n < len(lines) {
				text = lines[n]
			}
			if text != "" {
				line.WriteString(strings.Repeat(" ", blanks))
				line.WriteString(dress(text))
				blanks = 0
			}
			blanks += widths[i] - Width(text) + len(gap)
		}
		s.Printf("%s\n", line.String())
	}
}

func singleLines(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, len(row))
		for j, cell := range row {
			out[i][j] = strings.Join(strings.Fields(cell), " ")
		}
	}
	return out
}
