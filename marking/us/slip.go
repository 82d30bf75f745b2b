package us

// slip gives the one marking of the register that a word is most likely a
// slip for: one letter wrong, missing, too many, or two exchanged; empty where
// there is none or more than one. Words of fewer than four letters are too
// near to everything to guess.
func slip(word string) string {
	if len(word) < 4 {
		return ""
	}
	found := ""
	consider := func(s string) {
		if len(s) >= 4 && s != found && near(word, s) {
			if found != "" {
				found = "\x00"
				return
			}
			found = s
		}
	}
	for _, register := range [...][]entry{dissemRegister[:], nonICRegister[:], aeaRegister[:], natoRegister[:]} {
		for i := range register {
			e := &register[i]
			consider(e.portion)
			if e.abbr != e.portion {
				consider(e.abbr)
			}
			consider(e.title)
		}
	}
	for i := range sciRegister {
		if e := &sciRegister[i]; e.comp != "*" && !e.sub {
			if e.comp != "" {
				consider(e.comp)
			}
			consider(e.title)
		}
	}
	if found == "\x00" {
		return ""
	}
	return found
}

// near reports whether one edit, or one exchange of neighbours, makes a of b.
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return true
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
