package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says in Cordon's words which flag was not understood, and what it
// takes.
func flagError(cmd *cobra.Command, err error) error {
	var absent *pflag.NotExistError
	var valueless *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &absent) && absent.GetSpecifiedShortnames() != "":
		return hint(usagef("there is no flag -%s", absent.GetSpecifiedName()), "%s --help lists the flags", cmd.CommandPath())
	case errors.As(err, &absent):
		return hint(usagef("there is no flag --%s", absent.GetSpecifiedName()), "%s --help lists the flags", cmd.CommandPath())
	case errors.As(err, &valueless):
		return usagef("the flag --%s needs a value: %s", valueless.GetFlag().Name, takes(valueless.GetFlag()))
	case errors.As(err, &invalid):
		return usagef("--%s: %w", invalid.GetFlag().Name, badValue(invalid.GetFlag(), invalid.GetValue(), invalid.Unwrap()))
	}
	return usageError{err}
}

// unknown is how the library says that there is no such command, and what it may be a
// slip for.
var unknown = regexp.MustCompile(`(?s)^unknown command "(.*?)" for "(.*?)"(?:.*Did you mean this\?\n\t(\S+))?`)

// unknownCommand says in Cordon's words that there is no such command. Any other error
// stays as it is.
func unknownCommand(err error) error {
	if err == nil {
		return nil
	}
	found := unknown.FindStringSubmatch(err.Error())
	if found == nil {
		return err
	}
	said := usagef("there is no command %q: see %s --help", found[2]+" "+found[1], found[2])
	if found[3] != "" {
		return hint(said, "perhaps %s %s", found[2], found[3])
	}
	return said
}

// badValue says that a flag does not take the value.
func badValue(f *pflag.Flag, value string, cause error) error {
	if kinds[f.Value.Type()] != "" {
		return fmt.Errorf("%q is no value for it: give %s", value, takes(f))
	}
	return fmt.Errorf("%q is no value for it: %w", value, cause)
}

// kinds are the types of flags whose values the library reads, in words.
var kinds = map[string]string{
	"bool": "true or false", "int": "a whole number", "int64": "a whole number", "uint64": "a whole number",
	"float64": "a number", "duration": "a time such as 90m or 72h",
}

// takes is the sort of value that a flag takes.
func takes(f *pflag.Flag) string {
	if kind := kinds[f.Value.Type()]; kind != "" {
		return kind
	}
	name, _ := pflag.UnquoteUsage(f)
	return name
}

// flagsError says in Cordon's words which flags are missing or do not go together.
// The library says it as text alone, so that text of another form stays as it is.
func flagsError(err error) error {
	if err == nil {
		return nil
	}
	var lines []string
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimSpace(line)
		for _, form := range flagForms {
			if found := form.library.FindStringSubmatch(line); found != nil {
				line = form.ours(found[1:])
				break
			}
		}
		lines = append(lines, line)
	}
	return usageError{errors.New(strings.Join(lines, "; "))}
}

var flagForms = []struct {
	library *regexp.Regexp
	ours    func(groups []string) string
}{
	{regexp.MustCompile(`^required flag\(s\) (.*) not set$`), func(g []string) string {
		return "give " + flagNames(strings.NewReplacer(`"`, "", ",", "").Replace(g[0]), "and")
	}},
	{regexp.MustCompile(`^at least one of the flags in the group \[(.*)\] is required$`), func(g []string) string {
		return "give one of " + flagNames(g[0], "and")
	}},
	{regexp.MustCompile(`^if any flags in the group \[(.*)\] are set none of the others can be; \[(.*)\] were all set$`), func(g []string) string {
		return "give only one of " + flagNames(g[1], "and")
	}},
	{regexp.MustCompile(`^if any flags in the group \[(.*)\] are set they must all be set; missing \[(.*)\]$`), func(g []string) string {
		return flagNames(g[0], "and") + " go together: " + flagNames(g[1], "and") + " is missing"
	}},
}

func flagNames(names, last string) string {
	words := strings.Fields(names)
	for i, name := range words {
		words[i] = "--" + name
	}
	if len(words) == 1 {
		return words[0]
	}
	return listed(words, last)
}

// sayUsage has every command say what is wrong with the number of its arguments,
// and how it is called.
func sayUsage(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		sayUsage(sub)
	}
	fits := cmd.Args
	if fits == nil || !cmd.Runnable() || cmd.HasSubCommands() {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := fits(cmd, args)
		if err == nil {
			return nil
		}
		return hint(argumentsError(fits, cmd, args, err), "%s", cmd.UseLine())
	}
}

// mostMissing is how many arguments more are tried to see whether some are missing.
const mostMissing = 3

func argumentsError(fits cobra.PositionalArgs, cmd *cobra.Command, args []string, err error) error {
	if usage := (usageError{}); errors.As(err, &usage) {
		return err // the command's own words
	}
	for missing := 1; missing <= mostMissing; missing++ {
		if fits(cmd, make([]string, len(args)+missing)) == nil {
			return usagef("%s needs %d more %s", cmd.CommandPath(), missing, plural(missing, "argument", "arguments"))
		}
	}
	for taken := len(args) - 1; taken >= 0; taken-- {
		if fits(cmd, args[:taken]) == nil {
			return usagef("%s does not take the argument %q", cmd.CommandPath(), args[taken])
		}
	}
	return usageError{err}
}
