package httpapi

import (
	"net/http"

	"cordon"
	"cordon/internal/core/ledger"
)

// publicLog serves the ledger's public log to everybody, in the forms of
// c2sp.org/tlog-tiles and c2sp.org/tlog-checkpoint: what it tells is meant to be seen
// by all, and kept by some. It ticks for nobody.
func (a *api) publicLog() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /checkpoint", func(w http.ResponseWriter, r *http.Request) {
		signed, err := a.Ledger.Checkpoint(r.Context())
		if err == nil && signed == "" {
			err = cordon.ErrNotFound
		}
		a.public(w, r, "text/plain; charset=utf-8", "no-store", []byte(signed), err)
	})
	mux.HandleFunc("GET /tile/{tile...}", func(w http.ResponseWriter, r *http.Request) {
		var body []byte
		tile, err := ledger.ParseTile(r.PathValue("tile"))
		if err == nil {
			body, err = a.Ledger.Read(r.Context(), tile)
		}
		a.public(w, r, "application/octet-stream", "public, max-age=31536000, immutable", body, err)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.limit(a.perAddress, r, address(r)); err != nil {
			a.fail(w, r, err)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (a *api) public(w http.ResponseWriter, r *http.Request, contentType, cache string, body []byte, err error) {
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Write(body)
}
