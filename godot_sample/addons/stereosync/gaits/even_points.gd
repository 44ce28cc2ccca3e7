## Thins points out so that they are spread evenly over the body. Pure.
@tool
extends RefCounted


## The numbers of at most `most` points: each is the one farthest from those before it.
static func choose(points: PackedVector3Array, most: int) -> PackedInt32Array:
	var chosen := PackedInt32Array()
	var squares := PackedFloat32Array()  # of the distance to the nearest chosen point
	squares.resize(points.size())
	squares.fill(INF)
	var next := 0
	while chosen.size() < most and next < points.size() and squares[next] > 0.0:
		chosen.append(next)
		next = _take(points, squares, next)
	return chosen


# Brings the distances up to date; the point that is farthest now.
static func _take(points: PackedVector3Array, squares: PackedFloat32Array, taken: int) -> int:
	var place := points[taken]
	var farthest := 0
	for index in points.size():
		squares[index] = minf(squares[index], place.distance_squared_to(points[index]))
		if squares[index] > squares[farthest]:
			farthest = index
	return farthest
