// Package pdf reads the text of PDF files with PDFium, which runs as WebAssembly in
// a sandbox of its own: it sees the file and nothing else, has a bounded memory and
// a bounded time. A page without text, such as a scanned one, is named.
//
// Text of a page is what it shows, notes and fields of forms included. Notes,
// values of forms, bookmarks, properties and every other text of the file stand
// beside it, as does text that is there in place of what is shown (ActualText).
// Files in the file are files in their own right.
package pdf

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// Kind is what messages call such a file.
const Kind = "a PDF"

// The bounds of one file.
const (
	// longest is how long one file may take.
	longest = 2 * time.Minute
	// memoryPages bounds the memory of the sandbox, in pages of 64 KiB: 512 MiB.
	memoryPages = 8192
	// small is how large a file may be, in bytes, that is read by interpreting.
	small = 32 << 10
	// maxPages bounds how many pages are read.
	maxPages = 5000
	// maxDrawn bounds how many things on pages are looked at for text that stands
	// for them.
	maxDrawn = 200_000
	// maxWaiting is how many files may wait for their turn.
	maxWaiting = 4
	// idle is how long a sandbox is kept that nobody uses.
	idle = 2 * time.Minute
)

// Reader reads PDF files one at a time, whoever asks. Making the first one ready
// takes seconds, so it is kept for the next, for two minutes; Close ends it.
type Reader struct {
	// Longest is how long one file may take, two minutes where it is zero, and all
	// files in one that is handed in.
	Longest time.Duration

	waiting atomic.Int32
	mu      sync.Mutex
	unused  *time.Timer

	pool   pdfium.Pool
	ctx    context.Context
	cancel context.CancelFunc
	// compiled is set once a file has been met that is worth the seconds that
	// compiling PDFium takes; until then it is interpreted.
	compiled bool
}

// Close ends the sandbox. It waits for the file that is being read.
func (r *Reader) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.close()
}

func (r *Reader) close() {
	if r.unused != nil {
		r.unused.Stop()
	}
	if r.pool != nil {
		r.pool.Close()
		r.cancel()
		r.pool = nil
	}
}

// Opener reads a file in the file.
type Opener func(name string, src []byte) parts.File

// Read reads one file once its turn has come, and then the files in it. Where
// others wait already, the file is Busy.
func (r *Reader) Read(name string, src []byte, budget *parts.Budget, open Opener) parts.File {
	f, attached := r.turn(name, src, budget)
	for _, a := range attached {
		one := open(name+": "+parts.Base(a.name), a.src)
		one.Called = a.name
		if one.Media {
			f.Note(0, parts.Clip(a.name)+" was left out: "+one.Kind, "write down what it says where that belongs to the report")
			continue
		}
		f.Files = append(f.Files, one)
	}
	return f
}

// turn reads one file once its turn has come. The files in it come packed out.
func (r *Reader) turn(name string, src []byte, budget *parts.Budget) (parts.File, []attachment) {
	if r.waiting.Add(1) > maxWaiting+1 {
		r.waiting.Add(-1)
		f := parts.Unreadable(name, Kind, "this is "+Kind+", and too many others are being read", "hand it in again in a minute, or its text")
		f.Busy = true
		return f, nil
	}
	defer r.waiting.Add(-1)
	r.mu.Lock()
	defer r.mu.Unlock()
	longest := budget.Time(cmp.Or(r.Longest, longest))
	if longest <= 0 {
		return parts.Unreadable(name, Kind, "this is "+Kind+", and the others in the same file have taken all the time there is", "hand it in by itself"), nil
	}
	started := time.Now()
	f, attached := r.read(name, src, budget, longest)
	budget.Took(time.Since(started))
	if r.unused != nil {
		r.unused.Stop()
	}
	r.unused = time.AfterFunc(idle, r.Close)
	return f, attached
}

func (r *Reader) read(name string, src []byte, budget *parts.Budget, longest time.Duration) (f parts.File, attached []attachment) {
	unreadable := func(problem, fix string) (parts.File, []attachment) {
		return parts.Unreadable(name, Kind, "this is "+Kind+", and "+problem, fix), nil
	}
	if large := len(src) > small; large && !r.compiled {
		r.close()
		r.compiled = true
	}
	if r.pool == nil {
		ctx, cancel := context.WithCancel(context.Background())
		// PDFium as it is built needs exceptions.
		config := wazero.NewRuntimeConfigInterpreter()
		if r.compiled {
			config = wazero.NewRuntimeConfig()
		}
		config = config.WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(memoryPages).WithCloseOnContextDone(true)
		pool, err := webassembly.Init(webassembly.Config{
			Context: ctx, MinIdle: 0, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: config,
			FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
		})
		if err != nil {
			cancel()
			return unreadable("its reader could not be started", "save it as DOCX or as plain text")
		}
		r.pool, r.ctx, r.cancel = pool, ctx, cancel
	}
	timer := time.AfterFunc(longest, r.cancel)
	defer func() {
		// The sandbox may end with a panic where its time is up or the file
		// breaks it. The next file then gets another.
		crash := recover()
		if !timer.Stop() || crash != nil {
			r.cancel()
			r.pool = nil
		}
		if crash != nil {
			f, attached = unreadable("it could not be read to its end", "save it as DOCX or as plain text")
		}
	}()
	instance, err := r.pool.GetInstance(longest)
	if err != nil {
		return unreadable("its reader could not be started", "save it as DOCX or as plain text")
	}
	defer instance.Close()
	doc, err := instance.OpenDocument(&requests.OpenDocument{File: &src})
	switch {
	case err == pdferrors.ErrPassword || err == pdferrors.ErrSecurity:
		return unreadable("it is encrypted", "save it without a password")
	case err != nil:
		return unreadable("it is broken", "save it again from the program that made it")
	}
	f = parts.File{Name: name, Kind: Kind}
	b := beside{file: &f, budget: budget}
	if err := r.beside(instance, doc.Document, &b); err != nil && r.ctx.Err() == nil {
		f.Lose(0, "what stands beside the text of its pages (notes, forms, bookmarks, files in it) could not be read: "+err.Error(), "print it to a new PDF, and hand in by themselves the files in it")
	}
	if n := earlier(src); n > 0 {
		f.Note(0, fmt.Sprintf("earlier versions of it (%d) are in the file and were left out", n), "print it to a new PDF where they should not be passed on")
	}
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return unreadable("its pages could not be counted", "save it again from the program that made it")
	}
	p := pageReader{instance: instance, doc: doc.Document, drawn: b.drawn, instead: b.instead}
	var empty []int
	for i := range min(count.PageCount, maxPages) {
		text, err := p.read(i)
		if r.ctx.Err() != nil {
			f.Lose(i+1, fmt.Sprintf("reading it took longer than %v: page %d and those behind it were not read", longest, i+1), "split it")
			break
		}
		if err != nil {
			f.Lose(i+1, fmt.Sprintf("page %d could not be read", i+1), "save it again from the program that made it")
			continue
		}
		if budget.Spend(len(text.shown)) != nil {
			f.Lose(i+1, "it has more text than may be unpacked", "split it")
			f.TooLarge = true
			break
		}
		for _, s := range text.instead {
			b.say(parts.Aside{What: stands, Line: parts.Line{Text: s, No: i + 1}}, s)
		}
		if strings.TrimSpace(text.shown) == "" {
			empty = append(empty, i+1)
			continue
		}
		f.Blocks = append(f.Blocks, page(text.shown, i+1)...)
	}
	if count.PageCount > maxPages {
		f.Lose(0, fmt.Sprintf("only the first %d of %d pages are read", maxPages, count.PageCount), "split it")
	}
	if p.things > maxDrawn {
		f.Lose(0, fmt.Sprintf("more than %d things are drawn on its pages: not all were looked at for text that stands for them", maxDrawn), "split it")
	}
	again(&f)
	switch {
	case len(empty) > 0 && len(f.Blocks) == 0:
		f.Lose(0, "it has no text, only pictures of pages", "have it read by a program that recognises characters")
	case len(empty) > 0:
		f.Lose(empty[0], "no text is on "+pages(empty)+": a picture of a page is not read", "have it read by a program that recognises characters")
	}
	if len(f.Blocks) == 0 && !slices.ContainsFunc(f.Asides, func(a parts.Aside) bool { return !a.Plain }) {
		f.Asides = nil // which program made it, and when, is no text that was read
	}
	return f, b.attached
}

// beside reads what stands beside the text of the pages, from a copy that PDFium
// writes: decrypted, mended, and with each object by itself.
func (r *Reader) beside(instance pdfium.Pdfium, doc references.FPDF_DOCUMENT, b *beside) error {
	saved, err := instance.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Flags: requests.SaveFlagRemoveSecurity, Document: doc})
	if err != nil {
		return errSyntax
	}
	return b.read(*saved.FileBytes)
}

// pages names pages.
func pages(all []int) string {
	var b strings.Builder
	b.WriteString("page")
	if len(all) > 1 {
		b.WriteString("s")
	}
	for i, n := range all {
		if i == 10 {
			fmt.Fprintf(&b, " and %d more", len(all)-i)
			break
		}
		fmt.Fprintf(&b, " %d", n)
	}
	return b.String()
}

// page cuts the text of a page into paragraphs. PDF knows lines only: a paragraph
// ends at a blank line, and before a line that begins as a mark or an item does.
func page(text string, no int) []parts.Block {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufffe", "", "\x00", "").Replace(text)
	text = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' {
			return ' '
		}
		return c
	}, text)
	blocks := parts.Paragraphs(text, 0)
	for i := range blocks {
		blocks[i].Kind = cordon.PortionParagraph
		for j := range blocks[i].Lines {
			blocks[i].Lines[j].No = no
		}
	}
	return blocks
}
