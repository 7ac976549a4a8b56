package reports

import (
	"fmt"
	"math"

	"cleave/checker"
	"cleave/history"
)

// orderLines are the relations of a witness in words, each leading to the next, and the last to the first.
func orderLines(witness *checker.Witness) []string {
	if len(witness.Order) == 0 {
		return nil
	}
	what := map[int]string{}
	for _, operation := range witness.Operations {
		what[operation.ID] = fmt.Sprintf("%s's %s", name(operation.Client), name(label(operation)))
		if operation.Function == history.Txn {
			what[operation.ID] = fmt.Sprintf("T%d", operation.ID)
		}
	}
	var lines []string
	for _, relation := range witness.Order {
		lines = append(lines, fmt.Sprintf("%s comes before %s: %s", what[relation.Before], what[relation.After], name(relation.Reason)))
	}
	return lines
}

// spot is where an operation's bar stands.
type spot struct{ from, to, y float64 }

// orderArrows draws the relations of a witness as numbered arrows between bars: from the end of a bar to the beginning
// of the next, if the one had ended before the other began; between their middles, if the values demand it.
func (d *drawing) orderArrows(times warp, order []checker.Relation, shown []history.Operation, y func(row int) float64) {
	spots, operations := map[int]spot{}, map[int]history.Operation{}
	for row, operation := range shown {
		s := spot{from: times.x(operation.Invoked), to: chartWidth - 4, y: y(row)}
		if operation.Completed != history.Forever {
			s.to = max(times.x(operation.Completed), s.from+3)
		}
		spots[operation.ID], operations[operation.ID] = s, operation
	}
	for i, relation := range order {
		before, drawn := spots[relation.Before]
		after, too := spots[relation.After]
		if !drawn || !too {
			continue
		}
		x1, x2 := (before.from+before.to)/2, (after.from+after.to)/2
		if operations[relation.Before].Completed < operations[relation.After].Invoked {
			x1, x2 = before.to, after.from
		}
		hint := fmt.Sprintf("#%d comes before #%d: %s", relation.Before, relation.After, name(relation.Reason))
		d.orderArrow(i+1, x1, before.y, x2, after.y, hint)
	}
}

// orderArrow is one arrow with its number. It leaves a bar at its lower or upper edge, whichever is nearer, and swings
// out to the side, so that arrows to and fro do not lie on each other.
func (d *drawing) orderArrow(number int, x1, y1, x2, y2 float64, hint string) {
	const half = 11.0
	down := 1.0
	if y2 < y1 {
		down = -1
	}
	y1, y2 = y1+half*down, y2-half*down
	swing := min(40, 12+math.Abs(y2-y1)/3) * down
	cx1, cx2 := x1+swing, x2+swing
	path := fmt.Sprintf("M%g %gC%g %g %g %g %g %gM%g %gl4 %gl4 %g", round(x1), round(y1), round(cx1), round(y1+(y2-y1)/3), round(cx2),
		round(y1+2*(y2-y1)/3), round(x2), round(y2), round(x2-4), round(y2-7*down), 7*down, -7*down)
	d.Shapes = append(d.Shapes, shape{Kind: "path", Class: "order", Path: path, Hint: hint})
	mx, my := (x1+3*cx1+3*cx2+x2)/8, (y1+y2)/2
	d.Shapes = append(d.Shapes, shape{Kind: "rect", Class: "order-number", X: round(mx - 8), Y: round(my - 8), W: 16, H: 16, Round: 8, Hint: hint})
	d.text("order-digit", "middle", mx, my+4, fmt.Sprint(number))
}
