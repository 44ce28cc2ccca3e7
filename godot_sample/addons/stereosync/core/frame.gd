# One rendered frame as FRAME carries it: camera, picture, depth and boxes, in the engine's own conventions, and what the
# engine tells besides. The functions below make its maps with the fields of PROTOCOL.md in their order. Plain data, any
# thread.

const Told = preload("told.gd")
const MOST_SIDE_PX = 2048
const MOST_BOXES = 64

var index = 0  # the engine's number of the frame
var capture_client_s = 0.0  # when it was rendered, on the clock of Platform.now_s
var camera_map = {}
var picture_map = {}
var depth_map = {}
var boxes = []  # of what `box` makes; ids unique
var box_origin = "top"
var scene_map = null  # of what `Told.scene` makes; null: nothing is told of the place
var picture_bytes
var depth_bytes


# `fov_deg` is the full angle along `fov_axis`; `near` and `far` are in engine units.
static func camera(fov_deg, near, far, fov_axis = "vertical", metres_per_unit = 1.0, aspect = null):
	return {
		"fov_deg": float(fov_deg),
		"near": float(near),
		"far": float(far),
		"fov_axis": fov_axis,
		"metres_per_unit": float(metres_per_unit),
		"aspect": null if aspect == null else float(aspect),
	}


static func picture(format, width_px, height_px, n_bytes, row_origin = "top"):
	return {
		"format": format,
		"width_px": width_px,
		"height_px": height_px,
		"n_bytes": n_bytes,
		"row_origin": row_origin,
	}


static func depth(
	encoding, dtype, width_px, height_px, n_bytes, row_origin = "top", scale = 1.0, radial = false, inverse = null
):
	return {
		"encoding": encoding,
		"dtype": dtype,
		"width_px": width_px,
		"height_px": height_px,
		"n_bytes": n_bytes,
		"row_origin": row_origin,
		"scale": float(scale),
		"radial": radial,
		"inverse_projection": inverse,
	}


# `rect` is [x0, y0, x1, y1] in pixels of the picture; `position_m` [x right, y up, z forward] in metres or null; `told`
# of what `Told.character` makes.
static func box(id, label, rect, tight = true, position_m = null, told = {}):
	var map = {
		"id": id,
		"label": label,
		"x0": float(rect[0]),
		"y0": float(rect[1]),
		"x1": float(rect[2]),
		"y1": float(rect[3]),
		"tight": tight,
		"position_m": position_m,
	}
	for key in told:
		map[key] = told[key]
	return map


# Why the server would refuse this frame; empty when it would not.
func problem():
	for map in [picture_map, depth_map]:
		if min(map["width_px"], map["height_px"]) < 1 or max(map["width_px"], map["height_px"]) > MOST_SIDE_PX:
			return "picture and depth must be 1 to %d pixels wide and high: choose another size" % MOST_SIDE_PX
	if picture_bytes.size() != picture_map["n_bytes"] or depth_bytes.size() != depth_map["n_bytes"]:
		return "the bytes of picture or depth are not as many as their size takes"
	if camera_map["near"] <= 0 or camera_map["near"] >= camera_map["far"]:
		return "the camera's near plane must be above 0 and before its far plane"
	if boxes.size() > MOST_BOXES:
		return "at most %d characters may be marked in one frame" % MOST_BOXES
	for box_map in boxes:
		if box_map["label"].length() > 64:
			return "a character's label must be at most 64 letters long"
		var wrong = Told.problem(box_map)
		if wrong != "":
			return wrong
	return "" if scene_map == null else Told.problem_of_scene(scene_map)


# The header; `stamp` holds session, sent, clock_offset_s and playback.
func header(stamp):
	var map = {
		"type": "FRAME",
		"session": stamp["session"],
		"index": index,
		"sent": stamp["sent"],
		"capture_client_s": float(capture_client_s),
		"clock_offset_s": float(stamp["clock_offset_s"]),
		"camera": camera_map,
		"picture": picture_map,
		"depth": depth_map,
		"boxes": boxes,
		"box_origin": box_origin,
	}
	if stamp["playback"] != null:
		map["playback"] = stamp["playback"]
	if scene_map != null:
		map["scene"] = scene_map
	return map
