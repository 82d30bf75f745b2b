package openapi

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"cordon"
	"cordon/wire"
)

// schemas makes the schemas of types and collects those that have a name.
type schemas struct {
	comments  comments
	reflector *jsonschema.Reflector
	defined   map[string]*jsonschema.Schema
	// types are those that the names stand for.
	types map[string]reflect.Type
}

func newSchemas(c comments) *schemas {
	s := &schemas{comments: c, defined: map[string]*jsonschema.Schema{}, types: map[string]reflect.Type{}}
	s.reflector = &jsonschema.Reflector{
		Anonymous: true, Namer: s.name, Mapper: s.known,
		LookupComment: func(t reflect.Type, field string) string {
			if field == "" {
				return c.of(t)
			}
			return c.named(t, field)
		},
	}
	return s
}

// name is the name of the schema of a type: of a list of them, their own and
// List. Two types of one name would be one schema.
func (s *schemas) name(t reflect.Type) string {
	name := t.Name()
	if kind, of, ok := strings.Cut(strings.TrimSuffix(name, "]"), "["); ok {
		name = of[strings.LastIndexByte(of, '.')+1:] + kind
	}
	if other, ok := s.types[name]; ok && other != t && name != "" {
		panic("openapi: two types are called " + name)
	}
	s.types[name] = t
	return name
}

// known are the schemas that do not follow from the form of a type: ids, closed
// sets, and types that write their JSON themselves.
func (s *schemas) known(t reflect.Type) *jsonschema.Schema {
	var of *jsonschema.Schema
	switch {
	case t == reflect.TypeFor[cordon.ID]():
		of = &jsonschema.Schema{Type: "string", Pattern: "^[a-km-np-z2-9]{26}$"}
	case t == reflect.TypeFor[cordon.ReadIn]():
		// Its object has the fields of the type, which is never written so.
		object := s.reflect(reflect.TypeFor[struct {
			Compartment string `json:"compartment"`
			From        string `json:"from,omitzero" jsonschema:"format=date-time"`
			Until       string `json:"until,omitzero" jsonschema:"format=date-time"`
		}]())
		of = &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "string"}, object}}
	case t == reflect.TypeFor[json.RawMessage]():
		return &jsonschema.Schema{Type: "object"}
	case t.Kind() == reflect.String && s.comments.set(t) != nil:
		of = &jsonschema.Schema{Type: "string", Enum: s.comments.set(t)}
	default:
		return nil
	}
	of.Description = s.comments.of(t)
	s.defined[s.name(t)] = of
	return &jsonschema.Schema{Ref: "#/$defs/" + s.name(t)}
}

// reflect makes the schema of a type.
func (s *schemas) reflect(t reflect.Type) *jsonschema.Schema {
	of := s.reflector.ReflectFromType(t)
	for name, def := range of.Definitions {
		s.defined[name] = def
	}
	of.Definitions, of.Version = nil, ""
	return of
}

// of is the schema of a type, or the reference to it.
func (s *schemas) of(t reflect.Type) *jsonschema.Schema {
	of := s.reflect(t)
	if t == reflect.TypeFor[wire.ArrangementAfter]() {
		s.defined[t.Name()].Required = nil // or nothing at all
	}
	return of
}

// body is the schema of the body of a request: where the request has it of one
// struct that it embeds, that of the struct.
func (s *schemas) body(t reflect.Type) *jsonschema.Schema {
	var bodies []reflect.Type
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("json") == "-" || f.Anonymous && !inBody(f.Type) {
			continue
		}
		if !f.Anonymous {
			return s.of(t)
		}
		bodies = append(bodies, f.Type)
	}
	if len(bodies) == 1 {
		return s.of(bodies[0])
	}
	return s.of(t)
}

func inBody(t reflect.Type) bool {
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous && f.Tag.Get("json") != "-" {
			return true
		}
	}
	return false
}

// parameter is the schema of a field that is a parameter.
func (s *schemas) parameter(f reflect.StructField) any {
	switch {
	case f.Type == reflect.TypeFor[time.Time]():
		return object{"type": "string", "description": "A date, or a date and time (RFC 3339)."}
	case f.Tag.Get("enum") != "":
		return object{"type": "string", "enum": strings.Split(f.Tag.Get("enum"), ",")}
	case f.Type.Kind() == reflect.Int, f.Type.Kind() == reflect.Int64:
		of := object{"type": "integer", "minimum": 0}
		for keyword, tag := range map[string]string{"minimum": "min", "maximum": "max", "default": "default"} {
			if n, err := strconv.Atoi(f.Tag.Get(tag)); err == nil {
				of[keyword] = n
			}
		}
		return of
	}
	return s.reflect(f.Type)
}
