package webui

import (
	"cmp"
	"net/http"
	"strconv"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// ledgerPage is one's organisation's feed of the ledger, and the signed head of
// the whole.
type ledgerPage struct {
	frame
	Feed       *wire.Feed
	Checkpoint wire.Checkpoint
	Verified   *wire.Verification
	After      int64
	Before     int64
	// Things are what the ids of the feed name, as far as the person may see it.
	Things map[cordon.ID]thing
}

// Thing is what the id names; nil where that is nothing to the person.
func (p ledgerPage) Thing(id cordon.ID) *thing {
	if t, ok := p.Things[id]; ok {
		return &t
	}
	return nil
}

// feedPage is how many entries a page has.
const feedPage = 50

func ledger(v *visit) error { return showLedger(v, nil, nil) }

func showLedger(v *visit, verified *wire.Verification, problem error) error {
	view := ledgerPage{Verified: verified}
	err := v.Together(func() (err error) {
		if view.Checkpoint, err = httpapi.Do(v.Caller, wire.GetCheckpoint, wire.None{}); err != nil {
			return err
		}
		if !holds(v.me.Person, cordon.RoleAuditor) {
			return nil
		}
		feed, err := v.feed(&view)
		view.Feed = &feed
		return err
	})
	if err != nil {
		return err
	}
	var ids []cordon.ID
	var marks []string
	if view.Feed != nil {
		for _, e := range view.Feed.Items {
			ids = append(append(ids, e.Subject), e.Portions...)
		}
	}
	if view.Things, err = v.things(ids); err != nil {
		return err
	}
	for _, id := range ids {
		marks = append(marks, view.Things[id].Mark)
	}
	view.frame = v.frame("Ledger", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	return v.show("ledger", status, view)
}

// feed is the newest page of the feed, or the one that was asked for.
func (v *visit) feed(view *ledgerPage) (wire.Feed, error) {
	text := v.r.URL.Query().Get("after")
	after, err := strconv.ParseInt(text, 10, 64)
	if text != "" && (err != nil || after < 0) {
		return wire.Feed{}, cordon.Errorf(cordon.KindInvalid, "the address asks for the entries after %q, which is no number of an entry: leave it out for the newest", text[:min(len(text), 40)])
	}
	if text == "" {
		head, err := httpapi.Do(v.Caller, wire.GetFeed, wire.FeedAfter{Limit: 1})
		if err != nil {
			return head, err
		}
		after = max(0, head.Size-feedPage)
	}
	view.After, view.Before = after, max(0, after-feedPage)
	return httpapi.Do(v.Caller, wire.GetFeed, wire.FeedAfter{After: after, Limit: feedPage})
}

// verifyLedger has the whole ledger recomputed by this server.
func verifyLedger(v *visit) error {
	in := wire.VerificationDraft{}
	if kept := v.form.Get("kept"); kept != "" {
		in.Kept = []string{kept}
	}
	result, err := httpapi.Do(v.Caller, wire.VerifyLedger, in)
	if err != nil {
		return showLedger(v, nil, at("kept", err))
	}
	return showLedger(v, &result, nil)
}

// bundle gives entries with their proofs, to be verified without this server.
func bundle(v *visit) error {
	after, err := strconv.ParseInt(cmp.Or(v.form.Get("after"), "0"), 10, 64)
	if err != nil {
		return showLedger(v, nil, wrong("after", "this is no number of an entry"))
	}
	body, err := httpapi.Do(v.Caller, wire.GetBundle, wire.BundleAfter{After: max(0, after), Limit: 1000})
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="bundle.json"`)
	v.w.WriteHeader(http.StatusOK)
	_, err = v.w.Write(body)
	return err
}
