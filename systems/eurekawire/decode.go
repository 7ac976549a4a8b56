package eurekawire

import (
	"cmp"
	"slices"
	"strings"
)

// DecodeInstance reads the body of a registration: {"instance":{…}} or <instance>. What is missing
// gets Eureka's defaults: status UP, overridden status UNKNOWN, port 7001, secure port 7002 and not
// in use, country 1, a lease of 30 and 90 seconds. Times that are missing stay 0. The app and its
// group are made upper case, as Eureka does on reading. Whether anything that is needed is missing,
// Validate says. Errors are of type *Error.
func DecodeInstance(format Format, body []byte) (Instance, error) {
	var instance Instance
	err := document(format, body, "instance", func(s source) error { return instance.read(s) })
	return instance, err
}

// DecodeApplication reads the answer to GET /apps/{APP}.
func DecodeApplication(format Format, body []byte) (Application, error) {
	var application Application
	err := document(format, body, "application", func(s source) error { return application.read(s) })
	return application, err
}

// DecodeApplications reads the answer to GET /apps, /apps/delta, /vips/{vip} and /svips/{svip}.
func DecodeApplications(format Format, body []byte) (Applications, error) {
	var applications Applications
	err := document(format, body, "applications", func(s source) error { return applications.read(s) })
	return applications, err
}

func (a *Applications) read(s source) error {
	*a = Applications{}
	err := s.members(func(name string) error {
		switch name {
		case "versions__delta", "versions_delta":
			return readText(s, &a.Version)
		case "apps__hashcode", "apps_hashcode":
			return readText(s, &a.Hash)
		case "application":
			if !s.repeats() {
				a.Applications = nil
			}
			return s.each(func() error {
				var application Application
				if err := application.read(s); err != nil {
					return err
				}
				a.Applications = append(a.Applications, application)
				return nil
			})
		}
		return nil
	})
	a.Version = cmp.Or(a.Version, firstVersion)
	return err
}

func (a *Application) read(s source) error {
	*a = Application{}
	err := s.members(func(name string) error {
		switch name {
		case "name":
			return readText(s, &a.Name)
		case "instance":
			if !s.repeats() {
				a.Instances = nil
			}
			return s.each(func() error { return a.readInstance(s) })
		}
		return nil
	})
	if err == nil && a.Name == "" {
		return bad("an application without a name")
	}
	return err
}

// readInstance reads one of the list, which must have an id: an Instance is so much larger than the
// least that could stand for one that a hostile list would cost much memory otherwise. For the same
// reason it is read in its place, and the list doubles where append would add a quarter.
func (a *Application) readInstance(s source) error {
	if n := len(a.Instances); n == cap(a.Instances) {
		a.Instances = slices.Grow(a.Instances, max(1, n))
	}
	a.Instances = append(a.Instances, Instance{})
	instance := &a.Instances[len(a.Instances)-1]
	if err := instance.read(s); err != nil {
		return err
	}
	if instance.ID() == "" {
		return bad("an instance without instanceId and hostName")
	}
	return nil
}

func (i *Instance) read(s source) error {
	*i = Instance{
		Status: Up, Overridden: Unknown, CountryID: 1,
		Port: Port{Number: 7001, Enabled: true}, SecurePort: Port{Number: 7002},
		Lease: Lease{RenewalInterval: 30, Duration: 90},
	}
	return s.members(func(name string) error {
		switch name {
		case "port":
			return i.Port.read(s, name)
		case "securePort":
			return i.SecurePort.read(s, name)
		case "dataCenterInfo":
			return i.DataCenter.read(s)
		case "leaseInfo":
			return i.Lease.read(s)
		case "metadata":
			return readPairs(s, &i.Metadata)
		}
		text, present, err := s.text()
		if err != nil || !present {
			return err
		}
		return i.set(name, text)
	})
}

// read reads a port: {"$":8080,"@enabled":"true"}, the number alone, or <port enabled="true">.
func (p *Port) read(s source, field string) error {
	return s.members(func(name string) error {
		if name != "$" && name != "@enabled" {
			return nil
		}
		text, present, err := s.text()
		if err != nil || !present {
			return err
		}
		if name == "@enabled" {
			p.Enabled = truth(text)
			return nil
		}
		return parse32(&p.Number, field, text)
	})
}

func (d *DataCenter) read(s source) error {
	*d = DataCenter{}
	err := s.members(func(name string) error {
		switch name {
		case "@class", "class":
			return readText(s, &d.Class)
		case "name":
			return readText(s, &d.Name)
		case "metadata":
			return readPairs(s, &d.Metadata)
		}
		return nil
	})
	d.Class = d.class()
	return err
}

func (l *Lease) read(s source) error {
	*l = Lease{RenewalInterval: 30, Duration: 90}
	return s.members(func(name string) error {
		text, present, err := s.text()
		if err != nil || !present {
			return err
		}
		return l.set(name, text)
	})
}

// readText reads a field that holds a text as it comes.
func readText(s source, field *string) error {
	text, present, err := s.text()
	if err == nil && present {
		*field = strings.Clone(text)
	}
	return err
}

// readPairs reads metadata: of a key that comes twice the last counts, null is as if it were not
// there, and so is the mark of Java's type that old servers put into an empty map.
func readPairs(s source, field *[]Pair) error {
	var pairs []Pair
	err := s.children(func(key string) error {
		value, present, err := s.text()
		if err != nil || !present || key == "@class" || key == "class" && value == "java.util.Collections$EmptyMap" {
			return err
		}
		pairs = append(pairs, Pair{Key: strings.Clone(key), Value: strings.Clone(value)})
		return nil
	})
	*field = sorted(pairs)
	return err
}

// sorted sorts pairs by key and keeps the last of each.
func sorted(pairs []Pair) []Pair {
	slices.SortStableFunc(pairs, func(a, b Pair) int { return cmp.Compare(a.Key, b.Key) })
	kept := pairs[:0]
	for at, pair := range pairs {
		if at+1 == len(pairs) || pairs[at+1].Key != pair.Key {
			kept = append(kept, pair)
		}
	}
	return kept
}
