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
		{"(SI) units", "line word ?"},
		{"(LES) x", "line ?"},
		{"SECRET\nNOFORN", "line word S; line ?"},
		{"NATO SECRET\nATOMAL", "line word NS; line ?"},
		{"TLP:AMBER\nSTRICT", "line TLP:AMBER; line ?"},
		{"SECRET\nThe pier.\nNOFORN", "line word S; line ?"},
		{"Classification: SECRET\nDissemination: NOFORN", "field word S; field ?"},
		{"[SEC=PROTECTED, CAVEAT=RI:AUSTEO] Minutes", "field AUS P; field ?"},
		{"| NOFORN | not releasable |", ""},
		{"NOFORN policy", "running ?"},
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
		// In a document of its scheme alone.
		{"PC: the computer", "line word PC"},
		{"NS: a name server", "line word NS"},
		// Nobody's.
		{"PC/104", ""},
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

// A line, cell or field of nothing but the words of a marking is one, whatever
// stands beside them and though no register has all of it: it is read as what it
// names, or refused.
func TestFindWords(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		// Parts alone.
		{"LAW ENFORCEMENT SENSITIVE\nThe pier.", "line ?"},
		{"Law Enforcement Sensitive", "line word ?"},
		{"NOFORN", "line ?"},
		{"REL TO USA, GBR", "line ?"},
		{"ORCON", "line ?"},
		{"NO DISTRIBUTION", "line ?"},
		{"AUSTEO", "line ?"},
		{"SPÉCIAL FRANCE", "line ?"},
		{"UK EYES ONLY", "line ?"},
		{"EYES ONLY", "line ?"},
		{"HANDLE VIA COMINT CHANNELS ONLY", "line ?"},
		{"SI//TK", "line ?"},
		{"**NOFORN**", "line ?"},
		{"3. NOFORN", "line ?"},
		{"LES", "line word ?"},
		// Parts before or beside the classification.
		{"NOFORN//SECRET", "line ?"},
		{"NOFORN - SECRET", "line ?"},
		{"UK TOP SECRET STRAP 2", "line ?"},
		{"UK TOP SECRET STRAP2", "line ?"},
		{"TOP SECRET UMBRA", "line ?"},
		// A classification of somebody else's.
		{"Europol RESTRICTED", "line ?"},
		{"EUROPOL CONFIDENTIAL", "line ?"},
		{"OCCAR RESTRICTED", "line ?"},
		{"DEU GEHEIM", "line ?"},
		{"AUSTRALIAN SECRET", "running S"},
		{"STRICTLY CONFIDENTIAL", "running C"},
		{"RESTRICTED", "running ?"},
		{"СОВЕРШЕННО СЕКРЕТНО", "line ?"},
		{"机密", "line ?"},
		{"机密文件", ""},
		{"ГРИФ: СЕКРЕТНО", "field ?"},
		{"Classificação: SECRETO", "field ?"},
		{"TRES SECRET DEFENSE - SPECIAL FRANCE", "line FR TS - SPÉCIAL FRANCE"},
		{"SPECIAL FRANCE", "line ?"},
		// What people write beside one.
		{"DRAFT SECRET", "line S"},
		{"DRAFT - SECRET", "line S"},
		{"SECRET DRAFT", "line S"},
		{"Draft Secret", "line word S"},
		{"DRAFT SECRET//NOFORN", "line S//NF"},
		{"SECRET (Annex A)", "line S"},
		{"SECRET (NOFORN) (Annex A)", "line S//NF"},
		{"CONFIDENTIAL - Annex B", "line C"},
		{"TOP SECRET (Codeword)", "line ?"},
		{"SECRET COPY 3 OF 5", "line S"},
		{"COPY 3 OF 5 SECRET", "line S"},
		{"SECRET until 2030-01-01", "line S"},
		{"SECRET UNTIL 2030", "line S"},
		{"SECRET when filled in", "line S"},
		{"Secret until 2030", "line word S"},
		{"GEHEIM bis 2030", "line Geh."},
		{"RESTREINT UE jusqu'au 1er mai", "line R-UE"},
		{"Classification: SECRET (Annex A)", "field S"},
		{"Classification: DRAFT SECRET", "field S"},
		{"| SECRET (Annex A) | x |", "cell S"},
		{"TLP RED", "line TLP:RED"},
		// The speaker's name before the mark.
		{"ANN (TLP:RED): text", "line TLP:RED"},
		{"Ann Smith (S//NF): text", "line S//NF"},
		{"00:12 ANN [S//NF]: text", "line S//NF"},
		{"The man said (S//NF) to all: nothing", "running S//NF"},
		{"we saw (TLP:RED): nothing", "running TLP:RED"},
		// Nobody's.
		{"THE SECRET", ""},
		{"SECRET STORY", ""},
		{"SECRET INTELLIGENCE SERVICE", ""},
		{"TOP SECRET AMERICA", ""},
		{"OFFICIAL JOURNAL", ""},
		{"PROTECTED AREAS", ""},
		{"CONFIDENTIAL SOURCES OF THE PRESS", ""},
		{"PERSONAL DATA", ""},
		{"MEDICAL", ""},
		{"STAFF", ""},
		{"SI", ""},
		{"FISA", ""},
		{"FOREIGN INTELLIGENCE SURVEILLANCE ACT", ""},
		{"DRAFT", ""},
		{"ANNEX A", ""},
		{"TURKEY", ""},
		{"SIGINT HUMINT", ""},
		{"SECRET documents were found.", "line word S"},
		{"Secret until proven", ""},
		{"(123) people", ""},
		{"Secret (see below)", "line word S"},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}
