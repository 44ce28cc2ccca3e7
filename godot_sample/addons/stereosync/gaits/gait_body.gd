## A copy of a character's body that clips are played on. It stands at the origin, unturned. Main thread.
@tool
extends RefCounted

const BodyPoints := preload("body_points.gd")
const Rig := preload("../stereosync_rig.gd")
const Settings := preload("gait_settings.gd")
const Steps := preload("../stereosync_steps.gd")
const SIDES: Array[String] = ["left", "right"]

## Null when there is none.
var player: AnimationPlayer
## As they are in the pose of now.
var points: BodyPoints

var _root: Node3D
var _rig: Rig
var _settings: Settings
var _to_metres: float


## `host`: a node in the tree, below which the copy hangs until `free_copy`.
func _init(character: Node, host: Node, metres_per_unit: float) -> void:
	var original: Node3D = Settings.root_of(character)
	_root = original.duplicate(0)  # without scripts
	_root.top_level = true
	_root.transform = Transform3D(Basis.from_scale(original.global_transform.basis.get_scale()))
	host.add_child(_root)
	var place: Node = _root.get_node(original.get_path_to(character))
	place.set_script(Settings)
	_settings = place
	_settings.take(character)
	_rig = Rig.new(_settings)
	_to_metres = metres_per_unit
	points = BodyPoints.new(_root)
	player = _rig.player
	if player != null:
		player.speed_scale = 0.0
		player.root_motion_track = NodePath()  # the way is in the pose then, where it can be measured


## Poses the body as a clip does at a time; wait for it.
func pose(clip: StringName, time_s: float) -> void:
	player.play(clip)
	player.seek(time_s, true)
	await player.get_tree().process_frame  # what hangs on bones follows


## Points of the body, then its left and its right foot where both are known; metres, x to the right of -z.
func now_m() -> PackedVector3Array:
	var places := points.now()
	if has_feet():
		for side in SIDES:
			places.append(_foot(side))
	var turned := PackedVector3Array()
	for place in places:
		turned.append(Vector3(place.x, place.y, -place.z) * _to_metres)
	return turned


## Whether a left and a right foot are known.
func has_feet() -> bool:
	return SIDES.all(func(side: String) -> bool: return _foot(side) != Vector3.INF)


## [[side, phase], ...] as a clip's method tracks say.
func told(clip: StringName) -> Array:
	var animation := player.get_animation(clip)
	var moments := Steps.moments(player, _root, animation, _settings.footstep_methods)
	return moments.map(func(moment: Array) -> Array: return [moment[0], moment[1] / animation.length])


## Takes the copy away.
func free_copy() -> void:
	_root.free()


# The first of a side; infinite where there is none.
func _foot(side: String) -> Vector3:
	for foot in _rig.feet():
		if foot[0] == side:
			return foot[1]
	return Vector3.INF
