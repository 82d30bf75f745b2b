package us_test

import (
	"encoding/json"
	"fmt"

	"cordon/marking/us"
)

func ExampleToISM() {
	m, _ := us.Scheme().ParsePortion("TS//SI-G//OC/REL TO USA, GBR")
	a, _ := us.ToISM(m)
	text, _ := json.Marshal(a)
	fmt.Println(string(text))
	// Output:
	// {"classification":"TS","ownerProducer":"USA","SCIcontrols":"SI SI-G","disseminationControls":"OC REL","releasableTo":"USA GBR"}
}

func ExampleFromISM() {
	a, _ := us.ParseISM([]byte(`{"ism:classification": "S", "ism:ownerProducer": "USA", "ism:disseminationControls": "NF"}`))
	m, err := us.FromISM(a)
	fmt.Println(m.Banner(), err)
	// Output:
	// SECRET//NOFORN <nil>
}
