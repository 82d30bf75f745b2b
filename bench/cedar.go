package bench

import (
	"fmt"
	"strconv"

	"github.com/cedar-policy/cedar-go"

	"cordon"
	"cordon/internal/core/access"
)

// cedarPolicy asks the question in one permit. A condition that a rule does
// not make is an attribute that its entity does not have.
const cedarPolicy = `
permit (principal, action, resource) when {
	resource.owned && !principal.suspended &&
	principal.us >= resource.us && principal.nato >= resource.nato &&
	principal.readIns.containsAll(resource.readIns) &&
	(!(resource has audience0) || resource.audience0.containsAny(principal.affiliations)) &&
	(!(resource has audience1) || resource.audience1.containsAny(principal.affiliations)) &&
	(!(resource has owner0) || resource.owner0.containsAny(principal.memberships)) &&
	(!(resource has owner1) || resource.owner1.containsAny(principal.memberships)) &&
	(!(resource has circle) || resource.circle.contains(principal.id))
};`

// newCedar has rules and readers as entities, made beforehand.
func newCedar(w *world) (func(int) bool, error) {
	policies, err := cedar.NewPolicySetFromBytes("cordon.cedar", []byte(cedarPolicy))
	if err != nil {
		return nil, err
	}
	entities := cedar.EntityMap{}
	add := func(kind cedar.EntityType, i int, attributes cedar.RecordMap) cedar.EntityUID {
		uid := cedar.NewEntityUID(kind, cedar.String(strconv.Itoa(i)))
		entities[uid] = cedar.Entity{UID: uid, Attributes: cedar.NewRecord(attributes)}
		return uid
	}
	rules, readers := make([]cedar.EntityUID, len(w.rules)), make([]cedar.EntityUID, len(w.readers))
	for i, r := range w.rules {
		rules[i] = add("Rule", i, cedarRule(r.Rule))
	}
	for i, r := range w.readers {
		readers[i] = add("Reader", i, cedarReader(r))
	}
	open := cedar.NewEntityUID("Action", "open")
	return func(question int) bool {
		p := w.pairs[question]
		decision, _ := cedar.Authorize(policies, entities, cedar.Request{
			Principal: readers[p.reader], Action: open, Resource: rules[p.rule],
		})
		return decision == cedar.Allow
	}, nil
}

func cedarRule(r cordon.Rule) cedar.RecordMap {
	m := cedar.RecordMap{
		"owned":   cedar.Boolean(len(r.Owners) > 0),
		"readIns": cedar.NewSet(cedarNames("", r.ReadIns)...),
	}
	for _, scheme := range schemes {
		m[cedar.String(scheme)] = cedar.Long(0)
	}
	for _, l := range r.Levels {
		m[cedar.String(l.Scheme)] = cedar.Long(l.Rank)
	}
	for i, a := range r.Audience {
		names := append(cedarNames("country/", a.Countries), cedarNames("community/", a.Communities)...)
		m[cedar.String(fmt.Sprintf("audience%d", i))] = cedar.NewSet(names...)
	}
	for i, p := range r.Owners {
		if !p.Anyone {
			names := append(cedarNames("org/", append([]cordon.ID{p.Owner}, p.Recipients...)), cedarNames("community/", p.Communities)...)
			m[cedar.String(fmt.Sprintf("owner%d", i))] = cedar.NewSet(names...)
		}
	}
	if r.Circled {
		m["circle"] = cedar.NewSet(cedarNames("", r.Circle)...)
	}
	return m
}

func cedarReader(r access.Reader) cedar.RecordMap {
	var held []string
	for compartment := range r.ReadIns {
		held = append(held, compartment)
	}
	of := cedarNames("community/", r.Communities)
	m := cedar.RecordMap{
		"id":           cedar.String(r.Person),
		"suspended":    cedar.Boolean(r.Suspended),
		"readIns":      cedar.NewSet(cedarNames("", held)...),
		"affiliations": cedar.NewSet(append(cedarNames("country/", r.Countries), of...)...),
		"memberships":  cedar.NewSet(append(cedarNames("org/", []cordon.ID{r.Org}), of...)...),
	}
	for _, scheme := range schemes {
		m[cedar.String(scheme)] = cedar.Long(r.Ranks[scheme])
	}
	return m
}

func cedarNames[T ~string](kind string, names []T) []cedar.Value {
	values := make([]cedar.Value, len(names))
	for i, name := range names {
		values[i] = cedar.String(kind + string(name))
	}
	return values
}
