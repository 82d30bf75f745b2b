package main

import (
	"cordon/marking"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

// schemes are those in force.
func schemes() *marking.Set { return marking.NewSet(us.Scheme(), tlp.Scheme()) }
