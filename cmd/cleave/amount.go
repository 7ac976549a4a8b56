package main

import (
	"fmt"
	"strconv"
	"strings"
)

// amount is the value of a flag for an amount of memory.
type amount int64

// units are what follows a number of bytes, the largest first.
var units = []struct {
	name  string
	shift uint
}{{"GiB", 30}, {"MiB", 20}, {"KiB", 10}, {"B", 0}}

// Set reads 512MiB, 2GiB or a number of bytes.
func (b *amount) Set(text string) error {
	number, shift := text, uint(0)
	for _, unit := range units {
		if rest, found := strings.CutSuffix(text, unit.name); found {
			number, shift = rest, unit.shift
			break
		}
	}
	count, err := strconv.ParseInt(number, 10, 64)
	if err != nil || count <= 0 || count > 1<<62>>shift {
		return fmt.Errorf("an amount of memory is a whole number with B, KiB, MiB or GiB, such as 512MiB, and not %.40q", text)
	}
	*b = amount(count << shift)
	return nil
}

// String is the amount in the largest unit that it is whole in.
func (b *amount) String() string {
	for _, unit := range units {
		if *b != 0 && *b%(1<<unit.shift) == 0 {
			return fmt.Sprintf("%d%s", *b>>unit.shift, unit.name)
		}
	}
	return "0B"
}

// Type is what help shows of the value.
func (*amount) Type() string { return "bytes" }
