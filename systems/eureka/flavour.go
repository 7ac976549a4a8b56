package eureka

import (
	"net/netip"

	"cleave/systems/apregistry"
	"cleave/systems/eurekawire"
)

// Flavour is who made a Eureka server of Eureka.
type Flavour int

// The flavours.
const (
	SpringCloud Flavour = iota // a Spring Boot application with Spring Cloud Netflix
	Netflix                    // Netflix's web application
)

// port is where every server listens.
const port = 8761

// String is the system's name.
func (f Flavour) String() string {
	if f == Netflix {
		return "eureka-netflix"
	}
	return "eureka"
}

// Base is where a server at an address has its REST interface, e.g. "http://10.64.0.1:8761/eureka".
func (f Flavour) Base(address netip.Addr) string {
	return "http://" + netip.AddrPortFrom(address, port).String() + f.context()
}

func (f Flavour) context() string {
	if f == Netflix {
		return eurekawire.BaseNetflix
	}
	return eurekawire.BaseSpring
}

// dashboard is the path of the page with the figures.
func (f Flavour) dashboard() string {
	if f == Netflix {
		return "/eureka/jsp/status.jsp"
	}
	return "/"
}

// image and version are what "make images" makes.
func (f Flavour) image() string {
	if f == Netflix {
		return "cleave/eureka:netflix"
	}
	return "cleave/eureka:spring"
}

func (f Flavour) version() string {
	if f == Netflix {
		return "Netflix Eureka 1.10"
	}
	return "Spring Cloud Netflix 5.0, Eureka 2.0"
}

func (f Flavour) profile() apregistry.Profile {
	if f == Netflix {
		return apregistry.Netflix
	}
	return apregistry.Spring
}
