package openapi

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"cordon"
)

// comments are those of the root package and of package wire, and the values
// of their closed sets.
type comments struct {
	// text is by "package.Name" and "package.Name.Field".
	text map[string]string
	// operations are by their Name.
	operations map[string]string
	// sets are the constants of a type of strings, by "package.Name".
	sets map[string][]any
	// kinds are the comments of the kinds of error, in their order.
	kinds []string
}

func readComments(source string) (comments, error) {
	c := comments{text: map[string]string{}, operations: map[string]string{}, sets: map[string][]any{}}
	for path, folder := range map[string]string{"cordon": ".", "cordon/wire": "wire"} {
		files, err := filepath.Glob(filepath.Join(source, folder, "*.go"))
		if err != nil || len(files) == 0 {
			return c, fs.ErrNotExist
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				return c, err
			}
			for _, d := range file.Decls {
				if d, ok := d.(*ast.GenDecl); ok {
					c.read(path, d)
				}
			}
		}
	}
	return c, nil
}

func (c *comments) read(path string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			c.text[path+"."+s.Name.Name] = joined(d.Doc, s.Doc)
			if of, ok := s.Type.(*ast.StructType); ok {
				sent := sentNames(of)
				name, about, _ := strings.Cut(c.text[path+"."+s.Name.Name], " ")
				c.text[path+"."+s.Name.Name] = name + " " + sent(about)
				var last string
				for _, f := range of.Fields.List {
					text := joined(f.Doc, f.Comment)
					for _, name := range f.Names {
						// One comment may be of several fields that follow each other.
						if text == "" && strings.Contains(last, " and "+name.Name+" ") {
							text = last
						}
						c.text[path+"."+s.Name.Name+"."+name.Name] = sent(text)
					}
					last = text
				}
			}
		case *ast.ValueSpec:
			c.readValue(path, d, s)
		}
	}
}

// sentNames replaces in a comment the names that the fields of a struct have in Go by
// those that are sent. A name of one word is a name within a sentence, where English
// has no capital; at its beginning only before what follows a name in a comment.
func sentNames(of *ast.StructType) func(comment string) string {
	names := map[string]string{}
	for _, f := range of.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag, _ := strconv.Unquote(f.Tag.Value)
		if sent := fieldName.FindStringSubmatch(tag); sent != nil {
			for _, name := range f.Names {
				names[name.Name] = sent[1]
			}
		}
	}
	return func(comment string) string {
		var out strings.Builder
		done := 0
		for _, at := range capitalised.FindAllStringIndex(comment, -1) {
			word, rest := comment[at[0]:at[1]], comment[at[1]:]
			if strings.HasSuffix(comment[:at[0]], "/") { // as in ORG/Name
				continue
			}
			begins := at[0] == 0 || strings.HasSuffix(comment[:at[0]], ". ") || strings.HasSuffix(comment[:at[0]], ": ")
			oneWord := !strings.ContainsFunc(word[1:], unicode.IsUpper)
			if sent := names[word]; sent != "" && (!begins || !oneWord || aboutName.MatchString(rest)) {
				out.WriteString(comment[done:at[0]] + sent)
				done = at[1]
			}
		}
		return out.String() + comment[done:]
	}
}

var (
	// fieldName is what a field is called where it is sent.
	fieldName   = regexp.MustCompile(`(?:json|query|path|header):"([A-Za-z-]+)`)
	capitalised = regexp.MustCompile(`\b[A-Z][A-Za-z]*\b`)
	// aboutName is how a comment goes on after the name of a field.
	aboutName = regexp.MustCompile(`^(,| (is|are|has|have|says|lists|give|gives|bound|counts?|and [A-Z][a-z]+|\()\b?)`)
)

func (c *comments) readValue(path string, d *ast.GenDecl, s *ast.ValueSpec) {
	// Kinds of error are counted by iota, the first of them alone with its type.
	if d.Tok == token.CONST && d.Specs[0].(*ast.ValueSpec).Names[0].Name == "KindInternal" {
		c.kinds = append(c.kinds, after(s.Names[0].Name, joined(s.Doc)))
		return
	}
	if of, ok := s.Type.(*ast.Ident); ok && d.Tok == token.CONST && len(s.Values) == 1 {
		if lit, ok := s.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			value, _ := strconv.Unquote(lit.Value)
			c.sets[path+"."+of.Name] = append(c.sets[path+"."+of.Name], value)
		}
	}
	if d.Tok != token.VAR || len(s.Values) != 1 {
		return
	}
	lit, ok := s.Values[0].(*ast.CompositeLit)
	if !ok {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := kv.Key.(*ast.Ident)
		name, _ := kv.Value.(*ast.BasicLit)
		if key != nil && key.Name == "Name" && name != nil {
			operation, _ := strconv.Unquote(name.Value)
			c.operations[operation] = after(s.Names[0].Name, joined(d.Doc))
		}
	}
}

// joined is the comments as one line.
func joined(groups ...*ast.CommentGroup) string {
	var parts []string
	for _, g := range groups {
		parts = append(parts, strings.Fields(g.Text())...)
	}
	return strings.Join(parts, " ")
}

// after is the comment without the name that it begins with.
func after(name, comment string) string {
	rest, ok := strings.CutPrefix(comment, name+" ")
	if !ok || rest == "" {
		return comment
	}
	return strings.ToUpper(rest[:1]) + rest[1:]
}

// operation is the first sentence of an operation's comment, and the rest.
func (c comments) operation(name string) (summary, description string) {
	all := c.operations[name]
	summary = new(doc.Package).Synopsis(all)
	return strings.TrimSuffix(summary, "."), strings.TrimSpace(strings.TrimPrefix(all, summary))
}

// of is the comment of a type.
func (c comments) of(t reflect.Type) string { return c.text[t.PkgPath()+"."+t.Name()] }

// field is the comment of a field that the struct has, itself or in a struct
// that it embeds, by the name that it has there.
func (c comments) field(t reflect.Type, f reflect.StructField) string {
	for _, i := range f.Index[:len(f.Index)-1] {
		t = t.Field(i).Type
	}
	return c.named(t, f.Name)
}

// named is the comment of a field of the struct itself, which speaks of it by
// its name in JSON or in the request.
func (c comments) named(t reflect.Type, name string) string {
	kind, _, _ := strings.Cut(t.Name(), "[")
	text := c.text[t.PkgPath()+"."+kind+"."+name]
	f, _ := t.FieldByName(name)
	for _, tag := range []string{"path", "query", "json"} {
		if called, _, _ := strings.Cut(f.Tag.Get(tag), ","); called != "" {
			if rest, ok := strings.CutPrefix(text, name+" "); ok {
				return called + " " + rest
			}
			break
		}
	}
	return text
}

// kind is the comment of a kind of error.
func (c comments) kind(k cordon.Kind) string { return c.kinds[k] }

// set lists the values of a type that is a closed set of strings; nil of any
// other.
func (c comments) set(t reflect.Type) []any { return c.sets[t.PkgPath()+"."+t.Name()] }
