package storetest

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"reflect"
	"time"

	"cordon"
)

// base is an instant that samples lie around.
var base = time.Date(2026, 11, 23, 9, 0, 0, 123456000, time.UTC)

// filled is a value of which every field is set to something of its own, so
// that a field that a store forgets, or mixes up with another, is noticed,
// one added later too.
func filled[T any]() T {
	var v T
	fill(reflect.ValueOf(&v).Elem())
	return v
}

func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case cordon.ID:
		v.SetString(string(cordon.NewID()))
		return
	case time.Time:
		v.Set(reflect.ValueOf(base.Add(time.Duration(number()) * time.Microsecond)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("text \x01 \"'%_\\ é " + string(cordon.NewID()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(number())
	case reflect.Uint8:
		v.SetUint(uint64(number() % 256))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key)
			fill(value)
			v.SetMapIndex(key, value)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	default:
		panic(fmt.Sprintf("storetest: no sample of %v", v.Type()))
	}
}

// number is a large one. As a time it is more than a day after base, where no
// test looks that shares its store with what others filled.
func number() int64 {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<40))
	if err != nil {
		panic(err)
	}
	return n.Int64() + 1<<37
}

// intern is the number of a rule that no other test uses.
func intern(tx cordon.WriteTx) (cordon.RuleNo, error) {
	return tx.Intern(cordon.Rule{ReadIns: []string{"test:" + string(cordon.NewID())}})
}

// rules are n rules of their own.
func rules(tx cordon.WriteTx, n int) ([]cordon.RuleNo, error) {
	var all []cordon.RuleNo
	for range n {
		no, err := intern(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, no)
	}
	return all, nil
}

// report is a report created so many seconds after base, its portions under
// the rules given, one each.
func report(second int, under ...cordon.RuleNo) (cordon.Report, []cordon.Portion) {
	r := filled[cordon.Report]()
	r.Created = base.Add(time.Duration(second) * time.Second)
	portions := make([]cordon.Portion, len(under))
	for i, rule := range under {
		p := filled[cordon.Portion]()
		p.Report, p.Created, p.Ordinal, p.Rule, p.State = r.ID, r.Created, i, rule, cordon.PortionLive
		portions[i] = p
	}
	return r, portions
}

func publish(tx cordon.WriteTx, r cordon.Report, portions []cordon.Portion) error {
	if err := tx.PutReport(r); err != nil {
		return err
	}
	return tx.PutPortions(portions)
}

func organisation(tx cordon.WriteTx) (cordon.Organisation, error) {
	o := filled[cordon.Organisation]()
	return o, tx.PutOrganisation(o)
}

func person(tx cordon.WriteTx, org cordon.ID) (cordon.Person, error) {
	p := filled[cordon.Person]()
	p.Org = org
	return p, tx.PutPerson(p)
}

func idsOf(portions []cordon.Portion) []cordon.ID {
	ids := make([]cordon.ID, len(portions))
	for i, p := range portions {
		ids[i] = p.ID
	}
	return ids
}

func reportIDs(reports []cordon.Report) []cordon.ID {
	ids := make([]cordon.ID, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	return ids
}
