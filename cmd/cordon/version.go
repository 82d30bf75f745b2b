package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is the version that a release was built as, set by the linker (see
// scripts/release); empty in any other build.
var release string

// version says from what this program was built.
type version struct {
	// Version is the release's; otherwise the one that the go command makes
	// of the repository, or "devel" where it knows none.
	Version string `json:"version"`
	// Commit and Time are those of the revision; Modified says that files
	// differed from it.
	Commit   string `json:"commit,omitempty"`
	Time     string `json:"time,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisVersion() version {
	v := version{Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		if m := info.Main.Version; m != "" && m != "(devel)" {
			v.Version = m
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Commit = s.Value
			case "vcs.time":
				v.Time = s.Value
			case "vcs.modified":
				v.Modified = s.Value == "true"
			}
		}
	}
	if release != "" {
		v.Version = release
	}
	return v
}

// String is the version in one line, as --version shows it.
func (v version) String() string {
	text := v.Version
	if v.Commit != "" {
		text += ", commit " + v.commit()
	}
	return fmt.Sprintf("%s, %s, %s", text, v.Go, v.Platform)
}

func (v version) commit() string {
	if v.Modified {
		return v.Commit + " with changes"
	}
	return v.Commit
}

func (c *cli) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print which Cordon this is",
		Long:    "Version prints the release, the revision and the Go version from which this program was built.",
		Example: "  cordon version\n  cordon version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := thisVersion()
			return c.show(v, func() {
				c.fields("cordon", v.Version, "commit", v.commit(), "of", v.Time, "built with", v.Go, "for", v.Platform)
			})
		},
	}
}
