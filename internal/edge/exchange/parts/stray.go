package parts

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
)

// The records of a ZIP archive (APPNOTE.TXT 6.3.10, 4.3) that follow each other.
const (
	localHeader      = "PK\x03\x04"
	descriptor       = "PK\x07\x08"
	directoryHeader  = "PK\x01\x02"
	directorySigned  = "PK\x05\x05"
	directoryEnd64   = "PK\x06\x06"
	directoryLocator = "PK\x06\x07"
	directoryEnd     = "PK\x05\x06"
)

// stray says which bytes of an archive belong to no file that its directory names:
// other programs may show them, and nothing here reads them. It is empty where
// each byte has its place. Zeros between files are padding.
func stray(src []byte, files []*zip.File) string {
	byBody := map[int64]*zip.File{}
	for _, f := range files {
		body, err := f.DataOffset()
		if err != nil {
			return fmt.Sprintf("%q in the archive lies where its directory does not say", Clip(f.Name))
		}
		byBody[body] = f
	}
	at := func(n int) uint64 {
		if n+2 > len(src) {
			return 0
		}
		return uint64(binary.LittleEndian.Uint16(src[n:]))
	}
	long := func(n int) uint64 {
		if n+4 > len(src) {
			return 0
		}
		return uint64(binary.LittleEndian.Uint32(src[n:]))
	}
	const most32 = 1<<32 - 1
	for p := 0; p < len(src); {
		rest := src[p:]
		var size uint64
		switch {
		case bytes.HasPrefix(rest, []byte(localHeader)):
			body := int64(p) + 30 + int64(at(p+26)) + int64(at(p+28))
			f := byBody[body]
			if f == nil {
				return "the archive holds a file that its directory does not name"
			}
			delete(byBody, body)
			packed, streamed := long(p+18), at(p+6)&8 != 0
			if name := src[p+30:]; !bytes.HasPrefix(name, []byte(f.Name)) || int(at(p+26)) != len(f.Name) {
				return fmt.Sprintf("%q in the archive has another name where it lies", Clip(f.Name))
			} else if uint64(f.Method) != at(p+8) || !streamed && packed != most32 && packed != f.CompressedSize64 {
				return fmt.Sprintf("%q in the archive is another file where it lies", Clip(f.Name))
			}
			size = uint64(body-int64(p)) + f.CompressedSize64
			if end := uint64(p) + size; streamed && end < uint64(len(src)) {
				size += described(src[end:])
			}
		case bytes.HasPrefix(rest, []byte(directoryHeader)):
			size = 46 + at(p+28) + at(p+30) + at(p+32)
		case bytes.HasPrefix(rest, []byte(directorySigned)):
			size = 6 + at(p+4)
		case bytes.HasPrefix(rest, []byte(directoryEnd64)):
			size = 12 + long(p+4)
		case bytes.HasPrefix(rest, []byte(directoryLocator)):
			size = 20
		case bytes.HasPrefix(rest, []byte(directoryEnd)):
			size = 22 + at(p+20)
			if end := uint64(p) + size; end < uint64(len(src)) && len(bytes.Trim(src[end:], "\x00\r\n")) > 0 {
				return fmt.Sprintf("%d bytes stand behind the archive", uint64(len(src))-end)
			}
			if len(byBody) > 0 {
				return "the directory of the archive names a file twice"
			}
			return ""
		case rest[0] == 0:
			size = 1
		default:
			return fmt.Sprintf("what stands at byte %d of the archive belongs to no file in it", p)
		}
		p += int(min(size, uint64(len(src))))
	}
	return "the archive does not end where it should"
}

// described is the length of what follows a file whose size was not known when it
// began (4.3.9): with a signature or without, its sizes in 4 bytes or in 8. The
// next record tells which.
func described(rest []byte) uint64 {
	lengths := []uint64{12, 20}
	if bytes.HasPrefix(rest, []byte(descriptor)) {
		lengths = []uint64{16, 24}
	}
	for _, n := range lengths {
		if uint64(len(rest)) >= n+2 && bytes.HasPrefix(rest[n:], []byte("PK")) {
			return n
		}
	}
	return lengths[0]
}
