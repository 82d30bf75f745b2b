// Package strictjson decodes JSON that somebody decided something with. It takes
// one reading of a text alone: where encoding/json lets the last of two equal keys
// win and takes "MARKING" for "marking", two programs could see two markings in one
// text.
//
// It imports nothing of Cordon.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"
)

// KeyError says which key of an object is wrong.
type KeyError struct {
	Key string
	// Offset is that of the key's first byte in the text.
	Offset int64
	// Written is the key as it should be; empty where the key is given twice.
	Written string
}

func (e *KeyError) Error() string {
	key := e.Key
	if utf8.RuneCountInString(key) > 60 {
		key = string([]rune(key)[:60]) + "…"
	}
	if e.Written != "" {
		return fmt.Sprintf("the key %q is written %q here", key, e.Written)
	}
	return fmt.Sprintf("the key %q is given twice", key)
}

// ErrMore is the error of a text that goes on after its value.
var ErrMore = errors.New("something follows the JSON value")

// Unmarshal decodes the one value of the text as json.Unmarshal does, with its
// errors. It is an error besides where a key is not one of the struct's (also by
// the case of its letters), where one is given twice in an object (a KeyError), and
// where something follows the value. What an error leaves in into is not to be used.
//
// How deep values may lie in each other is bounded by encoding/json, at 10,000.
func Unmarshal(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return ErrMore
	}
	w := walk{dec: json.NewDecoder(bytes.NewReader(text)), text: text}
	return w.value(reflect.TypeOf(into))
}

// walk goes through a text that is known to be JSON.
type walk struct {
	dec  *json.Decoder
	text []byte
}

// value checks the keys of the next value, which is decoded into the type; nil
// where that is not known.
func (w *walk) value(t reflect.Type) error {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := w.dec.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return w.object(t)
	case json.Delim('['):
		if t != nil {
			if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
				t = t.Elem()
			} else {
				t = nil
			}
		}
		for w.dec.More() {
			if err := w.value(t); err != nil {
				return err
			}
		}
		_, err = w.dec.Token()
	}
	return err
}

func (w *walk) object(t reflect.Type) error {
	var members map[string]reflect.Type
	var all reflect.Type // of each member of a map
	if t != nil {
		switch t.Kind() {
		case reflect.Struct:
			members = membersOf(t)
		case reflect.Map:
			all = t.Elem()
		}
	}
	seen := make(map[string]bool)
	for w.dec.More() {
		at := w.offset()
		token, err := w.dec.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		if seen[key] {
			return &KeyError{Key: key, Offset: at}
		}
		seen[key] = true
		of := all
		if members != nil {
			known := false
			if of, known = members[key]; !known {
				// Decode took it, so it is one of them in other letters.
				return &KeyError{Key: key, Offset: at, Written: alike(members, key)}
			}
		}
		if err := w.value(of); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

// offset is where the next key begins.
func (w *walk) offset() int64 {
	at := w.dec.InputOffset()
	for at < int64(len(w.text)) && w.text[at] != '"' {
		at++
	}
	return at
}

func alike(members map[string]reflect.Type, key string) string {
	for name := range members {
		if strings.EqualFold(name, key) {
			return name
		}
	}
	return "otherwise"
}

// membersOf are the members that encoding/json decodes into a struct, with those of
// structs that are embedded; nil for a struct of which nothing can be said.
func membersOf(t reflect.Type) map[string]reflect.Type {
	members := make(map[string]reflect.Type)
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported(), f.Tag.Get("json") == "-", f.Anonymous && name == "":
			continue
		case name == "":
			name = f.Name
		}
		members[name] = f.Type
	}
	if len(members) == 0 {
		return nil
	}
	return members
}
