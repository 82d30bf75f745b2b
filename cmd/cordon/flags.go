package main

import (
	"net/netip"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// prefixes is a flag that takes ranges of addresses, or addresses, one at a time
// or several with commas between them.
type prefixes struct{ of *[]netip.Prefix }

// Set implements pflag.Value.
func (r *prefixes) Set(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		one = strings.TrimSpace(one)
		prefix, err := netip.ParsePrefix(one)
		if err != nil {
			addr, err := netip.ParseAddr(one)
			if err != nil {
				return usagef("%q is neither an address nor a range: write 10.0.0.7 or 10.0.0.0/8", one)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		*r.of = append(*r.of, prefix.Masked())
	}
	return nil
}

// String implements pflag.Value.
func (r *prefixes) String() string {
	if r.of == nil {
		return ""
	}
	texts := make([]string, len(*r.of))
	for i, p := range *r.of {
		texts[i] = p.String()
	}
	return strings.Join(texts, ",")
}

// Type implements pflag.Value.
func (r *prefixes) Type() string { return "range" }

// where says on which installation a command works, by the global flags.
type where struct {
	data      string
	server    string
	postgres  string
	token     string
	tokenFile string
	key       string
	schemes   []string
	config    string
}

// onlyData says that nothing but --data was given.
func (w where) onlyData() bool {
	return w.server+w.postgres+w.token+w.tokenFile+w.key+w.config == "" && len(w.schemes) == 0
}

func (c *cli) globalFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&c.where.data, "data", "", "work on this data `directory` (./cordon-data if it is there)")
	f.StringVar(&c.where.server, "server", "", "work against the server at this `URL`")
	f.StringVar(&c.where.postgres, "postgres", "", "work on the PostgreSQL database at this `URL`; needs --key")
	f.StringVar(&c.where.token, "token", "", "act by this `token`; other users of the machine can see it on the command line, so rather use --token-file")
	f.StringVar(&c.where.tokenFile, "token-file", "", "act by the token in this `file`")
	f.StringVar(&c.where.key, "key", "", "`file` with the root key, where it does not lie in the data directory")
	f.StringArrayVar(&c.where.schemes, "scheme", nil, "`file` that defines a marking scheme of your own (repeatable); those in the data directory's schemes folder are in force anyway")
	f.StringVar(&c.where.config, "config", "", "`file` with settings, in TOML: see cordon config")
	f.BoolVar(&c.json, "json", false, "write JSON, for programs")
	namesFiles(f, "token-file", "key", "scheme", "config")
	namesDirectory(f, "data")
	root.MarkFlagsMutuallyExclusive("data", "server", "postgres")
	root.MarkFlagsMutuallyExclusive("token", "token-file")
}

// namesFiles says of flags that they take the name of a file: a shell completes
// them so, and a configuration file's are taken from where it lies.
func namesFiles(f *pflag.FlagSet, flags ...string) { annotate(f, cobra.BashCompFilenameExt, flags) }

// namesDirectory says likewise that they take the name of a directory.
func namesDirectory(f *pflag.FlagSet, flags ...string) {
	annotate(f, cobra.BashCompSubdirsInDir, flags)
}

func annotate(f *pflag.FlagSet, key string, flags []string) {
	for _, name := range flags {
		if err := f.SetAnnotation(name, key, []string{}); err != nil {
			panic("cordon: a flag that is not there names files: " + err.Error())
		}
	}
}
