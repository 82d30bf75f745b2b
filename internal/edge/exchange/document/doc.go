// Package document reads documents whose portions begin with portion marks
// (Markdown, plain text, DOCX, and JSON lines for bulk) and writes them back.
//
// It is pure: it knows the schemes it is handed, and no store, clock or
// network. It promises:
//
//   - Nothing is lost silently. Every character of a document that is not a
//     portion mark, page furniture or the syntax of its format ends up in the
//     text of some portion. What cannot be read at all, such as an image, is
//     named in Document.Warnings.
//   - Nothing is made freer. A portion without a mark of its own takes one by
//     the rule of the manual, or else the highest marking in force; a
//     malformed mark is an error and never ordinary text.
//   - A bad document gives nothing of itself. It gives an error of kind
//     Invalid or TooLarge that lists what is wrong, place by place, and stops
//     no other document.
//
// # Portions
//
// A portion is a heading, a paragraph, a list item, a table or a caption. A
// line that begins with a mark begins a portion wherever it stands, because
// the manual wants the mark "immediately preceding the portion to which it
// applies" (US IC Markings System Register and Manual, section C). The mark
// may follow a number or letter, a list marker, or "Table 3:". It is taken
// out of the text; the number stays. A line that holds a mark and nothing
// else marks the unmarked portion that follows it.
//
// # Portions without a mark
//
// Section C lets one mark at the beginning of a main paragraph or bullet do
// for its bullets and sub-paragraphs "if the classification level is the same
// for each segment". So an unmarked segment takes the mark of the bullet it
// is under, or of the paragraph that leads into its list, as long as no other
// segment there is marked differently. A table takes what a sentence before
// it says: "This table is UNCLASSIFIED." For everything else the manual has
// no rule but that it must be marked, and the banner of the whole, the highest
// marking in force, is taken; without a banner, Options.DefaultMark.
//
// # Page furniture
//
// A line that is only a banner or a page marker is furniture. The first and
// the last of them are the banner of the document, and must agree; those in
// between are page banners, which section D lets be lower than the whole and
// never higher.
package document
