package bench

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"cordon"
	"cordon/internal/core/access"
)

// opaPolicy asks the question of sets, what is cheap first, and looks the few
// names of a reader up among the many of a rule. A rule has no circle where
// none is set.
const opaPolicy = `
package cordon

default allow := false

allow if {
	count(input.rule.owners) > 0
	not input.reader.suspended
	every scheme, rank in input.rule.ranks {
		input.reader.ranks[scheme] >= rank
	}
	count(input.rule.readIns - input.reader.readIns) == 0
	encircled
	every clause in input.rule.audience {
		some name in input.reader.affiliations
		name in clause
	}
	every owner in input.rule.owners {
		permits(owner)
	}
}

permits(owner) if owner.anyone

permits(owner) if {
	some name in input.reader.memberships
	name in owner.names
}

encircled if not input.rule.circle

encircled if input.reader.id in input.rule.circle
`

// newOPA prepares the query, and every question as the parsed input that OPA
// evaluates fastest: the figures have no conversion in them.
func newOPA(w *world) (func(int) bool, error) {
	ctx := context.Background()
	query, err := rego.New(rego.Query("data.cordon.allow"), rego.Module("cordon.rego", opaPolicy)).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	rules, readers := make([]*ast.Term, len(w.rules)), make([]*ast.Term, len(w.readers))
	for i, r := range w.rules {
		rules[i] = opaRule(r.Rule)
	}
	for i, r := range w.readers {
		readers[i] = opaReader(r)
	}
	inputs := make([]rego.EvalOption, len(w.pairs))
	for i, p := range w.pairs {
		inputs[i] = rego.EvalParsedInput(ast.NewObject(
			field("rule", rules[p.rule]), field("reader", readers[p.reader])))
	}
	return func(question int) bool {
		result, err := query.Eval(ctx, inputs[question])
		return err == nil && result.Allowed()
	}, nil
}

func field(name string, value *ast.Term) [2]*ast.Term {
	return [2]*ast.Term{ast.StringTerm(name), value}
}

func opaRule(r cordon.Rule) *ast.Term {
	ranks := ast.NewObject()
	for _, l := range r.Levels {
		ranks.Insert(ast.StringTerm(l.Scheme), ast.IntNumberTerm(l.Rank))
	}
	var audience, owners []*ast.Term
	for _, a := range r.Audience {
		audience = append(audience, ast.SetTerm(append(opaNames("country/", a.Countries), opaNames("community/", a.Communities)...)...))
	}
	for _, p := range r.Owners {
		names := append(opaNames("org/", append([]cordon.ID{p.Owner}, p.Recipients...)), opaNames("community/", p.Communities)...)
		owners = append(owners, ast.ObjectTerm(field("anyone", ast.BooleanTerm(p.Anyone)), field("names", ast.SetTerm(names...))))
	}
	rule := ast.NewObject(
		field("ranks", ast.NewTerm(ranks)),
		field("readIns", ast.SetTerm(opaNames("", r.ReadIns)...)),
		field("audience", ast.ArrayTerm(audience...)),
		field("owners", ast.ArrayTerm(owners...)),
	)
	if r.Circled {
		rule.Insert(ast.StringTerm("circle"), ast.SetTerm(opaNames("", r.Circle)...))
	}
	return ast.NewTerm(rule)
}

func opaReader(r access.Reader) *ast.Term {
	ranks := ast.NewObject()
	for _, scheme := range schemes {
		ranks.Insert(ast.StringTerm(scheme), ast.IntNumberTerm(r.Ranks[scheme]))
	}
	var held []string
	for compartment := range r.ReadIns {
		held = append(held, compartment)
	}
	of := opaNames("community/", r.Communities)
	return ast.ObjectTerm(
		field("id", ast.StringTerm(string(r.Person))),
		field("suspended", ast.BooleanTerm(r.Suspended)),
		field("ranks", ast.NewTerm(ranks)),
		field("readIns", ast.SetTerm(opaNames("", held)...)),
		field("affiliations", ast.SetTerm(append(opaNames("country/", r.Countries), of...)...)),
		field("memberships", ast.SetTerm(append(opaNames("org/", []cordon.ID{r.Org}), of...)...)),
	)
}

func opaNames[T ~string](kind string, names []T) []*ast.Term {
	terms := make([]*ast.Term, len(names))
	for i, name := range names {
		terms[i] = ast.StringTerm(kind + string(name))
	}
	return terms
}
