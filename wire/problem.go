package wire

import (
	"strings"

	"cordon"
)

// Problem is an error as the API gives it: an RFC 9457 problem details object.
type Problem struct {
	// Type is "urn:cordon:error:" and the kind.
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail is the message, fit to be shown to the person who asked.
	Detail string `json:"detail"`
	// Instance is "urn:cordon:request:" and the number under which the
	// server logged an internal error; empty for all other kinds.
	Instance string         `json:"instance,omitempty"`
	Issues   []cordon.Issue `json:"issues,omitempty"`
}

// ProblemType is the beginning of every problem's type; the kind follows.
const ProblemType = "urn:cordon:error:"

// Err is the problem as the error every method gives.
func (p Problem) Err() *cordon.Error {
	kind := cordon.KindInternal
	name := strings.TrimPrefix(p.Type, ProblemType)
	for k := cordon.KindInternal; k <= cordon.KindUnavailable; k++ {
		if k.String() == name {
			kind = k
		}
	}
	return cordon.Errorf(kind, "%s", p.Detail).With(p.Issues...)
}
