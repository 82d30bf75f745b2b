package main

import (
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
)

// barFrom is how many bytes make an import long enough for a bar.
const barFrom = 1 << 20

// bar is a progress bar on standard error, or nothing at all where nobody
// looks at one. It shows the bytes imported, not those merely read.
type bar struct {
	b    *progressbar.ProgressBar
	read int64
}

// progress gives a bar over the bytes of the files, on a terminal and for long
// imports only. Of standard input the end is not known, so there is a spinner.
func (c *cli) progress(files []string) *bar {
	if !c.err.Terminal || c.json {
		return &bar{}
	}
	var total int64
	for _, f := range files {
		if f == "-" {
			total = -1
			break
		}
		if info, err := os.Stat(c.path(f)); err == nil {
			total += info.Size()
		}
	}
	if total >= 0 && total < barFrom {
		return &bar{}
	}
	return &bar{b: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(c.err),
		progressbar.OptionSetDescription("importing"),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100e6),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionEnableColorCodes(false),
	)}
}

// Reader counts what is read from r.
func (b *bar) Reader(r io.Reader) io.Reader {
	if b.b == nil {
		return r
	}
	return io.TeeReader(r, b)
}

// Write counts.
func (b *bar) Write(p []byte) (int, error) {
	b.read += int64(len(p))
	return len(p), nil
}

// Name says which file is being imported.
func (b *bar) Name(file string) {
	if b.b != nil {
		b.b.Describe("importing " + filepath.Base(file))
	}
}

// Done shows that everything read so far is imported.
func (b *bar) Done() {
	if b.b != nil {
		b.b.Set64(b.read)
	}
}

// Clear makes room for a line.
func (b *bar) Clear() {
	if b.b != nil {
		b.b.Clear()
	}
}

// Close takes the bar away.
func (b *bar) Close() {
	if b.b != nil {
		b.b.Finish()
	}
}
