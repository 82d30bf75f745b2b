package marking

// The bounds of every parser in this package and its subpackages. They are
// far above anything a person writes; what exceeds them is refused before it
// costs anything.
const (
	// MaxText is the longest text of one marking, in bytes.
	MaxText = 4096
	// MaxEntries is the most codes (countries, compartments, programs,
	// controls) that one marking may carry.
	MaxEntries = 512
	// MaxMarks is the most markings that may stand side by side.
	MaxMarks = 16
	// MaxDefinition is the longest file that defines a scheme, in bytes.
	MaxDefinition = 1 << 20
)
