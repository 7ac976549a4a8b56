package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// sampleStore is a store with three runs, a comparison of two, a sweep with a kept run, and something that is none of
// these.
func sampleStore(t testing.TB) string {
	t.Helper()
	store := filepath.Join(t.TempDir(), "store")
	writeRun(t, store, "cpstore-register-pause/20260102T030405006-7", "cpstore", "pause", 7, "valid", "every answer fits")
	writeRun(t, store, "cpstore-register-kill-all/20260103T030405006-8", "cpstore", "kill-all", 8, "invalid", "an answer from the past")
	writeRun(t, store, "apregistry-discovery-pause/20260101T030405006-9", "apregistry", "pause", 9, "unknown", "the time was up")
	comparison := "compare/20260104T030405006-1"
	writeRun(t, store, comparison+"/cpstore-register-loss", "cpstore", "loss", 1, "valid", "fine")
	writeRun(t, store, comparison+"/apregistry-register-loss", "apregistry", "loss", 1, "invalid", "not fine")
	write(t, store, comparison+"/index.html", "<!doctype html><title>side by side</title>")
	sweep := "sweeps/cpstore-register-random/20260105T030405006-1"
	writeRun(t, store, sweep+"/runs/3", "cpstore", "random", 3, "invalid", "an answer from the past")
	write(t, store, sweep+"/sweep.json", `{"plan":{"system":"cpstore","workload":"register","faults":"random"},"first":1,"last":10,
		"valid":9,"invalid":1,"violations":[{"checker":"linearizable","kind":"stale"}],"times":{"ended":""}}`)
	write(t, store, sweep+"/sweep.md", "# a sweep")
	write(t, store, "stray/notes.txt", "mine")
	return store
}

func writeRun(t testing.TB, store, path, system, fault string, seed int, verdict, reason string) {
	t.Helper()
	write(t, store, path+"/plan.json", fmt.Sprintf(`{"system":%q,"workload":"register","faults":%q,"seed":%d}`, system, fault, seed))
	write(t, store, path+"/schedule.json", `{"seed":1}`)
	write(t, store, path+"/history.jsonl", "{}\n")
	write(t, store, path+"/measures.json", fmt.Sprintf(`[{"checker":"availability","measures":[{"name":"success","value":0.%d,"unit":"ratio"}]}]`, seed))
	write(t, store, path+"/report.html", "<!doctype html><title>report</title>")
	if verdict != "" {
		write(t, store, path+"/verdict.json", fmt.Sprintf(`{"verdict":%q,"promises":[{"checker":"c","promise":"answers fit","verdict":%q,"reason":%q}]}`,
			verdict, verdict, reason))
	}
}

func write(t testing.TB, store, path, text string) {
	t.Helper()
	path = filepath.Join(store, filepath.FromSlash(path))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func open(t testing.TB, options Options) *Server {
	t.Helper()
	s, err := Open(options)
	require.NoError(t, err)
	s.index.rest, s.index.patience, s.every = 0, time.Minute, 5*time.Millisecond
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// ask asks for a path, as it is written.
func ask(s *Server, path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
	request.RequestURI = path
	if parsed, err := url.ParseRequestURI(path); err == nil {
		request.URL = parsed
	}
	for _, one := range change {
		one(request)
	}
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, request)
	return answer
}

// listed are the paths that a list shows, in order.
func listed(t testing.TB, page string) (paths []string) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(page))
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		values := map[string]string{}
		for _, attribute := range token.Attr {
			values[attribute.Key] = attribute.Val
		}
		if values["type"] == "checkbox" {
			path, err := url.PathUnescape(values["value"])
			require.NoError(t, err)
			paths = append(paths, path)
		}
	}
	return paths
}

func TestList(t *testing.T) {
	s := open(t, Options{Store: sampleStore(t)})
	const (
		pause, kill       = "cpstore-register-pause/20260102T030405006-7", "cpstore-register-kill-all/20260103T030405006-8"
		ap                = "apregistry-discovery-pause/20260101T030405006-9"
		comparison, sweep = "compare/20260104T030405006-1", "sweeps/cpstore-register-random/20260105T030405006-1"
	)
	for query, want := range map[string][]string{
		"":                {sweep, comparison, kill, pause, ap},
		"?order=began":    {ap, pause, kill, comparison, sweep},
		"?order=seed":     {comparison, sweep, pause, kill, ap},
		"?order=state":    {kill, comparison, sweep, ap, pause},
		"?order=nonsense": {ap, pause, kill, comparison, sweep},
		"?kind=run": {sweep + "/runs/3", comparison + "/apregistry-register-loss",
			comparison + "/cpstore-register-loss", kill, pause, ap},
		"?kind=sweep":                          {sweep},
		"?kind=comparison":                     {comparison},
		"?system=apregistry":                   {comparison, ap},
		"?fault=pause":                         {pause, ap},
		"?state=invalid":                       {sweep, comparison, kill},
		"?q=ANSWER+past":                       {kill},
		"?q=linearizable":                      {sweep},
		"?q=2026010+pause&system=cpstore":      {pause},
		"?q=nowhere":                           nil,
		"?page=99&order=began&kind=comparison": {comparison},
		"?workload=register&fault=random&q=9+": {sweep},
		"?workload=register&state=unknown":     {ap},
	} {
		answer := ask(s, "/"+query)
		require.Equal(t, http.StatusOK, answer.Code, query)
		got := listed(t, answer.Body.String())
		if query == "?kind=run" { // parts have no time of their own
			require.ElementsMatch(t, want, got, query)
			continue
		}
		require.Equal(t, want, got, query)
	}
	page := ask(s, "/").Body.String()
	require.Contains(t, page, "2 runs: 1 valid, 0 unknown, 1 invalid")
	require.Contains(t, page, "10 runs: 9 valid, 0 unknown, 1 invalid: linearizable, stale")
	require.Contains(t, page, "an answer from the past")
}

// What changes on the disk is seen: a run that ends, one more, one that is gone.
func TestTheListIsOfNow(t *testing.T) {
	store := sampleStore(t)
	s := open(t, Options{Store: store})
	const path = "cpstore-register-flicker/20260106T030405006-1"
	writeRun(t, store, path, "cpstore", "flicker", 1, "", "")
	require.Equal(t, []string{path}, listed(t, ask(s, "/?state=running").Body.String()))
	write(t, store, path+"/verdict.json", `{"verdict":"invalid","promises":[{"promise":"p","verdict":"invalid","reason":"r"}]}`)
	require.Empty(t, listed(t, ask(s, "/?state=running").Body.String()))
	require.Contains(t, listed(t, ask(s, "/?state=invalid").Body.String()), path)
	long := time.Now().Add(-time.Hour)
	writeRun(t, store, path+"0", "cpstore", "flicker", 1, "", "")
	for _, name := range []string{"history.jsonl", "."} {
		require.NoError(t, os.Chtimes(filepath.Join(store, path+"0", name), long, long))
	}
	require.Equal(t, []string{path + "0"}, listed(t, ask(s, "/?state=not+ended").Body.String()), "it was silent for an hour")
	require.NoError(t, os.RemoveAll(filepath.Join(store, path)))
	require.NotContains(t, listed(t, ask(s, "/").Body.String()), path)
}

// A sweep that was killed, or is only a part, is not shown as valid; what it found is.
func TestSweepsOfWhichSomethingIsMissing(t *testing.T) {
	store := t.TempDir()
	sweep := func(name, record string) {
		write(t, store, "sweeps/s/"+name+"/sweep.json", `{"plan":{"system":"cpstore"},"first":1,"last":10,`+record+`}`)
	}
	sweep("whole", `"valid":10`)
	sweep("merged", `"valid":5`)
	sweep("shard", `"valid":5,"shard":{"index":1,"of":2}`)
	sweep("bounded", `"valid":5,"times":{"ended":"its time was up"}`)
	sweep("doubtful", `"valid":5,"unknown":5,"tolerance":5`)
	sweep("killed", `"valid":5`)
	sweep("killed-with-find", `"valid":5,"invalid":1`)
	long := time.Now().Add(-time.Hour)
	for _, name := range []string{"killed", "killed-with-find"} {
		write(t, store, "sweeps/s/"+name+"/progress.json", `{"phase":"seeds","done":5,"of":10}`)
		for _, file := range []string{"sweep.json", "progress.json", "."} {
			require.NoError(t, os.Chtimes(filepath.Join(store, "sweeps", "s", name, file), long, long))
		}
	}
	s := open(t, Options{Store: store})
	got := map[string]string{}
	all, _ := s.index.all()
	for _, e := range all {
		got[e.Name()] = e.State()
	}
	require.Equal(t, map[string]string{"whole": "valid", "merged": "unknown", "shard": "valid", "bounded": "valid", "doubtful": "unknown",
		"killed": "not ended", "killed-with-find": "invalid"}, got)
}

// No path leads out of the store, and none to what is no file.
func TestPathTricks(t *testing.T) {
	store := sampleStore(t)
	write(t, filepath.Dir(store), "secret.txt", "not yours")
	outside := filepath.Join(filepath.Dir(store), "secret.txt")
	require.NoError(t, os.Symlink(outside, filepath.Join(store, "link.txt")))
	require.NoError(t, os.Symlink("..", filepath.Join(store, "up")))
	require.NoError(t, os.Symlink(outside, filepath.Join(store, "stray", "plan.json")))
	require.NoError(t, os.Symlink("stray", filepath.Join(store, "within")))
	s := open(t, Options{Store: store})
	for _, path := range []string{
		"/store/../secret.txt", "/store/%2e%2e/secret.txt", "/store/..%2fsecret.txt", "/store/%2e%2e%2fsecret.txt", "/store/%252e%252e/secret.txt",
		"/store/stray/../../secret.txt", "/store/./stray/notes.txt", "/store//stray/notes.txt", "/store/stray//notes.txt",
		"/store/" + outside, "/store/%2F" + strings.TrimPrefix(outside, "/"), `/store/..\secret.txt`, "/store/..%5csecret.txt",
		"/store/link.txt", "/store/up/secret.txt", "/store/stray/plan.json", "/store/stray", "/store/stray/", "/store/", "/store/notes.txt%00.html",
		"/folder/..", "/folder/%2e%2e", "/folder/stray", "/folder/", "/page/../server.go", "/page/list.html", "/page/%2e%2e",
		"/nothing", "/..", "//", "/store/stray/notes.txt/",
	} {
		answer := ask(s, path)
		require.Equal(t, http.StatusNotFound, answer.Code, path)
		require.NotContains(t, answer.Body.String(), "not yours", path)
	}
	for _, path := range []string{"/store/stray/notes.txt", "/store/within/notes.txt"} {
		answer := ask(s, path)
		require.Equal(t, http.StatusOK, answer.Code, path)
		require.Equal(t, "mine", answer.Body.String())
	}
	require.NotContains(t, ask(s, "/?kind=everything").Body.String(), "stray", "a plan that is a link out of the store is none")
}

// Whatever is in a report can ask us for nothing: it is in a sandbox, without our origin.
func TestReportsAreInASandbox(t *testing.T) {
	s := open(t, Options{Store: sampleStore(t)})
	answer := ask(s, "/store/compare/20260104T030405006-1/index.html")
	policy := answer.Header().Get("Content-Security-Policy")
	require.Contains(t, policy, "sandbox ")
	require.NotContains(t, policy, "allow-same-origin")
	require.NotContains(t, policy, "connect-src")
	require.Contains(t, policy, "default-src 'none'")
	require.Contains(t, policy, "form-action 'none'")
	require.Equal(t, "text/html; charset=utf-8", answer.Header().Get("Content-Type"))
	require.Contains(t, ask(s, "/store/stray/notes.txt").Header().Get("Content-Disposition"), "attachment", "what we do not know is not shown")
	for _, path := range []string{"/", "/store/stray/notes.txt", "/nothing", "/store/.."} {
		require.Equal(t, "nosniff", ask(s, path).Header().Get("X-Content-Type-Options"), path)
		require.NotEmpty(t, ask(s, path).Header().Get("Content-Security-Policy"), path)
	}
}

func TestWhoMayAsk(t *testing.T) {
	store := sampleStore(t)
	as := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	s := open(t, Options{Store: store, Name: "here"})
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "127.0.0.1:1": 200, "[::1]:8080": 200, "HERE:80": 200,
		"evil.example": 421, "evil.example:8080": 421, "192.168.1.7:8080": 421, "": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421,
	} {
		require.Equal(t, want, ask(s, "/", as(host)).Code, host)
	}

	const token = "a token that is long"
	s = open(t, Options{Store: store, Token: token})
	require.Equal(t, 421, ask(s, "/", as("evil.example")).Code)
	for _, path := range []string{"/", "/?token=", "/?token=wrong", "/live", "/page/serve.js", "/store/stray/notes.txt"} {
		require.Equal(t, 401, ask(s, path, as("192.168.1.7")).Code, path)
	}
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	require.Equal(t, 200, ask(s, "/", as("192.168.1.7"), bearer).Code)
	answer := ask(s, "/?q=pause&token="+url.QueryEscape(token))
	require.Equal(t, http.StatusSeeOther, answer.Code)
	require.Equal(t, "/?q=pause", answer.Header().Get("Location"), "the token does not stay in the address")
	cookie := answer.Result().Cookies()[0]
	require.True(t, cookie.HttpOnly)
	require.NotContains(t, cookie.Value, token)
	require.Equal(t, 200, ask(s, "/", func(r *http.Request) { r.AddCookie(cookie) }).Code)
	other := open(t, Options{Store: store, Token: token})
	require.Equal(t, 401, ask(other, "/", func(r *http.Request) { r.AddCookie(cookie) }).Code, "a cookie is of one process")
}

func TestDelete(t *testing.T) {
	store := sampleStore(t)
	s := open(t, Options{Store: store})
	const path = "cpstore-register-pause/20260102T030405006-7"
	require.NoError(t, os.Symlink(path, filepath.Join(store, "latest")))
	post := func(form url.Values, change ...func(*http.Request)) int {
		return ask(s, "/delete", append([]func(*http.Request){func(r *http.Request) {
			r.Method, r.Body = http.MethodPost, io.NopCloser(strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}}, change...)...).Code
	}
	there := func() bool {
		_, err := os.Stat(filepath.Join(store, path))
		return err == nil
	}
	asked := ask(s, "/delete?folder="+path)
	require.Equal(t, 200, asked.Code)
	require.Contains(t, asked.Body.String(), "Delete 1 folder?")
	require.Contains(t, asked.Body.String(), "6 files")
	require.Contains(t, asked.Body.String(), s.secret)
	good := url.Values{"folder": {path}, "secret": {s.secret}}
	require.Equal(t, 403, post(url.Values{"folder": {path}}))
	require.Equal(t, 403, post(url.Values{"folder": {path}, "secret": {"guess"}}))
	require.Equal(t, 403, ask(s, "/delete?folder="+path+"&secret="+s.secret, func(r *http.Request) { r.Method = http.MethodPost }).Code, "not in the address")
	require.Equal(t, 403, post(good, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }))
	require.Equal(t, 403, post(good, func(r *http.Request) { r.Header.Set("Origin", "null") }), "a report in its sandbox")
	require.Equal(t, 403, post(good, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }))
	require.Equal(t, 405, ask(s, "/delete", func(r *http.Request) { r.Method = http.MethodDelete }).Code)
	for _, other := range []string{"..", "stray", ".", "", "/", path + "/nodes", "sweeps", path + "/../../stray"} {
		require.Equal(t, 400, post(url.Values{"folder": {other}, "secret": {s.secret}}), other)
	}
	writeRun(t, store, "x/20260102T030405006-1", "cpstore", "pause", 1, "", "")
	require.Equal(t, 400, post(url.Values{"folder": {"x/20260102T030405006-1"}, "secret": {s.secret}}), "it is under way")
	require.True(t, there())

	require.Equal(t, http.StatusSeeOther, post(good, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }))
	require.False(t, there())
	for _, gone := range []string{"cpstore-register-pause", "latest"} {
		_, err := os.Lstat(filepath.Join(store, gone))
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	require.NotContains(t, listed(t, ask(s, "/").Body.String()), path)
	require.Equal(t, 400, post(good), "it is gone")
}

func TestCompareTwoRuns(t *testing.T) {
	s := open(t, Options{Store: sampleStore(t)})
	const one, other = "cpstore-register-pause/20260102T030405006-7", "cpstore-register-kill-all/20260103T030405006-8"
	answer := ask(s, "/compare?folder="+one+"&folder="+other)
	require.Equal(t, 200, answer.Code)
	for _, words := range []string{"Both ran the same schedule.", "byte for byte", "every answer fits", "an answer from the past",
		"kill-all", "70.0%", "80.0%"} {
		require.Contains(t, answer.Body.String(), words)
	}
	for _, query := range []string{"", "?folder=" + one, "?folder=" + one + "&folder=stray", "?folder=" + one + "&folder=../x",
		"?folder=" + one + "&folder=compare/20260104T030405006-1"} {
		require.Equal(t, 400, ask(s, "/compare"+query).Code, query)
	}
}

func TestFolder(t *testing.T) {
	store := sampleStore(t)
	s := open(t, Options{Store: store})
	write(t, store, "cpstore-register-pause/20260102T030405006-7/nodes/n1.log", "started")
	page := ask(s, "/folder/cpstore-register-pause/20260102T030405006-7").Body.String()
	require.Contains(t, page, `/store/cpstore-register-pause/20260102T030405006-7/nodes/n1.log`)
	require.Contains(t, page, "cleave replay "+filepath.Join(store, "cpstore-register-pause/20260102T030405006-7"))
	page = ask(s, "/folder/compare/20260104T030405006-1").Body.String()
	require.Equal(t, []string{"compare/20260104T030405006-1/apregistry-register-loss", "compare/20260104T030405006-1/cpstore-register-loss"}, listed(t, page))
}

// A page that listens hears of a run that goes on, and of its end.
func TestLive(t *testing.T) {
	store := sampleStore(t)
	s := open(t, Options{Store: store})
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	const path = "cpstore-register-flicker/20260106T030405006-1"
	writeRun(t, store, path, "cpstore", "flicker", 1, "", "")
	write(t, store, path+"/progress.json", `{"phase":"faults","done":12,"of":60,"rate":41,"faults":["<b>flicker"]}`)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, web.URL+"/live", nil)
	require.NoError(t, err)
	answer, err := web.Client().Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
	heard := &strings.Builder{}
	until := func(words string) {
		buffer := make([]byte, 4096)
		for !strings.Contains(heard.String(), words) {
			n, err := answer.Body.Read(buffer)
			heard.Write(buffer[:n])
			require.NoError(t, err, "heard so far: %s", heard)
		}
	}
	until("faults · 12 of 60 s · 41 ops/s · &lt;b&gt;flicker")
	write(t, store, path+"/progress.json", `{"phase":"quiet","done":45,"of":60,"rate":50}`)
	until("quiet · 45 of 60 s")
	write(t, store, path+"/verdict.json", `{"verdict":"valid","promises":[]}`)
	until("event: changed")
	s.End()
	_, err = io.Copy(io.Discard, answer.Body)
	require.NoError(t, err, "the stream ends with the server")
}

// What folders say is text, whatever it says.
func TestHostileFolders(t *testing.T) {
	store := sampleStore(t)
	evil := `</td><script>alert(1)</script>` + "\x1b[31m\u202e" + strings.Repeat("x", 1<<20)
	const path = `cpstore-a"><img src=x onerror=alert(1)>/20260102T030405006-1`
	write(t, store, path+"/plan.json", fmt.Sprintf(`{"system":%q,"workload":"w","faults":"f"}`, "evil"))
	text, err := jsonText(evil)
	require.NoError(t, err)
	write(t, store, path+"/verdict.json", `{"verdict":"invalid","promises":[{"promise":`+text+`,"verdict":"invalid","reason":`+text+`}]}`)
	write(t, store, "broken/1/plan.json", "{")
	write(t, store, "broken/2/plan.json", `{"system":3}`)
	write(t, store, "broken/2/verdict.json", `[]`)
	write(t, store, "sweeps/a/b/sweep.json", `"no"`)
	require.NoError(t, os.Mkdir(filepath.Join(store, "broken", "plan.json"), 0o755))
	s := open(t, Options{Store: store})
	page := ask(s, "/").Body.String()
	require.NotContains(t, page, "<script>alert")
	require.NotContains(t, page, "<img")
	require.NotContains(t, page, "\x1b")
	require.NotContains(t, page, "\u202e")
	require.Less(t, len(page), 100_000)
	require.Contains(t, listed(t, page), path)
	require.Contains(t, page, "cannot be read")
	for _, one := range listed(t, page) {
		require.Equal(t, 200, ask(s, "/folder/"+url.PathEscape(one)).Code, one)
	}
}

func jsonText(text string) (string, error) {
	quoted, err := json.Marshal(text)
	return string(quoted), err
}

// A store may be the folder of a comparison, or of a run; it is not deleted as a whole.
func TestAStoreInAStore(t *testing.T) {
	store := sampleStore(t)
	s := open(t, Options{Store: filepath.Join(store, "compare", "20260104T030405006-1")})
	require.ElementsMatch(t, []string{"apregistry-register-loss", "cpstore-register-loss"}, listed(t, ask(s, "/").Body.String()))
	s = open(t, Options{Store: filepath.Join(store, "cpstore-register-pause", "20260102T030405006-7")})
	require.Empty(t, listed(t, ask(s, "/").Body.String()))
	require.Equal(t, 400, ask(s, "/delete?folder=.").Code)
}

func TestNoStore(t *testing.T) {
	_, err := Open(Options{Store: filepath.Join(t.TempDir(), "none")})
	require.ErrorContains(t, err, "no store")
}
