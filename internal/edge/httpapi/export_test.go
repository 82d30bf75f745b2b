package httpapi

import (
	"cordon"
	"cordon/wire"
)

// Statuses are the HTTP statuses of the kinds of error.
var Statuses = statuses

// AnswerRow is the row in which the answer to a request under a key lies.
func AnswerRow(person cordon.ID, key string) []byte {
	return keyed{slot: slot(person, key)}.row("answer")
}

// Needs are the scopes that an operation needs all of; nil of an open one.
func Needs(d wire.Declaration) cordon.Scopes {
	switch d.Scope {
	case wire.Open:
		return nil
	case wire.Any:
		return cordon.Scopes{}
	case wire.Every, "":
		return cordon.AllScopes()
	}
	return cordon.Scopes{d.Scope}
}
