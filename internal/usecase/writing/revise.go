package writing

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/finder"
	"cordon/internal/core/ledger"
	"cordon/internal/usecase/release"
)

// Revision is another wording for one portion of a report.
type Revision struct {
	// Mark is rolled up with the one the portion has; empty leaves it.
	Mark string
	Text string
	// Sources are what the new wording was made from besides.
	Sources []cordon.ID
}

// Revise puts another wording in a portion's place, under an id of its own, and
// gives it. It takes an author of the organisation that holds the report who
// may see the portion; to anybody else that is ErrNotFound, and a refusal in its
// owners' feeds.
//
// The new wording was made from the old one and so inherits its marking, its
// owners and its readers, and those of whatever else it was made from: it is
// never freer. What is to be freer is published anew, or as a tearline. The old
// one is gone from reading, lists and search, though who was shown it stays
// known; it lies sealed, opens to nobody, and is struck with the new one.
//
// Whatever was asked or granted in answer to a request for the report is void:
// nobody permitted the new wording.
func Revise(ctx context.Context, by act.Caller, name string, portion cordon.ID, revision Revision) (PublishedPortion, error) {
	if err := revision.validate(); err != nil {
		return PublishedPortion{}, err
	}
	filed := []cordon.PortionTokens{Filed(by.Tokens, cordon.Portion{}, revision.Text)}
	var out PublishedPortion
	err := update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Author)
		if err != nil {
			return nil, err
		}
		report, err := find(by.Base, cordon.Holding(tx), view, name)
		if err != nil {
			return nil, err
		}
		loaded, err := tx.PortionsByID([]cordon.ID{portion})
		if err != nil {
			return nil, err
		}
		loaded = slices.DeleteFunc(loaded, func(p cordon.Portion) bool { return p.Report != report.ID })
		if len(loaded) == 0 || !view.Decide(loaded[0]).Allowed() {
			return cordon.ErrNotFound, view.Refuse(tx, cordon.ActRevise, report.ID, loaded)
		}
		if report.Holder != view.Actor.Org.ID {
			return nil, cordon.ErrNotFound
		}
		if report.Kind == cordon.Tearline { // it was checked, and maybe offered, as it reads
			return nil, cordon.Errorf(cordon.Conflict, "a tearline stands as it was written: publish another")
		}
		w := writer{Base: by.Base, tx: tx, view: view, ring: by.Vault.Ring(tx), rulings: make(map[string]ruling), revises: loaded[0]}
		old, content, err := w.superseded()
		if err != nil {
			return nil, err
		}
		w.terms = access.Terms{
			Owner: view.Actor.Org, Recipients: recipients(old, view.Actor.Org.ID), Named: append(slices.Clone(old.Circle), by.Person),
		}
		if report.Arrangement != "" {
			if w.arrangement, err = tx.Arrangement(report.Arrangement); err != nil {
				return nil, err
			}
			w.terms.ShownOnly = w.arrangement.ShownOnly
		}
		if report.Compilation != "" {
			if w.compilation, err = by.Schemes.Parse(report.Compilation); err != nil {
				return nil, cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
			}
		}
		if w.orgs, err = tx.Organisations(); err != nil {
			return nil, err
		}
		found, err := finder.FindEach(tx, w.ring, by.Tokens, view.Rule, view.Actor.Org.ID, []string{revision.Text})
		if err != nil {
			return nil, err
		}

		// decide
		draft := PortionDraft{Kind: w.revises.Kind, Ref: content.Ref, Mark: revision.Mark, Text: revision.Text, Sources: revision.Sources}
		if draft.Mark == "" {
			draft.Mark = w.revises.Mark
		}
		if unseen, err := w.declare([]PortionDraft{draft}); err != nil || unseen {
			return cordon.ErrNotFound, err
		}
		one, err := w.decide(report, w.revises.Ordinal, draft, found[0])
		if err != nil {
			return nil, err
		}
		lineage, err := tx.Sources([]cordon.ID{w.revises.ID})
		if err != nil {
			return nil, err
		}
		for _, d := range lineage { // those of the old one are its own too
			if !slices.ContainsFunc(one.derivations, func(o cordon.Derivation) bool { return o.Source == d.Source }) {
				one.derivations = append(one.derivations, cordon.Derivation{Portion: one.portion.ID, Source: d.Source, How: d.How})
			}
		}

		// act
		if err := tx.SupersedePortion(w.revises.ID); err != nil {
			return nil, err
		}
		all := []written{one}
		if err := w.put(content.ReportRef, all, filed); err != nil {
			return nil, err
		}
		if err := tx.TouchReport(report.ID); err != nil {
			return nil, err
		}
		heads, err := tx.PortionHeads(report.ID)
		if err != nil {
			return nil, err
		}
		if err := release.Invalidate(tx, w.ring, by.Schemes, view, idsOf(heads)); err != nil {
			return nil, err
		}

		// record
		for _, share := range view.ByOwner([]cordon.Portion{w.revises, all[0].portion}) {
			e := view.Entry(cordon.ActRevise, cordon.Allowed)
			e.Feed, e.Subject, e.Portions = share.Owner, report.ID, share.Portions
			if err := ledger.Append(tx, e); err != nil {
				return nil, err
			}
		}
		out = PublishedPortion{
			ID: all[0].portion.ID, Ref: content.Ref, Mark: all[0].portion.Mark, Owners: w.visibleOwners(all[0]),
			Raised: revision.Mark != "" && all[0].raised, Closed: closed(view.Decide(all[0].portion)),
		}
		return nil, nil
	})
	return out, err
}

// superseded opens the portion that is revised, which the author may see, for
// the outside names that its new wording keeps, and gives its rule.
func (w *writer) superseded() (cordon.Rule, content.Body, error) {
	rule, err := w.view.Rule(w.revises.Rule)
	if err != nil {
		return rule, content.Body{}, err
	}
	content, err := content.Open(w.ring, w.revises, rule)
	content.Text = "" // nothing here needs it
	return rule, content, err
}

func (r Revision) validate() error {
	switch {
	case len(r.Text) > cordon.MaxPortionBytes:
		return cordon.Errorf(cordon.TooLarge, "the text is longer than %d bytes: split it", cordon.MaxPortionBytes)
	case len(r.Sources) > cordon.MaxSources:
		return cordon.Errorf(cordon.TooLarge, "it has more than %d sources", cordon.MaxSources)
	case strings.TrimSpace(r.Text) == "":
		return cordon.Errorf(cordon.Invalid, "the new wording has no text")
	case !utf8.ValidString(r.Text):
		return cordon.Errorf(cordon.Invalid, "the text is not valid UTF-8: save it as UTF-8")
	}
	return nil
}

func idsOf(portions []cordon.Portion) []cordon.ID {
	out := make([]cordon.ID, len(portions))
	for i, p := range portions {
		out[i] = p.ID
	}
	return out
}
