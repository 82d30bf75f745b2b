package release

import (
	"context"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/access"
	"cordon/internal/ledger"
	"cordon/internal/sight"
	"cordon/internal/vault"
)

// ArrangementDraft is what an arrangement is made of.
type ArrangementDraft struct {
	Name string
	// Mark is the marking of the arrangement itself: who may know of it.
	Mark string
	// Parties are the other organisations; the drafter's is always one.
	Parties []cordon.ID
	// DefaultMark is the marking of portions that carry none; may be empty.
	DefaultMark string
	// Equivalences are what markings of one scheme mean in another, as the
	// parties have agreed: "treat H2 as S//OC".
	Equivalences []cordon.Equivalence
	// Withheld is how a withheld portion shows; empty means Silent.
	Withheld cordon.Withheld
}

// Arrangement is one as it is shown to who may see it.
type Arrangement struct {
	ID           cordon.ID            `json:"id"`
	Name         string               `json:"name"`
	Mark         string               `json:"marking"`
	Drafter      cordon.ID            `json:"drafter"`
	Parties      []cordon.ID          `json:"parties"`
	DefaultMark  string               `json:"defaultMarking,omitempty"`
	Equivalences []cordon.Equivalence `json:"equivalences,omitempty"`
	Withheld     cordon.Withheld      `json:"withheld"`
	Created      time.Time            `json:"created"`
}

// AddArrangement sets one up on behalf of the person's organisation. In this
// first form it is in force at once; each party is told in its notices.
func (s *Service) AddArrangement(ctx context.Context, person cordon.ID, draft ArrangementDraft) (Arrangement, error) {
	if draft.Withheld == "" {
		draft.Withheld = cordon.Silent
	}
	if err := s.validate(draft); err != nil {
		return Arrangement{}, err
	}
	marks, err := s.Schemes.Parse(draft.Mark)
	if err != nil {
		return Arrangement{}, cordon.Errorf(cordon.Invalid, "the arrangement's own marking: %s", err)
	}
	equivalences, err := s.equivalences(draft.Equivalences)
	if err != nil {
		return Arrangement{}, err
	}
	var out Arrangement
	err = s.Store.Update(ctx, func(tx cordon.Tx) error {
		// load
		view, err := s.look(tx, person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		parties := append([]cordon.ID{view.Actor.Org.ID}, draft.Parties...)
		slices.Sort(parties)
		parties = slices.Compact(parties)
		for _, id := range parties {
			if _, err := tx.Organisation(id); err != nil {
				return unknownOrg(err)
			}
		}

		// decide
		rule, err := access.Compile(marks, access.Terms{
			Owner: view.Actor.Org, Recipients: parties, Named: []cordon.ID{person},
		})
		if err != nil {
			return err
		}

		if d := access.Decide(rule, view.Reader, nil); !d.Allowed() {
			return cordon.Errorf(cordon.Invalid,
				"an arrangement marked %s would not exist for you yourself (%s): give it a marking that you may see", marks.Portion(), strings.Join(d.Names(), ", "))
		}

		// act
		a := cordon.Arrangement{
			ID: cordon.NewID(), Drafter: view.Actor.Org.ID, Mark: marks.Portion(), Parties: parties, State: cordon.InForce, Version: 1,
			Terms:   cordon.Terms{DefaultMark: draft.DefaultMark, Equivalences: equivalences, Withheld: draft.Withheld, Onward: cordon.OnwardAsk},
			Created: view.Now,
		}
		if a.Rule, err = tx.Intern(rule); err != nil {
			return err
		}
		ring := s.Vault.Ring(tx)
		if a.Name, err = ring.SealRecord(a.Drafter, nameContext(a.ID), []byte(draft.Name)); err != nil {
			return err
		}
		if err := tx.PutArrangement(a); err != nil {
			return err
		}

		// record: each party learns of it in its own feed
		for _, party := range parties {
			e := view.Entry(cordon.ActArrangement, cordon.Allowed)
			e.Feed, e.Subject = party, a.ID
			if err := ledger.Append(tx, e); err != nil {
				return err
			}
		}
		out, err = show(ring, a)
		return err
	})
	return out, err
}

// Arrangements lists those the person may know of. To everybody else they do
// not exist.
func (s *Service) Arrangements(ctx context.Context, person cordon.ID) ([]Arrangement, error) {
	var out []Arrangement
	err := s.Store.View(ctx, func(tx cordon.Tx) error {
		view, err := s.look(tx, person, cordon.Reader)
		if err != nil {
			return err
		}
		list, err := visible(tx, view)
		if err != nil {
			return err
		}
		ring := s.Vault.Ring(tx)
		out = nil
		for _, a := range list {
			one, err := show(ring, a)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

func visible(tx cordon.Tx, view *sight.View) ([]cordon.Arrangement, error) {
	seen, err := view.All()
	if err != nil {
		return nil, err
	}
	return tx.Arrangements(seen.Rules)
}

func show(ring *vault.Ring, a cordon.Arrangement) (Arrangement, error) {
	name, err := ring.OpenRecord(a.Drafter, nameContext(a.ID), a.Name)
	if err != nil {
		return Arrangement{}, err
	}
	return Arrangement{
		ID: a.ID, Name: string(name), Mark: a.Mark, Drafter: a.Drafter, Parties: a.Parties,
		DefaultMark: a.DefaultMark, Equivalences: a.Equivalences, Withheld: a.Withheld, Created: a.Created,
	}, nil
}

func nameContext(id cordon.ID) string { return "arrangement name:" + string(id) }

func (s *Service) validate(d ArrangementDraft) error {
	switch {
	case strings.TrimSpace(d.Name) == "" || len(d.Name) > cordon.MaxNameBytes:
		return cordon.Errorf(cordon.Invalid, "an arrangement needs a name of up to %d bytes", cordon.MaxNameBytes)
	case len(d.Parties) == 0:
		return cordon.Errorf(cordon.Invalid, "an arrangement needs another party")
	case d.Withheld != cordon.Silent && d.Withheld != cordon.ShowMark:
		return cordon.Errorf(cordon.Invalid, "%q is not a way to withhold: silent or mark", d.Withheld)
	}
	if d.DefaultMark != "" {
		if _, err := s.Schemes.Parse(d.DefaultMark); err != nil {
			return cordon.Errorf(cordon.Invalid, "the default marking: %s", err)
		}
	}
	return nil
}

// maxEquivalences bounds what one arrangement can state.
const maxEquivalences = 100

// equivalences are in canonical form, each from one scheme to another.
func (s *Service) equivalences(stated []cordon.Equivalence) ([]cordon.Equivalence, error) {
	if len(stated) > maxEquivalences {
		return nil, cordon.Errorf(cordon.TooLarge, "an arrangement states at most %d equivalences", maxEquivalences)
	}
	var out []cordon.Equivalence
	for _, e := range stated {
		from, err := s.Schemes.Parse(e.From)
		if err != nil {
			return nil, cordon.Errorf(cordon.Invalid, "an equivalence: %s", err)
		}
		as, err := s.Schemes.Parse(e.As)
		if err != nil {
			return nil, cordon.Errorf(cordon.Invalid, "an equivalence: %s", err)
		}
		if len(from) != 1 || len(as) != 1 || from[0].Scheme() == as[0].Scheme() {
			return nil, cordon.Errorf(cordon.Invalid, "an equivalence says what a marking of one scheme means in another: %s as %s does not", e.From, e.As)
		}
		out = append(out, cordon.Equivalence{From: from.Portion(), As: as.Portion()})
	}
	return out, nil
}

func unknownOrg(err error) error {
	if cordon.KindOf(err) == cordon.NotFound {
		return cordon.Errorf(cordon.Invalid, "an organisation named is not known here")
	}
	return err
}
