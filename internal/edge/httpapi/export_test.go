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

// Needs are the scopes that each route needs all of; of open routes nil, and
// every scope where a route does not say.
func Needs() map[string]cordon.Scopes {
	all := make(map[string]cordon.Scopes)
	for _, r := range (&api{}).routes() {
		switch {
		case r.open:
			all[r.pattern] = nil
		case r.needs == anyScope:
			all[r.pattern] = cordon.Scopes{}
		case r.needs == everyScope, r.needs == "":
			all[r.pattern] = cordon.AllScopes()
		default:
			all[r.pattern] = cordon.Scopes{r.needs}
		}
	}
	return all
}
