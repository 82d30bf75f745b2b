// Package release asks owners for permission to give their information to a
// third party: requests, every owner's consent, and the grants that follow.
//
// A grant waives what its owner owns and nothing else (package access). A
// request has one part for each owner. An owner sees its own part and nothing of
// the others, not even how many there are, unless one lets the others know.
// The owners' permission takes effect when the requester releases the request, in
// the wording that they were asked for and no other.
package release

import (
	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
)

// asking is the deed of people who act for the organisation that asks.
var asking = []cordon.Role{cordon.RoleAuthor, cordon.RoleReleaseAuthority}

// record writes what happened to a part of a request into its owner's feed.
func record(c *act.Commit, did cordon.Act, r cordon.ReleaseRequest, part cordon.RequestPart, portions []cordon.ID) error {
	return c.Record(cordon.Entry{Act: did, Feed: part.Owner, Subject: part.ID, Portions: portions, Audience: r.Audience})
}

// notify sends a notice of the portions to the organisation.
func notify(c *act.Commit, org cordon.ID, portions []cordon.ID, text string) error {
	return notice.SendAbout(c, notice.Message{Org: org, Kind: cordon.NoticeRelease, Portions: portions, Text: text})
}

// listed is a page of a list.
type listed[T any] struct {
	items []T
	// more is whether there may be others after them.
	more bool
}
