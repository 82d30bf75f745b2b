package us

import "strings"

// What follows guesses, for the suggestion in an error that a person looks at.
// A lenient reading has none of it.

// guessEntry gives the entries that one without a reading was probably meant
// as; nil where nothing or more than one thing is likely.
func guessEntry(entry string) []piece {
	if meant := guessName(entry); meant != "" {
		entry = meant
	} else if meant := guessList(entry); meant != "" {
		entry = meant
	} else if cut := strings.LastIndexByte(entry, '-'); cut > 0 {
		// A hyphen for a slash: SI-NF.
		p, ok := recognise(entry[:cut], false)
		q, ok2 := recognise(entry[cut+1:], false)
		if ok && ok2 {
			return []piece{p, q}
		}
	}
	if p, ok := recognise(entry, false); ok {
		return []piece{p}
	}
	return nil
}

// guessName gives the marking of the register that a word was meant as: also a
// short one, one with digits for the letters they look like, and a long one
// with two edits.
func guessName(word string) string {
	if len(word) < 2 || markedByHyphen(word) {
		return ""
	}
	if letters := lookAlikes.Replace(word); letters != word {
		if meant := closest(letters, 2, 0); meant != "" {
			return meant
		}
	}
	if meant := closest(word, 2, 1); meant != "" || len(word) < 6 {
		return meant
	}
	return closest(word, 6, 2)
}

var lookAlikes = strings.NewReplacer("0", "O", "1", "I", "5", "S")

// markedByHyphen reports whether a marking of its own follows the last hyphen.
func markedByHyphen(word string) bool {
	tail := word[strings.LastIndexByte(word, '-')+1:]
	_, ok := known(tail)
	return tail != word && (ok || published(tail))
}

// guessList mends the words before a list and the codes in it.
func guessList(entry string) string {
	words := strings.Fields(entry)
	for _, lead := range [...]struct {
		text  string
		edits int
	}{{"REL TO", 2}, {"DISPLAY ONLY", 2}, {"FGI", 1}} {
		for n := 1; n < min(len(words), 3); n++ {
			if !near(strings.Join(words[:n], " "), lead.text, lead.edits) {
				continue
			}
			list := words[n:]
			for i, word := range list {
				code := strings.Trim(word, ",")
				list[i] = strings.Replace(word, code, guessCode(code), 1)
			}
			return lead.text + " " + strings.Join(list, " ")
		}
	}
	return ""
}

// guessCode gives the code that c was meant as, or c.
func guessCode(c string) string {
	if meant := misspelt(c); meant != "" {
		return meant
	}
	if !isCountry(c) && !isGroup(c) && near(c, usa, 1) {
		return usa
	}
	return c
}

// guessHead is a classification with a digit for the letter it looks like, or
// TS with an edit.
func guessHead(s string) (string, bool) {
	if l, ok := levelOf(lookAlikes.Replace(s), portionForm); ok && l != levelR {
		return l.name(portionForm), true
	}
	// NATO SECRET//NF: non-US markings begin with slashes.
	for _, f := range [...]form{portionForm, bannerForm} {
		if l, nac, ok := natoMark(s, f); ok {
			m := &mark{kind: kindNonUS, level: l, nac: nac, owners: codes{groups: []string{"NATO"}}}
			return string(m.writeNonUS([]byte("//"), portionForm)), true
		}
	}
	return "TS", len(s) == 3 && near(s, "TS", 1)
}
