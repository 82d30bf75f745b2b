package main

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"cordon/cmd/cordon/internal/tty"
)

// TestEverySettingIsShown holds that cordon config knows all that serve takes,
// and that each has a name of its own in the environment and its help.
func TestEverySettingIsShown(t *testing.T) {
	c := &cli{out: &tty.Screen{Writer: &strings.Builder{}}, err: &tty.Screen{Writer: &strings.Builder{}}, env: none}
	root := c.root()
	config, _, err := root.Find([]string{"config"})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	n := 0
	serveFlags(root).VisitAll(func(f *pflag.Flag) {
		n++
		if config.Flags().Lookup(f.Name) == nil {
			t.Errorf("cordon config does not know --%s", f.Name)
		}
		name := environmentName(f.Name)
		if other, taken := names[name]; taken {
			t.Errorf("--%s and --%s are both %s", f.Name, other, name)
		}
		names[name] = f.Name
	})
	if n < 20 || names["CORDON_LOG_LEVEL"] != "log-level" {
		t.Errorf("serve has %d settings: %v", n, names)
	}
}
