package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

// name is a Named as people read it: its name, or its id where they may not
// know the name.
func name(n wire.Named) string {
	if n.Name != "" {
		return n.Name
	}
	return string(n.ID)
}

func names(all []wire.Named) string {
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = name(n)
	}
	return strings.Join(out, ", ")
}

func idList(ids []cordon.ID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return strings.Join(out, " ")
}

// findPerson gives the person named by id, by name in one's own organisation,
// or as ORG/Name.
func findPerson(ctx context.Context, api *client.Client, who string) (wire.Person, error) {
	orgs, who, err := whereToLook(ctx, api, who)
	if err != nil {
		return wire.Person{}, err
	}
	for _, org := range orgs {
		people, err := api.People(ctx, org)
		if cordon.KindOf(err) == cordon.KindNotFound {
			continue
		}
		if err != nil {
			return wire.Person{}, err
		}
		i := slices.IndexFunc(people, func(p wire.Person) bool { return p.Name == who || string(p.ID) == who })
		if i >= 0 {
			return people[i], nil
		}
	}
	return wire.Person{}, cordon.ErrNotFound
}

func whereToLook(ctx context.Context, api *client.Client, who string) (orgs []string, person string, err error) {
	if cordon.ID(who).Valid() {
		all, err := api.Organisations(ctx)
		for _, o := range all {
			orgs = append(orgs, string(o.ID))
		}
		return orgs, who, err
	}
	if org, person, ok := strings.Cut(who, "/"); ok {
		return []string{org}, person, nil
	}
	me, err := api.Me(ctx)
	return []string{string(me.Organisation.ID)}, who, err
}

// portionIDs checks the form of ids before anything is sent, so that a ref or
// a name in their place gets an answer that says so.
func portionIDs(texts []string) ([]cordon.ID, error) {
	ids := make([]cordon.ID, len(texts))
	for i, t := range texts {
		id, err := idArg("portion", t)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

func idArg(what, text string) (cordon.ID, error) {
	if id := cordon.ID(text); id.Valid() {
		return id, nil
	}
	return "", usagef("%q is not the id of %s: an id has 26 lower-case letters and digits", text, article(what))
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// instant reads a time given on the command line: a date, a date with its
// time and zone, or how long from now, such as 36h or 30d.
func instant(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	long := text
	days := strings.HasSuffix(long, "d")
	if days {
		long = strings.TrimSuffix(long, "d") + "h"
	}
	d, err := time.ParseDuration(long)
	if err != nil {
		return time.Time{}, usagef("--%s %q is not a time: give a date (2030-12-31), a time with its zone (2030-12-31T18:00:00Z), or how long from now (36h, 30d)", flag, text)
	}
	if days {
		d *= 24
	}
	return time.Now().UTC().Add(d), nil
}

// pairs reads flags of the form key=value.
func pairs(flag, form string, texts []string) ([][2]string, error) {
	out := make([][2]string, len(texts))
	for i, t := range texts {
		key, value, ok := strings.Cut(t, "=")
		if !ok || key == "" {
			return nil, usagef("--%s %q: write %s", flag, t, form)
		}
		out[i] = [2]string{key, value}
	}
	return out, nil
}
