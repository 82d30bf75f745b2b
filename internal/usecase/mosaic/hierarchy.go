package mosaic

import (
	"slices"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// PortionFact is a fact with the portion it stands on.
type PortionFact struct {
	Portion cordon.ID
	Fact    Fact
}

// On gives the facts on those of the portions that the reader sees and their
// organisation owns, alone or with others, in a stable order.
func On(tx cordon.ReadTx, ring *vault.Ring, view *reader.View, portions []cordon.Portion) ([]PortionFact, error) {
	sealers := make(map[cordon.ID]cordon.ID)
	var ids []cordon.ID
	for _, p := range portions {
		if !view.Decide(p).Allowed() {
			continue
		}
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if owners := rule.OwnerIDs(); slices.Contains(owners, view.Actor.Org.ID) {
			sealers[p.ID] = owners[0]
			ids = append(ids, p.ID)
		}
	}
	sealed, err := tx.Facts(ids)
	if err != nil {
		return nil, err
	}
	kept := make([]PortionFact, len(sealed))
	for i, f := range sealed {
		kept[i].Portion = f.Portion
		if err := openJSON(ring, sealers[f.Portion], factContext(f.Portion, f.ID), f.Body, &kept[i].Fact); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// Hierarchies say what coarser values mean, by the registries of an
// organisation. They are loaded inside a transaction and opened after it, since
// a large registry takes a while.
type Hierarchies struct {
	ring       *vault.Ring
	registries []cordon.Registry
	labels     map[string]map[string][]string // by attribute and coarser value
}

// LoadHierarchies loads the registries of the reader's organisation, at most so
// many. It gives none to a reader who may not know them, and known is false
// then and where there are more.
func LoadHierarchies(tx cordon.ReadTx, ring *vault.Ring, view *reader.View, most int) (h *Hierarchies, known bool, err error) {
	h = &Hierarchies{ring: ring, labels: make(map[string]map[string][]string)}
	if !keepsSources(view.Actor.Person) {
		return h, false, nil
	}
	all, err := tx.Registries(view.Actor.Org.ID)
	if err != nil || len(all) == 0 {
		return h, true, err
	}
	h.registries = all[:min(most, len(all))]
	// The ring keeps the owner's key for when the transaction is over.
	_, err = ring.OpenRecord(all[0].Owner, nameContext(all[0].ID), all[0].Name)
	return h, len(all) <= most, err
}

// Open opens the registries, after which Finer answers.
func (h *Hierarchies) Open() error {
	for _, kept := range h.registries {
		var r Registry
		if err := openJSON(h.ring, kept.Owner, registryContext(kept.ID), kept.Body, &r); err != nil {
			return err
		}
		for _, a := range r.Attributes {
			h.add(a)
		}
	}
	for _, labels := range h.labels {
		for label, finest := range labels {
			slices.Sort(finest)
			labels[label] = slices.Compact(finest)
		}
	}
	return nil
}

func (h *Hierarchies) add(a Attribute) {
	if h.labels[a.Name] == nil {
		h.labels[a.Name] = make(map[string][]string)
	}
	labels := h.labels[a.Name]
	for _, row := range a.Hierarchy {
		for _, label := range row[1:] {
			if label != row[0] {
				labels[label] = append(labels[label], row[0])
			}
		}
	}
}

// Finer are the finest values that a coarser value of the attribute means; none
// where no registry has the coarser value.
func (h *Hierarchies) Finer(attribute, value string) []string {
	if h == nil {
		return nil
	}
	return h.labels[attribute][value]
}

// AsFine reports whether the fact tells at least as much as the other: it is on
// the same attribute, and every candidate that meets it meets the other.
func (f Fact) AsFine(other Fact, h *Hierarchies) bool {
	if f.Attribute != other.Attribute || (len(f.Values) == 0) != (len(other.Values) == 0) {
		return false
	}
	if len(f.Values) == 0 {
		return (other.Min == nil || f.Min != nil && *f.Min >= *other.Min) &&
			(other.Max == nil || f.Max != nil && *f.Max <= *other.Max)
	}
	wide := make(map[string]bool)
	for _, v := range h.all(other) {
		wide[v] = true
	}
	for _, v := range f.Values {
		finer := h.Finer(f.Attribute, v)
		if !wide[v] && (len(finer) == 0 || slices.ContainsFunc(finer, func(x string) bool { return !wide[x] })) {
			return false
		}
	}
	return true
}

// all are the fact's values and what they mean.
func (h *Hierarchies) all(f Fact) []string {
	var all []string
	for _, v := range f.Values {
		all = append(append(all, v), h.Finer(f.Attribute, v)...)
	}
	return all
}
