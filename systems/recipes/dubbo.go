package recipes

import (
	"net/url"
	"strings"

	"cleave/systems/zkclient"
)

// newDubbo is service discovery in the layout of Apache Dubbo's ZookeeperRegistry: an interface has a list of providers and one
// of consumers, of nodes whose names are URLs. A provider's is its address; it lives at the id "interface/host:port".
//
//	/dubbo/web/providers/dubbo%3A%2F%2Fn1%3A20881%2Fweb%3Fdynamic%3Dtrue%26side%3Dprovider
//	/dubbo/web/consumers/consumer%3A%2F%2Fc9%2Fweb%3Fside%3Dconsumer
//
// A consumer keeps the list in memory and goes on calling whom it knows when all servers are lost. A connection that is lost is
// no reason to do anything; one that is back has the list read again; a new session registers and subscribes
// again. An empty list is not believed: rather nobody answers a call than nobody is called.
func newDubbo(k *kit) zkclient.Application {
	return &directory{kit: k, layout: layout{list: providersPath, node: providerPath, id: providerIn, guards: true, greet: subscribe}}
}

func providersPath(service string) string { return "/dubbo/" + service + "/providers" }

// providerPath is the node of a provider, "web/n1:20881".
func providerPath(id string) string {
	service, address, _ := strings.Cut(id, "/")
	return providersPath(service) + "/" + url.QueryEscape("dubbo://"+address+"/"+service+"?dynamic=true&side=provider")
}

// providerIn is the id of a provider's node, "" if it is none.
func providerIn(service, child string) string {
	text, err := url.QueryUnescape(child)
	address, err2 := url.Parse(text)
	if err != nil || err2 != nil || address.Host == "" {
		return ""
	}
	return service + "/" + address.Host
}

// subscribe registers who begins to look for providers as a consumer, so that operators can see it.
func subscribe(d *directory, list string) {
	service := strings.TrimSuffix(strings.TrimPrefix(list, "/dubbo/"), "/providers")
	consumer := "consumer://" + d.Environment().Name() + "/" + service + "?side=consumer"
	d.keep("/dubbo/" + service + "/consumers/" + url.QueryEscape(consumer)).keepUp()
}
