// Package manual writes what a release has besides the program: man pages and
// scripts by which shells complete its commands. The program does not link it.
package manual

import (
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// Write writes into the directory, which it makes, a man page for each command
// under man/man1 and the completions under completions. The pages are of the
// version and date given.
func Write(root *cobra.Command, dir, version string, date time.Time) error {
	man, completions := filepath.Join(dir, "man", "man1"), filepath.Join(dir, "completions")
	for _, d := range []string{man, completions} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Title: "CORDON", Section: "1", Source: "Cordon " + version, Manual: "Cordon", Date: &date}
	if err := doc.GenManTree(root, header, man); err != nil {
		return err
	}
	for file, generate := range map[string]func(string) error{
		"cordon.bash": func(name string) error { return root.GenBashCompletionFileV2(name, true) },
		"_cordon":     root.GenZshCompletionFile,
		"cordon.fish": func(name string) error { return root.GenFishCompletionFile(name, true) },
		"cordon.ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := generate(filepath.Join(completions, file)); err != nil {
			return err
		}
	}
	return nil
}
