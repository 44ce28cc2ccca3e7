# From the corners of a character's parts to its box in the picture. Pure arithmetic, any thread.
#
# Corners are Vector3 in Godot's camera space: x right, y up, the camera looks along -z.

const EDGES = [
	[0, 1], [0, 2], [0, 4], [1, 3], [1, 5], [2, 3], [2, 6], [3, 7], [4, 5], [4, 6], [5, 7], [6, 7],
]  # of a box whose corner i has its x, y, z at the far end where bit 0, 1, 2 of i is set

var width_px
var height_px
var near
var _focal_px  # pixels per unit of slope, the same along both axes


# `tan_half_vertical` is the tangent of half the vertical angle.
func _init(picture_width_px, picture_height_px, tan_half_vertical, near_plane):
	width_px = picture_width_px
	height_px = picture_height_px
	near = near_plane
	_focal_px = picture_height_px / 2.0 / tan_half_vertical


# Tangent of half the vertical angle, from the angle along either axis in degrees.
static func tan_half_vertical(fov_deg, is_vertical, aspect):
	var tangent = tan(fov_deg * PI / 360.0)
	return tangent if is_vertical else tangent / aspect


# The corners of an axis-aligned box in the order of EDGES.
static func corners(low, size):
	var points = []
	for i in range(8):
		var far_end = Vector3(i & 1, (i >> 1) & 1, (i >> 2) & 1)
		points.append(low + size * far_end)
	return points


# [x0, y0, x1, y1] in pixels from the top left of all parts, each eight corners; null when nothing of it is in the picture.
func rect_of(parts):
	var rect = null
	for part in parts:
		for point in _visible_points(part):
			var x = width_px / 2.0 + _focal_px * point.x / -point.z
			var y = height_px / 2.0 - _focal_px * point.y / -point.z
			rect = [x, y, x, y] if rect == null else _grown(rect, x, y)
	if rect == null or rect[2] <= 0 or rect[3] <= 0 or rect[0] >= width_px or rect[1] >= height_px:
		return null
	return rect


# The corners in front of the near plane, and where the edges cut it.
func _visible_points(part):
	var points = []
	for point in part:
		if -point.z >= near:
			points.append(point)
	if points.size() == 8 or points.size() == 0:
		return points
	for edge in EDGES:
		var from = part[edge[0]]
		var to = part[edge[1]]
		if (-from.z >= near) != (-to.z >= near):
			points.append(from + (to - from) * ((-near - from.z) / (to.z - from.z)))
	return points


static func _grown(rect, x, y):
	return [min(rect[0], x), min(rect[1], y), max(rect[2], x), max(rect[3], y)]
