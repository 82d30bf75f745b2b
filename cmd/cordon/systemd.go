package main

import (
	"net"
	"strconv"
	"strings"
)

// A manager is what started the program and wants to know how it is doing:
// systemd, by the protocol of sd_notify(3). Without one, nothing is said.
type manager struct{ socket string }

// tell sends what changed. That nobody listens is not ours to mend.
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
