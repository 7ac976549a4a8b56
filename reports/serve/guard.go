package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// policy is of our own pages: nothing but our own style, script and events.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// headers are of every answer; that of a report has a policy of its own.
var headers = [][2]string{
	{"Content-Security-Policy", policy}, {"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"}, {"Cross-Origin-Resource-Policy", "same-origin"}, {"Cache-Control", "no-store"},
}

// guard lets through who may ask, for what may be asked, and says in every answer how it is to be treated.
func (s *Server) guard(next http.Handler) http.Handler {
	next = s.admit(http.NewCrossOriginProtection().Handler(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, header := range headers {
			w.Header().Set(header[0], header[1])
		}
		switch {
		case !s.knows(r.Host):
			refuse(w, http.StatusMisdirectedRequest, "this is not a name of the page over the store; use the address that cleave serve printed")
		case !plain(r.URL):
			http.NotFound(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// knows tells whether a Host header may be ours. A name that somebody has pointed at this machine is not: the
// browser takes pages from there for the site of that name, and would let them read ours.
func (s *Server) knows(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if address, err := netip.ParseAddr(host); err == nil {
		return address.IsLoopback() || s.options.Token != ""
	}
	return host == "localhost" || host != "" && host == strings.ToLower(s.options.Name)
}

// plain tells whether a path is spelt in the one way that is ours: no dots, backslashes or doubled slashes, which
// others might understand otherwise than we do.
func plain(address *url.URL) bool {
	if strings.ContainsAny(address.Path, "\\\x00") || !strings.HasPrefix(address.Path, "/") {
		return false
	}
	parts := strings.Split(address.Path[1:], "/")
	for i, part := range parts {
		if part == "." || part == ".." || part == "" && i < len(parts)-1 {
			return false
		}
	}
	return true
}

const cookieName = "cleave"

// admit lets in who shows the token: in the address, once, for a cookie; or in the header Authorization.
func (s *Server) admit(next http.Handler) http.Handler {
	if s.options.Token == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		cookie, err := r.Cookie(cookieName)
		switch shown := r.URL.Query().Get("token"); {
		case r.Method == http.MethodGet && same(shown, s.options.Token):
			// Lax, for links in reports, which count as another site's; nothing but GET is let in by it from there.
			http.SetCookie(w, &http.Cookie{Name: cookieName, Value: s.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
			http.Redirect(w, r, without(r.URL, "token"), http.StatusSeeOther)
		case same(bearer, s.options.Token), err == nil && same(cookie.Value, s.session):
			next.ServeHTTP(w, r)
		default:
			refuse(w, http.StatusUnauthorized, "open the address with the token that cleave serve printed, or send it as Authorization: Bearer TOKEN")
		}
	})
}

// same compares two secrets in a time that tells nothing of either.
func same(shown, secret string) bool {
	one, other := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(one[:], other[:]) == 1
}

// without is an address of ours without one of its parameters.
func without(address *url.URL, parameter string) string {
	values := address.Query()
	values.Del(parameter)
	return (&url.URL{Path: address.Path, RawQuery: values.Encode()}).String()
}

func refuse(w http.ResponseWriter, status int, why string) { http.Error(w, why, status) }
