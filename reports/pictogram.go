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
// "n1 n2 - n3 - n4 n5" (neighbours see each other), "(n5 down)" or "n1 -> others, n1 <-/- others".
// Words after a comma become the caption. nil if the text is empty.
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
		d.text("label", "start", d.Width+4, 20, clean(caption, 30))
		d.Width += 6.5*float64(len([]rune(clean(caption, 30)))) + 8
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
		if i < len(words) && words[i] != "|" && words[i] != "-" {
			continue
		}
		if i > from {
			x = d.group(words[from:i], x)
		}
		if i < len(words) {
			if words[i] == "|" {
				d.line("wall", x+groupGap/2, 0, 0, groupHeight+2)
			} else {
				d.line("sees", x, groupHeight/2+1, groupGap, 0)
			}
			x += groupGap
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

// group draws endpoints that see each other, in a box; one in parentheses does not run.
func (d *drawing) group(words []string, x float64) float64 {
	var members []member
	gone := false
	for _, word := range words {
		gone = gone || strings.HasPrefix(word, "(")
		m := member{name: strings.Trim(word, "()"), gone: gone}
		if m.name == "down" || m.name == "stopped" {
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
