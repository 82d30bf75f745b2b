package main

import (
	"net/netip"
	"strings"

	"github.com/spf13/cobra"
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
				return usagef("%q is no address and no range such as 10.0.0.0/8", one)
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

// where says what a command works on, as the global flags have it.
type where struct {
	data      string
	server    string
	postgres  string
	token     string
	tokenFile string
	key       string
	schemes   []string
}

// onlyData says that nothing but --data was given.
func (w where) onlyData() bool {
	return w.server+w.postgres+w.token+w.tokenFile+w.key == "" && len(w.schemes) == 0
}

func (c *cli) globalFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&c.where.data, "data", "", "work on this data `directory` (CORDON_DATA; ./cordon-data if it is there)")
	f.StringVar(&c.where.server, "server", "", "work against the server at this `URL` (CORDON_SERVER)")
	f.StringVar(&c.where.postgres, "postgres", "", "work on the PostgreSQL database at this `URL` (CORDON_POSTGRES); needs --key")
	f.StringVar(&c.where.token, "token", "", "act by this `token` (CORDON_TOKEN); on the command line other users of the machine can see it: rather use --token-file")
	f.StringVar(&c.where.tokenFile, "token-file", "", "act by the token in this `file`")
	f.StringVar(&c.where.key, "key", "", "`file` with the root key, where it does not lie in the data directory")
	f.StringArrayVar(&c.where.schemes, "scheme", nil, "`file` that defines a marking scheme of your own (CORDON_SCHEMES; repeatable); those in the data directory's schemes folder are in force anyway")
	f.BoolVar(&c.json, "json", false, "write JSON, for programs")
	root.MarkFlagsMutuallyExclusive("data", "server", "postgres")
	root.MarkFlagsMutuallyExclusive("token", "token-file")
}
