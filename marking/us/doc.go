// Package us is the markings of the United States: the register and manual of
// the Intelligence Community Markings System, effective 31 December 2016.
//
// All nine categories of the register are read, validated, rolled up, printed
// and compiled: classifications, non-US and NATO markings, JOINT, SCI with
// compartments and sub-compartments (published or not), special access
// programs, Atomic Energy Act information, foreign government information
// acknowledged and concealed, and the dissemination controls of and outside the
// community. The tables in register.go are the register (G.1 Table 4) with what
// the templates of section H say about each entry; sections in errors and
// comments are those of the manual. docs/markings.md lists every entry, and the
// places where the manual leaves a choice or contradicts itself.
//
// Banners are printed with abbreviations (SECRET//NOFORN, TOP SECRET//SI-G//ORCON)
// and read with abbreviations or titles.
//
// [ToISM] and [FromISM] convert to and from the attributes in which machines
// write the same markings.
package us
