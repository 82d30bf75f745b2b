// Package sample gives tests and benchmarks the texts, tables and cases they
// run on: those made up for this repository, which are always there, and the
// larger and real ones that some checkouts have beside them.
package sample

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed ours
var ours embed.FS

// Set is a folder of files, whose names and forms are the same in every set.
type Set struct {
	Name  string
	files fs.FS
}

// sets gives our own, and after it the real one if it lies in shared/data
// beside the checkout.
func sets(t testing.TB) []Set {
	t.Helper()
	own, err := fs.Sub(ours, "ours")
	if err != nil {
		t.Fatal(err)
	}
	list := []Set{{"ours", own}}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(root, "go.mod")) {
		if root == filepath.Dir(root) {
			t.Fatal("the test does not run inside a checkout: there is no go.mod above it")
		}
		root = filepath.Dir(root)
	}
	if dir := filepath.Join(filepath.Dir(root), "shared", "data"); exists(dir) {
		list = append(list, Set{"real", os.DirFS(dir)})
	}
	return list
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Each runs the test on every set there is, each as a test of its own.
func Each(t *testing.T, test func(t *testing.T, s Set)) {
	t.Helper()
	for _, s := range sets(t) {
		t.Run(s.Name, func(t *testing.T) { test(t, s) })
	}
}

// Largest is the set for a benchmark: the real one if it is there.
func Largest(b *testing.B) Set {
	b.Helper()
	list := sets(b)
	return list[len(list)-1]
}

// Pick gives what a test expects of this set.
func Pick[T any](s Set, ours, real T) T {
	if s.Name == "ours" {
		return ours
	}
	return real
}

// Read gives a file whole.
func (s Set) Read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(s.files, name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Glob gives the names that match the pattern.
func (s Set) Glob(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(s.files, pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Lines gives the lines of a file without blanks around the whole.
func (s Set) Lines(t testing.TB, name string) []string {
	t.Helper()
	var lines []string
	for line := range bytes.SplitSeq(bytes.TrimSpace(s.Read(t, name)), []byte("\n")) {
		lines = append(lines, string(line))
	}
	return lines
}

// Texts gives the texts of a file of texts, and the reference of each.
func (s Set) Texts(t testing.TB, name string) (texts, refs []string) {
	t.Helper()
	for _, line := range s.Lines(t, name) {
		var x struct{ Ref, Text string }
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		texts, refs = append(texts, x.Text), append(refs, x.Ref)
	}
	return texts, refs
}

// Filled gives n bytes of stories with the quotations among them, for a
// benchmark; where the stories are too few they are told again.
func (s Set) Filled(b *testing.B, n int, quotations ...string) string {
	b.Helper()
	stories, _ := s.Texts(b, "trace/unrelated.jsonl")
	var text strings.Builder
	for i := 0; text.Len() < n; i++ {
		text.WriteString(stories[i%len(stories)][:4000] + "\n\n")
		if i < len(quotations) {
			text.WriteString(quotations[i] + "\n\n")
		}
	}
	return text.String()[:n]
}
