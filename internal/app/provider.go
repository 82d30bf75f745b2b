package app

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"cordon"
	"cordon/internal/usecase/signin"
)

// provider reads the description of the OpenID provider, and its secret from
// the file that the description names, taken from where it lies.
func (c Config) provider() (*signin.Provider, error) {
	if c.ProviderFile == "" {
		return nil, nil
	}
	text, err := readFile(c.ProviderFile)
	if err != nil {
		return nil, err
	}
	p, err := signin.ParseProvider(text)
	if err != nil {
		return nil, err
	}
	file := p.ClientSecretFile
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(c.ProviderFile), file)
	}
	secret, err := readFile(file)
	if err != nil {
		return nil, err
	}
	p.ClientSecret = strings.TrimSpace(string(secret))
	return p, nil
}

func readFile(name string) ([]byte, error) {
	unreadable := cordon.Errorf(cordon.KindInvalid, "the file %s cannot be read", name)
	f, err := os.Open(name)
	if err != nil {
		return nil, unreadable.Because(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, signin.MaxProviderFile+1))
	if err != nil {
		return nil, unreadable.Because(err)
	}
	return text, nil
}
