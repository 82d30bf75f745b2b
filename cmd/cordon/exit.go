package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"cordon"
	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/app"
)

// The exit codes. They are documented in exitCodes and are part of the
// interface: scripts rely on them.
const (
	exitOK          = 0
	exitFound       = 1
	exitUsage       = 2
	exitNotFound    = 3
	exitDenied      = 4
	exitFault       = 5
	exitInterrupted = 130
)

const exitCodes = `  0  done, and nothing stands against it
  1  something was found or refused: a passage the audience may not have, a
     protected portion in a text, a marking that is wrong, a file that was not
     imported, a ledger that does not verify, a request that cannot be met, as
     one that names an organisation that nobody has added
  2  the command line was not understood, or a file it names cannot be read
     or used, as another installation's root key
  3  there is no such thing, or it is not yours to see; the two are never told
     apart
  4  the credentials do not hold, or they do not allow this
  5  a fault: the server or the database is out of reach or has too much to do,
     or Cordon failed
130  interrupted (Ctrl-C)`

// exitCodesTopic is a page of help, not a command.
func exitCodesTopic() *cobra.Command {
	return &cobra.Command{
		Use:     "exit-codes",
		Short:   "What the exit codes mean",
		Long:    "Cordon's exit codes:\n\n" + exitCodes,
		Example: `  cordon check draft.md --audience VISITOR || echo "not before somebody asks"`,
	}
}

// usageError is a command line that was not understood.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// found is the outcome of a command that did its work and found something, or was
// refused a part. The findings are on standard output already.
type found string

func foundf(format string, args ...any) error { return found(fmt.Sprintf(format, args...)) }

func (f found) Error() string { return string(f) }

// hinted is an error with advice on what to do next.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

func hint(err error, format string, args ...any) error {
	return hinted{err, fmt.Sprintf(format, args...)}
}

// exit says what went wrong on standard error and gives the exit code.
func (c *cli) exit(ctx context.Context, err error) int {
	// Output that could not be printed was not given, so that comes before
	// every other error.
	if lost := c.out.Failed(); lost != nil && ctx.Err() == nil {
		c.started = true
		err = cordon.Errorf(cordon.KindUnavailable, "not all of the output could be written").Because(lost)
		if c.unshown != "" {
			err = hint(cordon.Errorf(cordon.KindUnavailable, "it was done, and its secret could not be shown").Because(lost), "%s", c.unshown)
		}
	}
	if err == nil {
		return exitOK
	}
	if !c.started && cordon.KindOf(err) == cordon.KindInternal {
		err = usageError{err}
	}
	code := exitCode(ctx, err)
	if f := found(""); errors.As(err, &f) && c.json {
		return code // the document on standard output says it
	}
	if c.json {
		c.errorJSON(code, err)
	} else {
		c.errorText(code, err)
	}
	return code
}

func exitCode(ctx context.Context, err error) int {
	var usage usageError
	var f found
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case errors.As(err, &usage), errors.Is(err, app.ErrAbsent), errors.Is(err, app.ErrKey):
		return exitUsage
	case errors.As(err, &f):
		return exitFound
	}
	switch cordon.KindOf(err) {
	case cordon.KindNotFound:
		return exitNotFound
	case cordon.KindDenied, cordon.KindUnauthenticated:
		return exitDenied
	case cordon.KindInvalid, cordon.KindConflict, cordon.KindChanged, cordon.KindTooLarge, cordon.KindSpill:
		return exitFound
	}
	return exitFault
}

func (c *cli) errorText(code int, err error) {
	text := message(err)
	if code == exitInterrupted {
		text = "interrupted"
	}
	c.err.Printf("%s %s\n", c.err.Bold("cordon:"), tty.Clean(text))
	var e *cordon.Error
	if errors.As(err, &e) && code != exitInterrupted {
		for _, issue := range e.Issues {
			if line := issueLine(issue); line != e.Message {
				c.err.Printf("  %s\n", tty.Clean(line))
			}
		}
	}
	if advice := advice(err); advice != "" {
		c.err.Printf("  hint: %s\n", advice)
	}
}

// message is the error, with the operating system's reason where that is the
// cause of it, such as "permission denied" for a file or a connection: it
// says how to mend it, and nothing protected.
func message(err error) string {
	text := err.Error()
	var file *fs.PathError
	var certificate *tls.CertificateVerificationError
	var connection *net.OpError
	var why error
	switch {
	case errors.As(err, &file):
		why = file.Err
	case errors.As(err, &certificate):
		why = certificate
	case errors.As(err, &connection) && connection.Op == "dial":
		why = connection
	}
	if why != nil && !strings.Contains(text, why.Error()) {
		text += ": " + why.Error()
	}
	return text
}

// errorJSON is an error as a program reads it on standard error under --json.
func (c *cli) errorJSON(code int, err error) {
	kind := cordon.KindOf(err).String()
	switch code {
	case exitUsage:
		kind = "usage"
	case exitInterrupted:
		kind = "interrupted"
	}
	type problem struct {
		Kind    string         `json:"kind"`
		Message string         `json:"message"`
		Hint    string         `json:"hint,omitempty"`
		Issues  []cordon.Issue `json:"issues,omitempty"`
	}
	p := problem{Kind: kind, Message: message(err), Hint: advice(err)}
	var e *cordon.Error
	if errors.As(err, &e) {
		p.Issues = e.Issues
	}
	json.NewEncoder(c.err).Encode(map[string]problem{"error": p})
}

// advice says what to do about an error, where that is known.
func advice(err error) string {
	var h hinted
	if errors.As(err, &h) {
		return h.hint
	}
	if cordon.KindOf(err) == cordon.KindUnauthenticated {
		return "give a token with --token-file or CORDON_TOKEN; sign in with cordon login for one, or make one with cordon token new"
	}
	return ""
}

// issueLine is an issue in the form that editors understand:
// file:line:column: problem; fix.
func issueLine(i cordon.Issue) string {
	line := i.File
	if i.Line > 0 {
		line += fmt.Sprintf(":%d", i.Line)
	}
	if i.Column > 0 {
		if i.Line == 0 && line != "" {
			line += ", column "
		} else if i.Line == 0 {
			line += "column "
		} else {
			line += ":"
		}
		line += fmt.Sprint(i.Column)
	}
	if line != "" {
		line += ": "
	}
	line += i.Problem
	if i.Fix != "" {
		line += "; " + i.Fix
	}
	return line
}
