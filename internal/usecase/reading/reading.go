// Package reading is the one door by which text leaves Cordon: it opens, lists,
// searches and suggests, after access has decided and the ledger entry is on
// disk. Struck text alone leaves by another, the custody of package contain.
package reading

import (
	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
)

// Shown is a portion as a reader is shown it.
type Shown struct {
	ID     cordon.ID
	Report cordon.ID
	Ref    string
	Kind   cordon.PortionKind
	Mark   string
	Owners []cordon.ID
	// Text is empty where the portion is withheld.
	Text string
	// Withheld says that only the mark is shown, as the arrangement wants.
	Withheld bool
}

// disclosed is portions that were decided on and recorded, in the order in
// which they are shown. They open once that is on disk.
type disclosed struct {
	portions []cordon.Portion
	sealed   act.Sealed
}

// disclose readies the portions for being opened after the commit.
func disclose(s *act.Snapshot, portions []cordon.Portion) (disclosed, error) {
	sealed, err := s.Ready(portions)
	return disclosed{portions, sealed}, err
}

// show is the portion with its content.
func (d disclosed) show(p cordon.Portion, content content.Body) Shown {
	return Shown{
		ID: p.ID, Report: p.Report, Ref: content.Ref, Kind: p.Kind, Mark: p.Mark,
		Owners: d.sealed.Owners(p), Text: content.Text,
	}
}

// record writes down what is shown: one ledger entry for each owner concerned,
// and one rendition for each report. Where nothing is shown it writes one entry
// that something was asked for, the same for the absent and the withheld.
func record(c *act.Recorder, via cordon.Act, subject cordon.ID, portions []cordon.Portion) error {
	if len(portions) == 0 {
		return c.Record(cordon.Entry{})
	}
	if err := c.RecordOwners(cordon.Entry{Subject: subject}, portions); err != nil {
		return err
	}
	byReport := make(map[cordon.ID]int)
	var renditions []cordon.Rendition
	for _, p := range portions {
		i, ok := byReport[p.Report]
		if !ok {
			i = len(renditions)
			byReport[p.Report] = i
			renditions = append(renditions, cordon.Rendition{
				ID: cordon.NewID(), Report: p.Report, At: c.Now, Via: via,
				Person: c.Actor.Person.ID, Org: c.Actor.Org.ID,
			})
		}
		renditions[i].Portions = append(renditions[i].Portions, p.ID)
	}
	for _, r := range renditions {
		if err := c.Log.AddRendition(r); err != nil {
			return err
		}
	}
	return nil
}
