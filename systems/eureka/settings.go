package eureka

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/systems/apregistry"
	"cleave/world"
)

// settingsFile has a node's settings, one for Java on each line.
const settingsFile = "/opt/eureka/node.args"

// container is how a node starts.
func container(flavour Flavour, name string, nodes []string, options apregistry.Options) world.Container {
	return world.Container{
		Command: []string{"java", "@/opt/eureka/java.args", "@" + settingsFile, "cleave.EurekaServer"},
		Files:   []world.File{{Path: settingsFile, Content: []byte(settings(flavour, name, nodes, options))}},
	}
}

// settings is the text of a node's settings. Names are looked up in /etc/hosts alone, and numbers are
// written in English.
func settings(flavour Flavour, name string, nodes []string, options apregistry.Options) string {
	lines := []string{"-Xmx256m", "-Xshare:auto", "-Duser.language=en", "-Djava.net.preferIPv4Stack=true"}
	if options.RenewsBucket != time.Minute {
		lines = append(lines, fmt.Sprintf("-Dcleave.renewsBucketMs=%d", options.RenewsBucket.Milliseconds()))
	}
	peers := slices.DeleteFunc(slices.Clone(nodes), func(node string) bool { return node == name })
	urls := make([]string, len(peers))
	for i, peer := range peers {
		urls[i] = fmt.Sprintf("http://%s:%d%s/", peer, port, flavour.context())
	}
	for _, s := range flavour.named(name, strings.Join(urls, ","), options) {
		lines = append(lines, "-D"+s.name+"="+s.value)
	}
	return strings.Join(lines, "\n") + "\n"
}

// setting is one of a server's settings.
type setting struct{ name, value string }

func (f Flavour) named(name, peers string, options apregistry.Options) []setting {
	if f == Netflix {
		return netflixSettings(peers, options)
	}
	return springSettings(name, peers, options)
}

// springSettings are those of Spring Cloud. Who is alone has nobody to fetch from.
func springSettings(name, peers string, o apregistry.Options) []setting {
	list := []setting{
		{"server.port", fmt.Sprint(port)},
		{"spring.application.name", "eureka"},
		{"spring.main.banner-mode", "off"},
		{"eureka.instance.hostname", name},
		{"eureka.client.register-with-eureka", "false"},
		{"eureka.client.fetch-registry", fmt.Sprint(peers != "")},
		{"eureka.client.registry-fetch-interval-seconds", seconds(o.FetchInterval)},
		{"eureka.client.eureka-server-connect-timeout-seconds", "1"},
		{"eureka.client.eureka-server-read-timeout-seconds", "1"},
	}
	if peers != "" {
		list = append(list, setting{"eureka.client.service-url.defaultZone", peers})
	}
	for _, s := range serverSettings(peers, o) {
		list = append(list, setting{"eureka.server." + s.name, s.value})
	}
	return list
}

// netflixSettings are those of Netflix's web application. Where it has no peers it names none.
func netflixSettings(peers string, o apregistry.Options) []setting {
	list := []setting{
		{"cleave.port", fmt.Sprint(port)},
		{"eureka.port", fmt.Sprint(port)},
		{"eureka.registration.enabled", "false"},
		{"eureka.shouldFetchRegistry", fmt.Sprint(peers != "")},
		{"eureka.client.refresh.interval", seconds(o.FetchInterval)},
		{"eureka.eurekaServer.connectTimeout", "1"},
		{"eureka.eurekaServer.readTimeout", "1"},
		{"eureka.shouldUseAwsAsgApi", "false"},
		{"eureka.serviceUrl.default", peers},
	}
	for _, s := range serverSettings(peers, o) {
		if s.name == "registrySyncRetries" {
			s.name = "numberRegistrySyncRetries"
		}
		list = append(list, setting{"eureka." + s.name, s.value})
	}
	return list
}

// serverSettings are those that both have, by the names that all but one of them have in both.
func serverSettings(peers string, o apregistry.Options) []setting {
	tries := o.SyncRetries
	if peers == "" {
		tries = 0
	}
	return []setting{
		{"enableSelfPreservation", fmt.Sprint(o.SelfPreservation)},
		{"evictionIntervalTimerInMs", milliseconds(o.EvictionInterval)},
		{"renewalThresholdUpdateIntervalMs", milliseconds(o.RecountInterval)},
		{"responseCacheUpdateIntervalMs", milliseconds(o.ResponseCacheInterval)},
		{"responseCacheAutoExpirationInSeconds", seconds(o.ReadWriteExpiry)},
		{"retentionTimeInMSInDeltaQueue", milliseconds(o.DeltaRetention)},
		{"deltaRetentionTimerIntervalInMs", milliseconds(o.DeltaPurge)},
		{"maxTimeForReplication", milliseconds(o.TaskExpiry)},
		{"peerNodeConnectTimeoutMs", milliseconds(o.NetworkTimeout)},
		{"peerNodeReadTimeoutMs", milliseconds(o.NetworkTimeout)},
		{"registrySyncRetries", fmt.Sprint(tries)},
		{"registrySyncRetryWaitMs", milliseconds(o.SyncRetryWait)},
		{"waitTimeInMsWhenSyncEmpty", milliseconds(o.WaitWhenSyncEmpty)},
	}
}

func milliseconds(d time.Duration) string { return fmt.Sprint(max(d.Milliseconds(), 1)) }

func seconds(d time.Duration) string { return fmt.Sprint(int64(wholeSeconds(d) / time.Second)) }
