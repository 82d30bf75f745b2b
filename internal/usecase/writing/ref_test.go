package writing_test

import (
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/writing"
)

// TestARefThatNoAddressCarries is refused: the report could not be opened by it.
func TestARefThatNoAddressCarries(t *testing.T) {
	t.Parallel()
	w := casetest.New(t)
	for ref, want := range map[string]cordon.Kind{".": cordon.KindInvalid, "..": cordon.KindInvalid} {
		draft := w.Draft(t, nil, "(U) Notes", "(U) The ferries run.")
		draft.Ref = ref
		if _, err := writing.Publish(t.Context(), w.By(w.ID("mara")), draft); err == nil || cordon.KindOf(err) != want {
			t.Errorf("%q: %v", ref, err)
		}
	}
	for _, ref := range []string{"...", "a/b", ".a", "KESTREL 7", ""} {
		draft := w.Draft(t, nil, "(U) Notes", "(U) The ferries run.")
		draft.Ref = ref
		if _, err := writing.Publish(t.Context(), w.By(w.ID("mara")), draft); err != nil {
			t.Errorf("%q: %v", ref, err)
		}
	}
}
