package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cordon/cmd/cordon/internal/settings"
	"cordon/cmd/cordon/internal/tty"
)

// A setting is a global flag or one of serve. It can be given as the flag, in
// the environment (--log-level as CORDON_LOG_LEVEL) and in the configuration
// file (log-level). The first of these that has it rules.

// environmentPrefix begins the names of settings in the environment.
const environmentPrefix = "CORDON_"

// exclusive are settings of which one rules out the others. Where one is
// given, the others are not looked for at the levels below it.
var exclusive = [][]string{{"data", "server", "postgres"}, {"token", "token-file"}}

// notFromElsewhere, in a command's annotations, lists the global settings that
// it takes as flags alone; "all" for every one.
const notFromElsewhere = "flags-alone"

// A level is where a setting comes from.
type level string

const (
	byFlag        level = "flag"
	byEnvironment level = "environment"
	byFile        level = "file"
	byDefault     level = "default"
)

// origin says where a setting comes from: by name, the flag, the variable, or
// the file and line.
type origin struct {
	level level
	name  string
}

// environmentName is the name of a setting in the environment.
func environmentName(flag string) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// configure sets the settings that this command line does not give, from the
// environment and the configuration file.
func (c *cli) configure(cmd *cobra.Command) error {
	c.origins = map[string]origin{}
	alone := strings.Fields(cmd.Annotations[notFromElsewhere])
	var flags []*pflag.Flag
	serve := serveFlags(cmd.Root())
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		global := cmd.Root().PersistentFlags().Lookup(f.Name) != nil
		own := serve.Lookup(f.Name) != nil && (cmd.Name() == "serve" || cmd.Name() == "config")
		if f.Name != "help" && (global || own) {
			flags = append(flags, f)
		}
	})
	byName := map[string]*pflag.Flag{}
	for _, f := range flags {
		byName[f.Name] = f
		c.origins[f.Name] = origin{byDefault, ""}
		if f.Changed {
			c.origins[f.Name] = origin{byFlag, "--" + f.Name}
		}
	}
	if slices.Contains(alone, "all") {
		return nil
	}
	open := func(f *pflag.Flag) bool { return c.open(f.Name) && !slices.Contains(alone, f.Name) }

	var found []*pflag.Flag
	for _, f := range flags {
		if open(f) && c.env(environmentName(f.Name)) != "" {
			found = append(found, f)
		}
	}
	for _, f := range found {
		name := environmentName(f.Name)
		values := []string{c.env(name)}
		if _, several := f.Value.(pflag.SliceValue); several {
			values = filepath.SplitList(values[0])
		}
		if err := assign(f, values); err != nil {
			return usagef("%s: %w", name, err)
		}
		c.origins[f.Name] = origin{byEnvironment, name}
	}
	if err := c.oneOf("more than one of %s is set: keep one, or give %s", environmentName); err != nil {
		return err
	}

	if c.where.config == "" {
		return nil
	}
	file, err := c.readConfig(cmd.Root())
	if err != nil {
		return err
	}
	found = nil
	for _, f := range flags {
		if _, has := file[f.Name]; has && open(f) {
			found = append(found, f)
		}
	}
	for _, f := range found {
		given := file[f.Name]
		at := fmt.Sprintf("%s:%d", c.where.config, given.Line)
		if err := assign(f, c.relative(f, given.Values)); err != nil {
			return usagef("%s: %s: %w", at, f.Name, err)
		}
		c.origins[f.Name] = origin{byFile, at}
	}
	return c.oneOf("more than one of %s is set in "+c.where.config+": keep one, or give %s", func(name string) string { return name })
}

// strangers says which variables look like settings and are none, so that a
// misspelt one is not taken for one in force. It is no error: others give
// variables such names too, as an orchestrator that has a service called cordon.
func (c *cli) strangers() {
	for _, variable := range c.environ {
		name, _, _ := strings.Cut(variable, "=")
		setting := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, environmentPrefix)), "_", "-")
		if _, known := c.origins[setting]; !known && strings.HasPrefix(name, environmentPrefix) {
			c.err.Printf("%s the variable %s is no setting and changes nothing: cordon config lists the settings\n", c.err.Bold("cordon:"), tty.Clean(name))
		}
	}
}

// open reports whether neither the setting nor one that rules it out has been
// given.
func (c *cli) open(name string) bool {
	group := []string{name}
	for _, g := range exclusive {
		if slices.Contains(g, name) {
			group = g
		}
	}
	return !slices.ContainsFunc(group, func(name string) bool {
		o, known := c.origins[name]
		return known && o.level != byDefault
	})
}

// oneOf refuses two settings of which one rules the other out. Those that were
// given at a higher level have ruled it out already.
func (c *cli) oneOf(format string, name func(string) string) error {
	for _, group := range exclusive {
		var given, all, flags []string
		for _, s := range group {
			if o, known := c.origins[s]; known && o.level != byDefault {
				given = append(given, s)
			}
			all, flags = append(all, name(s)), append(flags, "--"+s)
		}
		if len(given) > 1 {
			return usagef(format, listed(all, "and"), listed(flags, "or"))
		}
	}
	return nil
}

// listed is the words with commas, and the last by a word of its own.
func listed(words []string, last string) string {
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// assign gives a setting its values, of which there is one unless it takes
// several, without making it a flag that was given.
func assign(f *pflag.Flag, values []string) error {
	if several, ok := f.Value.(pflag.SliceValue); ok {
		return several.Replace(values)
	}
	for _, value := range values {
		if err := f.Value.Set(value); err != nil {
			return badValue(f, value, err)
		}
	}
	return nil
}

// relative reads names of files in a configuration file from where that lies.
func (c *cli) relative(f *pflag.Flag, values []string) []string {
	_, isFile := f.Annotations[cobra.BashCompFilenameExt]
	_, isDir := f.Annotations[cobra.BashCompSubdirsInDir]
	if !isFile && !isDir {
		return values
	}
	out := make([]string, len(values))
	for i, value := range values {
		out[i] = value
		if value != "" && !filepath.IsAbs(value) {
			out[i] = filepath.Join(filepath.Dir(c.where.config), value)
		}
	}
	return out
}

// serveFlags are the flags of serve alone.
func serveFlags(root *cobra.Command) *pflag.FlagSet {
	for _, cmd := range root.Commands() {
		if cmd.Name() == "serve" {
			return cmd.LocalNonPersistentFlags()
		}
	}
	return pflag.NewFlagSet("", pflag.ContinueOnError)
}

func (c *cli) readConfig(root *cobra.Command) (map[string]settings.Setting, error) {
	name := c.where.config
	f, err := os.Open(c.path(name))
	if err != nil {
		return nil, usagef("the configuration file %s cannot be read: %w", name, errors.Unwrap(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, settings.MaxFile+1))
	if err != nil {
		return nil, usagef("the configuration file %s cannot be read: %w", name, err)
	}
	serve := serveFlags(root)
	file, err := settings.Parse(name, text, func(key string) bool {
		switch key {
		case "help", "config", "version":
			return false
		}
		return serve.Lookup(key) != nil || root.PersistentFlags().Lookup(key) != nil
	})
	switch {
	case errors.Is(err, settings.ErrUnknown):
		err = hint(usageError{err}, "cordon config lists the settings that there are")
	case err != nil:
		err = usageError{err}
	}
	return file, err
}

// inForce is a setting as cordon config shows it.
type inForce struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// From is flag, environment, file or default, and Source which of them.
	From   level  `json:"from"`
	Source string `json:"source,omitempty"`
}

func (c *cli) configCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show which settings are in force, and from where",
		Long: `Config shows every setting of serve, its value and where that comes from. It takes
the same flags, so that a change can be looked at before it is made. Secrets are
not shown. Where serve would not take them, it says why, and exits with 2.

A setting is given as a flag (--log-level info), in the environment
(CORDON_LOG_LEVEL=info), or in the configuration file that --config or
CORDON_CONFIG names (log-level = "info"). The first of these that has it rules. The
file is TOML. Lists such as trusted-proxy are written ["10.0.0.0/8"], and names of
files are taken from where it lies. In the environment, several ranges are separated
by commas, and several files as in PATH.`,
		Example: `  cordon config
  cordon config --config /etc/cordon/cordon.toml --json
  CORDON_LISTEN=127.0.0.1:9000 cordon config`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.resolve(); err == nil && c.where.data == defaultData && c.origins["data"].level == byDefault {
				c.origins["data"] = origin{byDefault, "it is there"}
			}
			c.strangers()
			_, refused := o.config(c)
			var all []inForce
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				if f.Name == "help" {
					return
				}
				from := c.origins[f.Name]
				all = append(all, inForce{f.Name, withoutSecrets(f), from.level, from.name})
			})
			err := showList(c, all, "", []string{"setting", "value", "from"}, func(s inForce) []string {
				from := s.Source
				switch {
				case s.From == byDefault && from != "":
					from = "default: " + from
				case s.From == byDefault:
					from = "default"
				}
				return []string{s.Name, s.Value, from}
			})
			if err == nil {
				err = refused
			}
			return err
		},
	}
	o.flags(cmd)
	return cmd
}

const notShown = "set, not shown"

// withoutSecrets is a setting's value as it may be shown: without tokens, and
// without the password in an address.
func withoutSecrets(f *pflag.Flag) string {
	value := f.Value.String()
	switch {
	case value == "":
		return ""
	case f.Name == "token":
		return notShown
	}
	if several, ok := f.Value.(pflag.SliceValue); ok {
		return strings.Join(several.GetSlice(), string(filepath.ListSeparator))
	}
	if mayHoldSecret := f.Name == "postgres" || f.Name == "smtp" || f.Name == "server"; !mayHoldSecret && !strings.Contains(value, "://") {
		return value
	}
	return withoutPassword(value)
}

// withoutPassword is an address without the password in it. Where an address is not one
// that can be taken apart for certain (without its scheme, or in another form, such as
// host=db password=…), nothing of it is shown; of a query, its names alone.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || u.Host == "" || u.Opaque != "" || strings.Contains(u.Host+u.Path+u.Fragment, "@") {
		return notShown
	}
	if u.RawQuery != "" {
		query, err := url.ParseQuery(u.RawQuery)
		if err != nil {
			return notShown
		}
		for name, values := range query {
			for i := range values {
				if !slices.Contains(harmless, strings.ToLower(name)) {
					values[i] = "xxxxx"
				}
			}
		}
		u.RawQuery = query.Encode()
	}
	return u.Redacted()
}

// harmless are parameters of a database's address that hold no secret.
var harmless = []string{"sslmode", "host", "port", "dbname", "user", "application_name", "connect_timeout", "search_path", "sslrootcert", "target_session_attrs", "pool_max_conns"}
