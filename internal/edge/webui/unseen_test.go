package webui

import "testing"

// TestShowUnseen: what nobody would see is shown by its number in texts, and a field
// has what was typed.
func TestShowUnseen(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"<p>plain शांति 👩\u200d🚀</p>":                                                  "<p>plain शांति 👩\u200d🚀</p>",
		"<p>a\u202egnp.exe</p>":                                                        "<p>a[U+202E]gnp.exe</p>",
		"<p>\U000e0041\u2066x\u2069</p>":                                               "<p>[U+E0041][U+2066]x[U+2069]</p>",
		"<input value=\"a\u202eb\"><b>\u200b</b>":                                      "<input value=\"a\u202eb\"><b>[U+200B]</b>",
		"<textarea name=\"t\">a\u202eb</textarea>\u200fc":                              "<textarea name=\"t\">a\u202eb</textarea>[U+200F]c",
		"<button aria-label=\"Revoke: a\u202eb\" value=\"a\u202eb\" title=\"\u200e\">": "<button aria-label=\"Revoke: a[U+202E]b\" value=\"a\u202eb\" title=\"[U+200E]\">",
		"<option>\u202e</option><i>\u202e</i>":                                         "<option>\u202e</option><i>[U+202E]</i>",
	} {
		if got := string(showUnseen([]byte(page))); got != want {
			t.Errorf("%q shows as %q, want %q", page, got, want)
		}
	}
}
