package writing

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
)

// Draft is a report to be written, whether an original or a derivative.
type Draft struct {
	Kind cordon.ReportKind
	// Ref is the outside name of the report; empty for none.
	Ref   string
	Title PortionDraft
	// Arrangement is the arrangement that the report is shared under. The
	// recipients are its parties, or those of them that it names. Its default
	// marking is the marking of unmarked portions.
	Arrangement cordon.ID
	// Recipients are the organisations the report is given to besides the
	// recipients of the arrangement.
	Recipients []cordon.ID
	// Named are the people meant where a marking is for named individuals
	// (TLP:RED). The author is always among them.
	Named []cordon.ID
	// Compilation is a marking that a person sets on the whole because the
	// portions say more together than each alone.
	Compilation string
	// Quoted says that the marks within the texts are quoted, as in a text
	// about markings. Those that their portion's marking does not cover are
	// then warned of and not refused.
	Quoted   bool
	Portions []PortionDraft
}

// PortionDraft is a portion to be written.
type PortionDraft struct {
	Kind cordon.PortionKind
	Ref  string
	// Mark may be empty where sources are named, since it is then their
	// roll-up, and where the arrangement has a default marking.
	Mark string
	Text string
	// Sources are the portions it was made from.
	Sources []cordon.ID
	// Against are the originals that a portion of a tearline was written
	// against. They belong to its organisation, and it inherits nothing from
	// them.
	Against []cordon.ID
	// Dismissed are portions whose words it was said to repeat, and that it was not made
	// from all the same.
	Dismissed []Dismissal
}

// Dismissal is an author's word that a passage is no quotation of the portion, or may
// stand as it is. The portion's owners are shown the reason.
type Dismissal struct {
	Source cordon.ID
	Reason string
}

func validateDismissed(where string, all []Dismissal) error {
	if len(all) > cordon.MaxSources {
		return cordon.Errorf(cordon.KindTooLarge, "%s dismisses more than %d portions", where, cordon.MaxSources)
	}
	for _, d := range all {
		switch {
		case len(d.Reason) > cordon.MaxNameBytes:
			return cordon.Errorf(cordon.KindTooLarge, "%s: a reason is longer than %d bytes", where, cordon.MaxNameBytes)
		case strings.TrimSpace(d.Reason) == "" || !utf8.ValidString(d.Reason):
			return cordon.Errorf(cordon.KindInvalid, "%s: say why %s is no source of it: its owner is shown the reason", where, d.Source)
		}
	}
	return nil
}

// whole is the report's portions in their order, its title first.
func (d Draft) whole() []PortionDraft {
	title := d.Title
	title.Kind = cordon.PortionTitle
	return slices.Insert(slices.Clone(d.Portions), 0, title)
}

// validate checks everything that needs no store, and reports all faults
// together.
func (d Draft) validate() error {
	if err := d.validateWhole(); err != nil {
		return err
	}
	return d.validateOriginals()
}

func (d Draft) validateWhole() error {
	var issues []cordon.Issue
	bad := func(problem, fix string) { issues = append(issues, cordon.Issue{Problem: problem, Fix: fix}) }
	if !slices.Contains(cordon.ReportKinds(), d.Kind) {
		bad(fmt.Sprintf("%q is not a kind of report", d.Kind), "one of report, memo, briefing, transcript, tearline")
	}
	if strings.TrimSpace(d.Title.Text) == "" {
		bad("the report has no title", "give it one; a title is a portion too and is marked like one")
	}
	if len(d.Ref) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.KindTooLarge, "a ref is longer than %d bytes", cordon.MaxNameBytes)
	}
	if n := len(d.Portions) + 1; n > cordon.MaxPortions {
		return cordon.Errorf(cordon.KindTooLarge, "a report of %d portions, the title counted: at most %d are taken", n, cordon.MaxPortions)
	}
	if len(d.Named) > cordon.MaxCircle {
		return cordon.Errorf(cordon.KindTooLarge, "%d people are named: at most %d are taken", len(d.Named), cordon.MaxCircle)
	}
	total := 0
	title := d.Title
	title.Kind = cordon.PortionHeading // what a title is like, but for its place
	for i, p := range slices.Insert(slices.Clone(d.Portions), 0, title) {
		total += len(p.Text)
		where := fmt.Sprintf("portion %d", i)
		if i == 0 {
			where = "the title"
		}
		switch {
		case len(p.Text) > cordon.MaxPortionBytes:
			return cordon.Errorf(cordon.KindTooLarge, "%s is longer than %d bytes: split it", where, cordon.MaxPortionBytes)
		case len(p.Ref) > cordon.MaxNameBytes:
			return cordon.Errorf(cordon.KindTooLarge, "the ref of %s is longer than %d bytes", where, cordon.MaxNameBytes)
		case len(p.Sources) > cordon.MaxSources:
			return cordon.Errorf(cordon.KindTooLarge, "%s has more than %d sources", where, cordon.MaxSources)
		case strings.TrimSpace(p.Text) == "" && i > 0:
			bad(where+" has no text", "leave it out")
		case !utf8.ValidString(p.Text) || !utf8.ValidString(p.Ref):
			bad(where+" is not valid UTF-8", "save the text as UTF-8")
		}
		if err := validateDismissed(where, p.Dismissed); err != nil {
			return err
		}
		if p.Kind == cordon.PortionTitle || !slices.Contains(cordon.PortionKinds(), p.Kind) {
			bad(fmt.Sprintf("%s: %q is not a kind of portion", where, p.Kind), "one of heading, paragraph, list, table, caption, attachment")
		}
	}
	if total > cordon.MaxReportBytes {
		return cordon.Errorf(cordon.KindTooLarge, "a report of %d bytes: at most %d are taken", total, cordon.MaxReportBytes)
	}
	if !utf8.ValidString(d.Ref) {
		bad("the ref of the report is not valid UTF-8", "save the text as UTF-8")
	}
	if d.Ref == "." || d.Ref == ".." {
		bad(fmt.Sprintf("the ref of the report is %q, which the path of a URL cannot carry", d.Ref), "give it another")
	}
	if len(issues) > 0 {
		return cordon.Errorf(cordon.KindInvalid, "the report cannot be taken as it is: %s", issues[0].Problem).With(issues...)
	}
	return nil
}

// validateOriginals checks the originals of a tearline.
func (d Draft) validateOriginals() error {
	distinct := make(map[cordon.ID]bool)
	bytes := 0
	for _, p := range d.whole() {
		bytes += len(p.Text)
		for _, id := range p.Against {
			distinct[id] = true
		}
	}
	switch {
	case len(distinct) == 0:
		return nil
	case d.Kind != cordon.ReportTearline:
		return cordon.Errorf(cordon.KindInvalid, "only a tearline is written against originals, and this is a %s: name what it was made from as sources", d.Kind)
	case len(distinct) > cordon.MaxOriginals:
		return cordon.Errorf(cordon.KindTooLarge, "a tearline is written against at most %d portions", cordon.MaxOriginals)
	case len(d.Portions) >= cordon.MaxTearlinePortions:
		return cordon.Errorf(cordon.KindTooLarge, "a tearline has at most %d portions, the title counted", cordon.MaxTearlinePortions)
	case bytes > cordon.MaxTearlineBytes:
		return cordon.Errorf(cordon.KindTooLarge, "a tearline of %d bytes: at most %d are taken", bytes, cordon.MaxTearlineBytes)
	}
	return nil
}
