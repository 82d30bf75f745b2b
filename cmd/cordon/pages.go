package main

import (
	"github.com/spf13/cobra"

	"cordon/wire"
)

// paging says how much of a list is wanted.
type paging struct {
	limit int
	all   bool
}

func pageFlags(cmd *cobra.Command) *paging {
	p := &paging{}
	cmd.Flags().IntVar(&p.limit, "limit", 50, "at most this many")
	cmd.Flags().BoolVar(&p.all, "all", false, "all of them")
	cmd.MarkFlagsMutuallyExclusive("limit", "all")
	return p
}

// pages fetches page after page until there is as much as is wanted.
func pages[T any](p *paging, fetch func(wire.Page) (wire.List[T], error)) ([]T, error) {
	if !p.all && p.limit <= 0 {
		return nil, usagef("--limit takes a number from 1 on")
	}
	var out []T
	var page wire.Page
	for {
		if !p.all {
			page.Limit = min(p.limit-len(out), 200)
		}
		list, err := fetch(page)
		if err != nil {
			return nil, err
		}
		out = append(out, list.Items...)
		if list.Next == "" || (!p.all && len(out) >= p.limit) {
			return out, nil
		}
		page.Cursor = list.Next
	}
}
