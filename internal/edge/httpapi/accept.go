package httpapi

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"cordon"
	"cordon/wire"
)

// notAcceptable is an Invalid error whose status is 406.
type notAcceptable struct{ error }

func (n notAcceptable) Unwrap() error { return n.error }

// unsupported is an Invalid error whose status is 415.
type unsupported struct{ error }

func (u unsupported) Unwrap() error { return u.error }

// acceptable answers a request whose Accept header (RFC 9110 section 12.5.1)
// admits nothing that the operation answers with. A problem goes out whatever
// is accepted, and whoever accepts problems alone gets the answer too.
func (r route) acceptable(req *http.Request) error {
	header := req.Header.Values("Accept")
	// The document is linked to from a page: a browser that asks for pages is shown it.
	if r.Name == "" || len(header) == 0 || r.Name == wire.GetOpenAPI.Name {
		return nil
	}
	offered := append([]string{problemType}, r.media()...)
	for one := range strings.SplitSeq(strings.Join(header, ","), ",") {
		accepted, params, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil && q == 0 {
			continue
		}
		for _, media := range offered {
			kind, _, _ := strings.Cut(media, "/")
			if accepted == media || accepted == kind+"/*" || accepted == "*/*" {
				return nil
			}
		}
	}
	return notAcceptable{cordon.Errorf(cordon.KindInvalid, "this answers with %s, which the Accept header leaves out", strings.Join(r.media(), " or "))}
}

// media are the media types that the operation answers with.
func (r route) media() []string {
	if len(r.Media) == 0 {
		return []string{"application/json"}
	}
	return r.Media
}
