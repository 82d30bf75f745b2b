package httpapi

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/usecase/needtoknow"
	"cordon/wire"
)

func (a *api) groups(c *call) (any, error) {
	groups, err := needtoknow.Groups(c.Context(), c.by)
	if err != nil {
		return nil, err
	}
	var out []wire.Group
	for _, g := range groups {
		one, err := c.group(g)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	key := func(g wire.Group) string { return g.Name + "\x00" + string(g.ID) }
	slices.SortFunc(out, func(a, b wire.Group) int { return strings.Compare(key(a), key(b)) })
	return paged(c, out, key)
}

func (a *api) addGroup(c *call) (any, error) {
	return c.putGroup(func(draft needtoknow.GroupDraft) (needtoknow.Group, error) {
		return needtoknow.AddGroup(c.Context(), c.by, draft)
	})
}

func (a *api) changeGroup(c *call) (any, error) {
	id, err := c.groupOf(c.PathValue("group"))
	if err != nil {
		return nil, err
	}
	return c.putGroup(func(draft needtoknow.GroupDraft) (needtoknow.Group, error) {
		return needtoknow.ChangeGroup(c.Context(), c.by, id, draft)
	})
}

func (c *call) putGroup(put func(needtoknow.GroupDraft) (needtoknow.Group, error)) (any, error) {
	var in wire.GroupDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	draft := needtoknow.GroupDraft{Name: in.Name, Everyone: in.Everyone}
	var err error
	if draft.People, err = c.peopleOf(in.People); err != nil {
		return nil, err
	}
	g, err := put(draft)
	if err != nil {
		return nil, err
	}
	return c.group(g)
}

func (c *call) group(g needtoknow.Group) (wire.Group, error) {
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

func (a *api) narrowReport(c *call) (any, error) {
	return c.narrow("report", c.reportOf, needtoknow.Report)
}

func (a *api) narrowArrangement(c *call) (any, error) {
	return c.narrow("arrangement", c.arrangementOf, needtoknow.Arrangement)
}

func (c *call) narrow(in string, find func(string) (cordon.ID, error),
	narrow func(context.Context, act.Caller, cordon.ID, needtoknow.To) (cordon.NeedToKnow, error),
) (any, error) {
	var draft wire.NarrowingDraft
	if err := c.decode(&draft); err != nil {
		return nil, err
	}
	id, err := find(c.PathValue(in))
	if err != nil {
		return nil, err
	}
	var to needtoknow.To
	if to.Group, err = c.groupOf(draft.Group); err != nil {
		return nil, err
	}
	if to.People, err = c.peopleOf(draft.People); err != nil {
		return nil, err
	}
	out, err := narrow(c.Context(), c.by, id, to)
	return narrowing(out), err
}

func (a *api) narrowings(c *call) (any, error) {
	all, err := needtoknow.Narrowings(c.Context(), c.by)
	if err != nil {
		return nil, err
	}
	var out []wire.Narrowing
	for _, n := range all {
		out = append(out, narrowing(n))
	}
	key := func(n wire.Narrowing) string { return fmt.Sprintf("%020d%s", n.At.UnixMicro(), n.ID) }
	slices.SortFunc(out, func(a, b wire.Narrowing) int { return strings.Compare(key(a), key(b)) })
	return paged(c, out, key)
}

func narrowing(n cordon.NeedToKnow) wire.Narrowing {
	return wire.Narrowing{ID: n.ID, Group: n.Group, Report: n.Report, Arrangement: n.Arrangement, By: n.Person, At: n.At}
}
