package cordon_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// floors is the order of the house from the ground up: a package imports what
// stands on a lower floor than its own, and on its own floor only what the
// floor's order names before it. A folder that is not listed fails the test,
// so that its author decides where it belongs.
var floors = []floor{
	{folder: "", alone: true},
	{folder: "internal/strictjson"},
	{folder: "marking", below: []string{"internal/strictjson"}},
	// The API's requests and answers: the use-cases answer in them too.
	{folder: "wire", below: []string{""}},
	{folder: "client", below: []string{"", "wire"}},
	{folder: "internal/core", below: []string{"", "marking", "wire"}, order: []string{
		"names", "access", "vault", "ledger", "tokens", "marked", "lineage", "query", "content", "reader", "act", "rebind", "refile", "finder", "likeness", "notice",
	}},
	// Stores implement the contracts of the root and know nothing else.
	{folder: "internal/store", below: []string{""}, order: []string{"listing", "terms", "dump", "storetest", "sqltx", "sqlite", "postgres"}},
	{folder: "internal/usecase", below: []string{"", "internal/strictjson", "marking", "wire", "internal/core"}, order: []string{
		"people", "signin", "arrangement", "release", "reading", "writing", "needtoknow", "mosaic", "claims", "trace", "emergency", "tearline", "contain", "audit",
	}},
	{folder: "internal/edge", below: []string{"", "internal/strictjson", "marking", "wire", "client", "internal/core", "internal/usecase"}, order: []string{
		"cookie", "proxy", "exchange", "delivery", "httpapi", "webui",
	}},
	{folder: "internal/app", below: []string{"", "marking", "wire", "client", "internal/core", "internal/store", "internal/usecase", "internal/edge"}},
	{folder: "internal/demo", below: []string{"", "wire", "client", "internal/app"}},
	{folder: "cmd", below: []string{"", "internal/strictjson", "marking", "wire", "client", "internal/core/ledger", "internal/edge/exchange", "internal/edge/delivery", "internal/edge/proxy", "internal/app", "internal/demo"}},
	// Helpers of tests may import everything, and nothing but tests imports them.
	{folder: "internal/harness", tests: true},
}

type floor struct {
	folder string
	// alone: the folder itself, without what lies in it.
	alone bool
	// below lists the folders that what stands here may import.
	below []string
	// order is that of the packages on the floor, each of which may import
	// those before it; without one they may import each other.
	order []string
	// tests: only tests import it.
	tests bool
}

// domain is the folders that know no SQL, no HTTP and no clock of their own.
var domain = []string{"", "internal/core", "internal/usecase"}

// within reports whether the package, by its path in the module, lies in the
// folder; the empty folder is the root package alone.
func within(path, folder string) bool {
	if folder == "" {
		return path == ""
	}
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func floorOf(path string) (floor, bool) {
	for _, f := range floors {
		if within(path, f.folder) {
			return f, true
		}
	}
	return floor{}, false
}

// may reports whether a package that stands on the floor may import the other.
func (f floor) may(path, other string) bool {
	if f.tests {
		return true
	}
	if !within(other, f.folder) || f.alone {
		return slices.ContainsFunc(f.below, func(folder string) bool { return within(other, folder) })
	}
	if f.order == nil {
		return true
	}
	return f.place(other) >= 0 && f.place(other) <= f.place(path)
}

// place is where the package stands in the floor's order; -1 for nowhere.
func (f floor) place(path string) int {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, f.folder+"/"), "/")
	return slices.Index(f.order, name)
}

type goPackage struct {
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// inModule is the path of a package within this module.
func inModule(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, "cordon"), "/")
}

func ours(path string) bool { return path == "cordon" || strings.HasPrefix(path, "cordon/") }

func TestImportsRunOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		if len(p.GoFiles) == 0 {
			continue // tests only
		}
		here := inModule(p.ImportPath)
		f, ok := floorOf(here)
		if !ok {
			t.Errorf("%s stands on no floor: say in house_test.go where it belongs", p.ImportPath)
			continue
		}
		seen[f.folder] = true
		if f.order != nil && f.place(here) < 0 {
			t.Errorf("%s has no place in the order of %s: say in house_test.go what it may import", p.ImportPath, f.folder)
		}
		for _, imp := range p.Imports {
			if !ours(imp) {
				continue
			}
			other := inModule(imp)
			if g, ok := floorOf(other); !ok || !f.may(here, other) || g.tests && !f.tests {
				t.Errorf("%s imports %s, which runs the wrong way", p.ImportPath, imp)
			}
		}
	}
	for _, f := range floors {
		if !seen[f.folder] {
			t.Errorf("house_test.go lists %q, which is not there", f.folder)
		}
		for _, name := range f.order {
			if _, err := os.Stat(filepath.Join(f.folder, name)); err != nil {
				t.Errorf("house_test.go lists %s/%s, which is not there", f.folder, name)
			}
		}
	}
}

func TestDomainKnowsNoSQLNoHTTPNoClock(t *testing.T) {
	for _, p := range packages(t) {
		if !slices.ContainsFunc(domain, func(folder string) bool { return within(inModule(p.ImportPath), folder) }) {
			continue
		}
		for _, imp := range p.Imports {
			switch imp {
			case "database/sql", "net/http", "net", "log", "log/slog":
				t.Errorf("%s imports %s", p.ImportPath, imp)
			}
		}
		for _, name := range p.GoFiles {
			file := filepath.Join(p.Dir, name)
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && sel.Sel.Name == "Now" && name != "clock.go" {
					t.Errorf("%s reads the clock itself; it is handed one", file)
				}
				return true
			})
		}
	}
}

func TestNoInitFunctions(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range tree.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s/%s has an init function", p.ImportPath, name)
				}
			}
		}
	}
}
