package cordon

import "time"

// EmergencyPart is one owner's part of an emergency release: portions of its
// own that a named authority released without its consent because life was in
// imminent danger, as their arrangement provides. The owner reviews it. Until
// then it is listed, also when the grant has ended. An owner sees its own
// part and nothing of the others.
type EmergencyPart struct {
	ID ID
	// Release is the same for all parts of one emergency release.
	Release ID
	Owner   ID
	// By released it, a person of the organisation Org.
	By  ID
	Org ID
	// Audience is the organisation it was released to.
	Audience ID
	Portions []ID
	// Reason is why, sealed under the owner's key.
	Reason Sealed
	// Grant was made on the owner's behalf. Until is its end as it was made,
	// by which the owner should have reviewed it.
	Grant   ID
	Created time.Time
	Until   time.Time
	State   EmergencyState
	// Reviewer and Reviewed are set with the review.
	Reviewer ID
	Reviewed time.Time
	// Note is the reviewer's, sealed under the owner's key.
	Note Sealed
}

// EmergencyState is how an owner's part of an emergency release stands.
type EmergencyState string

// The states of a part of an emergency release.
const (
	EmergencyAwaitsReview EmergencyState = "awaits-review"
	// EmergencyUpheld: the owner lets it stand, until its end or until a date.
	EmergencyUpheld EmergencyState = "upheld"
	// EmergencyOverruled: the owner ended it.
	EmergencyOverruled EmergencyState = "overruled"
)

// Overdue reports whether the end of the part has passed without the owner's
// review.
func (p EmergencyPart) Overdue(now time.Time) bool {
	return p.State == EmergencyAwaitsReview && !now.Before(p.Until)
}
