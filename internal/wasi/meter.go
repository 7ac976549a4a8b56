package wasi

import "errors"

// fuelName is the name under which a module exports the global that counts its fuel down.
const fuelName = "cleave:fuel"

// meter has a module count its calls and rounds of loops, in a global of 64 bits, and run into unreachable
// code when the count falls below zero: at the same place in every run, which no watch over time could do.
// At the beginning of each function that calls others, and of each round of a loop, stands then
//
//	global.get fuel; i64.const 1; i64.sub; global.set fuel
//	global.get fuel; i64.const 0; i64.ge_s; if; else; unreachable; end
//
// which costs a program a few parts in a hundred of its speed; with the end in the if instead of the else it
// is three times as much, as the machine code then jumps over the end each time.
func meter(module []byte) ([]byte, error) {
	parts, err := sections(module)
	if err != nil {
		return nil, err
	}
	globals, err := countGlobals(parts)
	if err != nil {
		return nil, err
	}
	metered := append([]byte(nil), module[:8]...)
	for _, part := range addMissing(parts) {
		if part.id == customSection && !isNames(part) {
			continue // what describes the code's layout would be wrong now
		}
		switch part.id {
		case globalSection:
			part.content, err = extended(part.content, fuelGlobal)
		case exportSection:
			part.content, err = extended(part.content, fuelExport(globals))
		case codeSection:
			part.content, err = meterCode(part.content, fuelCode(globals))
		}
		if err != nil {
			return nil, err
		}
		metered = appendBytes(append(metered, part.id), part.content)
	}
	return metered, nil
}

// isNames tells whether a custom section is the one with the names of functions.
func isNames(part section) bool {
	return len(part.content) > 5 && string(part.content[:5]) == "\x04name"
}

// addMissing puts empty sections for globals and exports where there are none.
func addMissing(parts []section) []section {
	for _, id := range []byte{globalSection, exportSection} {
		at := 0
		for at < len(parts) && (parts[at].id == customSection || before(parts[at].id, id)) {
			at++
		}
		if at == len(parts) || parts[at].id != id {
			parts = append(parts[:at:at], append([]section{{id, []byte{0}}}, parts[at:]...)...)
		}
	}
	return parts
}

// tagSection stands between memories and globals, whatever its number.
const tagSection = 13

func before(a, b byte) bool { return a == tagSection || a < b }

// extended adds an element to a section that is a vector.
func extended(content, element []byte) ([]byte, error) {
	r := reader{rest: content}
	count := r.number()
	return append(append(appendNumber(nil, count+1), r.rest...), element...), r.failed
}

// fuelGlobal is a mutable i64 that begins as 0.
var fuelGlobal = []byte{0x7e, 1, 0x42, 0, 0x0b}

func fuelExport(global uint64) []byte {
	return appendNumber(append(appendBytes(nil, []byte(fuelName)), 3), global)
}

// fuelCode takes one from the global and ends the program when it falls below zero.
func fuelCode(global uint64) []byte {
	index := appendNumber(nil, global)
	code := append([]byte{0x23}, index...)                  // global.get
	code = append(code, 0x42, 1, 0x7d, 0x24)                // i64.const 1, i64.sub, global.set
	code = append(append(code, index...), 0x23)             // global.get
	code = append(append(code, index...), 0x42)             // i64.const
	return append(code, 0, 0x59, 0x04, 0x40, 0x05, 0, 0x0b) // 0, i64.ge_s, if, of no type, else, unreachable, end
}

// countGlobals is how many globals a module has, imported ones too: the index of the next.
func countGlobals(parts []section) (total uint64, err error) {
	for _, part := range parts {
		r := reader{rest: part.content}
		switch part.id {
		case globalSection:
			total += r.number()
		case importSection:
			for left := r.number(); left > 0 && r.failed == nil; left-- {
				if importKind(&r) == 3 {
					total++
				}
			}
		}
		if r.failed != nil {
			return 0, r.failed
		}
	}
	return total, nil
}

// importKind reads past an import and tells what it is: a function, table, memory, global or tag.
func importKind(r *reader) byte {
	r.bytes(r.number())
	r.bytes(r.number())
	kind := r.byte()
	switch kind {
	case 0:
		r.number()
	case 1:
		r.byte()
		skipLimits(r)
	case 2:
		skipLimits(r)
	case 3:
		r.bytes(2)
	default:
		r.failed = errors.New("it imports what is not known here")
	}
	return kind
}

func skipLimits(r *reader) {
	if flags := r.byte(); flags&1 != 0 {
		r.number()
	}
	r.number()
}
