package eurekahttp

import (
	"encoding/json"
	"encoding/xml"
	"strings"
)

// jsonObject writes facts as an object, in their order.
func jsonObject(facts []fact) string {
	parts := make([]string, len(facts))
	for i, each := range facts {
		parts[i] = jsonText(each.Name) + ":" + jsonText(each.Value)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func jsonText(text string) string {
	quoted, _ := json.Marshal(text) // a text never fails
	return string(quoted)
}

// xmlElements writes facts as elements. Their names are our own.
func xmlElements(facts []fact) string {
	var out strings.Builder
	for _, each := range facts {
		out.WriteString("<" + each.Name + ">")
		_ = xml.EscapeText(&out, []byte(each.Value)) // a builder takes everything
		out.WriteString("</" + each.Name + ">")
	}
	return out.String()
}
