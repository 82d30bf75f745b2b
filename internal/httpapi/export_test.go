package httpapi

import "cordon"

// Patterns are the patterns of all routes.
func Patterns() []string {
	var all []string
	for _, r := range (&api{}).routes() {
		all = append(all, r.pattern)
	}
	return all
}

// AnswerRow is the row in which the answer to a request under a key lies.
func AnswerRow(person cordon.ID, key string) []byte {
	return keyed{slot: slot(person, key)}.row("answer")
}
