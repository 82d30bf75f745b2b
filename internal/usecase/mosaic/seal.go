package mosaic

import (
	"encoding/json"

	"cordon"
	"cordon/internal/core/vault"
)

// The contexts bind a sealed record to its place: it opens there and nowhere else.
func nameContext(id cordon.ID) string     { return "mosaic registry name " + string(id) }
func registryContext(id cordon.ID) string { return "mosaic registry " + string(id) }

func factContext(portion, id cordon.ID) string {
	return "mosaic fact " + string(id) + " on portion " + string(portion)
}

func toldContext(t cordon.Told) string {
	return "mosaic told " + string(t.ID) + " of registry " + string(t.Registry) + " to " + string(t.Audience)
}

func sealJSON(ring *vault.Ring, owner cordon.ID, context string, v any) (cordon.Sealed, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInternal, "a mosaic record does not encode").Because(err)
	}
	if len(text) > cordon.MaxFileBytes {
		return nil, tooManyBytes("the registry")
	}
	return ring.SealRecord(owner, context, text)
}

func openJSON(ring *vault.Ring, owner cordon.ID, context string, sealed cordon.Sealed, into any) error {
	text, err := ring.OpenRecord(owner, context, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return cordon.Errorf(cordon.KindInternal, "a mosaic record is not in the form it was sealed in").Because(err)
	}
	return nil
}
