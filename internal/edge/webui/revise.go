package webui

import (
	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// revisePage puts another wording in a portion's place.
type revisePage struct {
	frame
	Report  cordon.ID
	Portion wire.Shown
	Asked   choices
}

func revise(v *visit) error { return showRevise(v, nil) }

func showRevise(v *visit, problem error) error {
	p, err := v.wording()
	if err != nil {
		return err
	}
	view := revisePage{frame: v.frame("Other wording", p.Marking), Report: v.id("report"), Portion: p}
	if !view.Form.Has("text") {
		view.Form.Set("text", p.Text)
	}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	view.Asked = v.choices(view.Problem, true)
	return v.show("revise", status, view)
}

// wording is the portion in the address as it reads.
func (v *visit) wording() (wire.Shown, error) {
	shown, err := httpapi.Do(v.Caller, wire.OpenReport, wire.OfReport{Report: string(v.id("report"))})
	if err != nil {
		return wire.Shown{}, err
	}
	for _, p := range shown.Portions {
		if p.ID == v.id("portion") && !p.Withheld {
			return p, nil
		}
	}
	return wire.Shown{}, notHere
}

func reviseReport(v *visit) error {
	path := "/reports/" + string(v.id("report"))
	asks := preview{
		title: "Other wording", says: "The new wording takes the place of the old one for everybody.", do: "Put it in its place", back: path, marks: []string{v.text("marking")},
		then: []string{"It is never freer than the old one.", "Everything asked or granted for this report is void: nobody permitted the new wording.", "Who was shown the old wording stays known."},
	}
	if !v.asked() {
		old, err := v.wording()
		if err != nil {
			return err
		}
		c := changed(old, wire.Shown{Text: v.text("text"), Marking: v.text("marking")})
		asks.change, asks.marks = &c, append(asks.marks, old.Marking)
	}
	if yes, err := v.sure(asks); !yes || err != nil {
		return err
	}
	_, err := httpapi.Do(v.Caller, wire.Revise, wire.Revision{
		OfReport: wire.OfReport{Report: string(v.id("report"))}, Portion: v.id("portion"), Marking: v.text("marking"), Text: v.text("text"), MarksQuoted: v.is("quoted"),
		Sources: v.declared(0), Dismissed: v.dismissed(),
	})
	if err != nil {
		return showRevise(v, err)
	}
	return v.to(path, "saved")
}
