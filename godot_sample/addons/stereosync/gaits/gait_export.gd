## Makes gaits of a character's clips: one turn each, back on the spot. Main thread, in the editor.
@tool
extends RefCounted

const Body := preload("gait_body.gd")
const Contacts := preload("gait_contacts.gd")
const GaitFile := preload("gait_file.gd")
const FRAME_RATE_HZ := 60.0
const FEWEST_FRAMES := 8
const NEARLY_ALL := 0.999  # at its very end a clip may begin anew
const LEAST_WAY_M := 0.02  # less is how the body sways
const MOST_GAP_SHARE := 0.1  # of the height

## The gaits that were found, as the file has them.
var gaits := []
## Sentences for the console: what was left out, and why.
var notes := PackedStringArray()


## Writes what was found into a folder, and notes it; nothing where no gait was found.
func write(folder: String, body_name: String) -> void:
	if gaits.is_empty():
		notes.append("no gait was found on %s, so no file was written" % body_name)
		return
	var path := GaitFile.free_path(folder, body_name)
	var file := FileAccess.open(path, FileAccess.WRITE)
	if file == null:
		notes.append("%s cannot be written: %s" % [path, error_string(FileAccess.get_open_error())])
		return
	file.store_string(GaitFile.text(body_name, gaits))
	file.close()
	var told := [gaits.size(), body_name, ProjectSettings.globalize_path(path)]
	notes.append("%d gaits of %s were written; next: stereosync-fit \"%s\" --bundle walk --out my-walk" % told)


## Looks at all clips of a character; wait for it. `host`: a node in the tree, below which a copy of the body hangs meanwhile.
func look_at(character: Node, host: Node, metres_per_unit: float) -> void:
	var listed := Body.new(character, host, metres_per_unit)
	var clips := PackedStringArray() if listed.player == null else listed.player.get_animation_list()
	if listed.points.are_bones:
		notes.append("nothing of the body is drawn, so its bones stand for it")
	listed.free_copy()
	for clip in clips:
		var body := Body.new(character, host, metres_per_unit)  # anew, for a clip leaves alone what it does not move
		var why: String = await _look_at_clip(body, clip)
		body.free_copy()
		if why != "":
			notes.append("the clip %s was left out: %s" % [clip, why])


# Why the clip is no gait; "" where it is.
func _look_at_clip(body: Body, clip: StringName) -> String:
	var animation := body.player.get_animation(clip)
	if animation.loop_mode != Animation.LOOP_LINEAR or animation.length <= 0.0:
		return "it does not loop"
	await body.pose(clip, 0.0)
	var first := body.now_m()
	await body.pose(clip, NEARLY_ALL * animation.length)
	var last := body.now_m()
	var way := _way(first, last)
	if absf(way.x) > absf(way.z):
		return "it goes sideways, and a gait goes ahead or back"
	if _largest_gap_m(first, last, way) > MOST_GAP_SHARE * _height_m(first):
		return "it does not end as it begins"
	var frames: Array[PackedVector3Array] = []
	var count := maxi(FEWEST_FRAMES, roundi(animation.length * FRAME_RATE_HZ))
	for frame in count:
		var share := float(frame) / count
		await body.pose(clip, share * animation.length)
		frames.append(Transform3D(Basis(), -share * way) * body.now_m())
	return _add(body, clip, frames, way.z)


func _add(body: Body, clip: StringName, frames: Array[PackedVector3Array], way_m: float) -> String:
	var contacts := Contacts.told(body.told(clip))
	if contacts.is_empty() and not body.has_feet():
		return "its feet are not known: set Left Foot Bones and Right Foot Bones, or give it a method track"
	for side in ([] if not contacts.is_empty() else Body.SIDES):
		var phases := Contacts.found(_foot_heights_m(frames, side))
		if phases.size() != 1:
			return _not_once(side, phases.size())
		contacts[side] = snappedf(phases[0], GaitFile.STEP_M)
	var gait := {"name": str(clip), "period_s": body.player.get_animation(clip).length, "contacts": contacts}
	var last := frames[0].size() - 1
	if body.has_feet():
		gait["feet"] = {"left": [last - 1], "right": [last]}
		if frames[0][last - 1].x > frames[0][last].x:  # it faces +z, as many models do
			frames.assign(frames.map(_turned))
			way_m = -way_m
	gait["way_m"] = snappedf(way_m, GaitFile.STEP_M)
	gait["points_m"] = frames.map(GaitFile.numbers)
	gaits.append(gait)
	return ""


static func _turned(points_m: PackedVector3Array) -> PackedVector3Array:
	return Transform3D(Basis.from_scale(Vector3(-1, 1, -1)), Vector3.ZERO) * points_m


static func _not_once(side: String, times: int) -> String:
	if times == 0:
		return "its %s foot does not lift" % side
	return "its %s foot comes down %d times: cut it to one left and one right step" % [side, times]


static func _foot_heights_m(frames: Array[PackedVector3Array], side: String) -> PackedFloat32Array:
	var back := 2 if side == "left" else 1
	return PackedFloat32Array(frames.map(func(points: PackedVector3Array) -> float: return points[-back].y))


# How far the clip itself carries the body over the ground.
static func _way(first: PackedVector3Array, last: PackedVector3Array) -> Vector3:
	var moved := (_middle(last) - _middle(first)) / NEARLY_ALL * Vector3(1, 0, 1)
	return Vector3.ZERO if moved.length() < LEAST_WAY_M else moved


static func _middle(points: PackedVector3Array) -> Vector3:
	var sum := Vector3.ZERO
	for point in points:
		sum += point
	return sum / maxi(1, points.size())


static func _largest_gap_m(first: PackedVector3Array, last: PackedVector3Array, way: Vector3) -> float:
	var largest := 0.0
	for index in first.size():
		largest = maxf(largest, (last[index] - first[index] - way).length())
	return largest


static func _height_m(points: PackedVector3Array) -> float:
	var heights := Array(points).map(func(point: Vector3) -> float: return point.y)
	return 0.0 if heights.is_empty() else heights.max() - heights.min()
