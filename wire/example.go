package wire

import (
	"time"

	"cordon"
)

// The examples of the operations are of one small world: ALDER shares with
// BRIAR, and iris and noor work there.
const (
	exampleReport      cordon.ID = "sk5s75v9djidvrzsr5bdi92gp2"
	examplePortion     cordon.ID = "4chx5t4tetd8gscdaabgy5uwkw"
	exampleTitle       cordon.ID = "uusgk4c7nvcjsc724tkexb3bxe"
	exampleArrangement cordon.ID = "via44in8yyqrpik8852xwhndbn"
	exampleIncident    cordon.ID = "y9havxx52acqqf46ns8h55fsyw"
	exampleText                  = "The pilot of the night ferry keeps the letters aboard."
	exampleOther       cordon.ID = "sdydrrezcmqu64xqzff47djrv6"
)

var (
	exampleAlder = Named{ID: "wkqfwkcnv55xegbj36ihvnea7e", Name: "ALDER"}
	exampleBriar = Named{ID: "47fb2eh6xpxees8vg3mp7rund2", Name: "BRIAR"}
	exampleIris  = Named{ID: "48met4cy7d64f7nnuz2n6u332e", Name: "iris"}
	exampleNoor  = Named{ID: "mr944zbp9qf5sifycgqmxd92s6", Name: "noor"}
	exampleTime  = time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)
	exampleLater = time.Date(2036, 8, 15, 9, 0, 0, 0, time.UTC)
)
