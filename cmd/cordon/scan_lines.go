package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"slices"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

// lineOfText is one line of what is scanned.
type lineOfText struct {
	ID   json.RawMessage `json:"id"`
	Text *string         `json:"text"`
}

// lineOfMatches is the answer to one.
type lineOfMatches struct {
	ID      json.RawMessage `json:"id,omitempty"`
	Matches []lineMatch     `json:"matches"`
	// Error says why nothing of the line was compared.
	Error string `json:"error,omitempty"`
}

type lineMatch struct {
	// Ref is the portion's outside name, empty for none, and Portion its id.
	Ref     string    `json:"ref"`
	Report  cordon.ID `json:"report"`
	Portion cordon.ID `json:"portion"`
	Score   float64   `json:"score"`
	Level   string    `json:"level"`
	How     string    `json:"how"`
	// Spans are bytes of the text, from the first to behind the last.
	Spans [][2]int `json:"spans"`
}

func (c *cli) scanLines(ctx context.Context, api *client.Client, name string, top int) error {
	in, err := c.input(name)
	if err != nil {
		return err
	}
	defer in.Close()
	reader := bufio.NewReaderSize(in, 64<<10)
	unread := 0
	for no := 1; ; no++ {
		raw, long, err := boundedLine(reader)
		if err != nil && err != io.EOF {
			return unreadable(name, err)
		}
		if long || len(bytes.TrimSpace(raw)) > 0 {
			out, failed := c.scanLine(ctx, api, raw, long, top)
			if failed != nil {
				return failed
			}
			if out.Error != "" {
				unread++
				c.err.Printf("cordon: line %d: %s\n", no, out.Error)
			}
			text, failed := json.Marshal(out)
			if failed != nil {
				return failed
			}
			c.out.Printf("%s\n", text)
		}
		if err == io.EOF {
			break
		}
	}
	if unread > 0 {
		return usagef("%s: of %d %s nothing was compared", shown(name), unread, plural(unread, "line", "lines"))
	}
	return nil
}

// boundedLine reads a line, of which no more than cordon.MaxLineBytes is kept.
func boundedLine(in *bufio.Reader) (raw []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if !long && len(raw)+len(part) > cordon.MaxLineBytes {
			raw, long = nil, true
		}
		if !long {
			raw = append(raw, part...)
		}
		if err != bufio.ErrBufferFull {
			return raw, long, err
		}
	}
}

func (c *cli) scanLine(ctx context.Context, api *client.Client, raw []byte, long bool, top int) (lineOfMatches, error) {
	out := lineOfMatches{Matches: []lineMatch{}}
	var in lineOfText
	switch err := json.Unmarshal(raw, &in); {
	case long:
		out.Error = "the line is longer than a line may be: nothing was compared"
		return out, nil
	case err != nil || in.Text == nil:
		out.ID, out.Error = in.ID, `the line is not {"id": …, "text": "…"}: nothing was compared`
		return out, nil
	}
	out.ID = in.ID
	if *in.Text == "" {
		return out, nil
	}
	r, err := api.ScanBest(ctx, *in.Text, top)
	switch cordon.KindOf(err) {
	case cordon.KindInvalid, cordon.KindTooLarge:
		out.Error = err.Error()
		return out, nil
	}
	if err != nil {
		return out, err
	}
	slices.SortStableFunc(r.Hits, func(a, b wire.TracedPortion) int { return cmp.Compare(b.Score, a.Score) })
	for _, h := range r.Hits[:min(len(r.Hits), max(0, top))] {
		m := lineMatch{Ref: h.Ref, Report: h.Report, Portion: h.Portion, Score: h.Score, Level: h.Level, How: h.How, Spans: [][2]int{}}
		for _, p := range h.Passages {
			m.Spans = append(m.Spans, [2]int{p.Start, p.End})
		}
		out.Matches = append(out.Matches, m)
	}
	return out, nil
}
