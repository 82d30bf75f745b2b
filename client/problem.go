package client

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"

	"cordon"
	"cordon/wire"
)

// problemOf reads an error; one that is not a problem document comes from
// something between here and Cordon.
func problemOf(res *http.Response, body []byte) error {
	var p wire.Problem
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if media == "application/problem+json" && json.Unmarshal(body, &p) == nil && strings.HasPrefix(p.Type, wire.ProblemType) {
		return p.Err()
	}
	return cordon.Errorf(cordon.KindUnavailable, "the server answered %s, which is not an answer of Cordon", res.Status)
}
