package eurekawire

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPaths(t *testing.T) {
	cases := map[string]Call{
		"GET /apps":                             {Kind: ListAll},
		"GET /apps/":                            {Kind: ListAll},
		"HEAD /apps":                            {Kind: ListAll},
		"GET /apps?regions=us,EU":               {Kind: ListAll, Regions: []string{"eu", "us"}},
		"GET /apps/?regions=":                   {Kind: ListAll},
		"GET /apps/delta":                       {Kind: ListDelta},
		"GET /apps/delta/?regions=a&regions=b":  {Kind: ListDelta, Regions: []string{"a"}},
		"GET /apps/Delta":                       {Kind: ReadApp, App: "DELTA"},
		"GET /apps/shop/":                       {Kind: ReadApp, App: "SHOP"},
		"POST /apps/shop":                       {Kind: Register, App: "SHOP"},
		"GET /apps/SHOP/h:shop:8080":            {Kind: ReadInstance, App: "SHOP", ID: "h:shop:8080"},
		"GET /apps/SHOP/a%2Fb%20c+d%3A":         {Kind: ReadInstance, App: "SHOP", ID: "a/b c+d:"},
		"GET /apps/SHOP/status":                 {Kind: ReadInstance, App: "SHOP", ID: "status"},
		"PUT /apps/SHOP/i":                      {Kind: Renew, App: "SHOP", ID: "i"},
		"PUT /apps/SHOP/i?":                     {Kind: Renew, App: "SHOP", ID: "i"},
		"PUT /apps/SHOP/i?lastDirtyTimestamp=&": {Kind: Renew, App: "SHOP", ID: "i"},
		"PUT /apps/SHOP/i?status=UP&lastDirtyTimestamp=12&overriddenstatus=DOWN&value=x": {
			Kind: Renew, App: "SHOP", ID: "i", Status: "UP", Overridden: "DOWN", Dirty: true, LastDirty: 12,
		},
		"DELETE /apps/SHOP/i?status=UP":     {Kind: Cancel, App: "SHOP", ID: "i"},
		"PUT /apps/SHOP/i/status?value=up":  {Kind: OverrideStatus, App: "SHOP", ID: "i", Value: "up"},
		"PUT /apps/SHOP/i/status?value=bad": {Kind: OverrideStatus, App: "SHOP", ID: "i", Value: "bad"},
		"PUT /apps/SHOP/i/status?value=UP&value=DOWN&lastDirtyTimestamp=0": {
			Kind: OverrideStatus, App: "SHOP", ID: "i", Value: "UP", Dirty: true,
		},
		"DELETE /apps/SHOP/i/status":          {Kind: RemoveOverride, App: "SHOP", ID: "i"},
		"DELETE /apps/SHOP/i/status?value=UP": {Kind: RemoveOverride, App: "SHOP", ID: "i", Value: "UP"},
		"PUT /apps/SHOP/i/metadata?b=1&a=x%26y+z&value=v&b=2&c": {
			Kind: PutMetadata, App: "SHOP", ID: "i", Metadata: []Pair{{"a", "x&y z"}, {"b", "1"}, {"c", ""}, {"value", "v"}},
		},
		"GET /instances/i%25":                       {Kind: ReadByID, ID: "i%"},
		"GET /vips/Shop.vip":                        {Kind: ReadVIP, VIP: "Shop.vip"},
		"GET /svips/shop%2Cother":                   {Kind: ReadSecureVIP, VIP: "shop,other"},
		"POST /peerreplication/batch":               {Kind: ReplicateBatch},
		"POST /peerreplication/batch/":              {Kind: ReplicateBatch},
		"PUT /asg/group-1/status?value=ENABLED":     {Kind: SetASGStatus, ASG: "group-1", Value: "ENABLED"},
		"GET /status":                               {Kind: ReadStatus},
		"PUT /apps/%C3%BC/%FF/metadata?%C3%BC=%FF":  {Kind: PutMetadata, App: "Ü", ID: "\uFFFD", Metadata: []Pair{{"ü", "\uFFFD"}}},
		"PUT /apps/A/i/metadata?=v":                 {Kind: PutMetadata, App: "A", ID: "i", Metadata: []Pair{{"", "v"}}},
		"PUT /apps/A/i/status/?lastDirtyTimestamp=": {Kind: OverrideStatus, App: "A", ID: "i"},
	}
	for request, want := range cases {
		method, target, _ := strings.Cut(request, " ")
		path, query, _ := strings.Cut(target, "?")
		for _, base := range []string{BaseNetflix, BaseSpring} {
			call, err := Parse(method, base+path, query)
			require.NoError(t, err, request)
			want.Base = base
			require.Equal(t, want, call, request)

			again, err := Parse(call.Target())
			require.NoError(t, err, request)
			require.Equal(t, call, again, request)
		}
	}
}

func TestRefusedPaths(t *testing.T) {
	for request, code := range map[string]int{
		"GET /":                              404,
		"GET ":                               404,
		"GET /app":                           404,
		"GET //apps":                         404,
		"GET /apps//":                        404,
		"GET /apps//i":                       404,
		"GET /apps/A/i/other":                404,
		"PUT /apps/A/i/status/more":          404,
		"PUT /apps/A/i/status/more/and/on":   404,
		"GET /instances":                     404,
		"GET /vips":                          404,
		"GET /vips/a/b":                      404,
		"POST /peerreplication":              404,
		"PUT /asg/a":                         404,
		"GET /status/x":                      404,
		"POST /apps":                         405,
		"POST /apps/delta":                   405,
		"PUT /apps/A":                        405,
		"DELETE /apps/A":                     405,
		"POST /apps/A/i":                     405,
		"GET /apps/A/i/status":               405,
		"POST /apps/A/i/metadata":            405,
		"DELETE /instances/i":                405,
		"GET /peerreplication/batch/":        405,
		"GET /asg/a/status":                  405,
		"POST /status":                       405,
		"get /apps":                          405,
		"GET /apps/%":                        400,
		"GET /apps/%zz":                      400,
		"PUT /apps/A/i?lastDirtyTimestamp=":  0,
		"PUT /apps/A/i?lastDirtyTimestamp=x": 400,
		"PUT /apps/A/i?lastDirtyTimestamp=9223372036854775808": 400,
		"PUT /apps/A/i/metadata?a=%zz":                         400,
		"GET /apps?%zz":                                        400,
	} {
		method, target, _ := strings.Cut(request, " ")
		path, query, _ := strings.Cut(target, "?")
		_, err := Parse(method, BaseNetflix+path, query)
		if code == 0 {
			require.NoError(t, err, request)
			continue
		}
		requireCode(t, code, err, request)
	}
	for _, path := range []string{"", "/", "/eureka", "/eureka/", "/eureka/v2", "/eureka/v1/apps", "/other/apps", "eureka/apps"} {
		_, err := Parse("GET", path, "")
		requireCode(t, 404, err, path)
	}
	_, err := Parse("POST", "/eureka/apps/A/i", "")
	require.Equal(t, "GET, PUT, DELETE", err.(*Error).Allow)
}

// A query of a megabyte costs little more than itself.
func TestLongQuery(t *testing.T) {
	call, err := Parse("PUT", "/eureka/apps/A/i/metadata", strings.Repeat("a=1&", 1<<18))
	require.NoError(t, err)
	require.Equal(t, []Pair{{"a", "1"}}, call.Metadata)
	_, err = Parse("GET", "/eureka/apps"+strings.Repeat("/a", 1<<19), "")
	requireCode(t, 404, err, "long path")
}
