package reports

import (
	"slices"
	"strings"
)

// The layout of pictograms.
const (
	nodePitch   = 26.0
	groupMargin = 5.0
	groupGap    = 16.0
	groupHeight = 30.0
)

// pictogram draws who sees whom, from a text such as "n1 n2 | n3 n4 n5" (a wall between two groups),
// "n1 n2 - n3 - n4 n5" (neighbours see each other), "(n5 down)" or "n1 -> others, n1 <-/- others"; of links
// that are bad, "n1 ~ n2" (some is lost or damaged), "n1 ~50ms~ n2" (late), "n1 => n2" (twice), "n1 x> n2"
// (out of order). Words after a comma become the caption. nil if the text is empty.
func pictogram(picture string) *drawing {
	if strings.TrimSpace(picture) == "" {
		return nil
	}
	d := &drawing{Title: name(picture), Height: groupHeight + 2}
	if strings.Contains(picture, "others") {
		d.oneWay(clean(picture, 60))
		return d
	}
	chain, caption, _ := strings.Cut(picture, ", ")
	d.chain(strings.Fields(clean(chain, 100)))
	if caption != "" {
		shown := clip(caption, 40)
		d.text("label", "start", d.Width+4, 20, shown)
		letter := 6.5
		if len(shown) > len("on and off") {
			letter = 7.2 // in a long text broad letters do not even out
		}
		d.Width += letter*float64(len([]rune(shown))) + 8
	}
	return d
}

// chain draws groups from left to right, and what stands between them.
func (d *drawing) chain(words []string) {
	ring := len(words) > 2 && words[0] == words[len(words)-1] && slices.Contains(words, "-")
	if ring {
		words = words[:len(words)-2]
		d.Height += 12
	}
	x, from := 1.0, 0
	for i := 0; i <= len(words); i++ {
		if i < len(words) && !isSign(words[i]) {
			continue
		}
		if i > from {
			x = d.group(words[from:i], x)
		}
		if i < len(words) {
			x = d.sign(words[i], x)
		}
		from = i + 1
	}
	if ring {
		d.line("sees", 14, groupHeight+1, 0, 8)
		d.line("sees", 14, groupHeight+9, x-28, 0)
		d.line("sees", x-14, groupHeight+9, 0, -8)
	}
	d.Width = x + 1
}

// isSign tells whether a word of a picture stands between two groups.
func isSign(word string) bool {
	return slices.Contains([]string{"|", "-", "=>", "x>"}, word) || strings.HasPrefix(word, "~")
}

// sign draws what stands between two groups, and gives its end.
func (d *drawing) sign(word string, x float64) float64 {
	const middle = groupHeight/2 + 1
	switch word {
	case "|":
		d.line("wall", x+groupGap/2, 0, 0, groupHeight+2)
	case "=>":
		d.line("sees", x, middle-3, groupGap, 0)
		d.line("sees", x, middle+3, groupGap, 0)
	case "x>":
		d.line("sees", x, middle-4, groupGap, 8)
		d.line("sees", x, middle+4, groupGap, -8)
	case "-":
		d.line("sees", x, middle, groupGap, 0)
	default:
		how := strings.Trim(word, "~")
		width := max(groupGap, 6.6*float64(len([]rune(how)))+6)
		d.line("lossy", x, middle, width, 0)
		if how != "" {
			d.text("gone-name", "middle", x+width/2, middle-5, how)
		}
		return x + width
	}
	return x + groupGap
}

// troubles are the words that say why an endpoint in parentheses does not run, or not well.
var troubles = []string{"down", "stopped", "full", "dark", "torn", "slow", "failing", "damaged", "empty", "old", "outside"}

// group draws endpoints that see each other, in a box; one in parentheses does not run.
func (d *drawing) group(words []string, x float64) float64 {
	var members []member
	gone := false
	for _, word := range words {
		gone = gone || strings.HasPrefix(word, "(")
		m := member{name: strings.Trim(word, "()"), gone: gone}
		if slices.Contains(troubles, m.name) {
			for i := range members {
				if members[i].gone && members[i].why == "" {
					members[i].why = m.name
				}
			}
		} else {
			members = append(members, m)
		}
		gone = gone && !strings.HasSuffix(word, ")")
	}
	width := 2 * groupMargin
	for _, m := range members {
		width += m.width()
	}
	d.Shapes = append(d.Shapes, shape{Kind: "rect", Class: "group", X: x, Y: 1, W: round(width), H: groupHeight, Round: 6})
	at := x + groupMargin
	for _, m := range members {
		d.member(m, at)
		at += m.width()
	}
	return x + width
}

// member is a node or client in a pictogram.
type member struct {
	name string
	gone bool
	why  string
}

func (m member) width() float64 {
	return max(nodePitch, 6.6*float64(len(m.text()))+10)
}

func (m member) text() string { return strings.TrimSpace(m.name + " " + m.why) }

func (d *drawing) member(m member, x float64) {
	class, text, corner := "node", "node-name", 10.0
	if strings.HasPrefix(m.name, "c") {
		class, corner = "client", 2
	}
	if m.gone {
		class, text = "gone", "gone-name"
	}
	d.Shapes = append(d.Shapes, shape{Kind: "rect", Class: class, X: round(x + 2), Y: 6, W: round(m.width() - 4), H: 20, Round: corner})
	d.text(text, "middle", x+m.width()/2, 19.5, m.text())
}

// oneWay draws a node and the others, and the two directions between them.
func (d *drawing) oneWay(picture string) {
	node, _, _ := strings.Cut(picture, " ")
	right := d.group([]string{node}, 1)
	const gap = 64.0
	end := d.group([]string{"others"}, right+gap)
	for i, clause := range strings.Split(picture, ", ") {
		y, from, to, head := 10.0+12*float64(min(i, 1)), right+4, right+gap-4, -6.0
		if strings.Contains(clause, "<") {
			from, to, head = to, from, 6
		}
		d.line("sees", from, y, to-from, 0)
		d.line("sees", to, y, head, -4)
		d.line("sees", to, y, head, 4)
		if strings.Contains(clause, "/") {
			d.line("wall", right+gap/2-5, y-5, 10, 10)
			d.line("wall", right+gap/2-5, y+5, 10, -10)
		}
	}
	d.Width = end + 1
}
