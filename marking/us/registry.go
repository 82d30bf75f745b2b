package us

import (
	"strings"

	"cordon/marking"
)

// Register lists every marking of the register (G.1 Table 4) in its order.
func (scheme) Register() []marking.Entry {
	var out []marking.Entry
	add := func(cat, title, banner, portion, example, refused, section string) {
		out = append(out, marking.Entry{Category: cat, Title: title, Banner: banner, Portion: portion, Example: example, Refused: refused, Section: section})
	}
	for l := levelTS; ; l-- {
		if n := levelNames[l]; l != levelR {
			add("1 US classification", n.banner, n.banner, n.portion, n.portion, strings.ToLower(n.portion)+"//NF", "H.1 "+n.banner)
		}
		if l == levelU {
			break
		}
	}
	add("2 non-US protective", "Non-US classification", "//... SECRET", "//... S", "//CAN DEU S", "//DEU CAN S", "H.2; H.7; Appendix A")
	add("2 non-US protective", "Non-US RESTRICTED", "//... RESTRICTED", "//... R", "//DEU R", "R", "H.7; Appendix A")
	for _, n := range [...][2]string{{"COSMIC TOP SECRET", "CTS"}, {"NATO SECRET", "NS"}, {"NATO CONFIDENTIAL", "NC"}, {"NATO RESTRICTED", "NR"}, {"NATO UNCLASSIFIED", "NU"}} {
		add("2 non-US protective", n[0], "//"+n[0], "//"+n[1], "//"+n[1], n[1], "G.1 Table 4, 2; Appendix B")
	}
	add("2 non-US protective", "NATO [NAC activity]", "//NATO ... SECRET", "//N...S", "//NIS", "//NXS", "G.1 Table 4, 2; H.3")
	for _, e := range natoRegister {
		add("2 non-US protective", e.title, e.banner(), e.portion, "//CTS//"+e.portion, "TS//"+e.portion, e.section)
	}
	add("2 non-US protective", "UN RESTRICTED", "//UN RESTRICTED", "//UN R", "//UN R", "//UN S", "G.1 Table 4, 2; Appendix C")
	add("3 JOINT classification", "JOINT", "//JOINT SECRET ...", "//JOINT S ...", "//JOINT S CAN USA//REL TO USA, CAN", "//JOINT S CAN USA//NF", "H.3")
	for i := range sciRegister {
		e := &sciRegister[i]
		path, title := e.system, e.title
		if title == "" {
			title = path
		}
		switch {
		case e.comp == "*":
			path, title = path+"-ABC", e.system+" compartment"
		case e.sub:
			path += "-" + e.comp + " " + "ABCD"[:max(e.minLen, 3)]
			title = e.comp + " sub-compartment"
		case e.comp != "":
			path += "-" + e.comp
		case e.system == "RSV":
			path += "-ABC"
		}
		lowest := "C"
		if !levelC.in(e.levels) {
			lowest = "S"
		}
		if !levelS.in(e.levels) {
			lowest = "TS"
		}
		example := lowest + "//" + path
		if e.requires != 0 {
			example += "//" + string((&mark{dissem: e.requires}).writeDissem(nil, portionForm))
		}
		add("4 SCI control systems", title, path, path, example, "U"+strings.TrimPrefix(example, lowest), e.section)
	}
	add("4 SCI control systems", "Other control system: "+strings.Join(otherSystems[:], ", "), "...", "...", "S//XNB-AAA 123", "S//XYZ", sciSection)
	add("5 special access programs", "SPECIAL ACCESS REQUIRED", "SAR-...", "SAR-...", "S//SAR-BP-J12 J54/CD", "S//SAR-BP/SAR-CD", "H.5")
	for i := range aeaRegister {
		e := &aeaRegister[i]
		portion := e.portion
		if aea(1)<<i == cnwdi {
			portion = "RD-CNWDI"
		}
		if aea(1)<<i == atomal {
			add("6 Atomic Energy Act", e.title, e.banner(), portion, "//NS//"+portion, "S//"+portion, e.section)
			continue
		}
		add("6 Atomic Energy Act", e.title, e.banner(), portion, e.lowest()+"//"+portion, e.wrong()+"//"+portion, e.section)
		if bit := aea(1) << i; bit == cnwdi || bit == frd {
			head := "RD"
			if bit == frd {
				head = "FRD"
			}
			add("6 Atomic Energy Act", "SIGMA of "+head, head+"-SIGMA ...", head+"-SG ...", "S//"+head+"-SG 14 18", "C//"+head+"-SG 14", sigmaSection)
		}
	}
	add("7 foreign government information", "FGI, acknowledged", "FGI ...", "FGI ...", "S//FGI DEU NATO", "S//FGI NATO DEU", "H.7")
	add("7 foreign government information", "FGI, concealed", "FGI", "FGI", "S//FGI", "S//FGI/FGI", "H.7")
	add("7 foreign government information", "FGI, concealed and segregated", "//FGI SECRET", "//FGI S", "//FGI S", "//FGI", "H.7")
	lists := map[dissem][2]string{
		rel:     {"REL TO USA, ...", "S//REL TO USA, GBR"},
		eyes:    {"USA/... EYES ONLY", "S//USA/CAN/GBR EYES ONLY"},
		display: {"DISPLAY ONLY ...", "S//DISPLAY ONLY AFG, IRQ"},
	}
	for i := range dissemRegister {
		e := &dissemRegister[i]
		if l, ok := lists[dissem(1)<<i]; ok {
			add("8 dissemination controls", e.title, l[0], l[0], l[1], l[1]+"/"+l[1][3:], e.section)
			continue
		}
		text := e.lowest() + "//" + e.portion
		add("8 dissemination controls", e.title, e.banner(), e.portion, text, text+"/"+e.portion, e.section)
	}
	for i := range nonICRegister {
		e := &nonICRegister[i]
		level := e.lowest()
		if e.requires != 0 {
			level += "//NF"
		}
		text := level + "//" + e.portion
		add("9 non-IC dissemination controls", e.title, e.banner(), e.portion, text, text+"/"+e.portion, e.section)
	}
	return out
}

// lowest is the lowest US classification that the entry may be used with.
func (e *entry) lowest() string {
	for l := levelU; l < levelTS; l++ {
		if l != levelR && l.in(e.levels) {
			return l.name(portionForm)
		}
	}
	return "TS"
}

// wrong is a classification the entry may not be used with.
func (e *entry) wrong() string {
	if e.levels == onlyU {
		return "S"
	}
	return "U"
}

// Style is the colours that US banners are known by.
func (scheme) Style(m marking.Marking) marking.Style {
	u, ok := m.(*mark)
	if !ok {
		return marking.Style{}
	}
	background := [...]string{levelU: "#007A33", levelR: "#0033A0", levelC: "#0033A0", levelS: "#C8102E", levelTS: "#FF8C00"}[u.level]
	switch {
	case u.level == levelTS && len(u.sci) > 0:
		return marking.Style{Color: "#000000", Background: "#FCE83A"}
	case u.level == levelU && u.caveated():
		background = "#502B85" // controlled unclassified information
	case u.level == levelTS:
		return marking.Style{Color: "#000000", Background: background}
	}
	return marking.Style{Color: "#FFFFFF", Background: background}
}
