package httpapi

import (
	"cordon/internal/usecase/writing"
	"cordon/wire"
)

func (a *api) setCompilation(c *call) (any, error) {
	var in wire.CompilationDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	banner, err := writing.SetCompilation(c.Context(), c.by, c.PathValue("report"), in.Marking)
	if err != nil {
		return nil, err
	}
	return wire.Compilation{Marking: in.Marking, Banner: banner}, nil
}
