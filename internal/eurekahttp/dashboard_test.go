package eurekahttp

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/apregistry"
)

// The banners are Eureka's, word for word, and stand when its page would show them.
func TestBanners(t *testing.T) {
	const safe = "EMERGENCY! EUREKA MAY BE INCORRECTLY CLAIMING INSTANCES ARE UP WHEN THEY'RE NOT. " +
		"RENEWALS ARE LESSER THAN THRESHOLD AND HENCE THE INSTANCES ARE NOT BEING EXPIRED JUST TO BE SAFE."
	const off = "THE SELF PRESERVATION MODE IS TURNED OFF. THIS MAY NOT PROTECT INSTANCE EXPIRY IN CASE OF NETWORK/OTHER PROBLEMS."
	for _, each := range []struct {
		renews, threshold  int64
		listable, preserve bool
		want               string
	}{
		{10, 10, true, true, safe},
		{11, 10, true, true, ""},
		{10, 10, false, true, ""}, // not before the wait at the start is over
		{10, 10, true, false, "RENEWALS ARE LESSER THAN THE THRESHOLD. " + off},
		{11, 10, true, false, off},
	} {
		require.Equal(t, each.want, banner(&apregistry.Figures{Renews: each.renews, Threshold: each.threshold,
			Listable: each.listable, SelfPreservation: each.preserve}))
	}
}

// What registers itself cannot put anything into the page but text.
func TestDashboard(t *testing.T) {
	s := serve(t, nil)
	evil := registration("<b>APP", "<script>x</script>", `,"statusPageUrl":"javascript:alert(1)","metadata":{"zone":"<img src=x>"}`)
	require.Equal(t, 204, s.do("POST /eureka/apps/%3Cb%3EAPP", evil).Code)
	require.Equal(t, 204, s.do("POST /eureka/apps/GOOD", registration("GOOD", "good1", `,"statusPageUrl":"http://good/status"`)).Code)
	require.Equal(t, 200, s.do("DELETE /eureka/apps/GOOD/good1", "").Code)
	require.Equal(t, 204, s.do("POST /eureka/apps/GOOD", registration("GOOD", "good1", `,"statusPageUrl":"http://good/status"`)).Code)
	s.eventually(t, "GET /", "good1</a>")
	page := s.do("GET /", "")
	text := page.Body.String()
	require.Contains(t, text, "&lt;script&gt;x&lt;/script&gt;")
	require.NotContains(t, strings.ToLower(text), "<script")
	require.NotContains(t, text, "<img")
	require.NotContains(t, text, "javascript:")
	require.Contains(t, text, `<a href="http://good/status" rel="noopener noreferrer">good1</a>`)
	require.Contains(t, text, "GOOD(good1)")
	for _, label := range []string{"Environment", "Data center", "Current time", "Uptime", "Lease expiration enabled", "Renews threshold",
		"Renews (last min)", "registered-replicas", "Last 1000 cancelled leases", "Last 1000 newly registered leases", bannerEmergency[:9]} {
		require.Contains(t, text, label)
	}
	require.Contains(t, page.Header().Get("Content-Security-Policy"), "default-src 'none'")
}

// Every line of the metrics is a comment or a sample.
func TestMetrics(t *testing.T) {
	s := serve(t, nil)
	s.register(t, "A", "i1")
	text := s.do("GET /metrics", "").Body.String()
	line := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"\n]*"\})? -?\d+)$`)
	for each := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		require.Regexp(t, line, each)
	}
	require.Contains(t, text, "\neureka_instances 1\n")
	require.Contains(t, text, "\neureka_http_responses_total{code=\"204\"} 1\n")
	require.Equal(t, `"a\\\"\n"`, label("a\\\"\n"))
}

func TestStatusPage(t *testing.T) {
	s := serve(t, nil)
	require.Regexp(t, `^\{"generalStats":\{"environment":"test",.*"isHeathly":true\}$`, s.do("GET /eureka/status", "", asJSON).Body.String())
	require.Regexp(t, `^<statusInfo><generalStats><environment>test<.*</statusInfo>$`, s.do("GET /eureka/status", "").Body.String())
}
