package httpapi

import (
	"cmp"

	"cordon"
	"cordon/internal/edge/exchange/format"
	"cordon/internal/usecase/trace"
	"cordon/wire"
)

func (a *api) traceRoutes() []route {
	return []route{
		serve(wire.CheckDraft, a.checkDraft),
		serve(wire.ScanText, a.scanText),
		serve(wire.ListHolders, a.holders),
	}
}

func (a *api) checkDraft(c *call, in wire.Check) (wire.Checked, error) {
	text, err := a.handedIn(in.Text, in.File, in.Name)
	if err != nil {
		return wire.Checked{}, err
	}
	out, err := trace.Check(c.Context(), c.by, text.Text.Text, cordon.ID(in.Audience))
	if err == nil {
		text.TellCheck(&out)
	}
	return out, err
}

// scanText compares what a text says: see package format.
func (a *api) scanText(c *call, in wire.Scan) (wire.Scanned, error) {
	text, err := a.handedIn(in.Text, in.File, in.Name)
	if err != nil {
		return wire.Scanned{}, err
	}
	out, err := trace.Scan(c.Context(), c.by, text.Text.Text, in.Top)
	if err == nil {
		text.TellScan(&out)
	}
	return out, err
}

// handedIn reads the text or the file of a request.
func (a *api) handedIn(text string, file []byte, name string) (format.Compared, error) {
	switch {
	case len(file) == 0:
		return a.Open.ForComparison(cmp.Or(name, "text"), []byte(text))
	case text != "":
		return format.Compared{}, cordon.Errorf(cordon.KindInvalid, "there are a text and a file: send one of them")
	case len(file) > cordon.MaxFileBytes:
		return format.Compared{}, cordon.Errorf(cordon.KindTooLarge, "the file is larger than a file may be, %d bytes (MaxFileBytes)", cordon.MaxFileBytes)
	}
	return a.Open.ForComparison(cmp.Or(name, "file"), file)
}

func (a *api) holders(c *call, in wire.OfPortion) (wire.List[wire.Holder], error) {
	all, err := trace.Holders(c.Context(), c.by, cordon.ID(in.Portion))
	var out []wire.Holder
	for _, h := range all {
		out = append(out, wire.Holder{
			Person: wire.Named{ID: h.Person, Name: h.Name}, Organisation: wire.Named{ID: h.Org, Name: h.OrgName},
			Times: h.Times, First: h.First, Last: h.Last, Via: h.Via, Derived: h.Derived,
		})
	}
	return whole(out), err
}
