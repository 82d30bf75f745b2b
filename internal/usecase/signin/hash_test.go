package signin

import (
	"strings"
	"testing"
)

var cheap = Cost{Memory: 64, Passes: 1, Lanes: 1}

func TestHashed(t *testing.T) {
	h := newHashed(DefaultCost, "correct horse battery")
	again, err := parseHashed(h.String())
	if err != nil || !again.is("correct horse battery") || again.is("correct horse batterz") || again.Cost != DefaultCost {
		t.Fatalf("%+v, %v", again, err)
	}
	if !strings.HasPrefix(h.String(), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("kept as %s", h)
	}
	if one, other := newHashed(cheap, "a"), newHashed(cheap, "a"); one.String() == other.String() {
		t.Error("two have one salt")
	}
	// The same characters, composed otherwise, are the same password.
	if !newHashed(DefaultCost, "caf\u00e9 au lait, please").is("cafe\u0301 au lait, please") {
		t.Error("a password depends on how its characters are composed")
	}
}

// TestArgon2id holds the parameters' order against the reference's own vector:
// echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1.
func TestArgon2id(t *testing.T) {
	h, err := parseHashed("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	if err != nil || !h.is("password") {
		t.Errorf("%+v, %v", h, err)
	}
}

func FuzzHashed(f *testing.F) {
	f.Add(newHashed(cheap, "x").String())
	for _, bad := range []string{
		"", "$", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=65536,t=0,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=+65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	} {
		if _, err := parseHashed(bad); err == nil {
			f.Errorf("%q was taken", bad)
		}
		f.Add(bad)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHashed(text)
		if err != nil {
			return
		}
		if h.String() != text || h.Memory > maxMemory || h.Passes > maxPasses || h.Lanes > maxLanes || h.Lanes == 0 || h.Passes == 0 {
			t.Errorf("%q was taken as %+v", text, h)
		}
	})
}
