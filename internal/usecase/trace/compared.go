package trace

import (
	"cordon/internal/core/tokens"
	"cordon/wire"
)

// compared says how many words of a text were compared.
func compared(text string) wire.Compared {
	return wire.Compared{Kind: "plain text", Words: tokens.Count(text)}
}
