package audit

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
)

// Alarm tells everybody whom it concerns that the database holds something which this
// installation has not written: the feed of the installation says what it was, and
// each organisation's feed that it happened. The security officers of each
// organisation get a notice, and so do the operators.
func Alarm(ctx context.Context, base *act.Base, found cordon.Unverified) error {
	_, err := act.Do(ctx, base.Itself(), act.ByAnyone(cordon.ActUnverified), func(s *act.Snapshot) ([]cordon.Organisation, error) {
		return s.Tx.Organisations()
	}, func(c *act.Commit, orgs []cordon.Organisation) (act.Done, error) {
		if err := c.Record(cordon.Entry{Outcome: cordon.OutcomeRefused, Reasons: []string{reason(found.What)}}); err != nil {
			return act.Done{}, err
		}
		host, err := c.Tx.Meta(act.HostMeta)
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return act.Done{}, err
		}
		for _, o := range orgs {
			if err := c.Record(cordon.Entry{Outcome: cordon.OutcomeRefused, Feed: o.ID}); err != nil {
				return act.Done{}, err
			}
			to := []cordon.Role{cordon.RoleSecurityOfficer}
			if cordon.ID(host) == o.ID {
				to = append(to, cordon.RoleOperator)
			}
			if err := notice.Send(c, notice.Message{Org: o.ID, Roles: to, Text: alarmText}); err != nil {
				return act.Done{}, err
			}
		}
		return act.Done{}, nil
	})
	return err
}

const alarmText = "The database of this installation was changed by something other than Cordon. What was changed is answered as if it were not there. " +
	"The operators find what it is with cordon ledger verify and in the server's log. Keep your last checkpoint of the ledger."

// reason is the name of the row as a reason of an entry.
func reason(what string) string {
	out := []byte("unverified ")
	for _, c := range []byte(what) {
		if c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
			out = append(out, c)
		}
	}
	return string(out[:min(len(out), 128)])
}
