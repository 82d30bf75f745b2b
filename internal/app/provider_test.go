package app

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"cordon"
	"cordon/internal/usecase/signin"
)

// TestTheDocumentedProvider reads the provider that docs/operating.md shows, as
// an operator would who copied it.
func TestTheDocumentedProvider(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)<!-- oidc.json -->\n```json\n(.*?)```\n").FindSubmatch(doc)
	if shown == nil {
		t.Fatal("docs/operating.md shows no provider")
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	c := Config{ProviderFile: write("oidc.json", string(shown[1]))}
	if _, err := c.provider(); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
		t.Errorf("without its secret: %v", err)
	}
	write("oidc.secret", "hidden\n")
	p, err := c.provider()
	if err != nil || p.ClientSecret != "hidden" || !p.Provision || p.Name != "name" || len(p.Rules) != 4 || p.Rules[0].Clearances["us"] != "S" || p.Rules[2].ReadIns[0] != "us:SI" {
		t.Errorf("%+v, %v", p, err)
	}
	// Every field that there is, and no other, is in the table.
	for _, field := range []string{"label", "issuer", "clientId", "clientSecretFile", "organisation", "scopes", "userInfo", "subject", "provision", "name", "rules", "tokensFor"} {
		if !regexp.MustCompile("(?m)^\\| [^|]*`" + field + "`").Match(doc) {
			t.Errorf("docs/operating.md does not explain %s", field)
		}
	}
	if _, err := signin.ParseProvider([]byte(`{"label":"x","nonsense":1}`)); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
		t.Errorf("an unknown field: %v", err)
	}
}
