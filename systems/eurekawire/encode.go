package eurekawire

import (
	"cmp"
	"strings"
)

// instanceSize is about the bytes of an instance with every field, to make room at once.
const instanceSize = 1600

// firstVersion is the versions__delta of a registry that counts none: clients want a number there.
const firstVersion = "1"

// Encode is the document of one instance: {"instance":{…}} or <instance>.
func (i *Instance) Encode(format Format) []byte {
	return i.Append(format, make([]byte, 0, instanceSize))
}

// Append is Encode, appended to what is there.
func (i *Instance) Append(format Format, out []byte) []byte {
	w := newWriter(format, out)
	w.begin()
	w.open("instance")
	w.instance(i)
	w.close("instance")
	return w.finish()
}

// Encode is the document of GET /apps/{APP}.
func (a *Application) Encode(format Format) []byte {
	return a.Append(format, make([]byte, 0, instanceSize*(1+len(a.Instances))))
}

// Append is Encode, appended to what is there.
func (a *Application) Append(format Format, out []byte) []byte {
	w := newWriter(format, out)
	w.begin()
	w.open("application")
	w.application(a)
	w.close("application")
	return w.finish()
}

// Encode is the document of GET /apps, /apps/delta, /vips/{vip} and /svips/{svip}.
func (a *Applications) Encode(format Format) []byte {
	size := instanceSize
	for i := range a.Applications {
		size += instanceSize * len(a.Applications[i].Instances)
	}
	return a.Append(format, make([]byte, 0, size))
}

// Append is Encode, appended to what is there.
func (a *Applications) Append(format Format, out []byte) []byte {
	w := newWriter(format, out)
	w.begin()
	w.open("applications")
	w.text("versions__delta", cmp.Or(a.Version, firstVersion))
	w.text("apps__hashcode", a.Hash)
	w.list("application")
	for i := range a.Applications {
		w.item("application")
		w.application(&a.Applications[i])
		w.close("application")
	}
	w.unlist()
	w.close("applications")
	return w.finish()
}

// begin opens the document, finish closes it and gives it away. In XML there is nothing around the
// one element.
func (w *writer) begin() {
	if !w.xml {
		w.out = append(w.out, '{')
	}
}

func (w *writer) finish() []byte {
	if !w.xml {
		w.out = append(w.out, '}')
	}
	return w.out
}

func (w *writer) application(a *Application) {
	w.text("name", a.Name)
	w.list("instance")
	for i := range a.Instances {
		w.item("instance")
		w.instance(&a.Instances[i])
		w.close("instance")
	}
	w.unlist()
}

// instance writes the fields of an instance, in the order of Eureka's own serializer.
func (w *writer) instance(i *Instance) {
	if w.compact {
		w.brief(i)
		return
	}
	w.optional("instanceId", i.InstanceID)
	w.text("hostName", i.HostName)
	w.text("app", i.App)
	w.text("ipAddr", i.IPAddr)
	w.optional("sid", sid(i.SID))
	w.status("status", i.Status)
	w.status("overriddenstatus", i.Overridden)
	w.port("port", i.Port)
	w.port("securePort", i.SecurePort)
	w.number("countryId", int64(i.CountryID))
	w.dataCenter(&i.DataCenter)
	w.lease(&i.Lease)
	w.pairs("metadata", i.Metadata)
	w.optional("appGroupName", i.AppGroup)
	w.optional("homePageUrl", i.HomePage)
	w.optional("statusPageUrl", i.StatusPage)
	w.optional("healthCheckUrl", i.HealthCheck)
	w.optional("secureHealthCheckUrl", i.SecureHealthCheck)
	w.optional("vipAddress", i.VIP)
	w.optional("secureVipAddress", i.SecureVIP)
	w.text("isCoordinatingDiscoveryServer", boolean(i.Coordinating))
	w.stamp("lastUpdatedTimestamp", i.LastUpdated)
	w.stamp("lastDirtyTimestamp", i.LastDirty)
	w.optional("actionType", i.Action)
	w.optional("asgName", i.ASG)
}

// brief writes the fields that Eureka's MiniInstanceInfoMixIn leaves, which have no ports.
func (w *writer) brief(i *Instance) {
	w.optional("instanceId", i.InstanceID)
	w.text("hostName", i.HostName)
	w.text("app", i.App)
	w.text("ipAddr", i.IPAddr)
	w.status("status", i.Status)
	w.dataCenter(&i.DataCenter)
	w.optional("vipAddress", i.VIP)
	w.optional("secureVipAddress", i.SecureVIP)
	w.stamp("lastUpdatedTimestamp", i.LastUpdated)
	w.optional("actionType", i.Action)
	w.optional("asgName", i.ASG)
}

func boolean(value bool) string {
	if value {
		return "true"
	}
	return "false"
}

// status writes a status, which is never empty: Java's clients look the word up.
func (w *writer) status(name string, status Status) {
	if status == "" {
		status = Unknown
	}
	w.text(name, string(status))
}

// dataCenter writes where an instance runs, with the class that Eureka's own serializer would give.
func (w *writer) dataCenter(d *DataCenter) {
	if d.absent() {
		return
	}
	class := d.class()
	if w.xml {
		w.out = append(w.out, `<dataCenterInfo class="`...)
		w.out = append(appendXMLAttribute(w.out, class), `">`...)
	} else {
		w.open("dataCenterInfo")
		w.text("@class", class)
	}
	w.text("name", d.Name)
	if len(d.Metadata) > 0 {
		w.pairs("metadata", d.Metadata)
	}
	w.close("dataCenterInfo")
}

// appendXMLAttribute appends the value of an attribute in double quotes.
func appendXMLAttribute(out []byte, text string) []byte {
	for {
		before, after, quoted := strings.Cut(text, `"`)
		out = appendXMLText(out, before)
		if !quoted {
			return out
		}
		out, text = append(out, "&#34;"...), after
	}
}

func (w *writer) lease(l *Lease) {
	w.open("leaseInfo")
	w.number("renewalIntervalInSecs", int64(l.RenewalInterval))
	w.number("durationInSecs", int64(l.Duration))
	w.number("registrationTimestamp", l.Registration)
	w.number("lastRenewalTimestamp", l.LastRenewal)
	w.number("evictionTimestamp", l.Eviction)
	w.number("serviceUpTimestamp", l.ServiceUp)
	w.close("leaseInfo")
}
