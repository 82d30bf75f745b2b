package document_test
import ("testing";"bytes";"fmt";"cordon/internal/exchange/document")
func TestDump(t *testing.T){ d,_:=document.ReadMarkdown("m.md",bytes.NewReader(manual(t)),document.Options{Schemes:schemes()})
for _,p:=range d.Portions{ fmt.Printf("%d:%d %s %v %s %.110q\n",p.Line,p.Column,p.Kind,p.Inherited,p.Marks,p.Text)}}
