package tokens

import "strings"

// everyday are English words that say nothing of what a line is about, as the
// scanner gives them. Words of other languages all count as telling.
var everyday = func() map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(`
		i me my mine myself we us our ours you your yours he him his himself she her hers
		it its itself they them their theirs one this that these those who whom whose which
		what when where why how there here then than so as if because while until though
		am is are was were be been being have has had having do does did doing done
		will would shall should can could may might must ought let lets
		a an the and or but nor not no yes of at by for with about against between into
		through during before after above below to from up down in out on off over under
		again once all any both each few more most other some such only own same too very
		just also now ever never still yet even well
		get got go going gone come came make made take took say said see know think want
		im ive id ill youre youve youd youll hes shes weve wed theyre theyve theyd
		isnt arent wasnt werent hasnt havent hadnt dont doesnt didnt wont wouldnt cant
		cannot couldnt shouldnt mustnt thats whats whos theres heres`) {
		m[w] = true
	}
	return m
}()
