package marking

// FindWork is how many bytes Find hands to the schemes for a text, and how many
// marks it finds.
func (s *Set) FindWork(text string) (work, found int) {
	f := finder{set: s, text: text, read: map[string]reading{}, yield: func(Found) bool { found++; return true }}
	f.walk()
	return f.work, found
}
