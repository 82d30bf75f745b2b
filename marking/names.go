package marking

import (
	"strings"
	"sync"
)

// owned are the names of classifications of one owner whose register is not here,
// and where they are published. What is so named is restricted, and no scheme in
// force says how: it is refused, never read.
type owned struct {
	owner, source string
	names         string // parted by "|"
}

// equivalents is the table of equivalent security classifications of the Union's
// members: Council Decision 2013/488/EU, Appendix B, as amended by Decisions
// 2014/233/EU and (EU) 2021/1075. The short forms in it are left out where they
// are words or initials of anything.
const equivalents = "2013/488/EU, Appendix B; (EU) 2021/1075"

var ownedNames = []owned{
	{"Belgium", equivalents, "TRÈS SECRET|SECRET|CONFIDENTIEL|DIFFUSION RESTREINTE|ZEER GEHEIM|GEHEIM|VERTROUWELIJK|BEPERKTE VERSPREIDING"},
	{"Bulgaria", equivalents, "СТРОГО СЕКРЕТНО|СЕКРЕТНО|ПОВЕРИТЕЛНО|ЗА СЛУЖЕБНО ПОЛЗВАНЕ"},
	{"Czechia", equivalents, "PŘÍSNĚ TAJNÉ|TAJNÉ|DŮVĚRNÉ|VYHRAZENÉ"},
	{"Denmark", equivalents, "YDERST HEMMELIGT|STRENGT HEMMELIGT|HEMMELIGT|FORTROLIGT|TIL TJENESTEBRUG"},
	{"Estonia", equivalents, "TÄIESTI SALAJANE|SALAJANE|KONFIDENTSIAALNE|PIIRATUD"},
	{"Greece and Cyprus", equivalents, "ΆΚΡΩΣ ΑΠΌΡΡΗΤΟ|ΑΚΡΩΣ ΑΠΟΡΡΗΤΟ|ΑΠΌΡΡΗΤΟ|ΑΠΟΡΡΗΤΟ|ΕΜΠΙΣΤΕΥΤΙΚΌ|ΕΜΠΙΣΤΕΥΤΙΚΟ|ΠΕΡΙΟΡΙΣΜΈΝΗΣ ΧΡΉΣΗΣ|ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ"},
	{"Spain", equivalents, "SECRETO|RESERVADO|CONFIDENCIAL|DIFUSIÓN LIMITADA"},
	{"France", equivalents, "TRÈS SECRET DÉFENSE|SECRET DÉFENSE|CONFIDENTIEL DÉFENSE"},
	{"Croatia", equivalents, "VRLO TAJNO|TAJNO|POVJERLJIVO|OGRANIČENO"},
	{"Italy", equivalents, "SEGRETISSIMO|SEGRETO|RISERVATISSIMO|RISERVATO"},
	{"Latvia", equivalents, "SEVIŠĶI SLEPENI|SLEPENI|KONFIDENCIĀLI|DIENESTA VAJADZĪBĀM"},
	{"Lithuania", equivalents, "VISIŠKAI SLAPTAI|SLAPTAI|KONFIDENCIALIAI|RIBOTO NAUDOJIMO"},
	{"Luxembourg", equivalents, "TRÈS SECRET LUX|SECRET LUX|CONFIDENTIEL LUX|RESTREINT LUX"},
	{"Hungary", equivalents, "SZIGORÚAN TITKOS|TITKOS|BIZALMAS|KORLÁTOZOTT TERJESZTÉSŰ"},
	{"Malta", equivalents, "L-OGĦLA SEGRETEZZA|SIGRIET|KUNFIDENZJALI|RISTRETT"},
	{"Netherlands", equivalents, "STG ZEER GEHEIM|STG. ZEER GEHEIM|STG GEHEIM|STG. GEHEIM|STG CONFIDENTIEEL|STG. CONFIDENTIEEL|CONFIDENTIEEL|DEP VERTROUWELIJK|DEP. VERTROUWELIJK"},
	{"Austria", equivalents, "STRENG GEHEIM|GEHEIM|VERTRAULICH|EINGESCHRÄNKT"},
	{"India", "Comprehensive Glossary of Administrative Terms (CSTT)", "परम गुप्त|अति गोपनीय|गोपनीय"},
	{"Poland", equivalents, "ŚCIŚLE TAJNE|TAJNE|POUFNE|ZASTRZEŻONE"},
	{"Portugal", equivalents, "MUITO SECRETO|SECRETO|CONFIDENCIAL|RESERVADO"},
	{"Romania", equivalents, "STRICT SECRET DE IMPORTANȚĂ DEOSEBITĂ|STRICT SECRET|SECRET DE SERVICIU"},
	{"Slovenia", equivalents, "STROGO TAJNO|TAJNO|ZAUPNO"},
	{"Slovakia", equivalents, "PRÍSNE TAJNÉ|TAJNÉ|DÔVERNÉ|VYHRADENÉ"},
	{"Finland", equivalents, "ERITTÄIN SALAINEN|YTTERST HEMLIG|SALAINEN|HEMLIG|LUOTTAMUKSELLINEN|KONFIDENTIELL|KÄYTTÖ RAJOITETTU|BEGRÄNSAD TILLGÅNG"},
	{"Sweden", equivalents, "KVALIFICERAT HEMLIG|HEMLIG|KONFIDENTIELL|BEGRÄNSAT HEMLIG"},
	{"Ireland and others in English", equivalents, "TOP SECRET|SECRET|CONFIDENTIAL|RESTRICTED"},
	{"Norway", "Sikkerhetsloven (2018), § 5-3", "STRENGT HEMMELIG|HEMMELIG|KONFIDENSIELT|BEGRENSET"},
	{"Switzerland", "SR 128, Informationssicherheitsgesetz, Art. 13", "GEHEIM|VERTRAULICH|CONFIDENTIEL|CONFIDENZIALE|SEGRETO"},
	{"Turkey", "Gizlilik Dereceli Belgelerde Uygulanacak Usul ve Esaslar (2022)", "ÇOK GİZLİ|GİZLİ|HİZMETE ÖZEL|COK GIZLI|GIZLI|HIZMETE OZEL"},
	{"Russia", "Law 5485-1 of 21 July 1993, Article 8; Government Decree 1233 of 1994", "ОСОБОЙ ВАЖНОСТИ|СОВЕРШЕННО СЕКРЕТНО|СЕКРЕТНО|ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ|ДСП"},
	{"Ukraine", "Law 3855-XII of 21 January 1994, Articles 1 and 8", "ОСОБЛИВОЇ ВАЖЛИВОСТІ|ЦІЛКОМ ТАЄМНО|ТАЄМНО|ДЛЯ СЛУЖБОВОГО КОРИСТУВАННЯ"},
	{"Serbia", "Zakon o tajnosti podataka (2009), član 14", "ДРЖАВНА ТАЈНА|СТРОГО ПОВЕРЉИВО|ПОВЕРЉИВО|DRŽAVNA TAJNA|STROGO POVERLJIVO|POVERLJIVO"},
	{"China", "保守国家秘密法 (2024), 第十四条", "绝密|机密|秘密"},
	{"Taiwan", "國家機密保護法 (2003), 第四條", "絕對機密|極機密|機密|密"},
	{"Japan", "特定秘密保護法 (2013); 防衛省 秘密保全に関する訓令", "特定秘密|機密|極秘|秘|取扱注意|部外秘|機密扱"},
	{"Korea", "보안업무규정, 제4조", "1급비밀|2급비밀|3급비밀|Ⅰ급비밀|Ⅱ급비밀|Ⅲ급비밀|I급비밀|II급비밀|III급비밀|1급 비밀|2급 비밀|3급 비밀|대외비|극비|비밀"},
	{"Arab states", "the Arab League's words as its members' laws have them", "سري للغاية|سري جدا|سري جداً|سري|سرّي|محظور|مكتوم"},
	{"Israel", "the defence forces' classification, as published", "סודי ביותר|סודי|שמור"},
	{"Iran", "آیین\u200cنامه طرز نگاهداری اسناد سری و محرمانه دولتی (1975)", "بکلی سری|به کلی سری|سری|خیلی محرمانه|محرمانه"},
	{"Brazil", "Lei 12.527/2011, art. 24", "ULTRASSECRETO|ULTRA SECRETO|ULTRASECRETO|SECRETO|RESERVADO"},
	{"Colombia and Argentina", "Decreto 1070 de 2015; Ley 25.520", "ALTO SECRETO|ESTRICTAMENTE SECRETO|ULTRASECRETO|SECRETO|CONFIDENCIAL"},
	{"Indonesia", "the state archive's rules on access, as published", "SANGAT RAHASIA|RAHASIA"},
	{"Vietnam", "Luật Bảo vệ bí mật nhà nước (2018), Điều 8", "TUYỆT MẬT|TỐI MẬT"},
	{"Thailand", "ระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. 2544", "ลับที่สุด|ลับมาก|ลับ"},
	{"United Nations", "ST/SGB/2007/6, section 2", "UN STRICTLY CONFIDENTIAL|UN CONFIDENTIAL|UN SECRET|UN RESTRICTED"},
	{"Europol", "Council Decision 2009/968/JHA, Article 10", "EUROPOL TOP SECRET|EUROPOL SECRET|EUROPOL CONFIDENTIAL|EUROPOL RESTRICTED"},
	{"NATO in French and in short", "C-M(2002)49, Enclosure E", "COSMIC|COSMIC TRÈS SECRET|OTAN SECRET|OTAN CONFIDENTIEL|OTAN DIFFUSION RESTREINTE|OTAN RESTREINT"},
	{"the Union, by its shorter words", "Council document 7695/18 on LIMITE", "EU LIMITE|LIMITE UE|LIMITE"},
	{"nobody in particular", "EO 13526, section 1.2 names the levels; this one says that there is one", "CLASSIFIED"},
	{"special access", "DoDM 5205.07", "SAP|SAR|WAIVED SAP|UNACKNOWLEDGED SAP"},
}

// nameTable has the first owner of each name in capitals, with and without its
// accents, and as plain writes it.
var nameTable = sync.OnceValue(func() map[string]*owned {
	all := map[string]*owned{}
	for i := range ownedNames {
		for name := range strings.SplitSeq(ownedNames[i].names, "|") {
			name = strings.ToUpper(name)
			for _, form := range [...]string{name, unaccented(name), strings.ReplaceAll(name, ".", ""), plain(name)} {
				if all[form] == nil {
					all[form] = &ownedNames[i]
				}
			}
		}
	}
	return all
})

// isName reports whether a text in capitals is one of the names.
func isName(text string) bool { return ownerOf(text) != nil }

func ownerOf(text string) *owned {
	if o := nameTable()[text]; o != nil {
		return o
	}
	return nameTable()[unaccented(text)]
}

// unread says why one of the names is refused, and whose it is.
func unread(name string) string {
	whose := ""
	if o := ownerOf(strings.ToUpper(plain(name))); o != nil {
		whose = " (" + o.owner + ", " + o.source + ")"
	}
	return "this is the name of a classification" + whose + ", and no scheme in force has it; write one that has, or put it in a sentence"
}

// nameStarts are the first words of the names.
var nameStarts = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for name := range nameTable() {
		all[startOf(name)] = true
	}
	return all
})

// everyday are the names of one word that open sentences and fields of quite
// other texts, unless they stand in capitals.
var everyday = wordSet(`SECRET CONFIDENTIAL RESTRICTED OFFICIAL PROTECTED CLASSIFIED UNCLASSIFIED CONTROLLED LIMITED LIMITE CONFIDENTIEL COSMIC SENSITIVE
	RESERVADO RISERVATO SEGRETO SECRETO CONFIDENCIAL VERTRAULICH VERTROUWELIJK`)
