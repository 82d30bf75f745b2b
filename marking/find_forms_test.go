package marking_test

import (
	"testing"

	"cordon/marking"
)

// However a mark is taken apart, spaced out or spread over brackets, lines and
// fields, it is read whole or refused: never as less than it says.
func TestFindForms(t *testing.T) {
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		// A part behind the mark belongs to it.
		{"(S)(NF) x", "line S//NF"},
		{"(S) (NF) x", "line S//NF"},
		{"(S)//(NF) x", "line S//NF"},
		{"(TS)(SI//NF) x", "line TS//SI//NF"},
		{"(S): REL TO USA, GBR", "line S//REL TO USA, GBR"},
		{"(U) / NF", "line U//NF"},
		{"SECRET (NOFORN)", "line S//NF"},
		{"SECRET;NOFORN", "line S//NF"},
		{"TLP:AMBER (STRICT) x", "line TLP:AMBER+STRICT"},
		{"(NS)(ATOMAL) x", "line ?"},
		{"(U) (SI) units", "line ?"},
		{"(U) - SI units", "line U"},
		// A part alone.
		{"(NOFORN) x", "line ?"},
		{"(NF) x", "line ?"},
		{"(REL TO USA, GBR) x", "line ?"},
		{"(SI) units", ""},
		{"SECRET\nNOFORN", "line word S; line ?"},
		{"NATO SECRET\nATOMAL", "line word NS; line ?"},
		{"TLP:AMBER\nSTRICT", "line TLP:AMBER; line ?"},
		{"SECRET\nThe pier.\nNOFORN", "line word S"},
		{"Classification: SECRET\nDissemination: NOFORN", "field word S; field ?"},
		{"[SEC=PROTECTED, CAVEAT=RI:AUSTEO] Minutes", "field AUS P; field ?"},
		{"| NOFORN | not releasable |", ""},
		{"NOFORN policy", ""},
		// A prefix and its value, with something between.
		{"TLP(RED) x", "line TLP:RED"},
		{"TLP [RED] x", "line TLP:RED"},
		{"TLP “RED” x", "line TLP:RED"},
		{"TLP:<b>RED</b> x", "line TLP:RED"},
		{"**TLP:** RED x", "line TLP:RED"},
		{"TLP:`RED` x", "line TLP:RED"},
		{`"tlp": "red"`, "line TLP:RED"},
		{"'tlp' => 'red'", "line TLP:RED"},
		{"tlp=red", "line TLP:RED"},
		{"PAP: *amber* x", "line PAP:AMBER"},
		{"the tlp was red", ""},
		// Letters that blanks part.
		{"S E C R E T", "line S"},
		{"S E C R E T  N O F O R N", "line S//NF"},
		{"T O P  S E C R E T // S I // N O F O R N", "line TS//SI//NF"},
		{"C O N F I D E N T I A L STATE 012345", "line C"},
		{"T L P : A M B E R + S T R I C T", "line TLP:AMBER+STRICT"},
		{"S E C R E T//NOFORN", "line ?"},
		{"U S A is big", ""},
		// Fields.
		{"Classification = SECRET", "field word S"},
		{"classification=SECRET", "field word S"},
		{"CLASSIFICATION - SECRET", "field word S"},
		{"Classification  SECRET", "field word S"},
		{"Classification: SECRET (draft)", "field S"},
		{`<classification level="SECRET">x</classification>`, "running word S"},
		{"THIS REPORT IS CLASSIFIED SECRET", "field word S"},
		{"It is classified SECRET by them.", "running S"},
		{"SEC=PROTECTED", "field word AUS P"},
		{"The classification S is used", ""},
		{"Level of the sea", ""},
		// Other letters.
		{"(S&#47;&#47;NF) x", "line S//NF"},
		{"(S&sol;&sol;NF) x", "line S//NF"},
		{"(ꜱ//ɴꜰ) x", "line S//NF"},
		{"(S\u2afdNF) x", "line S//NF"},
		{"(S\u0332/\u0332/\u0332N\u0332F\u0332) x", "line S//NF"},
		// Markup within the mark.
		{"(**S**//NF) x", "line S//NF"},
		{"(S//<b>NF</b>) x", "line S//NF"},
		{"<b>(S</b>//NF) x", "line S//NF"},
		{"(S<br>//NF) x", "line S//NF"},
		{"(S//N<wbr>F) x", "line S//NF"},
		// A mark on two lines.
		{"(S//\nNF) x", "line ?"},
		{"(S\n//NF) x", "line ?"},
		{"(TS//SI//REL TO USA,\nGBR, AUS) The pier", "line ?"},
		{"(TLP:\nRED) x", "line ?"},
		{"(TLP:AMBER\n+STRICT) x", "line ?"},
		{"SECRET//\nNOFORN", "line ?; line ?"},
		{"TOP\nSECRET", "line ?"},
		{"SECRET\nSECRET", "line word S; line word S"},
		{"(S//NF The pier is shut.", "line S//NF"},
		// Two readings, and unreadable ones.
		{"OFFICIAL SENSITIVE", "line word ?"},
		{"Official - Sensitive", "line ?"},
		{"TOP SECRET/SCI", "line ?"},
		{"He has a TS/SCI clearance", "running ?"},
		// Nobody's.
		{"PC: the computer", ""},
		{"PC/104", ""},
		{"NS: a name server", ""},
		{"C: drive", ""},
		{"//go:debug", ""},
		{`"//foo/bar" x`, ""},
		{"proto + \"://\" + host", ""},
		{"you can see", ""},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}
