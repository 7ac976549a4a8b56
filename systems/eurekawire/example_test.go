package eurekawire_test

import (
	"fmt"

	"cleave/systems/eurekawire"
)

// A client registers in JSON; another reads the instance in XML.
func Example() {
	call, err := eurekawire.Parse("POST", "/eureka/v2/apps/shop", "")
	fmt.Println(call.Kind == eurekawire.Register, call.App, err)

	body := `{"instance":{"instanceId":"s1","hostName":"h","app":"SHOP","ipAddr":"10.0.0.1",
		"port":{"$":"8080","@enabled":"true"},"dataCenterInfo":{"name":"MyOwn"},"metadata":{"zone":"a"}}}`
	instance, err := eurekawire.DecodeInstance(eurekawire.JSON, []byte(body))
	fmt.Println(instance.Port.Number, instance.Status, err, instance.Validate(call.App))
	fmt.Println(instance.Validate("OTHER"))

	xml := instance.Encode(eurekawire.XML)
	again, err := eurekawire.DecodeInstance(eurekawire.XML, xml)
	fmt.Println(again.Metadata, err)
	fmt.Println(eurekawire.Hash(eurekawire.Counts{Down: 1, Up: 3}))
	// Output:
	// true SHOP <nil>
	// 8080 UP <nil> <nil>
	// 400: Mismatched appName, expecting OTHER but was SHOP
	// [{zone a}] <nil>
	// DOWN_1_UP_3_
}
