package main

import (
	"net"
	"strconv"
	"strings"
)

// A manager is the service manager that started the program and is told how
// it is doing: systemd, by the protocol of sd_notify(3). Without one, nothing
// is sent.
type manager struct{ socket string }

// tell sends a change of state. It is not an error if nobody listens.
func (m manager) tell(changes ...string) {
	if m.socket == "" {
		return
	}
	conn, err := net.Dial("unixgram", m.socket)
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(strings.Join(changes, "\n")))
}

func (m manager) ready(status string) { m.tell("READY=1", "STATUS="+status) }

// reloading has to be followed by ready. Type=notify-reload tells by the time
// which signal it answers.
func (m manager) reloading() {
	m.tell("RELOADING=1", "MONOTONIC_USEC="+strconv.FormatInt(monotonicMicroseconds(), 10))
}

func (m manager) stopping(status string) { m.tell("STOPPING=1", "STATUS="+status) }
