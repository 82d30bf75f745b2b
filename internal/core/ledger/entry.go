package ledger

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"cordon"
)

// The bounds of one entry. A list beyond its bound is refused, never cut.
const (
	// MaxEntryPortions bounds the portions of one entry: those of the
	// largest report, so that opening one is always one entry an owner.
	MaxEntryPortions = cordon.MaxPortions
	// MaxReasons bounds the reasons of one refusal.
	MaxReasons = 256
	// MaxReasonBytes bounds the name of one reason.
	MaxReasonBytes = 128

	maxActBytes = 64
)

// Append adds the entry to the ledger inside the caller's transaction: the
// act and its entry become durable together, or neither does. The entry takes
// its place in the tree at the next Integrate.
//
// The entry is brought into its canonical form first: an empty ID is drawn,
// At is turned to UTC and cut to whole microseconds, Reasons and Portions are
// sorted and rid of doubles. A list beyond its bound is TooLarge; any other
// malformed entry is a fault of the calling code and so Internal. The caller's
// slices are left as they are.
func Append(tx interface{ Append(cordon.Entry) error }, e cordon.Entry) error {
	e = canonical(e)
	if len(e.Portions) > MaxEntryPortions {
		return cordon.Errorf(cordon.KindTooLarge, "more than %d portions in one ledger entry", MaxEntryPortions)
	}
	if len(e.Reasons) > MaxReasons {
		return cordon.Errorf(cordon.KindTooLarge, "more than %d reasons in one ledger entry", MaxReasons)
	}
	if err := validate(e); err != nil {
		return cordon.Errorf(cordon.KindInternal, "a ledger entry was malformed").Because(err)
	}
	return tx.Append(e)
}

func canonical(e cordon.Entry) cordon.Entry {
	if e.ID == "" {
		e.ID = cordon.NewID()
	}
	e.At = e.At.UTC().Truncate(time.Microsecond)
	e.Reasons = set(e.Reasons)
	e.Portions = set(e.Portions)
	return e
}

// set is a sorted copy without doubles; nil when there is nothing in it.
func set[S ~string](list []S) []S {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// validate holds an entry to the form that its leaf promises: see Leaf.
func validate(e cordon.Entry) error {
	if !e.ID.Valid() {
		return errors.New("its id is not an id")
	}
	for _, id := range []cordon.ID{e.Feed, e.Actor, e.ActorOrg, e.Subject, e.Audience, e.Channel} {
		if id != "" && !id.Valid() {
			return errors.New("it names something by what is not an id")
		}
	}
	if y := e.At.Year(); e.At.IsZero() || y < 1 || y > 9999 {
		return errors.New("it has no time, or one that cannot be written")
	}
	if !e.At.Equal(e.At.Truncate(time.Microsecond)) {
		return errors.New("its time is finer than a microsecond")
	}
	if !isName(string(e.Act)) {
		return errors.New("its act is not the name of one")
	}
	if e.Role != "" && !isName(string(e.Role)) {
		return errors.New("its role is not the name of one")
	}
	if e.Outcome != cordon.OutcomeAllowed && e.Outcome != cordon.OutcomeRefused {
		return errors.New("its outcome is neither allowed nor refused")
	}
	if e.Words < 0 || int64(e.Words) > maxExact {
		return errors.New("its number of words is out of range")
	}
	return errors.Join(
		validateSet("reasons", e.Reasons, MaxReasons, isReason),
		validateSet("portions", e.Portions, MaxEntryPortions, cordon.ID.Valid),
	)
}

func validateSet[S ~string](what string, list []S, limit int, ok func(S) bool) error {
	if len(list) > limit {
		return fmt.Errorf("it has more than %d %s", limit, what)
	}
	for i, s := range list {
		if !ok(s) {
			return fmt.Errorf("one of its %s has not the form of one", what)
		}
		if i > 0 && list[i-1] >= s {
			return fmt.Errorf("its %s are not sorted and distinct", what)
		}
	}
	return nil
}

// isName reports whether s is lower-case letters and hyphens.
func isName(s string) bool {
	for _, c := range []byte(s) {
		if c != '-' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= maxActBytes
}

// isReason reports whether s is printable ASCII that JSON never escapes. With
// that, no string of a leaf has two spellings.
func isReason(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return s != "" && len(s) <= MaxReasonBytes
}
