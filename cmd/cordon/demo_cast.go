package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"cordon/internal/app"
	"cordon/internal/demo"
	"cordon/wire"
)

// players lets the people of the story be signed in as from a browser. Each has a
// password that is drawn when they are first asked for, and known to nobody.
type players struct {
	app *app.App

	mu        sync.Mutex
	passwords map[string]string // by who has one
}

func (p *players) cast() *app.Cast {
	cast := &app.Cast{Session: p.session}
	for _, one := range demo.Cast() {
		cast.People = append(cast.People, app.Role{Key: one.Key(), Name: one.Name, Org: one.Org, Says: one.Says})
	}
	return cast
}

func (p *players) session(r *http.Request, key string) (string, time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	anyone := p.app.Client("")
	if password, ok := p.passwords[key]; ok {
		s, err := anyone.SignIn(r.Context(), wire.Credentials{Name: key, Password: password})
		return s.Secret, s.Expires, err
	}
	return p.first(r.Context(), key)
}

// first sets the person's password, and signs them in.
func (p *players) first(ctx context.Context, key string) (string, time.Time, error) {
	e, err := p.app.FirstPersonClient().Enrol(ctx, key)
	if err != nil {
		return "", time.Time{}, err
	}
	password := rand.Text()
	s, err := p.app.Client("").UseEnrolment(ctx, wire.EnrolmentUse{Secret: e.Secret, Password: password})
	if err == nil {
		p.passwords[key] = password
	}
	return s.Secret, s.Expires, err
}
