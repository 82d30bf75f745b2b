// Command cordon is the command line of Cordon: originator-controlled sharing,
// and containment when a secret gets out all the same.
//
// Every command is a client of the JSON API: over the network when it is given
// a server, in process when it is given a data directory. There is no second
// way in. The rules of its output:
//
//   - The result goes to standard output, everything else to standard error.
//     A message begins with "cordon: ", in lower case, and says what to do
//     next where that is known.
//   - --json gives one JSON document, or JSON lines where there is a stream of
//     them. Tables are for people.
//   - Colour is for terminals, never says anything the words do not, and is
//     off under NO_COLOR.
//   - The exit code tells what happened: see cordon help exit-codes.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"cordon/cmd/cordon/internal/tty"
)

func main() {
	// A second signal ends the process at once, as if there were no handler.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	c := &cli{in: os.Stdin, out: tty.New(os.Stdout, os.Getenv), err: tty.New(os.Stderr, os.Getenv), env: os.Getenv, environ: os.Environ()}
	code := c.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
