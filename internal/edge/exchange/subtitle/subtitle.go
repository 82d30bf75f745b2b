// Package subtitle reads what was said with the times at which it was: subtitles
// (SubRip, WebVTT) and transcripts whose lines begin with a time. Times and
// numbers of cues part no words: they go, and what one speaker says goes on from
// cue to cue.
package subtitle

import (
	"regexp"
	"strings"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// The kinds of files, in the words of messages.
const (
	Subtitles  = "subtitles"
	Transcript = "a transcript with times"
)

var (
	timing = regexp.MustCompile(`^\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}`)
	number = regexp.MustCompile(`^\s*\d+\s*$`)
	voice  = regexp.MustCompile(`<v(?:\.[^ >]*)?\s+([^>]*)>`)
	tags   = regexp.MustCompile(`</?(?:v|c|i|b|u|s|font|ruby|rt|lang)(?:[.\s][^<>]*)?>|\{\\[^{}]*\}|<\d[\d:.]*>`)
	// stamp is a time at the beginning of a line of a transcript, in brackets or
	// not, with a range or without.
	stamp = regexp.MustCompile(`^\s*[\[(<]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s*(?:-->|[-–—])\s*\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)?[\])>]?[ \t:–—-]*`)
	// speaker is a name and its colon.
	speaker = regexp.MustCompile(`^\s*(?:>>\s*)?\pL[\pL\pN .'’()-]{0,40}:\s`)
)

// markAlone is a line of nothing but what may be a mark.
var markAlone = regexp.MustCompile(`^\s*[(\[]\p{Lu}[\p{Lu}\pN /,:+.-]*[)\]]\s*$`)

// longest is from how many bytes on what one speaker says is cut at the end of a
// sentence.
const longest = 600

// Is tells which kind a text is; empty for neither.
func Is(text string) string {
	if strings.HasPrefix(text, "WEBVTT") {
		return Subtitles
	}
	times, stamps, lines, cues := 0, 0, 0, 0
	before := ""
	for l := range strings.Lines(text[:min(len(text), 64<<10)]) {
		if strings.TrimSpace(l) == "" {
			continue
		}
		lines++
		switch {
		case timing.MatchString(l):
			times++
			if number.MatchString(before) || cues == 0 && lines <= 2 {
				cues++
			}
		case stamp.MatchString(l):
			stamps++
		}
		before = l
	}
	switch {
	case cues > 0 && times*4 >= lines:
		return Subtitles
	case stamps >= 3 && stamps*5 >= lines*2:
		return Transcript
	}
	return ""
}

// Read reads a text of either kind.
func Read(name, text string) parts.File {
	r := reader{file: parts.File{Name: name, Kind: Is(text)}}
	if r.file.Kind == Transcript {
		r.transcript(text)
	} else {
		r.cues(text)
	}
	r.flush()
	return r.file
}

type reader struct {
	file parts.File
	open parts.Block
	size int
}

func (r *reader) flush() {
	if len(r.open.Lines) > 0 {
		r.open.Kind = cordon.PortionParagraph
		r.file.Blocks = append(r.file.Blocks, r.open)
	}
	r.open, r.size = parts.Block{}, 0
}

// line adds one line that was said.
func (r *reader) line(text string, no int) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	if speaker.MatchString(text+" ") || strings.HasPrefix(text, "(") || strings.HasPrefix(text, "[") {
		r.flush() // another speaks, or a mark may stand there
	}
	r.open.Lines = append(r.open.Lines, parts.Line{Text: text, No: no, Col: 1})
	if r.size += len(text); r.size > longest && strings.ContainsAny(text[len(text)-1:], ".!?\"'") {
		r.flush()
	}
}

// cues reads SubRip or WebVTT: numbers or names of cues, times, and text up to a
// blank line. Notes and styles of WebVTT are asides.
func (r *reader) cues(text string) {
	lines := strings.Split(text, "\n")
	inText, inNote := false, false
	for i, l := range lines {
		switch {
		case i == 0 && strings.HasPrefix(l, "WEBVTT"):
			if rest := strings.TrimSpace(strings.TrimPrefix(l, "WEBVTT")); rest != "" {
				r.aside(rest, i+1)
			}
			inNote = true
		case strings.TrimSpace(l) == "":
			inText, inNote = false, false
		case timing.MatchString(l):
			inText, inNote = true, false
		case inText:
			if m := voice.FindStringSubmatch(l); m != nil {
				l = voice.ReplaceAllString(l, m[1]+": ")
			}
			l = tags.ReplaceAllString(l, "")
			if markAlone.MatchString(l) && len(r.open.Lines) > 0 && !timing.MatchString(lines[i-1]) && (i+1 == len(lines) || strings.TrimSpace(lines[i+1]) == "") {
				// It ends its cue, and marks nothing of the next one.
				r.open.Lines = append(r.open.Lines, parts.Line{Text: strings.TrimSpace(l), No: i + 1, Col: 1})
				r.flush()
				continue
			}
			r.line(l, i+1)
		case inNote || strings.HasPrefix(l, "NOTE") || strings.HasPrefix(l, "STYLE") || strings.HasPrefix(l, "REGION"):
			inNote = true
			r.aside(l, i+1)
		case i+1 < len(lines) && timing.MatchString(lines[i+1]):
			if !number.MatchString(l) {
				r.aside(l, i+1)
			}
		default:
			r.line(tags.ReplaceAllString(l, ""), i+1)
		}
	}
}

func (r *reader) aside(text string, no int) {
	r.file.Asides = append(r.file.Asides, parts.Aside{What: "a note in the subtitles", Line: parts.Line{Text: strings.TrimSpace(text), No: no, Col: 1}})
}

// transcript reads lines that begin with a time.
func (r *reader) transcript(text string) {
	no := 0
	for l := range strings.SplitSeq(text, "\n") {
		no++
		if strings.TrimSpace(l) == "" {
			r.flush()
			continue
		}
		r.line(l[len(stamp.FindString(l)):], no)
	}
}
