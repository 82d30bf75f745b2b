// Package bench measures Cordon's decision against others' on the same
// questions in the same run: against bit sets compared by hand, which is the
// floor, and against two policy engines, cedar-go and OPA. All of them must
// agree on every question, or the figures mean nothing; a test sees to that.
//
//	go test -C bench -run '^$' -bench . -benchmem
//
// It is a module of its own, so that the product depends on none of the peers.
package bench
