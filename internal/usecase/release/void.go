package release

import (
	"fmt"
	"time"

	"cordon"
	"cordon/internal/core/act"
)

// VoidRequests ends the requests and grants for the portions of a report whose
// wording was just changed: open requests, and released ones with a grant that
// still runs. Nobody permitted the new wording. Owners and requester are told,
// and the audience loses the old wording in the same act.
func VoidRequests(c *act.Commit, portions []cordon.ID) error {
	requests, err := c.Tx.RequestsOf(portions)
	if err != nil {
		return err
	}
	for _, r := range requests {
		parts, err := c.Tx.Parts(r.ID)
		if err != nil {
			return err
		}
		live, err := liveGrants(c, parts)
		if err != nil {
			return err
		}
		if !r.OpenAt(c.Now) && len(live) == 0 {
			continue
		}
		if err := void(c, r, parts, live); err != nil {
			return err
		}
	}
	return nil
}

// liveGrants are the grants made for the parts that still run.
func liveGrants(c *act.Commit, parts []cordon.RequestPart) ([]cordon.Grant, error) {
	var live []cordon.Grant
	for _, part := range parts {
		if part.Grant == "" {
			continue
		}
		g, err := c.Tx.Grant(part.Grant)
		if err != nil {
			return nil, err
		}
		if g.LiveAt(c.Now) {
			live = append(live, g)
		}
	}
	return live, nil
}

// void ends one request with the grants of it that run.
func void(c *act.Commit, r cordon.ReleaseRequest, parts []cordon.RequestPart, live []cordon.Grant) error {
	r.Voided, r.Remind = c.Now, time.Time{}
	if err := c.Tx.PutRequestState(r); err != nil {
		return err
	}
	for _, g := range live {
		if err := EndGrant(c, g, "revised"); err != nil {
			return err
		}
	}
	for _, part := range parts {
		part.State = cordon.PartVoid
		if err := c.Tx.PutPart(part); err != nil {
			return err
		}
		if err := record(c, cordon.ActVoid, r, part, part.Portions); err != nil {
			return err
		}
		text := fmt.Sprintf("Part %s of a release request is void: the wording was changed after you were asked.", part.ID)
		if err := notify(c, part.Owner, part.Portions, text); err != nil {
			return err
		}
	}
	if err := c.Record(cordon.Entry{Act: cordon.ActVoid, Feed: r.Org, Subject: r.ID, Audience: r.Audience}); err != nil {
		return err
	}
	text := fmt.Sprintf("Release request %s is void: the wording was changed after it was asked for. Ask again.", r.ID)
	return notify(c, r.Org, r.Portions, text)
}
