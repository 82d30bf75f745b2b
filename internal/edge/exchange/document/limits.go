package document

// Bounds of this package beyond those of the root. They keep hostile input
// cheap and are far above what documents need.
const (
	// maxIssues is how many issues of one document are listed; the message
	// counts all of them.
	maxIssues = 100
	// maxLike is how many of one kind are.
	maxLike = 20
	// maxWarnings is the same for warnings.
	maxWarnings = 100
	// maxNesting bounds quotes in lists in quotes in Markdown, on one line.
	maxNesting = 64
	// maxFurniture bounds a line that is tried as a banner, in bytes.
	maxFurniture = 512
	// maxFurnitureLines bounds how many there are.
	maxFurnitureLines = 100_000
	// maxMarkdownLines bounds the tree that a Markdown file becomes.
	maxMarkdownLines = 500_000
)
