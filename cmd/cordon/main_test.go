package main

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"

	"cordon/cmd/cordon/internal/tty"
)

// TestMain puts a program cordon in the path, which is the test binary called by
// that name.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "cordon" {
		main()
	}
	os.Exit(withProgram(m))
}

func withProgram(m *testing.M) int {
	bin, err := os.MkdirTemp("", "cordon-bin")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(bin)
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "cordon"))
	}
	if err == nil {
		err = os.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
	if err != nil {
		panic(err)
	}
	return m.Run()
}

// TestScripts runs the program as people do. The scripts see an environment
// without any CORDON_ variable, and a directory of their own. A command "cordon"
// runs inside the test, since to start a process costs more than almost any
// command does; "exec cordon" is a process of its own, and so is one with
// "stdin" before it or in the background. A short run, as that of the race
// detector, plays the scripts in which something runs beside something else.
func TestScripts(t *testing.T) {
	dir, files := filepath.Join("testdata", "script"), []string(nil)
	if testing.Short() {
		for _, name := range []string{"serve", "serve_operate", "reload", "import", "demo"} {
			files = append(files, filepath.Join(dir, name+".txtar"))
		}
		dir = ""
	}
	testscript.Run(t, testscript.Params{
		Dir:             dir,
		Files:           files,
		ContinueOnError: true,
		Setup: func(env *testscript.Env) error {
			packaging, err := filepath.Abs(filepath.Join("..", "..", "packaging"))
			env.Setenv("PACKAGING", packaging)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"cordon":  program,
			"code":    exitsWith,
			"set":     set,
			"same":    same,
			"make":    makeFile,
			"port":    port,
			"answers": answers,
			"get":     get,
			"newer":   newer,
			"flip":    flip,
			"old":     oldDatabase,
			"listens": listens,
			"says":    says,
		},
	})
}

// program runs a command of the program, without standard input.
func program(ts *testscript.TestScript, neg bool, args []string) {
	if code := run(ts, args); (code != 0) != neg {
		ts.Fatalf("exit code %d", code)
	}
}

func run(ts *testscript.TestScript, args []string) int {
	if len(args) > 0 && strings.HasSuffix(args[len(args)-1], "&") {
		ts.Fatalf("use exec for what runs in the background")
	}
	c := &cli{
		in:  strings.NewReader(""),
		out: tty.New(ts.Stdout(), ts.Getenv), err: tty.New(ts.Stderr(), ts.Getenv),
		env: ts.Getenv, dir: ts.MkAbs("."),
	}
	return c.run(context.Background(), args)
}

// exitsWith runs a command of which the exit code is what matters:
// code N cordon ARGS..., or code N exec COMMAND ARGS... for a process.
func exitsWith(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: code N cordon|exec args...")
	}
	got := 0
	switch args[1] {
	case "cordon":
		got = run(ts, args[2:])
	case "exec":
		if err := ts.Exec(args[2], args[3:]...); err != nil {
			n, convErr := strconv.Atoi(strings.TrimPrefix(err.Error(), "exit status "))
			if convErr != nil {
				ts.Fatalf("%v", err)
			}
			got = n
		}
	default:
		ts.Fatalf("neither cordon nor exec: %s", args[1])
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

// set takes a value out of the JSON just printed: set VAR portions.1.id. With
// a file, out of that: set VAR file path.
func set(ts *testscript.TestScript, neg bool, args []string) {
	file, path := "stdout", ""
	switch {
	case neg:
		ts.Fatalf("set does not fail")
	case len(args) == 2:
		path = args[1]
	case len(args) == 3:
		file, path = args[1], args[2]
	default:
		ts.Fatalf("usage: set VAR [file] path")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &v))
	for _, step := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				ts.Fatalf("there is no %s in %s", step, path)
			}
			v = at[i]
		default:
			ts.Fatalf("there is no %s in %s", step, path)
		}
	}
	if v == nil {
		ts.Fatalf("there is no %s", path)
	}
	ts.Setenv(args[0], fmt.Sprint(v))
}

// same compares two files byte for byte.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if equal := ts.ReadFile(args[0]) == ts.ReadFile(args[1]); equal == neg {
		ts.Fatalf("%s and %s: equal is %v", args[0], args[1], equal)
	}
}

// makeFile makes input that does not belong into a text file.
func makeFile(ts *testscript.TestScript, _ bool, args []string) {
	var data []byte
	switch kind := args[0]; kind {
	case "latin1":
		data = []byte("# (U) Title\n\n(U) The caf\xe9 is closed.\n")
	case "bomb":
		data = docx(ts, func(z *zip.Writer) {
			w, err := z.Create("word/document.xml")
			ts.Check(err)
			fmt.Fprint(w, `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>`)
			zeros := bytes.Repeat([]byte("0"), 1<<20)
			for range 300 {
				w.Write(zeros)
			}
			fmt.Fprint(w, `</w:t></w:r></w:p></w:body></w:document>`)
		})
	case "docx":
		data = docx(ts, func(z *zip.Writer) {
			w, err := z.Create("word/document.xml")
			ts.Check(err)
			fmt.Fprint(w, `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
			for _, p := range args[2:] {
				fmt.Fprintf(w, `<w:p><w:r><w:t>%s</w:t></w:r></w:p>`, p)
			}
			fmt.Fprint(w, `</w:body></w:document>`)
		})
	case "long": // a line of 100 MB
		data = append(append([]byte(`{"title": "`), bytes.Repeat([]byte("x"), 100<<20)...), "\"}\n"...)
	case "bulk": // many small documents, one of them wrong
		var b bytes.Buffer
		for i := range 250 {
			mark := "U"
			if i == 100 {
				mark = "S//NOFRN"
			}
			fmt.Fprintf(&b, `{"title":"Note %d","ref":"N-%d","marking":"U","portions":[{"marking":"%s","text":"Text %d."}]}`+"\n", i, i, mark, i)
		}
		data = b.Bytes()
	default:
		ts.Fatalf("no kind %s", kind)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o600))
}

func docx(ts *testscript.TestScript, document func(*zip.Writer)) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("[Content_Types].xml")
	ts.Check(err)
	fmt.Fprint(w, `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`)
	w, err = z.Create("_rels/.rels")
	ts.Check(err)
	fmt.Fprint(w, `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`)
	document(z)
	ts.Check(z.Close())
	return b.Bytes()
}

// port sets a variable to an address: "port free ADDR" to one that was free a
// moment ago, "port taken ADDR" to one that is listened on until the script
// ends.
func port(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[1], l.Addr().String())
	if args[0] == "free" {
		l.Close()
		return
	}
	ts.Defer(func() { l.Close() })
}

// answers waits until something listens at the address.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	for range 10_000 {
		if c, err := net.Dial("tcp", args[0]); err == nil {
			c.Close()
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("nothing answers at %s", args[0])
}

// get fetches a URL into a file, whatever the status: get URL FILE.
func get(ts *testscript.TestScript, _ bool, args []string) {
	res, err := http.Get(args[0])
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o600))
}

// listens stands in for systemd: it writes into a file what it is told at the
// socket, whose name it sets a variable to: listens VAR FILE.
func listens(ts *testscript.TestScript, _ bool, args []string) {
	dir, err := os.MkdirTemp("", "notify") // a socket's path has to be short
	ts.Check(err)
	socket := filepath.Join(dir, "s")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	ts.Check(err)
	file, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		text := make([]byte, 4096)
		for {
			n, err := conn.Read(text)
			if err != nil {
				return
			}
			fmt.Fprintf(file, "%s\n", text[:n])
		}
	}()
	ts.Defer(func() {
		conn.Close()
		<-done
		file.Close()
		os.RemoveAll(dir)
	})
	ts.Setenv(args[0], socket)
}

// says waits until a file has so many lines that match: says N FILE PATTERN.
func says(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	pattern := regexp.MustCompile("(?m)" + args[2])
	for range 10_000 {
		text, err := os.ReadFile(ts.MkAbs(args[1]))
		if err == nil && len(pattern.FindAll(text, -1)) >= want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("%s does not say %s %d times", args[1], args[2], want)
}

// newer makes a database look like one of a newer version.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	statement(ts, args[0], "PRAGMA user_version = 9999")
}

// oldDatabase makes a data directory with the empty database of the first
// version: old DIR.
func oldDatabase(ts *testscript.TestScript, _ bool, args []string) {
	first, err := os.ReadFile(filepath.Join("..", "..", "internal", "store", "sqltx", "schema", "0001_first.sql"))
	ts.Check(err)
	ts.Check(os.Mkdir(ts.MkAbs(args[0]), 0o700))
	ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), "cordon.db"), nil, 0o600))
	statement(ts, args[0], string(first)+"; PRAGMA application_id = 1131570286; PRAGMA user_version = 1")
}

// flip changes something in the database, as an attacker would: flip DIR SQL.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	statement(ts, args[0], args[1])
}

func statement(ts *testscript.TestScript, dir, text string) {
	db, err := sql.Open("sqlite", filepath.Join(ts.MkAbs(dir), "cordon.db"))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(text)
	ts.Check(err)
}
