package eurekawire

import (
	"slices"
	"strconv"
	"strings"
)

// set gives a field of one plain value what a document says, in either format. Unknown names are
// nothing.
func (i *Instance) set(name, text string) error {
	if field := i.textField(name); field != nil {
		*field = strings.Clone(text)
		return nil
	}
	switch name {
	case "app":
		i.App = strings.ToUpper(strings.Clone(text))
	case "appGroupName":
		i.AppGroup = strings.ToUpper(strings.Clone(text))
	case "sid":
		i.SID = sid(text)
	case "status":
		i.Status, _ = ParseStatus(text)
	case "overriddenstatus", "overriddenStatus":
		i.Overridden, _ = ParseStatus(text)
	case "actionType":
		i.Action = action(text)
	case "isCoordinatingDiscoveryServer":
		i.Coordinating = truth(text)
	case "countryId":
		return parse32(&i.CountryID, name, text)
	case "lastUpdatedTimestamp":
		return parse64(&i.LastUpdated, name, text)
	case "lastDirtyTimestamp":
		return parse64(&i.LastDirty, name, text)
	}
	return nil
}

// textField is the field that holds a text as it comes.
func (i *Instance) textField(name string) *string {
	switch name {
	case "instanceId":
		return &i.InstanceID
	case "hostName":
		return &i.HostName
	case "ipAddr":
		return &i.IPAddr
	case "homePageUrl":
		return &i.HomePage
	case "statusPageUrl":
		return &i.StatusPage
	case "healthCheckUrl":
		return &i.HealthCheck
	case "secureHealthCheckUrl":
		return &i.SecureHealthCheck
	case "vipAddress":
		return &i.VIP
	case "secureVipAddress":
		return &i.SecureVIP
	case "asgName":
		return &i.ASG
	}
	return nil
}

// set gives a field of the lease what a document says. Eureka takes an interval that is not positive
// for one that was not given.
func (l *Lease) set(name, text string) error {
	switch name {
	case "renewalIntervalInSecs":
		return parseInterval(&l.RenewalInterval, name, text)
	case "durationInSecs":
		return parseInterval(&l.Duration, name, text)
	case "registrationTimestamp":
		return parse64(&l.Registration, name, text)
	case "lastRenewalTimestamp", "renewalTimestamp":
		return parse64(&l.LastRenewal, name, text)
	case "evictionTimestamp":
		return parse64(&l.Eviction, name, text)
	case "serviceUpTimestamp":
		return parse64(&l.ServiceUp, name, text)
	}
	return nil
}

// sid is a SID as given, but for the words that Eureka says when there is none.
func sid(text string) string {
	if text == "na" || text == "unknown" {
		return ""
	}
	return strings.Clone(text)
}

// action is one of the three actions, "" for anything else.
func action(text string) string {
	known := []string{"ADDED", "MODIFIED", "DELETED"}
	if at := slices.Index(known, strings.ToUpper(strings.TrimSpace(text))); at >= 0 {
		return known[at]
	}
	return ""
}

// truth is what Jackson takes for true: the word, and any number but 0.
func truth(text string) bool {
	text = strings.TrimSpace(text)
	if isNumber(text) {
		n, err := integer(text, 64)
		return err != nil || n != 0
	}
	return strings.EqualFold(text, "true")
}

// parse64 reads a number into a field, which is left as it is if nothing stands there.
func parse64(field *int64, name, text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	n, err := integer(text, 64)
	if err != nil {
		return bad("%s is not a number of 64 bits: %s", name, excerpt(text))
	}
	*field = n
	return nil
}

// parse32 is parse64 for a number of 32 bits.
func parse32(field *int32, name, text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	n, err := integer(text, 32)
	if err != nil {
		return bad("%s is not a number of 32 bits: %s", name, excerpt(text))
	}
	*field = int32(n)
	return nil
}

func parseInterval(field *int32, name, text string) error {
	seconds := int32(0)
	if err := parse32(&seconds, name, text); err != nil {
		return err
	}
	if seconds > 0 {
		*field = seconds
	}
	return nil
}

// integer reads a number and drops its fraction. Clients whose numbers are all floats write times as
// 1.6e+12.
func integer(text string, bits int) (int64, error) {
	if n, err := strconv.ParseInt(text, 10, bits); err == nil || !isNumber(text) {
		return n, err
	}
	const tooFar = 400 // more zeros than any number here can have; keeps the padding small
	mantissa, power := strings.ToLower(text), 0
	if at := strings.IndexByte(mantissa, 'e'); at >= 0 {
		power, _ = strconv.Atoi(mantissa[at+1:]) // out of range gives the nearest end of the range
		mantissa = mantissa[:at]
	}
	power = min(max(power, -tooFar), tooFar)
	sign := ""
	if mantissa[0] == '-' {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	all, point := whole+fraction, len(whole)+power
	switch {
	case point <= 0:
		return 0, nil
	case point > len(all):
		all += strings.Repeat("0", point-len(all))
	}
	return strconv.ParseInt(sign+all[:point], 10, bits)
}
