package wire

import (
	"time"

	"cordon"
)

// WebhookNotice is the body of a webhook. Of a notice that is above the
// clearance of its channel there is only a text, which says nothing of it.
type WebhookNotice struct {
	ID      cordon.ID `json:"id,omitempty"`
	Created time.Time `json:"created,omitzero"`
	Marking string    `json:"marking,omitempty"`
	Text    string    `json:"text"`
}
