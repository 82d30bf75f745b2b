package webui

import (
	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// waitingPage lists the reports that wait for a decision in which one may take part.
type waitingPage struct {
	frame
	Reports []wire.WaitingReport
}

func waiting(v *visit) error { return showWaiting(v, nil) }

func showWaiting(v *visit, problem error) error {
	view := waitingPage{frame: v.frame("What waits")}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	all, err := httpapi.Do(v.Caller, wire.ListWaiting, wire.WaitingPage{Limit: cordon.MaxPage})
	if err != nil {
		return err
	}
	view.Reports = all.Items
	return v.show("waiting", status, view)
}

// decideWaiting decides on what was found.
func decideWaiting(v *visit) error {
	in := wire.WaitingDecision{Report: cordon.ID(v.form.Get("id")), Verdict: v.form.Get("verdict"), Reason: v.text("reason"), Matches: v.ids("match")}
	then := map[string][]string{
		"dismiss": {"It may stand as it is, and is read by everybody whom its marking lets in.", "If you may not see where the words are from, that takes effect in three days, unless their owner objects."},
		"declare": {"What has the words takes the marking and the owners of the portion they are from."},
		"narrow":  {"What has the words is read by those only who may read the portion they are from."},
		"object":  {"It waits until you decide, or somebody who may see your portion does."},
	}[in.Verdict]
	if then == nil {
		return showWaiting(v, wrong("verdict", "choose what it is"))
	}
	if yes, err := v.sure(preview{
		there: func() error {
			all, err := httpapi.Do(v.Caller, wire.ListWaiting, wire.WaitingPage{Limit: cordon.MaxPage})
			if err != nil {
				return err
			}
			for _, r := range all.Items {
				if r.Report == in.Report {
					return nil
				}
			}
			return notHere
		},
		title: "Decide", says: "Your decision is in the feed of the owner of what was found.", then: then, do: "Record it", back: "/waiting",
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.DecideWaiting, in); err != nil {
		return showWaiting(v, err)
	}
	return v.to("/waiting", "saved")
}
