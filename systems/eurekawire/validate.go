package eurekawire

import "strings"

// ParseStatus makes a status of its name, in any case. ok is false for any other word, which Eureka
// takes for UNKNOWN in a document and refuses in a query.
func ParseStatus(text string) (status Status, ok bool) {
	switch strings.ToUpper(strings.TrimSpace(text)) {
	case "UP":
		return Up, true
	case "DOWN":
		return Down, true
	case "STARTING":
		return Starting, true
	case "OUT_OF_SERVICE":
		return OutOfService, true
	case "UNKNOWN":
		return Unknown, true
	}
	return Unknown, false
}

// Validate tells whether the instance may be registered under the app of the path. The error is an
// *Error of code 400, in the words of Eureka's ApplicationResource.
func (i *Instance) Validate(pathApp string) error {
	expected, app := strings.ToUpper(pathApp), strings.ToUpper(i.App)
	switch {
	case i.ID() == "":
		return bad("Missing instanceId")
	case i.HostName == "":
		return bad("Missing hostname")
	case i.IPAddr == "":
		return bad("Missing ip address")
	case app == "":
		return bad("Missing appName")
	case app != expected:
		return bad("Mismatched appName, expecting %s but was %s", expected, app)
	case i.DataCenter.absent():
		return bad("Missing dataCenterInfo")
	case i.DataCenter.Name == "":
		return bad("Missing dataCenterInfo Name")
	}
	return nil
}

func (d *DataCenter) absent() bool {
	return d.Name == "" && d.Class == "" && len(d.Metadata) == 0
}

// class is the Java type that clients expect for the data center's name: the one given counts only
// for names that Eureka does not know.
func (d *DataCenter) class() string {
	const byDefault = "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo"
	switch {
	case d.Name == "Amazon":
		return "com.netflix.appinfo.AmazonInfo"
	case d.Name == "MyOwn", d.Name == "Netflix":
		return byDefault
	case d.Name != "" && d.Class == "":
		return byDefault
	}
	return d.Class
}
