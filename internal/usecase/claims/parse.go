package claims

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"cordon"
	"cordon/internal/strictjson"
)

// Parse reads a whole record in its JSON form: an object with the lists
// propositions, sources and statements. The keys about, incident, expect and
// why beside them are for people and are passed over; any other key, here or
// in an item, is a mistake and is named. It does not Validate. Its errors are
// Invalid, or TooLarge beyond cordon.MaxFileBytes.
func Parse(data []byte) (Record, error) {
	if len(data) > cordon.MaxFileBytes {
		return Record{}, cordon.Errorf(cordon.KindTooLarge, "a public record of more than %d bytes", cordon.MaxFileBytes)
	}
	if !utf8.Valid(data) {
		return Record{}, cordon.Errorf(cordon.KindInvalid, "the public record is not valid UTF-8")
	}
	var file struct {
		Propositions []json.RawMessage `json:"propositions"`
		Sources      []json.RawMessage `json:"sources"`
		Statements   []json.RawMessage `json:"statements"`
		About        any               `json:"about"`
		Incident     any               `json:"incident"`
		Expect       any               `json:"expect"`
		Why          any               `json:"why"`
	}
	if err := strictjson.Unmarshal(data, &file); err != nil {
		return Record{}, malformed("the public record", err)
	}
	var r Record
	var err error
	if r.Propositions, err = items[Proposition]("proposition", file.Propositions); err != nil {
		return Record{}, err
	}
	if r.Sources, err = items[Source]("source", file.Sources); err != nil {
		return Record{}, err
	}
	if r.Statements, err = items[Statement]("statement", file.Statements); err != nil {
		return Record{}, err
	}
	return r, nil
}

func items[T Proposition | Source | Statement](kind string, raw []json.RawMessage) ([]T, error) {
	if len(raw) > MaxItems {
		return nil, cordon.Errorf(cordon.KindTooLarge, "more than %d %ss in one incident", MaxItems, kind)
	}
	list := make([]T, len(raw))
	for i, data := range raw {
		if err := strictjson.Unmarshal(data, &list[i]); err != nil {
			return nil, malformed(fmt.Sprintf("%s %d", kind, i+1), err)
		}
	}
	return list, nil
}

// malformed puts the decoder's complaint into the words of the format.
func malformed(what string, err error) error {
	problem := strings.TrimPrefix(err.Error(), "json: ")
	var date *time.ParseError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &date):
		problem = "published is not a date with its zone, as in 2006-01-02T15:04:05+01:00"
	case errors.As(err, &kind):
		problem = fmt.Sprintf("%s cannot be a JSON %s", kind.Field, kind.Value)
	case errors.Is(err, io.EOF):
		problem = "it is empty"
	}
	return cordon.Errorf(cordon.KindInvalid, "%s cannot be read: %s", what, problem).Because(err)
}
