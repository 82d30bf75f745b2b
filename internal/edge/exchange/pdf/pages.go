package pdf

import (
	"slices"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"cordon/internal/edge/exchange/parts"
)

// pageReader reads the pages of one file.
type pageReader struct {
	instance pdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	// drawn is set where something may be drawn over a page, instead where text
	// may stand for what is shown.
	drawn, instead bool
	// things counts what was looked at on the pages.
	things int
}

// pageText is the text that a page shows, and text that stands for some of it.
type pageText struct {
	shown   string
	instead []string
}

// read reads page i, from 0. What is drawn over it (a note, a field of a form, a
// stamp) is made part of it first.
func (p *pageReader) read(i int) (pageText, error) {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: p.doc, Index: i}}
	if p.drawn {
		if _, err := p.instance.FPDFPage_Flatten(&requests.FPDFPage_Flatten{Page: page, Usage: requests.FPDFPage_FlattenUsageNormalDisplay}); err != nil {
			return pageText{}, err
		}
	}
	whole, err := p.instance.GetPageText(&requests.GetPageText{Page: page})
	if err != nil || !p.instead || p.things > maxDrawn {
		if err != nil {
			return pageText{}, err
		}
		return pageText{shown: whole.Text}, nil
	}
	instead, err := p.bare(page)
	if err != nil || len(instead) == 0 {
		return pageText{shown: whole.Text}, err
	}
	bare, err := p.instance.GetPageText(&requests.GetPageText{Page: page})
	if err != nil {
		return pageText{}, err
	}
	return choose(whole.Text, bare.Text, instead), nil
}

// bare takes the texts away that stand for things on a page (ISO 32000-1,
// 14.9.4), and gives them.
func (p *pageReader) bare(page requests.Page) (instead []string, err error) {
	count, err := p.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return nil, err
	}
	for i := range count.Count {
		one, err := p.instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			return nil, err
		}
		if instead, err = p.strip(one.PageObject, instead, 0); err != nil {
			return nil, err
		}
	}
	return instead, nil
}

// strip is bare for one thing on a page, and for those in it.
func (p *pageReader) strip(one references.FPDF_PAGEOBJECT, instead []string, depth int) ([]string, error) {
	if p.things++; p.things > maxDrawn || depth > maxNesting {
		return instead, nil
	}
	marks, err := p.instance.FPDFPageObj_CountMarks(&requests.FPDFPageObj_CountMarks{PageObject: one})
	if err != nil {
		return instead, err
	}
	for i := marks.Count - 1; i >= 0; i-- {
		mark, err := p.instance.FPDFPageObj_GetMark(&requests.FPDFPageObj_GetMark{PageObject: one, Index: uint64(i)})
		if err != nil {
			return instead, err
		}
		value, err := p.instance.FPDFPageObjMark_GetParamStringValue(&requests.FPDFPageObjMark_GetParamStringValue{PageObjectMark: mark.Mark, Key: "ActualText"})
		if err != nil { // it has none
			continue
		}
		if s, ok := printable(value.Value); ok && (len(instead) == 0 || instead[len(instead)-1] != s) {
			instead = append(instead, s)
		}
		if _, err := p.instance.FPDFPageObj_RemoveMark(&requests.FPDFPageObj_RemoveMark{PageObject: one, PageObjectMark: mark.Mark}); err != nil {
			return instead, err
		}
	}
	kind, err := p.instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: one})
	if err != nil || kind.Type != enums.FPDF_PAGEOBJ_FORM {
		return instead, err
	}
	count, err := p.instance.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: one})
	if err != nil {
		return instead, err
	}
	for i := range count.Count {
		inner, err := p.instance.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: one, Index: uint64(i)})
		if err != nil {
			return instead, err
		}
		if instead, err = p.strip(inner.PageObject, instead, depth+1); err != nil {
			return instead, err
		}
	}
	return instead, nil
}

// choose takes for the text of a page what it shows, or, where its letters cannot
// be told, what stands for them. What the other has besides is told.
func choose(whole, bare string, instead []string) pageText {
	if squeeze(whole) == squeeze(bare) { // ligatures, as a rule
		return pageText{shown: whole}
	}
	if !legible(bare) {
		return pageText{shown: whole, instead: besides(whole, strings.Split(bare, "\n"))}
	}
	return pageText{shown: bare, instead: besides(bare, instead)}
}

// besides gives the texts that do not stand in another.
func besides(text string, all []string) []string {
	have := squeeze(text)
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return strings.Contains(have, squeeze(s)) })
}

// legible reports whether all signs of a text can be told.
func legible(s string) bool {
	return parts.Weight(s) > 0 && !strings.ContainsFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) })
}

var ligatures = strings.NewReplacer("ﬁ", "fi", "ﬂ", "fl", "ﬀ", "ff", "ﬃ", "ffi", "ﬄ", "ffl", "\u00ad", "", "\ufffe", "")

// squeeze is a text without white space and soft hyphens, its ligatures in letters.
func squeeze(s string) string { return strings.Join(strings.Fields(ligatures.Replace(s)), "") }
