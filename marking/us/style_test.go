package us

import "testing"

// The colours people know, and always both of them.
func TestStyle(t *testing.T) {
	for text, want := range map[string]string{
		"U": "#007A33", "U//FOUO": "#502B85", "C": "#0033A0", "//DEU R": "#0033A0", "S//SI//NF": "#C8102E", "TS": "#FF8C00", "TS//SI": "#FCE83A",
	} {
		if got := (scheme{}).Style(portion(t, text)); got.Background != want || got.Color == "" {
			t.Errorf("%s: %+v, want %s", text, got, want)
		}
	}
}
