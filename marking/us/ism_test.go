package us

import (
	"encoding/json"
	"strings"
	"testing"

	"cordon/internal/harness/sample"
	"cordon/marking"
	"pgregory.net/rapid"
)

func TestISM(t *testing.T) {
	for _, c := range []struct{ portion, ism string }{
		{"U", `{"classification":"U","ownerProducer":"USA"}`},
		{"S//NF", `{"classification":"S","ownerProducer":"USA","disseminationControls":"NF"}`},
		{"TS//SI-G ABCD/TK//OC/NF", `{"classification":"TS","ownerProducer":"USA","SCIcontrols":"SI SI-G SI-G-ABCD TK","disseminationControls":"OC NF"}`},
		{"S//OC-USGOV", `{"classification":"S","ownerProducer":"USA","disseminationControls":"OC OC-USGOV"}`},
		{"S//REL TO USA, GBR, NATO/DISPLAY ONLY AFG", `{"classification":"S","ownerProducer":"USA","disseminationControls":"REL DISPLAYONLY","releasableTo":"USA GBR NATO","displayOnlyTo":"AFG"}`},
		{"S//SAR-BP-J12 J54//RD-CNWDI-SG 14//NF", `{"classification":"S","ownerProducer":"USA","SARIdentifier":"BP BP-J12 BP-J12-J54","atomicEnergyMarkings":"RD RD-CNWDI RD-SG-14","disseminationControls":"NF"}`},
		{"//DEU S//NF", `{"classification":"S","ownerProducer":"DEU","disseminationControls":"NF"}`},
		{"//NIS", `{"classification":"S","ownerProducer":"NATO:ISAF"}`},
		{"//CTS//BOHEMIA", `{"classification":"TS","ownerProducer":"NATO","nonUSControls":"NATO-BOHEMIA"}`},
		{"//CTS//BALK/BOHEMIA//ATOMAL", `{"classification":"TS","ownerProducer":"NATO","nonUSControls":"NATO-ATOMAL NATO-BOHEMIA NATO-BALK"}`},
		{"//FGI S//NF", `{"classification":"S","ownerProducer":"FGI","FGIsourceProtected":"FGI","disseminationControls":"NF"}`},
		{"S//FGI", `{"classification":"S","ownerProducer":"USA","FGIsourceProtected":"FGI"}`},
		{"S//FGI DEU NATO//NF", `{"classification":"S","ownerProducer":"USA","highWaterNATO":"NATO-S","FGIsourceOpen":"DEU NATO","disseminationControls":"NF"}`},
		{"//JOINT S CAN USA//REL TO USA, CAN", `{"classification":"S","ownerProducer":"CAN USA","joint":"true","disseminationControls":"REL","releasableTo":"USA CAN"}`},
		{"U//SBU-NF", `{"classification":"U","ownerProducer":"USA","nonICmarkings":"SBU-NF"}`},
	} {
		a, err := ToISM(portion(t, c.portion))
		if err != nil {
			t.Errorf("%s: %v", c.portion, err)
			continue
		}
		got, _ := json.Marshal(a)
		if string(got) != c.ism {
			t.Errorf("%s is\n%s, want\n%s", c.portion, got, c.ism)
		}
		read, err := ParseISM([]byte(c.ism))
		if err != nil {
			t.Errorf("%s: %v", c.ism, err)
			continue
		}
		if m, err := FromISM(read); err != nil || m.Portion() != c.portion {
			t.Errorf("%s is %v, %v, want %s", c.ism, m, err, c.portion)
		}
	}
}

func TestISMRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                   "not a JSON object",
		`{"classification":1}`: "not a text",
		`{"cuiBasic":"LEI"}`:   "unknown ISM attribute",
		`{"classification":"X","ownerProducer":"USA"}`:                                                           "unknown classification",
		`{"classification":"R","ownerProducer":"USA"}`:                                                           "RESTRICTED",
		`{"classification":"S"}`:                                                                                 "ownerProducer is empty",
		`{"classification":"S","ownerProducer":"USA","disseminationControls":"NOFORN"}`:                          "unknown token",
		`{"classification":"S","ownerProducer":"USA","disseminationControls":"REL"}`:                             "go together",
		`{"classification":"S","ownerProducer":"USA","releasableTo":"USA GBR"}`:                                  "go together",
		`{"classification":"S","ownerProducer":"USA","disseminationControls":"REL","releasableTo":"GBR"}`:        "USA and somebody",
		`{"classification":"S","ownerProducer":"USA","disseminationControls":"NF REL","releasableTo":"USA GBR"}`: "may not be used with",
		`{"classification":"S","ownerProducer":"USA","SCIcontrols":"SI-G"}`:                                      "TOP SECRET",
		`{"classification":"S","ownerProducer":"USA","SCIcontrols":"NOFORN"}`:                                    "SCIcontrols",
		`{"classification":"S","ownerProducer":"USA","joint":"true"}`:                                            "joint does not agree",
		`{"classification":"S","ownerProducer":"USA","FGIsourceOpen":"GBR","FGIsourceProtected":"FGI"}`:          "concealed and acknowledged",
		`{"classification":"S","ownerProducer":"USA","atomicEnergyMarkings":"RD FRD"}`:                           "precedence",
		`{"classification":"S","ownerProducer":"USA","atomicEnergyMarkings":"RD-SG-6"}`:                          "unknown token",
		`{"classification":"S","ism:classification":"U","ownerProducer":"USA"}`:                                  "given twice",
	} {
		a, err := ParseISM([]byte(text))
		if err == nil {
			_, err = FromISM(a)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if a, err := ParseISM([]byte(`{"ism:classification":"S","ism:ownerProducer":"USA","ism:declassDate":"2040-01-01","ism:resourceElement":true}`)); err != nil || a.Classification != "S" {
		t.Errorf("%+v, %v", a, err)
	}
}

// What the first versions of ISM wrote is read too.
func TestISMBefore(t *testing.T) {
	m, err := FromISM(ISM{Classification: "TS", OwnerProducer: "NATO", NonUSControls: "ATOMAL BALK"})
	if err != nil || m.Portion() != "//CTS//BALK//ATOMAL" {
		t.Errorf("%v, %v", m, err)
	}
}

// Every marking goes to ISM and back.
func TestISMRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, in := drawPortions(t, "portions", 1)
		for _, m := range append(in, mustRoll(t, in...)) {
			a, err := ToISM(m)
			if err != nil {
				t.Fatalf("%s: %v", m.Portion(), err)
			}
			text, _ := json.Marshal(a)
			read, err := ParseISM(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if back, err := FromISM(read); err != nil || back.Portion() != m.Portion() {
				t.Fatalf("%s is %s, and back %v, %v", m.Portion(), text, back, err)
			}
		}
	})
}

// So do all portion marks and banners that the manual prints, but for those
// that leave a list to their banner.
func TestISMRoundTripOfManual(t *testing.T) { sample.Each(t, ismRoundTripOfManual) }

func ismRoundTripOfManual(t *testing.T, s sample.Set) {
	manual := string(s.Read(t, "ic-markings-manual.md"))
	n, left := 0, 0
	check := func(m marking.Marking, err error) {
		if err != nil {
			return // TestManualPortionMarks and TestManualBanners tell
		}
		n++
		a, err := ToISM(m)
		if err != nil {
			if left++; !m.(*mark).unresolved() {
				t.Errorf("%s: %v", m.Portion(), err)
			}
			return
		}
		text, _ := json.Marshal(a)
		read, err := ParseISM(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		if back, err := FromISM(read); err != nil || back.Portion() != m.Portion() {
			t.Errorf("%s is %s, and back %v, %v", m.Portion(), text, back, err)
		}
	}
	for _, found := range markPattern.FindAllString(manual, -1) {
		check(Scheme().ParsePortion(scanned.Replace(spaced.ReplaceAllString(found, "$1"))))
	}
	for _, found := range bannerPattern.FindAllString(manual, -1) {
		check(Scheme().ParseBanner(scanned.Replace(spaced.ReplaceAllString(strings.TrimRight(found, " ,"), "$1"))))
	}
	if n < sample.Pick(s, 150, 1300) || left > n/5 {
		t.Errorf("%d marks, %d of them with a list left to the banner", n, left)
	}
}
