package webui

import (
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// reportsPage lists the reports in which somebody may see something.
type reportsPage struct {
	frame
	Reports wire.List[wire.Item]
}

func reports(v *visit) error {
	list, err := httpapi.Do(v.Caller, wire.ListReports, v.cursor())
	if err != nil {
		return err
	}
	var marks []string
	for _, r := range list.Items {
		marks = append(marks, r.Marking)
	}
	return v.show("reports", 200, reportsPage{v.frame("Reports", marks...), list})
}
