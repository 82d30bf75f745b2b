// Package settings reads the command line's configuration files.
package settings

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// MaxFile bounds a configuration file, in bytes.
const MaxFile = 1 << 20

// ErrUnknown is the error of a key that is no setting.
var ErrUnknown = errors.New("there is no setting")

// Setting is one setting of a file: its value, or values where it can be
// repeated, as a flag takes them, and the line it stands on.
type Setting struct {
	Values []string
	Line   int
}

// Parse reads the text of a configuration file: TOML, a key for each setting,
// with a list where it can be repeated. The name is for errors, which say the
// line and column. A key that is not known is ErrUnknown.
func Parse(name string, text []byte, known func(string) bool) (map[string]Setting, error) {
	if len(text) > MaxFile {
		return nil, fmt.Errorf("the configuration file %s is larger than %d bytes", name, MaxFile)
	}
	var values map[string]any
	if err := toml.Unmarshal(text, &values); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, column := at.Position()
			return nil, fmt.Errorf("%s:%d:%d: %s", name, line, column, strings.TrimPrefix(at.Error(), "toml: "))
		}
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "toml: "))
	}
	// Read again into nothing: the decoder then has a word, and with it the
	// place, for each key.
	var keys *toml.StrictMissingError
	strict := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := strict.Decode(&struct{}{}); err != nil && !errors.As(err, &keys) {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "toml: "))
	}
	out := map[string]Setting{}
	if keys == nil {
		return out, nil
	}
	for _, at := range keys.Errors {
		key := strings.Join(at.Key(), ".")
		line, column := at.Position()
		if !known(key) {
			return nil, fmt.Errorf("%s:%d:%d: %w %q", name, line, column, ErrUnknown, key)
		}
		texts, ok := valueTexts(values[key])
		if !ok {
			return nil, fmt.Errorf("%s:%d:%d: %s takes a text, a number, true or false, or a list of texts", name, line, column, key)
		}
		out[key] = Setting{texts, line}
	}
	return out, nil
}

// valueTexts gives a value of TOML as a flag takes it.
func valueTexts(value any) ([]string, bool) {
	switch v := value.(type) {
	case string:
		return []string{v}, true
	case bool:
		return []string{strconv.FormatBool(v)}, true
	case int64:
		return []string{strconv.FormatInt(v, 10)}, true
	case float64:
		return []string{strconv.FormatFloat(v, 'g', -1, 64)}, true
	case []any:
		texts := make([]string, len(v))
		for i, one := range v {
			text, ok := one.(string)
			if !ok {
				return nil, false
			}
			texts[i] = text
		}
		return texts, true
	}
	return nil, false
}
