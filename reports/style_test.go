package reports_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readable are the colours that text has, and what it may stand on.
var readable = map[string][]string{
	"--ink":    {"--paper", "--card", "--good-paper", "--bad-paper", "--unsure-paper", "--fault-soft"},
	"--muted":  {"--paper", "--card"},
	"--link":   {"--paper", "--card"},
	"--good":   {"--paper", "--good-paper"},
	"--bad":    {"--paper", "--bad-paper"},
	"--unsure": {"--paper", "--unsure-paper"},
	"#ffffff":  {"--fault", "--leader", "--down", "--paused", "--preserving", "--node", "--client"},
}

// Text is readable in both schemes: a contrast of at least 4.5 to 1, as WCAG 2 asks for.
func TestContrast(t *testing.T) {
	sheet, err := os.ReadFile("page/style.css")
	require.NoError(t, err)
	light, dark, found := strings.Cut(string(sheet), "@media (prefers-color-scheme: dark)")
	require.True(t, found)
	dark, _, _ = strings.Cut(dark, "box-sizing")
	colors := colorsOf(light)
	requireReadable(t, "light", colors)
	for name, color := range colorsOf(dark) {
		colors[name] = color
	}
	requireReadable(t, "dark", colors)
}

func colorsOf(sheet string) map[string]string {
	colors := map[string]string{"#ffffff": "#ffffff"}
	for _, match := range regexp.MustCompile(`(--[a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(sheet, -1) {
		colors[match[1]] = match[2]
	}
	return colors
}

func requireReadable(t *testing.T, scheme string, colors map[string]string) {
	t.Helper()
	for text, papers := range readable {
		for _, paper := range papers {
			require.NotEmpty(t, colors[text], text)
			require.NotEmpty(t, colors[paper], paper)
			one, other := luminance(t, colors[text]), luminance(t, colors[paper])
			contrast := (max(one, other) + 0.05) / (min(one, other) + 0.05)
			require.GreaterOrEqual(t, contrast, 4.5, "%s: %s on %s", scheme, text, paper)
		}
	}
}

// luminance is the relative luminance of WCAG 2.
func luminance(t *testing.T, color string) float64 {
	t.Helper()
	total := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		channel, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		require.NoError(t, err)
		value := float64(channel) / 255
		if value <= 0.04045 {
			total += weight * value / 12.92
		} else {
			total += weight * math.Pow((value+0.055)/1.055, 2.4)
		}
	}
	return total
}
