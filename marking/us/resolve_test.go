package us

import "testing"

func TestResolve(t *testing.T) {
	for _, c := range []struct{ portion, banner, want string }{
		{"S//REL", "SECRET//REL TO USA, FVEY", "S//REL TO USA, FVEY"},
		{"S//REL/RELIDO", "SECRET//REL TO USA, FVEY/RELIDO", "S//REL TO USA, FVEY/RELIDO"},
		{"TS//EYES", "TOP SECRET//USA/CAN/GBR EYES ONLY", "TS//USA/CAN/GBR EYES ONLY"},
		{"TS//EYES", "TOP SECRET//REL TO USA, CAN", "TS//REL TO USA, CAN"},
		{"//JOINT S//REL", "//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR", "//JOINT S CAN GBR USA//REL TO USA, CAN, GBR"},
		{"S//NF", "SECRET//NOFORN", "S//NF"},
		{"S//REL", "SECRET//NOFORN", ""},
		{"//JOINT S//REL", "SECRET//REL TO USA, GBR", ""},
	} {
		b, err := Scheme().ParseBanner(c.banner)
		if err != nil {
			t.Fatal(err)
		}
		got, err := scheme{}.Resolve(portion(t, c.portion), b)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("%s under %s: %v", c.portion, c.banner, got)
		case c.want != "" && (err != nil || got.Portion() != c.want):
			t.Errorf("%s under %s: %v %v, want %s", c.portion, c.banner, got, err, c.want)
		}
	}
}
