package app

import (
	"io"
	"os"
	"path/filepath"
	"slices"

	"cordon"
	"cordon/marking"
	"cordon/marking/au"
	"cordon/marking/ca"
	"cordon/marking/cui"
	"cordon/marking/de"
	"cordon/marking/eu"
	"cordon/marking/europol"
	"cordon/marking/fr"
	"cordon/marking/nato"
	"cordon/marking/pap"
	"cordon/marking/tlp"
	"cordon/marking/uk"
	"cordon/marking/us"
)

// SchemeDir is the folder of the data directory whose .json files are schemes
// that the organisation has defined itself.
const SchemeDir = "schemes"

// maxSchemeFile bounds a scheme's file.
const maxSchemeFile = 1 << 20

// Schemes are the marking schemes in force: those that are built in, and after
// them those defined in the files (see docs/markings.md), in their order. A
// file that cannot be read, does not define a scheme, or defines one that does
// not go with the others (see Set.With) is Invalid.
func Schemes(files ...string) (*marking.Set, error) {
	all := []marking.Scheme{
		us.Scheme(), tlp.Scheme(), tlp.ChathamHouse(), pap.Scheme(), europol.Scheme(), nato.Scheme(), eu.Scheme(), uk.Scheme(),
		cui.Scheme(), de.Scheme(), fr.Scheme(), au.Scheme(), ca.Scheme(),
	}
	set := marking.NewSet(all...)
	for _, file := range files {
		text, err := readScheme(file)
		if err != nil {
			return nil, err
		}
		scheme, err := marking.Define(text)
		if err != nil {
			return nil, cordon.Errorf(cordon.KindInvalid, "the scheme in %s: %s", file, err)
		}
		if set, err = set.With(scheme); err != nil {
			return nil, cordon.Errorf(cordon.KindInvalid, "the scheme in %s: %s", file, err)
		}
	}
	return set, nil
}

func readScheme(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "the scheme's file %s cannot be read", file).Because(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSchemeFile+1))
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "the scheme's file %s cannot be read", file).Because(err)
	}
	if len(text) > maxSchemeFile {
		return nil, cordon.Errorf(cordon.KindTooLarge, "the scheme's file %s is larger than %d bytes", file, maxSchemeFile)
	}
	return text, nil
}

// SchemeFiles are the files in which schemes are defined for the data
// directory: those of its schemes folder, by name, and after them the others.
func SchemeFiles(dataDir string, others []string) []string {
	var files []string
	if dataDir != "" {
		// The only error is a malformed pattern, and this one is not.
		files, _ = filepath.Glob(filepath.Join(dataDir, SchemeDir, "*.json"))
		slices.Sort(files)
	}
	return append(files, others...)
}

func (c Config) schemes() (*marking.Set, error) {
	return Schemes(SchemeFiles(c.DataDir, c.SchemeFiles)...)
}
