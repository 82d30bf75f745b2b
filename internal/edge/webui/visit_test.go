package webui

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestAFileIsNeverOnDisk reads as large a file as a page takes, and as many as fit
// into a form: net/http would put what is beyond its bound into the folder for
// temporary files, in plaintext.
func TestAFileIsNeverOnDisk(t *testing.T) {
	for name, files := range map[string][]int{"one": {maxForm - 260}, "many": make([]int, 900)} {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		for i, size := range files {
			if size == 0 {
				size = (maxForm - 900*200) / 900
			}
			part, err := form.CreateFormFile("file", "n")
			if err != nil {
				t.Fatal(i, err)
			}
			part.Write([]byte(strings.Repeat("x", size)))
		}
		form.Close()
		if b.Len() > maxForm {
			t.Fatalf("%s: the form has %d bytes, of %d", name, b.Len(), maxForm)
		}
		r := httptest.NewRequest("POST", "/import", &b)
		r.Header.Set("Content-Type", form.FormDataContentType())
		v := &visit{r: r}
		if err := v.read(); err != nil {
			t.Fatal(name, err)
		}
		for _, header := range r.MultipartForm.File["file"] {
			f, err := header.Open()
			if err != nil {
				t.Fatal(name, err)
			}
			if _, disk := f.(*os.File); disk {
				t.Errorf("%s: a file of %d bytes lies on disk", name, header.Size)
				break
			}
		}
		r.MultipartForm.RemoveAll()
	}
}
