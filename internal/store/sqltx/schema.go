package sqltx

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"

	"cordon"
)

// The schema is made in steps, one file each. A step that has been released is
// not changed again: what comes later is another step, so that a database of
// any older version is brought to the present one by the steps it lacks.
//
//go:embed schema/*.sql
var steps embed.FS

// Version is the number of the schema this program reads and writes, that of
// its last step. A database of a higher one was written by a newer program and
// is refused.
func Version() int64 {
	numbers, _ := stepFiles()
	return numbers[len(numbers)-1]
}

// Older is the error of a database of an older version, which is brought to the
// present one only where somebody asks for it: older programs that work on it
// would go on, and write rows without what the newer ones add.
func Older(version int64) error {
	return cordon.Errorf(cordon.KindInvalid, "the database was written by an older Cordon (schema %d, this one writes %d): "+
		"stop every server on it, keep a copy of it, and run cordon upgrade", version, Version())
}

// Statements are the statements that bring a database of the version to the
// present one; 0 is an empty database. They are one transaction's.
func (d *Dialect) Statements(from int64) string {
	var all strings.Builder
	numbers, files := stepFiles()
	for i, file := range files {
		if numbers[i] <= from {
			continue
		}
		text, err := steps.ReadFile(file)
		if err != nil {
			panic("sqltx: an embedded file is always there: " + err.Error())
		}
		all.WriteString(d.Schema(string(text)) + "\n")
	}
	return all.String()
}

// stepFiles lists the steps in order: the number a name begins with, and the
// file.
func stepFiles() (numbers []int64, files []string) {
	entries, err := steps.ReadDir("schema") // sorted by name
	if err != nil {
		panic("sqltx: the embedded folder is always there: " + err.Error())
	}
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || len(number) != 4 {
			panic(fmt.Sprintf("sqltx: %s does not begin with its number, 0001_", e.Name()))
		}
		numbers, files = append(numbers, n), append(files, path.Join("schema", e.Name()))
	}
	return numbers, files
}
