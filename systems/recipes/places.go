package recipes

import (
	"cmp"
	"slices"
	"strconv"
)

// place is a numbered node below a parent: "c3.1-w-0000000007" is c3's first, waits for all of the kind "w", and is
// number 7 among all.
type place struct {
	name   string
	owner  string // what is unique in the name: "c3.1"
	kind   string // "w"
	number int64
}

// numberDigits is how many digits the store puts behind a sequential node's name.
const numberDigits = 10

// placeOf reads a name; whatever is no place is left out.
func placeOf(name string) (place, bool) {
	if len(name) <= numberDigits+2 {
		return place{}, false
	}
	head, digits := name[:len(name)-numberDigits], name[len(name)-numberDigits:]
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || head[len(head)-1] != '-' {
		return place{}, false
	}
	head = head[:len(head)-1]
	for i := len(head) - 1; i > 0; i-- {
		if head[i] == '-' {
			return place{name: name, owner: head[:i], kind: head[i+1:], number: number}, true
		}
	}
	return place{}, false
}

// placesIn lists places by number.
func placesIn(names []string) []place {
	places := make([]place, 0, len(names))
	for _, name := range names {
		if one, is := placeOf(name); is {
			places = append(places, one)
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.number, b.number) })
	return places
}
