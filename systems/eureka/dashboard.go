package eureka

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// figures are what a server's dashboard shows of its self-preservation.
type figures struct {
	expiring  bool  // "Lease expiration enabled"
	threshold int64 // "Renews threshold"
	renews    int64 // "Renews (last min)", which is the last whole bucket
}

// errDashboard is of a page that is not Eureka's dashboard.
var errDashboard = errors.New("not a dashboard of Eureka")

// instances heads the list of instances. What is above it the server alone has written; what is below, those
// who registered have, and Netflix's page does not even escape it.
var instances = []byte("Instances currently registered with Eureka")

// rows find the figures: Spring has a table, Netflix a line. FreeMarker writes 1234 as "1,234".
var rows = [3]*regexp.Regexp{
	row(`Lease expiration enabled`, `true|false`),
	row(`Renews threshold`, `[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+`),
	row(`Renews \(last min\)`, `[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+`),
}

func row(label, value string) *regexp.Regexp {
	return regexp.MustCompile(label + `(?:</td>\s{0,40}<td>|:\s{1,4})(` + value + `)(?:</td>|, |</hr>)`)
}

// dashboardFigures reads a dashboard. Every figure must be there once, above the list of instances.
func dashboardFigures(page []byte) (figures, error) {
	above, _, found := bytes.Cut(page, instances)
	if !found {
		return figures{}, fmt.Errorf("%w: no list of instances", errDashboard)
	}
	var values [3]string
	for i, row := range rows {
		matches := row.FindAllSubmatch(above, 2)
		if len(matches) != 1 {
			return figures{}, fmt.Errorf("%w: %d times what matches %s", errDashboard, len(matches), row)
		}
		values[i] = strings.ReplaceAll(string(matches[0][1]), ",", "")
	}
	threshold, errThreshold := strconv.ParseInt(values[1], 10, 32)
	renews, errRenews := strconv.ParseInt(values[2], 10, 64)
	if err := errors.Join(errThreshold, errRenews); err != nil {
		return figures{}, fmt.Errorf("%w: %w", errDashboard, err)
	}
	return figures{values[0] == "true", threshold, renews}, nil
}

// agree tells whether the flag is what the figures say. It is not if the page was written while the bucket
// turned.
func (f figures) agree() bool {
	return f.expiring == (f.threshold > 0 && f.renews > f.threshold)
}

// expected is how many clients have this threshold, each with two heartbeats in a bucket, of which 85 % must
// come: the number itself is not shown.
func (f figures) expected() int64 { return (f.threshold*100 + 169) / 170 }

// turn is the detail of a note of self-preservation, as the AP registry writes it.
func (f figures) turn() string {
	word := "entered"
	if f.expiring {
		word = "left"
	}
	return fmt.Sprintf("%s expected=%d threshold=%d renews=%d", word, f.expected(), f.threshold, f.renews)
}
