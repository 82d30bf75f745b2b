package httpapi

import (
	"cordon/client"
	"cordon/internal/release"
)

func (a *api) arrangements(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	all, err := a.Release.Arrangements(c.Context(), c.person)
	if err != nil {
		return nil, err
	}
	var out []client.Arrangement
	for _, one := range all {
		shown, err := c.arrangement(one)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return list(out, nil)
}

func (a *api) addArrangement(c *call) (any, error) {
	var in client.ArrangementDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	parties, err := c.orgsOf(in.Parties)
	if err != nil {
		return nil, err
	}
	out, err := a.Release.AddArrangement(c.Context(), c.person, release.ArrangementDraft{
		Name: in.Name, Mark: in.Marking, Parties: parties, DefaultMark: in.DefaultMarking, Equivalences: in.Equivalences, Withheld: in.Withheld,
	})
	if err != nil {
		return nil, err
	}
	return c.arrangement(out)
}

func (c *call) arrangement(a release.Arrangement) (client.Arrangement, error) {
	parties, err := c.orgs(a.Parties)
	if err != nil {
		return client.Arrangement{}, err
	}
	drafter, err := c.org(a.Drafter)
	return client.Arrangement{
		ID: a.ID, Name: a.Name, Marking: a.Mark, Drafter: drafter, Parties: parties,
		DefaultMarking: a.DefaultMark, Equivalences: a.Equivalences, Withheld: a.Withheld, Created: a.Created,
	}, err
}
