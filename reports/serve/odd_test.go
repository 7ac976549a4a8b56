package serve

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// A folder may have any name: its links lead to it, and forms name it.
func TestNamesOfFolders(t *testing.T) {
	store := t.TempDir()
	const one, other = "store 1/r%20%2e%2e?#&/1", "lines\nof\r\nit+'\"/2"
	writeRun(t, store, one, "cpstore", "pause", 1, "valid", "fine")
	writeRun(t, store, other, "cpstore", "pause", 2, "valid", "fine")
	s := open(t, Options{Store: store})
	require.ElementsMatch(t, []string{one, other}, listed(t, ask(s, "/").Body.String()))
	for _, path := range []string{one, other} {
		for _, page := range []string{"/", "/folder/" + named(path)} {
			count := 0
			for _, link := range attributes(t, ask(s, page).Body.String(), "href") {
				if strings.HasPrefix(link, "/store/") || strings.HasPrefix(link, "/folder/") || strings.HasPrefix(link, "/delete?") {
					require.Equal(t, 200, ask(s, link).Code, link)
					count++
				}
			}
			require.GreaterOrEqual(t, count, 4, page)
		}
	}
	form := url.Values{"folder": {}}
	for _, value := range attributes(t, ask(s, "/").Body.String(), "value") {
		if strings.Contains(value, "/") {
			require.NotContains(t, value, "\n", "a form would send it as two")
			form.Add("folder", value)
		}
	}
	require.Equal(t, 200, ask(s, "/compare?"+form.Encode()).Code)
	asked := ask(s, "/delete?"+form.Encode())
	require.Equal(t, 200, asked.Code)
	require.Equal(t, form["folder"], slices.DeleteFunc(attributes(t, asked.Body.String(), "value"), func(v string) bool { return v == s.secret }))
	require.Equal(t, 400, ask(s, "/delete?folder=%25zz").Code)
}

// attributes are what a page has for an attribute.
func attributes(t testing.TB, page, key string) (values []string) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(page))
	for tokens.Next() != html.ErrorToken {
		for _, attribute := range tokens.Token().Attr {
			if attribute.Key == key {
				values = append(values, attribute.Val)
			}
		}
	}
	return values
}

// A plan that cannot be read is told of, under the name of its folder, and is nothing to choose by.
func TestDamagedPlan(t *testing.T) {
	store := sampleStore(t)
	const path = "cpstore-register-pause/20260107T030405006-7"
	writeRun(t, store, path, "cpstore", "pause", 7, "valid", "fine")
	for _, plan := range []string{"{", "{}", ""} {
		write(t, store, path+"/plan.json", plan)
		s := open(t, Options{Store: store})
		page := ask(s, "/").Body.String()
		require.Equal(t, 5, strings.Count(page, `<option value=""`), "of each list the choice of none")
		require.Contains(t, page, `">20260107T030405006-7</a>`)
		require.Contains(t, page, "damaged: plan.json")
		require.Contains(t, page, "plan.json cannot be read: ")
		require.Contains(t, page, `<td data-name="seed" class="n">–</td>`)
		require.Equal(t, []string{path}, listed(t, ask(s, "/?state=damaged").Body.String()))
		require.NotContains(t, listed(t, ask(s, "/?state=valid").Body.String()), path)
	}
}

// Of a run that was not judged nothing is said of promises; options are compared by what they mean.
func TestCompareWithOneThatWasNotJudged(t *testing.T) {
	store := t.TempDir()
	writeRun(t, store, "a/1", "cpstore", "pause", 1, "valid", "fine")
	writeRun(t, store, "a/2", "cpstore", "pause", 1, "", "")
	write(t, store, "a/1/plan.json", `{"system":"cpstore","every":"400\u00b5s","seed":9007199254740993,"list":[1, 2],"bug":""}`)
	write(t, store, "a/2/plan.json", `{"system":"cpstore","every":"400µs","seed":9007199254740992,"list":[1,2]}`)
	page := ask(open(t, Options{Store: store}), "/compare?folder=a/1&folder=a/2").Body.String()
	require.Contains(t, page, "not judged")
	require.NotContains(t, page, "not promised")
	require.NotContains(t, page, "400")
	require.NotContains(t, page, "[1")
	require.NotContains(t, page, `<th scope="row">bug</th>`)
	require.Contains(t, page, "9007199254740993")
	require.Contains(t, page, "9007199254740992")
}

func TestEmptyStore(t *testing.T) {
	store := t.TempDir()
	s := open(t, Options{Store: store})
	require.Contains(t, ask(s, "/?q=word").Body.String(), "cleave run --store "+store)
	writeRun(t, store, "a/1", "cpstore", "pause", 1, "valid", "fine")
	page := ask(s, "/?q=nowhere").Body.String()
	require.Contains(t, page, "Nothing is found.")
	require.NotContains(t, page, "cleave run")
}
