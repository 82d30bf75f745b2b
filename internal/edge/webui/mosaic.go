package webui

import (
	"io"
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/mosaic"
	"cordon/wire"
)

// mosaicPage counts how many candidates could still be taken for the source.
type mosaicPage struct {
	frame
	Registries []wire.Registry
	Orgs       []wire.Organisation
	Result     *wire.MosaicResult
	Chart      chart
}

// chart is the shrinking set as bars, and the table equal to it.
type chart struct {
	Bars      []bar
	Height    int
	Threshold int // where the line of the threshold stands
}

type bar struct {
	Label     string
	Count     int
	Y, Middle int
	Width     int
}

// chartWidth is how wide the whole set is drawn.
const chartWidth = 420

func mosaicHome(v *visit) error { return showMosaic(v, nil, nil) }

func showMosaic(v *visit, result *wire.MosaicResult, problem error) error {
	view := mosaicPage{frame: v.frame("Mosaic"), Result: result}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if result != nil {
		view.Chart = drawMosaic(*result, v.say())
	}
	err = v.Together(func() error {
		if view.Orgs, err = v.organisations(); err != nil {
			return err
		}
		if !holds(v.me.Person, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer) {
			return nil
		}
		list, err := httpapi.Do(v.Caller, wire.ListRegistries, wire.Page{Limit: cordon.MaxPage})
		view.Registries = list.Items
		return err
	})
	if err != nil {
		return err
	}
	return v.show("mosaic", status, view)
}

func drawMosaic(r wire.MosaicResult, say func(string, ...any) string) chart {
	var c chart
	add := func(label string, n int) {
		y := len(c.Bars) * 34
		c.Bars = append(c.Bars, bar{Label: label, Count: n, Y: y + 4, Middle: y + 20, Width: n * chartWidth / max(1, r.Total)})
		c.Height = y + 38
	}
	add(say("all candidates"), r.Total)
	add(say("fit what is known"), r.Before)
	for _, e := range r.Further {
		if !e.NotCounted {
			add(say("and")+" "+mosaic.Fact(e.Fact).String(), e.Left)
		}
	}
	add(say("would fit afterwards"), r.After)
	c.Threshold = r.Threshold * chartWidth / max(1, r.Total)
	return c
}

// FactText is a fact in its short form, for the template.
func (mosaicPage) FactText(f wire.Fact) string { return mosaic.Fact(f).String() }

func checkMosaic(v *visit) error {
	do, err := v.pressed("check", "told")
	if err != nil {
		return showMosaic(v, nil, err)
	}
	facts, err := v.facts("facts")
	if err != nil {
		return showMosaic(v, nil, err)
	}
	in := wire.MosaicCheck{OfRegistry: wire.OfRegistry{Registry: v.text("registry")}, Audience: v.text("audience"), Facts: facts}
	for _, id := range v.listed("portions") {
		in.Portions = append(in.Portions, cordon.ID(id))
	}
	if do == "told" {
		if err := v.once(); err != nil {
			return showMosaic(v, nil, err)
		}
		if _, err := httpapi.Do(v.Caller, wire.AddTold, wire.ToldDraft{OfRegistry: in.OfRegistry, Audience: in.Audience, Facts: facts}); err != nil {
			return showMosaic(v, nil, at("facts", err))
		}
		return v.to("/mosaic", "saved")
	}
	result, err := httpapi.Do(v.Caller, wire.CheckMosaic, in)
	if err != nil {
		return showMosaic(v, nil, at("registry", err))
	}
	return showMosaic(v, &result, nil)
}

// addRegistry keeps a list of candidates, which is read from JSON.
func addRegistry(v *visit) error {
	text := v.form.Get("list")
	if sent := v.file("file"); sent != nil {
		f, err := sent.Open()
		if err != nil {
			return err
		}
		defer f.Close()
		body, err := io.ReadAll(io.LimitReader(f, cordon.MaxFileBytes+1))
		if err != nil {
			return err
		}
		text = string(body)
	}
	if strings.TrimSpace(text) == "" {
		return showMosaic(v, nil, wrong("list", "paste the list, or choose a file"))
	}
	r, err := mosaic.ParseRegistry([]byte(text))
	if err != nil {
		return showMosaic(v, nil, at("list", err))
	}
	draft := wire.RegistryDraft{Name: first(v.text("name"), r.Name), Threshold: r.Threshold}
	for _, a := range r.Attributes {
		draft.Attributes = append(draft.Attributes, wire.Attribute(a))
	}
	for _, c := range r.Candidates {
		draft.Candidates = append(draft.Candidates, wire.Candidate(c))
	}
	if err := v.once(); err != nil {
		return showMosaic(v, nil, err)
	}
	if _, err := httpapi.Do(v.Caller, wire.AddRegistry, draft); err != nil {
		return showMosaic(v, nil, at("list", err))
	}
	return v.to("/mosaic", "saved")
}
