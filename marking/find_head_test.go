package marking_test

import (
	"strings"
	"testing"

	"cordon/marking"
)

// A mark spelled out before its text is one at the head of a line, cell or field,
// whatever sign parts it from the text.
func TestFindHeaded(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	const text = "the courier met nobody."
	for _, c := range []struct{ before, want string }{
		{"SECRET: ", "line S"},
		{"SECRET - ", "line S"},
		{"SECRET — ", "line S"},
		{"SECRET – ", "line S"},
		{"SECRET. ", "line S"},
		{"SECRET; ", "line S"},
		{"SECRET, ", "line S"},
		{"SECRET > ", "line S"},
		{"SECRET (draft) ", "line S"},
		{"SECRET  ", "line S"},
		{"**SECRET** ", "line S"},
		{"**SECRET:** ", "line S"},
		{"*SECRET* ", "line S"},
		{"_SECRET_ ", "line S"},
		{"<b>SECRET</b> ", "line S"},
		{`"SECRET" `, "line S"},
		{"/SECRET/ ", "line S"},
		{"# SECRET: ", "line S"},
		{"- SECRET: ", "line S"},
		{"1. TOP SECRET: ", "line TS"},
		{"> SECRET: ", "line S"},
		{"SMITH: SECRET. ", "line S"},
		{"(U) SECRET: ", "line U; line S"},
		{"| SECRET: ", "cell S"},
		{"SECRET NOFORN: ", "line S//NF"},
		{"SECRET - NOFORN: ", "line S//NF"},
		{"UK TOP SECRET STRAP 2: ", "line ?"},
		{"OFFICIAL SENSITIVE - ", "line ?"},
		{"DRAFT SECRET: ", "line S"},
		{"FOUO: ", "line ?"},
		{"CLASSIFIED: ", "line ?"},
		{"CUI - ", "line CUI"},
		{"TLP level: red. ", "line TLP:RED"},
		{"<SECRET> ", "line S"},
		{"== SECRET == ", "line S"},
		{"TOP SECRET//SI//NOFORN: ", "line TS//SI//NF"},
		{"TOP SECRET - ", "line TS"},
		{"TOP SECRET ", "line TS"},
		{"Top Secret: ", "line TS"},
		{"NATO SECRET ", "line NS"},
		{"COSMIC TOP SECRET. ", "line CTS"},
		{"UK SECRET: ", "line UK S"},
		{"PROTECTED B: ", "line PB"},
		{"STRENG GEHEIM - ", "line Str. Geh."},
		{"Geheim: ", "line Geh."},
		{"VS-NfD: ", "line VS-NfD"},
		{"TRÈS SECRET – ", "line FR TS"},
		{"Diffusion Restreinte : ", "line DR"},
		{"CONTROLLED UNCLASSIFIED INFORMATION: ", "line CUI"},
		{"Secret: ", "line word S"},
		{"secret: ", "line word S"},
		{"**Secret** ", "line word S"},
		{"`SECRET`: ", "line word S"},
		{"TLP:RED - ", "line TLP:RED"},
		{"TLP RED ", "line TLP:RED"},
		{"tlp.red ", "line TLP:RED"},
		{"Traffic Light Protocol: Red. ", "line TLP:RED"},
		// Parts without their classification, and names of no scheme in force.
		{"NOFORN: ", "line ?"},
		{"NOFORN ", "running ?"},
		{"REL TO USA, GBR: ", "line ?"},
		{"CANADIAN EYES ONLY: ", "line ?"},
		{"EU LIMITE: ", "line ?"},
		{"EUROPOL RESTRICTED - ", "line ?"},
		{"UN CONFIDENTIAL: ", "line ?"},
		{"СЕКРЕТНО: ", "line ?"},
		{"Совершенно секретно: ", "line ?"},
		{"機密：", "line ?"},
		{"سري للغاية: ", "line ?"},
		{"1급비밀: ", "line ?"},
		{"Přísně tajné: ", "line ?"},
		{"SEGRETO - ", "line ?"},
		// Two readings: a sentence begins so too.
		{"SECRET ", "line word S"},
		{"GEHEIM ", "line Geh."},
		// A short code is one in a document of its scheme alone.
		{"TS: ", "line word TS"},
		{"- **NS** ", "line word NS"},
		{"NU - ", "line word NU"},
		// Nobody's.
		{"TS ", ""},
		{"the TS: ", ""},
		{"S: ", ""},
		{"SECRET-keeping: ", ""},
		{"SECRET_KEY: ", ""},
		{"SECRET=abc ", ""},
		{"<SECRET>abc</SECRET> ", ""},
		{"$SECRET: ", ""},
		{"--secret: ", ""},
		{`"secret": `, ""},
		{"secret.txt: ", ""},
		{"SECRET'S ", ""},
		{"Secret, ", ""},
		{"Secret agents: ", ""},
		{"limited: ", ""},
		{"Unclassified: ", ""},
		{"SI: ", ""},
		{"MEDICAL: ", ""},
		{"TOP SECRET RECIPES ", ""},
	} {
		if got := shown(set, c.before+text); got != c.want {
			t.Errorf("%q: %s, not %s", c.before, got, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		// At the end, and between: they tell of something marked.
		{"The courier met nobody. — SECRET", "running S"},
		{"The courier met nobody - TOP SECRET", "running TS"},
		{"The courier met nobody. NOFORN", "running ?"},
		{"He read the NATO SECRET paper.", "running NS"},
		{"He read it, NOFORN or not.", "running ?"},
		{"It is a secret", ""},
		{"The trade is no SECRET", "running S"},
		{"Their CLIENT SECRET is kept", ""},
		{"'X-TOKEN-SECRET': 'x'", ""},
		{"The courier met nobody. — Geheim", "running Geh."},
		{"THIS IS SECRET.", "running S"},
		// Lines of nothing else.
		{"secret", "line word S"},
		{"top secret", "line word TS"},
		{"- secret", "running S"},
		{"Dep. VERTROUWELIJK", "line ?"},
		{"Stg. GEHEIM: de koerier", "line ?"},
		{"SMITH [TLP:RED] - text", "line TLP:RED"},
		{"<table><tr><td>a</td><td>(S//NF) b</td></tr></table>", "break S//NF"},
		{"TOP SECRET 3 of 7", "line TS"},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}

// A bracket of nothing but the words and codes of markings, however they are
// parted, is read where it says one marking and refused otherwise.
func TestFindSlips(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		{"(S:NF)", "line S//NF"},
		{"(S, NF)", "line S//NF"},
		{"(S & NF)", "line S//NF"},
		{"(S+NF)", "line S//NF"},
		{"(S NF)", "line S//NF"},
		{"(TS SI NF)", "line TS//SI//NF"},
		{"[S, NF]", "line S//NF"},
		{"（S，NF）", "line S//NF"},
		{"(S.)", "line S"},
		{"(T.S.)", "line TS"},
		{"(T S)", "line TS"},
		{"(ts)", "line word TS"},
		{"(TopSecret)", "line TS"},
		{"(top-secret)", "line TS"},
		{"(Classified: Secret)", "line S"},
		{"(CONFIDENTIAL - draft)", "line C"},
		{"(SECRET until 2030)", "line S"},
		{"(Traffic Light Protocol: RED)", "line TLP:RED"},
		{"(S - draft)", "line S"},
		{"(Red TLP)", "line TLP:RED"},
		{"(Strictly confidential)", "line C"},
		{"(Çok gizli)", "line ?"},
		{"(Ѕесrеt)", "line S"},
		{"(CLASSIFIED)", "line ?"},
		{"(classified)", ""},
		{"(and controlled)", ""},
		{"(restricted)", ""},
		{"(S/U)", "line ?"},
		{"(U/S)", "line ?"},
		{"(C/S)", "line ?"},
		{"(S→U)", "line ?"},
		{"(SECRET AUSTEO)", "line ?"},
		{"[SECRET AUSTEO]", "line ?"},
		{"(COSMIC)", "line ?"},
		{"(SAP)", "line ?"},
		{"(NATO S)", "line S"},
		{"(GER S)", "line S"},
		{"(EUROPOL RESTRICTED)", "line ?"},
		{"(UN SECRET)", "line ?"},
		{"(SEGRETO)", "line ?"},
		{"(TAJNE)", "line ?"},
		{"(секретно)", "line ?"},
		{"(機密)", "line ?"},
		{"(EU LIMITE)", "line ?"},
		{"(SECRET SERVICE)", "line ?"},
		// Other letters.
		{"(Ѕ)", "line ?"},
		{"(С)", "line ?"},
		{"(ТЅ)", "line ?"},
		{"(ⓢ)", "line S"},
		{"Ⓢ", "line ?"},
		{"⒮", "line ?"},
		{"\u202e)FN//S(", "line ?"},
		// Nobody's.
		{"(C#)", ""},
		{"(C 2)", ""},
		{"(S 5)", ""},
		{"(A, B)", ""},
		{"(s)", ""},
		{"(secret agents)", ""},
		{"(the secret)", ""},
		{"(see below)", ""},
		{"{nr}", ""},
		{"(SI units)", ""},
		{"(USA)", ""},
		{"(draft)", ""},
		{"(NATO)", ""},
		{"(2030)", ""},
	} {
		if got := shown(set, c.text+" The courier met nobody."); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
	if got := shown(set, "Ann (S | NF): x"); got != "running S//NF" {
		t.Error(got)
	}
	if got := shown(set, "(С) третий пункт"); got != "" {
		t.Error(got)
	}
}

// A column whose name tells of markings holds the marks of its rows.
func TestFindColumns(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		{"| name | Classification |\n|---|---|\n| pier | SECRET |", "field word S"},
		{"| name | Classification |\n|---|---|\n| pier | Secret |", "field word S"},
		{"| Classification | name |\n|---|---|\n| S | pier |", "field word S"},
		{"| name | TLP |\n|---|---|\n| pier | red |", "field TLP:RED"},
		{"name\tKlassifizierung\npier\tGEHEIM", "field word Geh."},
		{"name,classification\n\"the pier, at night\",SECRET", "field word S"},
		{"name;marking;x\npier;S//NF;1", "field S//NF"},
		{"id,tlp,text\n1,AMBER+STRICT,pier", "field TLP:AMBER+STRICT"},
		{"id,class,text\n1,C,pier", "cell word C"},
		{"id,class,text\n1,SECRET,pier", "field word S"},
		{"name,classification\npier,Mammal", ""},
		{"name,grade\npier,C", ""},
		{"name,classification\npier,x\n\nnote,SECRET", ""},
		{"Of its classification, nothing is known, so\nthey said SECRET, and left.", "running S"},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}

// Each name of the table is found, and refused with whose it is.
func TestFindNames(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, c := range []struct{ name, owner string }{
		{"СТРОГО СЕКРЕТНО", "Bulgaria"},
		{"YDERST HEMMELIGT", "Denmark"},
		{"TÄIESTI SALAJANE", "Estonia"},
		{"ΑΚΡΩΣ ΑΠΟΡΡΗΤΟ", "Greece"},
		{"DIFUSIÓN LIMITADA", "Spain"},
		{"VRLO TAJNO", "Croatia"},
		{"SEVIŠĶI SLEPENI", "Latvia"},
		{"VISIŠKAI SLAPTAI", "Lithuania"},
		{"SZIGORÚAN TITKOS", "Hungary"},
		{"SIGRIET", "Malta"},
		{"ŚCIŚLE TAJNE", "Poland"},
		{"MUITO SECRETO", "Portugal"},
		{"STRICT SECRET", "Romania"},
		{"PRÍSNE TAJNÉ", "Slovakia"},
		{"ERITTÄIN SALAINEN", "Finland"},
		{"KVALIFICERAT HEMLIG", "Sweden"},
		{"ÇOK GİZLİ", "Turkey"},
		{"ОСОБОЙ ВАЖНОСТИ", "Russia"},
		{"ЦІЛКОМ ТАЄМНО", "Ukraine"},
		{"绝密", "China"},
		{"極秘", "Japan"},
		{"2급비밀", "Korea"},
		{"סודי ביותר", "Israel"},
		{"UN CONFIDENTIAL", "United Nations"},
		{"EUROPOL SECRET", "Europol"},
	} {
		n := 0
		for f := range set.Find(c.name + ": text") {
			if n++; f.Err == nil || f.Text == c.name && !strings.Contains(f.Err.Error(), c.owner) {
				t.Errorf("%s: %v", c.name, f.Err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d are found", c.name, n)
		}
	}
}
