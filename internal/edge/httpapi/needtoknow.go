package httpapi

import (
	"fmt"
	"slices"
	"strings"

	"cordon"
	"cordon/internal/usecase/needtoknow"
	"cordon/wire"
)

func (a *api) needToKnowRoutes() []route {
	return []route{
		serve(wire.ListGroups, a.groups),
		serve(wire.AddGroup, func(c *call, in wire.GroupDraft) (wire.Group, error) {
			return c.group(needtoknow.AddGroup(c.Context(), c.by, groupDraft(in)))
		}),
		serve(wire.ChangeGroup, func(c *call, in wire.GroupChange) (wire.Group, error) {
			id, err := c.groupOf(in.Group)
			if err != nil {
				return wire.Group{}, err
			}
			return c.group(needtoknow.ChangeGroup(c.Context(), c.by, id, groupDraft(in.GroupDraft)))
		}),
		serve(wire.ListNarrowings, a.narrowings),
		serve(wire.NarrowReport, func(c *call, in wire.ReportNarrowing) (wire.Narrowing, error) {
			id, err := c.reportOf(in.Report)
			if err != nil {
				return wire.Narrowing{}, err
			}
			to, err := c.narrowTo(in.NarrowingDraft)
			if err != nil {
				return wire.Narrowing{}, err
			}
			return narrowing(needtoknow.Report(c.Context(), c.by, id, to))
		}),
		serve(wire.NarrowArrangement, func(c *call, in wire.ArrangementNarrowing) (wire.Narrowing, error) {
			id, err := c.arrangementOf(in.Arrangement)
			if err != nil {
				return wire.Narrowing{}, err
			}
			to, err := c.narrowTo(in.NarrowingDraft)
			if err != nil {
				return wire.Narrowing{}, err
			}
			return narrowing(needtoknow.Arrangement(c.Context(), c.by, id, to))
		}),
	}
}

func (a *api) groups(c *call, in wire.Page) (wire.List[wire.Group], error) {
	groups, err := needtoknow.Groups(c.Context(), c.by)
	if err != nil {
		return wire.List[wire.Group]{}, err
	}
	var out []wire.Group
	for _, g := range groups {
		one, err := c.group(g, nil)
		if err != nil {
			return wire.List[wire.Group]{}, err
		}
		out = append(out, one)
	}
	key := func(g wire.Group) string { return g.Name + "\x00" + string(g.ID) }
	slices.SortFunc(out, func(a, b wire.Group) int { return strings.Compare(key(a), key(b)) })
	return cut(in, out, key), nil
}

func groupDraft(in wire.GroupDraft) needtoknow.GroupDraft {
	return needtoknow.GroupDraft{Name: in.Name, Everyone: in.Everyone, People: given(in.People)}
}

func (c *call) group(g needtoknow.Group, err error) (wire.Group, error) {
	if err != nil {
		return wire.Group{}, err
	}
	people, err := c.members(g.People)
	return wire.Group{ID: g.ID, Name: g.Name, Everyone: g.Everyone, People: people, Created: g.Created}, err
}

// groupOf finds a need-to-know group of the caller's organisation by id or name.
func (c *call) groupOf(name string) (cordon.ID, error) {
	if id := cordon.ID(name); id.Valid() || name == "" {
		return id, nil
	}
	groups, err := needtoknow.Groups(c.Context(), c.by)
	if err != nil {
		return "", err
	}
	for _, g := range groups {
		if g.Name == name {
			return g.ID, nil
		}
	}
	return "", cordon.ErrNotFound
}

func (c *call) narrowTo(in wire.NarrowingDraft) (to needtoknow.To, err error) {
	to.People = given(in.People)
	to.Group, err = c.groupOf(in.Group)
	return to, err
}

func (a *api) narrowings(c *call, in wire.Page) (wire.List[wire.Narrowing], error) {
	all, err := needtoknow.Narrowings(c.Context(), c.by)
	var out []wire.Narrowing
	for _, n := range all {
		one, _ := narrowing(n, nil)
		out = append(out, one)
	}
	key := func(n wire.Narrowing) string { return fmt.Sprintf("%020d%s", n.At.UnixMicro(), n.ID) }
	slices.SortFunc(out, func(a, b wire.Narrowing) int { return strings.Compare(key(a), key(b)) })
	return cut(in, out, key), err
}

func narrowing(n cordon.NeedToKnow, err error) (wire.Narrowing, error) {
	return wire.Narrowing{ID: n.ID, Group: n.Group, Report: n.Report, Arrangement: n.Arrangement, By: n.Person, At: n.At}, err
}
