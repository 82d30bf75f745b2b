package access

import (
	"slices"

	"cordon"
)

// AsNarrow reports whether rule admits nobody whom source does not admit, whoever is
// cleared, read in and of which community, and whatever owners grant. Where it does not,
// a text under rule that repeats one under source is freer than that. Each condition of
// source has to stand in rule itself: an owner's policy as that owner's, since another
// owner's grants would waive another's. What holds only for a while is left out.
func AsNarrow(rule, source cordon.Rule) bool {
	if len(rule.Owners) == 0 {
		return true
	}
	return all(source.Levels, func(l cordon.Level) bool {
		return slices.ContainsFunc(rule.Levels, func(has cordon.Level) bool { return has.Scheme == l.Scheme && has.Rank >= l.Rank })
	}) && all(source.ReadIns, func(r string) bool {
		return slices.Contains(rule.ReadIns, r)
	}) && all(source.Audience, func(a cordon.Audience) bool {
		return slices.ContainsFunc(rule.Audience, func(has cordon.Audience) bool {
			return among(has.Countries, a.Countries) && among(has.Communities, a.Communities)
		})
	}) && all(slices.Concat(source.Owners, source.Within), func(p cordon.OwnerPolicy) bool {
		return p.Anyone || slices.ContainsFunc(slices.Concat(rule.Owners, rule.Within), func(has cordon.OwnerPolicy) bool { return asNarrow(has, p) })
	}) && (!source.Circled || rule.Circled && among(rule.Circle, source.Circle)) &&
		all(source.Narrowed, func(n cordon.Narrowing) bool { return slices.Contains(rule.Narrowed, n) })
}

func all[T any](list []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(list, func(x T) bool { return !holds(x) })
}

func among[T ~string](some, of []T) bool {
	return all(some, func(x T) bool { return slices.Contains(of, x) })
}

// asNarrow reports whether policy, of the same owner, admits nobody whom wide does not.
func asNarrow(policy, wide cordon.OwnerPolicy) bool {
	return policy.Owner == wide.Owner && !policy.Anyone && (policy.ShownOnly || !wide.ShownOnly) &&
		among(policy.Communities, wide.Communities) && (wide.Clients || !policy.Clients) &&
		all(policy.Recipients, func(id cordon.ID) bool { return slices.Contains(wide.Recipients, id) })
}
