package writing

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/marked"
	"cordon/marking"
)

// Published is a report as it was written.
type Published struct {
	Report   cordon.ID
	Ref      string
	Banner   string
	Portions []PublishedPortion
}

// PublishedPortion is one portion as it was written.
type PublishedPortion struct {
	ID     cordon.ID
	Ref    string
	Mark   string
	Owners []cordon.ID
	// Raised says that the marking is higher than the one asked for, because of
	// the sources that were named.
	Raised bool
	// Closed says why the authors themselves may not read it, condition by
	// condition; nil where they may.
	Closed []string
	// Warnings are of marks in its running text that its marking does not
	// cover: see package marked.
	Warnings []cordon.Issue
}

// Publish writes a report for the person's organisation, which owns it.
//
// A portion with sources inherits. Its marking is the roll-up of its own and theirs,
// its owners are the writing organisation and all of theirs, and its readers are only
// those whom every one of them allows. It is never freer than its sources (promise 3).
// Where that leaves nobody to read it, nothing is written: Spill.
//
// A portion that repeats words of another which the person may see, for somebody whom
// that one is not for, is a Conflict whose issues name the passages: the person says
// which are sources, rewords them, or dismisses them with a reason. Of what they may
// not see they are told nothing. The report waits for everybody else until it has been
// compared with all that there is: see Compare.
//
// A portion is not freer than the marks written in it. A mark in the text that the
// portion's marking does not cover is Invalid where a portion mark may stand,
// unless the draft says that such marks are quoted. In running text it is a
// warning.
func Publish(ctx context.Context, by act.Caller, draft Draft) (Published, error) {
	prepared, err := Prepare(by.Base, draft)
	if err != nil {
		return Published{}, err
	}
	out, err := act.Do(ctx, by, act.ByRole(cordon.ActPublish, cordon.RoleAuthor), prepared.Decide, Write)
	if err != nil {
		return Published{}, err
	}
	return out, CompareSoon(ctx, by.Base, out.Report)
}

// Prepared is a draft that is sound in itself, with everything worked out that
// needs no transaction. SQLite has one Update at a time.
type Prepared struct {
	draft    Draft
	portions []PortionDraft // the title first
	texts    []string
	tokens   []cordon.PortionTokens
	marks    [][]marked.Mark // those that stand in each text
}

// Prepare readies a draft for being decided on. A draft that is wrong in itself
// is Invalid or TooLarge.
func Prepare(base *act.Base, draft Draft) (Prepared, error) {
	if err := draft.validate(); err != nil {
		return Prepared{}, err
	}
	p := Prepared{draft: draft, portions: draft.whole()}
	for i, portion := range p.portions {
		marks, err := marked.Find(base.Schemes, portion.Text)
		if err != nil {
			return Prepared{}, inPortion(i, portion, err)
		}
		p.marks = append(p.marks, marks)
		p.texts = append(p.texts, portion.Text)
		p.tokens = append(p.tokens, printsOf(base.Tokens, portion.Text))
	}
	return p, nil
}

// Plan is a report that was decided on and not written yet.
type Plan struct {
	report    cordon.Report
	portions  []decided
	tokens    []cordon.PortionTokens
	links     []cordon.TearlineLink
	dismissed []dismissed
	published Published
}

// Portions are those to be written, in their order.
func (p Plan) Portions() []cordon.Portion { return portionsOf(p.portions) }

// Decide decides how each portion of the draft is marked and who may read it:
// see Publish. It is for a use-case that publishes as part of an act of its
// own, whose role is Author.
func (p Prepared) Decide(s *act.Snapshot) (Plan, error) {
	w, err := newWriter(s, p.draft)
	if err != nil {
		return Plan{}, err
	}
	if err := w.declare(p.portions); err != nil {
		return Plan{}, err
	}
	if err := ownOriginals(s, p.portions); err != nil {
		return Plan{}, err
	}
	plan := Plan{report: cordon.Report{
		ID: cordon.NewID(), Kind: p.draft.Kind, Holder: s.Actor.Org.ID, Author: s.Actor.Person.ID,
		Arrangement: p.draft.Arrangement, Compilation: w.compilation.Portion(), Created: s.Now,
	}}
	if p.draft.Ref != "" {
		plan.report.RefToken = s.Base.Tokens.Ref(p.draft.Ref)
	}
	for i, draft := range p.portions {
		one, err := w.decide(plan.report, i, draft, p.marks[i])
		if err == nil {
			w.wait(&one)
			err = one.seal(s, p.draft.Ref)
		}
		if err != nil {
			return Plan{}, inPortion(i, draft, err)
		}
		plan.portions = append(plan.portions, one)
		plan.tokens = append(plan.tokens, one.filed(p.tokens[i]))
		for _, original := range draft.Against {
			plan.links = append(plan.links, cordon.TearlineLink{Portion: one.portion.ID, Original: original})
		}
	}
	if plan.published, err = w.published(p.draft.Ref, plan); err != nil {
		return Plan{}, err
	}
	plan.dismissed, err = w.ask(p.portions, plan.portions)
	return plan, err
}

// Write writes the report that was decided on. Each owner of a portion is told
// in its feed that it was written. Whoever calls it calls CompareSoon after the commit.
func Write(c *act.Commit, p Plan) (Published, error) {
	if err := c.Tx.PutReport(begins(p.report, c.Actor.Person.ID, c.Now)); err != nil {
		return Published{}, err
	}
	if err := put(c, p.portions, p.tokens); err != nil {
		return Published{}, err
	}
	if err := dismiss(c, p.report, p.dismissed); err != nil {
		return Published{}, err
	}
	e := cordon.Entry{Act: cordon.ActPublish, Subject: p.report.ID}
	for _, one := range p.portions {
		if len(one.sources) > 0 {
			e.Act = cordon.ActDerive
		}
	}
	if err := c.RecordOwners(e, p.Portions()); err != nil {
		return Published{}, err
	}
	return p.published, link(c, p.report, p.links)
}

func (w *writer) published(ref string, p Plan) (Published, error) {
	out := Published{Report: p.report.ID, Ref: ref}
	for _, one := range p.portions {
		out.Portions = append(out.Portions, w.shown(one))
	}
	marks, err := w.Markings(p.report, p.Portions())
	if err != nil {
		return out, err
	}
	whole, err := w.Schemes.RollUp(marks)
	if err != nil {
		return out, cordon.Errorf(cordon.KindInvalid, "these portions cannot stand in one report: %s", err).Because(err)
	}
	texts := make([]string, len(p.portions))
	for i, one := range p.portions {
		texts[i] = one.content.Text
	}
	out.Banner = whole.Banner()
	return out, w.holdAuthority(whole, texts)
}

// holdAuthority refuses a classification authority block in one of the texts of
// what is unclassified as a whole, unless the text quotes it.
func (w *writer) holdAuthority(whole marking.Marks, texts []string) error {
	if issue, bad := marked.HoldAuthority(w.Schemes, whole, texts); bad && !w.quoted {
		return cordon.Errorf(cordon.KindInvalid, "%s", issue.Problem).With(issue)
	}
	return nil
}
