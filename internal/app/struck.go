package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/lockedfile"

	"cordon"
	"cordon/internal/usecase/contain"
)

// struckFile is the journal of what was struck and destroyed, beside the root key. It is
// what keeps a backup from bringing that back. It holds ids only.
//
// A line is an incident (its organisation, opener and custodians), a portion struck under
// one, or a portion destroyed. Each ends with a MAC, under a key of the root key, over
// itself and the MAC of the line before, so that none can be changed, taken out or put in
// before the last. How far it reaches stands in a file of its own; see reach.
func (c Config) struckFile() string { return c.KeyFile + ".struck" }

// struckKey is the purpose of the root key's subkey that the journal's MACs are made with.
const struckKey = "struck journal"

// maxStruckLine bounds a line: an incident with as many custodians as there can be.
const maxStruckLine = 64 << 10

// The kinds of a line.
const (
	lineIncident  = "incident"
	lineStruck    = "struck"
	lineDestroyed = "destroyed"
)

// struckJournal is the file as this process knows it. Other processes append to it too.
type struckJournal struct {
	file string
	key  [32]byte

	mu     sync.Mutex      // guards what follows
	known  map[string]bool // lines, without their MACs; of incidents the id
	lines  int64
	last   [32]byte // MAC of the last line
	offset int64    // its end
}

func newJournal(file string, key [32]byte) *struckJournal {
	return &struckJournal{file: file, key: key}
}

// errAltered is the error of a journal that something else has written to.
func (j *struckJournal) errAltered() error {
	return cordon.Errorf(cordon.KindConflict, "the journal %s was altered, or belongs to another root key: move it away, and a new one is begun", j.file)
}

func (j *struckJournal) mac(last [32]byte, line string) (out [32]byte) {
	h := hmac.New(sha256.New, j.key[:])
	h.Write(last[:])
	io.WriteString(h, line)
	h.Sum(out[:0])
	return out
}

// begin forgets what is known of the file.
func (j *struckJournal) begin() {
	j.known, j.lines, j.last, j.offset = make(map[string]bool), 0, [32]byte{}, 0
}

// follow reads what has come since. Each gets every line with its MAC. A last line that
// was cut off by a crash is not counted, and is written over.
func (j *struckJournal) follow(f io.ReadSeeker, size int64, each func(line string)) error {
	if j.known == nil || size < j.offset {
		j.begin()
	}
	if _, err := f.Seek(j.offset, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(f, maxStruckLine)
	for {
		text, err := r.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			return j.errAltered()
		}
		if err != nil {
			return err
		}
		line, sum, ok := bytes.Cut(bytes.TrimSuffix(text, []byte("\n")), []byte(" mac "))
		mac := j.mac(j.last, string(line))
		if !ok || !hmac.Equal(sum, encoded(mac)) {
			return j.errAltered()
		}
		j.known[lineKey(string(line))] = true
		j.lines, j.last, j.offset = j.lines+1, mac, j.offset+int64(len(text))
		if each != nil {
			each(string(line))
		}
	}
}

func encoded(mac [32]byte) []byte { return base64.RawStdEncoding.AppendEncode(nil, mac[:]) }

// lineKey is what a line is known by: there is one of an incident, and one of each kind
// of a portion.
func lineKey(line string) string {
	fields := strings.SplitN(line, " ", 3)
	return strings.Join(fields[:min(2, len(fields))], " ")
}

// add appends the lines that are not there yet, and returns when they are on disk.
func (j *struckJournal) add(lines []string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.known != nil && !slices.ContainsFunc(lines, func(l string) bool { return !j.known[lineKey(l)] }) {
		if info, err := os.Stat(j.file); err == nil && info.Size() >= j.offset {
			return nil
		}
	}
	f, err := lockedfile.OpenFile(j.file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := j.follow(f, info.Size(), nil); err != nil {
		return err
	}
	var b []byte
	last, n := j.last, int64(0)
	added := make(map[string]bool)
	for _, line := range lines {
		if key := lineKey(line); j.known[key] || added[key] {
			continue
		} else {
			added[key] = true
		}
		last = j.mac(last, line)
		b = append(append(append(append(b, line...), " mac "...), encoded(last)...), '\n')
		n++
	}
	if len(b) == 0 {
		return nil
	}
	if err := f.Truncate(j.offset); err != nil {
		return err
	}
	if _, err := f.WriteAt(b, j.offset); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if j.offset == 0 {
		if err := syncDir(filepath.Dir(j.file)); err != nil {
			return err
		}
	}
	for key := range added {
		j.known[key] = true
	}
	j.lines, j.last, j.offset = j.lines+n, last, j.offset+int64(len(b))
	return nil
}

// reach says that the journal has, in its first lines, everything that was struck before
// the checkpoint was signed.
type reach struct {
	Lines      int64  `json:"lines"`
	Last       []byte `json:"last"`
	Checkpoint string `json:"checkpoint"`
	MAC        []byte `json:"mac,omitempty"`
}

func (j *struckJournal) reachFile() string { return j.file + ".reach" }

func (j *struckJournal) sign(r reach) reach {
	r.MAC = nil
	text, err := json.Marshal(r)
	if err != nil {
		panic("app: how far a journal reaches always encodes: " + err.Error())
	}
	mac := j.mac([32]byte{}, "reach "+string(text))
	r.MAC = mac[:]
	return r
}

// reaches writes down that the journal reaches to the checkpoint.
func (j *struckJournal) reaches(checkpoint string) error {
	j.mu.Lock()
	r := j.sign(reach{Lines: j.lines, Last: j.last[:], Checkpoint: checkpoint})
	j.mu.Unlock()
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return replaceFile(j.reachFile(), string(text)+"\n")
}

// read reads a journal that is to be heeded: its lines, and the checkpoint it reaches
// to; empty where that cannot be told.
func (j *struckJournal) read() (lines []string, checkpoint string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f, err := os.Open(j.file)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
		j.begin()
	} else if err != nil {
		return nil, "", cordon.Errorf(cordon.KindUnavailable, "the journal %s cannot be read", j.file).Because(err)
	}
	var r reach
	text, reachErr := os.ReadFile(j.reachFile())
	reached := reachErr == nil && json.Unmarshal(text, &r) == nil && bytes.Equal(j.sign(r).MAC, r.MAC)
	at := r.Lines == 0 && bytes.Equal(r.Last, make([]byte, 32))
	if f != nil {
		defer f.Close()
		if err := j.follow(f, 0, func(line string) {
			lines = append(lines, line)
			at = at || j.lines == r.Lines && bytes.Equal(r.Last, j.last[:])
		}); err != nil {
			return nil, "", err
		}
	}
	if reached && at {
		checkpoint = r.Checkpoint
	}
	return lines, checkpoint, nil
}

// journalled is a store that writes into the journal what was struck or destroyed in it,
// after that is committed and before anybody is told.
type journalled struct {
	cordon.Store
	written func(lines []string)
}

// Update implements cordon.Store.
func (s journalled) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	var lines []string
	err := s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		lines = nil // it may run again
		return fn(journalTx{tx, &lines})
	})
	if err == nil && len(lines) > 0 {
		s.written(lines)
	}
	return err
}

// journalTx notes what is struck or destroyed.
type journalTx struct {
	cordon.WriteTx
	lines *[]string
}

// PutCustody implements cordon.IncidentWriter.
func (t journalTx) PutCustody(item cordon.CustodyItem) error {
	if err := t.WriteTx.PutCustody(item); err != nil {
		return err
	}
	i, err := t.Incident(item.Incident)
	if err != nil {
		return err
	}
	*t.lines = append(*t.lines, struckLines(i, item)...)
	return nil
}

// DestroyCustody implements cordon.IncidentWriter.
func (t journalTx) DestroyCustody(portion cordon.ID) error {
	err := t.WriteTx.DestroyCustody(portion)
	if err == nil {
		*t.lines = append(*t.lines, lineDestroyed+" "+string(portion))
	}
	return err
}

func struckLines(i cordon.Incident, item cordon.CustodyItem) []string {
	custody := make([]string, len(i.Custody))
	for n, id := range i.Custody {
		custody[n] = string(id)
	}
	lines := []string{
		strings.Join([]string{lineIncident, string(i.ID), string(i.Org), string(i.Opener), strings.Join(custody, ",")}, " "),
		strings.Join([]string{lineStruck, string(item.Portion), string(i.ID)}, " "),
	}
	if item.Body == nil {
		lines = append(lines, lineDestroyed+" "+string(item.Portion))
	}
	return lines
}

// parseStruck makes of lines what contain strikes again, in their order.
func parseStruck(lines []string) ([]contain.Again, error) {
	incidents := make(map[string]cordon.Incident)
	at := make(map[string]int)
	var all []contain.Again
	for _, line := range lines {
		fields := strings.Split(line, " ")
		switch {
		case fields[0] == lineIncident && len(fields) == 5:
			i := cordon.Incident{ID: cordon.ID(fields[1]), Org: cordon.ID(fields[2]), Opener: cordon.ID(fields[3])}
			for id := range strings.SplitSeq(fields[4], ",") {
				if id != "" {
					i.Custody = append(i.Custody, cordon.ID(id))
				}
			}
			incidents[fields[1]] = i
		case fields[0] == lineStruck && len(fields) == 3:
			at[fields[1]] = len(all)
			all = append(all, contain.Again{Portion: cordon.ID(fields[1]), Incident: incidents[fields[2]]})
		case fields[0] == lineDestroyed && len(fields) == 2:
			n, ok := at[fields[1]]
			if !ok {
				return nil, cordon.Errorf(cordon.KindInvalid, "the journal has a portion that was destroyed and not struck")
			}
			all[n].Destroyed = true
		default:
			return nil, cordon.Errorf(cordon.KindInvalid, "the journal has a line of a newer Cordon: use that one")
		}
	}
	return all, nil
}

// writeStruck writes lines into the journal. That it could not is in the log, once, and
// in a metric until it can: they are written by catchUp then.
func (a *App) writeStruck(lines []string) {
	if err := a.journal.add(lines); err != nil {
		if a.unjournalled.Swap(1) == 0 {
			a.logFault("in writing the journal of what was struck", cordon.Errorf(cordon.KindUnavailable, "the file %s cannot be written", a.journal.file).Because(err))
		}
	}
}

// catchUp writes into the journal what other nodes have struck, or this one before it was
// killed, and that it reaches to the newest checkpoint.
func (a *App) catchUp(ctx context.Context) error {
	newest := a.ledger.Newest()
	if newest == "" || newest == a.reached {
		return nil
	}
	// What is in the file now, which others write to, and which may have been moved away.
	if err := a.journal.add(nil); err != nil {
		a.unjournalled.Store(1)
		return cordon.Errorf(cordon.KindUnavailable, "the file %s cannot be written", a.journal.file).Because(err)
	}
	var lines []string
	err := a.store.View(ctx, func(tx cordon.ReadTx) error {
		lines = nil
		for after := cordon.ID(""); ; {
			page, err := tx.InCustody(after, cordon.MaxPage)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, item := range page {
				after = item.Portion
				if a.journal.has(item) {
					continue
				}
				whole, err := tx.Custody(item.Portion)
				if err != nil {
					return err
				}
				i, err := tx.Incident(whole.Incident)
				if err != nil {
					return err
				}
				lines = append(lines, struckLines(i, whole)...)
			}
		}
	})
	if err != nil {
		return err
	}
	if err := a.journal.add(lines); err != nil {
		a.unjournalled.Store(1)
		return cordon.Errorf(cordon.KindUnavailable, "the file %s cannot be written", a.journal.file).Because(err)
	}
	if err := a.journal.reaches(newest); err != nil {
		a.unjournalled.Store(1)
		return cordon.Errorf(cordon.KindUnavailable, "the file %s cannot be written", a.journal.reachFile()).Because(err)
	}
	a.unjournalled.Store(0)
	a.reached = newest
	return nil
}

// has reports whether all of the item is in the journal.
func (j *struckJournal) has(item cordon.InCustody) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.known[lineStruck+" "+string(item.Portion)] && (!item.Destroyed || j.known[lineDestroyed+" "+string(item.Portion)])
}
