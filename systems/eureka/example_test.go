package eureka_test

import (
	"fmt"
	"net/netip"

	"cleave/systems/eureka"
)

// What a world of containers and its clients need to know.
func ExampleSystem() {
	system := eureka.System(eureka.SpringCloud, 30)
	fmt.Println(system.Name, system.Deployment.Image)
	fmt.Println(eureka.SpringCloud.Base(netip.MustParseAddr("10.64.0.1")))
	fmt.Println("a lease lasts", eureka.Options(eureka.SpringCloud, 30).LeaseDuration)
	// Output:
	// eureka cleave/eureka:spring
	// http://10.64.0.1:8761/eureka
	// a lease lasts 3s
}
