package demo

// Person is one of the people of the story. Viewers can sign in as them afterwards.
type Person struct{ Name, Org, Says string }

// Key is how commands and sign-in name them.
func (p Person) Key() string { return p.Org + "/" + p.Name }

// Cast lists the people of the story.
func Cast() []Person {
	return []Person{
		{"Edda Storm", "MERIDIAN", "owns the secret report, and decides who sees it next"},
		{"Tomas Reed", "HARBOUR", "an analyst who is read in, and who wrote the memo"},
		{"Iris Vane", "HARBOUR", "the security officer, who contained the leak and runs the installation"},
		{"Noor Falk", "HARBOUR", "at the desk, cleared for less"},
		{"Jun Okafor", "LANTERN", "an ally, who was given nothing"},
		{"Pell Hartmann", "CORMORANT", "a visitor, whose permission was revoked"},
	}
}
