package release

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
)

// remindAt is the part of a request's time that is left when owners who have
// not decided are reminded: a quarter.
const remindAt = 4

// remindBatch is how many requests are looked up at once.
const remindBatch = 100

// Remind reminds the owners that have not decided, once, of every request of
// which little time is left. It gives how many requests it handled. Several
// nodes can do it at the same time, and each can be killed: the reminder and
// its notices are written together or not at all.
func Remind(ctx context.Context, base *act.Base) (int, error) {
	by, deed := base.Itself(), act.ByAnyone(cordon.ActNotify)
	seen := 0
	for {
		due, err := act.Read(ctx, by, deed, func(s *act.Snapshot) ([]cordon.ReleaseRequest, error) {
			return s.Tx.RequestsToRemind(s.Now, remindBatch)
		})
		if err != nil || len(due) == 0 {
			return seen, err
		}
		for _, r := range due {
			reminded, err := act.Do(ctx, by, deed, func(s *act.Snapshot) (reminder, error) { return toRemind(s, r.ID) }, remind)
			if err != nil {
				return seen, err
			}
			if reminded {
				seen++
			}
		}
	}
}

// reminder is a request that is due, and those of its parts that wait.
type reminder struct {
	request cordon.ReleaseRequest
	waiting []cordon.RequestPart
	due     bool
}

func toRemind(s *act.Snapshot, id cordon.ID) (reminder, error) {
	request, err := s.Tx.Request(id)
	if err != nil || request.Remind.IsZero() { // another node has seen to it
		return reminder{}, err
	}
	parts, err := s.Tx.Parts(id)
	request.Remind = time.Time{}
	return reminder{request, slices.DeleteFunc(parts, decided), true}, err
}

// remind reports whether it has told anybody.
func remind(c *act.Commit, r reminder) (bool, error) {
	if !r.due {
		return false, nil
	}
	if err := c.Tx.PutRequestState(r.request); err != nil || !r.request.OpenAt(c.Now) {
		return false, err
	}
	for _, part := range r.waiting {
		text := fmt.Sprintf("Part %s of a release request waits for you still: it lapses on %s.", part.ID, r.request.Expires.Format(time.DateOnly))
		if err := notify(c, part.Owner, part.Portions, text); err != nil {
			return false, err
		}
	}
	return true, nil
}
