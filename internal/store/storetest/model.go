package storetest

import "testing"
import "cordon"

func testModel(t *testing.T, s cordon.Store) {}
