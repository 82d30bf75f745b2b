package cordon_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house says, for each room, which rooms it may import. What is not listed is
// forbidden; a room that is not listed fails the test, so that whoever adds
// one decides where it belongs.
var house = map[string][]string{
	"marking":          {},
	"marking/…":        {"marking", "marking/…"},
	"":                 {},
	"internal/access":  {"", "marking"},
	"internal/vault":   {""},
	"internal/tokens":  {""},
	"internal/seek":    {"", "internal/tokens"},
	"internal/ledger":  {""},
	"internal/body":    {"", "internal/vault"},
	"internal/sight":   {"", "marking", "internal/access", "internal/ledger"},
	"internal/notice":  {"", "marking", "internal/access", "internal/ledger", "internal/sight", "internal/vault"},
	"internal/finder":  {"", "internal/body", "internal/tokens", "internal/vault"},
	"internal/people":  {"", "marking", "internal/ledger", "internal/sight", "internal/vault"},
	"internal/signin":  {"", "internal/ledger", "internal/people", "internal/sight", "internal/vault"},
	"internal/reading": {"", "marking", "internal/access", "internal/body", "internal/finder", "internal/ledger", "internal/reseal", "internal/release", "internal/seek", "internal/sight", "internal/tokens", "internal/vault"},
	"internal/release": {"", "marking", "internal/access", "internal/arrangement", "internal/body", "internal/ledger", "internal/notice", "internal/sight", "internal/vault"},
	"internal/trace":   {"", "internal/access", "internal/body", "internal/finder", "internal/ledger", "internal/notice", "internal/sight", "internal/tokens", "internal/vault"},
	"internal/mosaic":  {"", "internal/access", "internal/ledger", "internal/sight", "internal/vault"},
	"internal/claims":  {"", "internal/access", "internal/ledger", "internal/sight", "internal/vault"},
	"internal/emergency": {
		"", "marking", "internal/access", "internal/ledger", "internal/notice", "internal/release", "internal/sight", "internal/vault",
	},
	"internal/tearline": {
		"", "marking", "internal/body", "internal/ledger", "internal/mosaic", "internal/reading", "internal/sight", "internal/tokens", "internal/vault",
	},
	"internal/contain": {"", "marking", "internal/access", "internal/body", "internal/ledger", "internal/notice", "internal/release", "internal/reseal", "internal/sight", "internal/tearline", "internal/vault"},
	"internal/audit":   {"", "internal/arrangement", "internal/ledger", "internal/sight"},

	"internal/arrangement": {"", "marking", "internal/access", "internal/ledger", "internal/notice", "internal/sight", "internal/vault"},
	"internal/reseal":      {"", "internal/body", "internal/sight", "internal/vault"},
	"internal/needtoknow":  {"", "internal/access", "internal/ledger", "internal/reseal", "internal/sight", "internal/vault"},

	// Stores implement the contracts of the root and know no use-case.
	"internal/store/listing":   {""},
	"internal/store/sqltx":     {"", "internal/store/listing"},
	"internal/store/sqlite":    {"", "internal/store/sqltx"},
	"internal/store/postgres":  {"", "internal/store/sqltx"},
	"internal/store/storetest": {""},
	"internal/store/pgtest":    {""},
	"internal/exchange/…":      {"", "marking", "internal/exchange/…"},
	"internal/httpapi": {
		// The shapes of requests and answers are the client's own, so that
		// the two cannot drift apart.
		"internal/needtoknow",
		"", "client", "marking", "internal/arrangement", "internal/audit", "internal/claims", "internal/contain", "internal/emergency", "internal/cookie", "internal/exchange/…", "internal/ledger", "internal/mosaic",
		"internal/notice", "internal/people", "internal/reading", "internal/release", "internal/sight", "internal/signin", "internal/tearline", "internal/trace", "internal/vault",
	},
	"internal/cookie": {""},
	"internal/webui":  {"", "internal/cookie", "internal/people", "internal/signin"},
	"client":          {""},
	// What carries notices out of the house.
	"internal/carry": {"", "internal/notice"},
	"internal/app": {
		"internal/needtoknow",
		"", "client", "marking", "marking/…", "internal/arrangement", "internal/audit", "internal/carry", "internal/claims", "internal/contain", "internal/emergency", "internal/httpapi", "internal/ledger", "internal/mosaic",
		"internal/notice", "internal/people", "internal/reading", "internal/release", "internal/sight", "internal/signin", "internal/store/sqlite",
		"internal/store/postgres", "internal/tearline", "internal/tokens", "internal/trace", "internal/vault", "internal/webui",
	},
	"internal/demo": {"", "client", "internal/app"},
	// Tests only: everything a use-case's test stands on.
	"internal/casetest": {
		"internal/needtoknow",
		"", "marking", "marking/…", "internal/arrangement", "internal/contain", "internal/emergency", "internal/ledger", "internal/notice", "internal/people", "internal/reading", "internal/release",
		"internal/sight", "internal/signin", "internal/store/pgtest", "internal/store/postgres", "internal/store/sqlite", "internal/tearline", "internal/tokens", "internal/vault",
	},
	"cmd/…": {
		"", "client", "marking", "marking/…", "internal/app", "internal/carry", "internal/demo", "internal/exchange/…", "internal/ledger", "cmd/…",
	},
}

// domain is the rooms that know no SQL, no HTTP and no clock of their own.
var domain = []string{
	"", "internal/access", "internal/vault", "internal/tokens", "internal/seek", "internal/ledger", "internal/body", "internal/sight", "internal/notice",
	"internal/finder", "internal/people", "internal/signin", "internal/arrangement", "internal/reading", "internal/release", "internal/emergency", "internal/tearline", "internal/trace", "internal/mosaic", "internal/claims", "internal/contain", "internal/audit",
	"internal/reseal", "internal/needtoknow",
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

// room is the entry of house for a package of this module.
func room(path string) string {
	rel := strings.TrimPrefix(strings.TrimPrefix(path, "cordon"), "/")
	for _, wing := range []string{"marking/…", "internal/exchange/…", "cmd/…"} {
		if strings.HasPrefix(rel, strings.TrimSuffix(wing, "…")) {
			return wing
		}
	}
	return rel
}

func ours(path string) bool { return path == "cordon" || strings.HasPrefix(path, "cordon/") }

func TestImportsRunOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		if len(p.GoFiles) == 0 {
			continue // tests only
		}
		here := room(p.ImportPath)
		seen[here] = true
		allowed, ok := house[here]
		if !ok {
			t.Errorf("%s is not in the house: say in house_test.go what it may import", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if ours(imp) && !slices.Contains(allowed, room(imp)) {
				t.Errorf("%s imports %s, which runs the wrong way", p.ImportPath, imp)
			}
		}
	}
	for name := range house {
		if !seen[name] {
			t.Errorf("house_test.go lists %q, which is not there", name)
		}
	}
}

func TestDomainKnowsNoSQLNoHTTPNoClock(t *testing.T) {
	for _, p := range packages(t) {
		if !slices.Contains(domain, room(p.ImportPath)) {
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
