# Exports the gaits of a body with a skinned mesh, whose walk is known, and prints the files and the notes. The body stands
# far off and turned, and is 2 units tall at 0.5 metres a unit.
extends Node3D

const Character = preload("res://addons/stereosync/stereosync_character.gd")
const Export = preload("res://addons/stereosync/gaits/gait_export.gd")
const METRES_PER_UNIT = 0.5

var _body = CharacterBody3D.new()
var _skeleton = Skeleton3D.new()
var _player = AnimationPlayer.new()
var _character = Character.new()


func _ready():
	_build_body()
	var rest = _skeleton.get_bone_pose_position(1)
	await _export("hero")
	await _export("hero")
	print("told untouched ", JSON.stringify(_skeleton.get_bone_pose_position(1) == rest and get_child_count() == 1))
	_body.get_node("Model").rotation.y = PI  # faces +z
	await _export("faces_back")
	_skeleton.get_node("Skin").hide()
	await _export("bones")
	_character.left_foot_bones = PackedStringArray()
	_character.footstep_methods = PackedStringArray()
	await _export("no/feet")
	print("all exported")


func _export(body_name):
	var export = Export.new()
	await export.look_at(_character, self, METRES_PER_UNIT)
	export.write("user://", body_name)
	for note in export.notes:
		print("note %s %s" % [body_name, note])
	var path = "user://%s-gaits.json" % body_name.validate_filename()
	if FileAccess.file_exists(path):
		print("told %s %s" % [body_name, FileAccess.get_file_as_string(path)])


func _build_body():
	var model = Node3D.new()
	model.name = "Model"
	_body.add_child(model)
	_skeleton.name = "Skeleton3D"
	model.add_child(_skeleton)
	_add_bone("Hips", -1, Vector3(0, 1.5, 0))
	_add_bone("LeftFoot", 0, Vector3(-0.25, -1.25, 0))
	_add_bone("RightFoot", 0, Vector3(0.25, -1.25, 0))
	var part = MeshInstance3D.new()
	part.name = "Skin"
	part.mesh = _mesh()
	part.skin = _skeleton.create_skin_from_rest_transforms()
	_skeleton.add_child(part)
	part.skeleton = NodePath("..")
	_body.add_child(_player)
	_character.name = "StereoSyncCharacter"
	_body.add_child(_character)
	_body.position = Vector3(7, 3, 9)
	_body.rotation.y = 2.0
	add_child(_body)
	_player.add_animation_library("", _library())


func _add_bone(bone_name, parent, place):
	_skeleton.add_bone(bone_name)
	var bone = _skeleton.get_bone_count() - 1
	_skeleton.set_bone_parent(bone, parent)
	_skeleton.set_bone_rest(bone, Transform3D(Basis(), place))
	_skeleton.reset_bone_pose(bone)


# A head at the hips' bone, a nose ahead of it, a sole at each foot, and a knee that hangs on the hips and the left foot.
func _mesh():
	var arrays = []
	arrays.resize(Mesh.ARRAY_MAX)
	arrays[Mesh.ARRAY_VERTEX] = PackedVector3Array([Vector3(0, 2, 0), Vector3(0, 2, -0.25), Vector3(-0.25, 0, 0),
		Vector3(0.25, 0, 0), Vector3(-0.25, 0.75, 0), Vector3(0, 1, 0)])
	arrays[Mesh.ARRAY_BONES] = PackedInt32Array([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
	arrays[Mesh.ARRAY_WEIGHTS] = PackedFloat32Array([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0.5, 0.5, 0, 0,
		1, 0, 0, 0])
	var mesh = ArrayMesh.new()
	mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, arrays)
	return mesh


func _library():
	var library = AnimationLibrary.new()
	library.add_animation("found", _walk(0.5, 1.0, Vector3.ZERO))
	var told = _walk(1.0, 1.0, Vector3(0, 0, -3))
	var track = told.add_track(Animation.TYPE_METHOD)
	told.track_set_path(track, NodePath("StereoSyncCharacter"))
	told.track_insert_key(track, 0.25, {"method": "footstep", "args": ["left"]})
	told.track_insert_key(track, 0.75, {"method": "footstep", "args": ["Right"]})
	library.add_animation("told", told)
	library.add_animation("strafe", _walk(1.0, 1.0, Vector3(3, 0, 0)))
	library.add_animation("stands", _walk(1.0, 0.0, Vector3.ZERO))
	library.add_animation("two", _walk(1.0, 2.0, Vector3.ZERO))
	var once = _walk(1.0, 1.0, Vector3.ZERO)
	once.loop_mode = Animation.LOOP_NONE
	library.add_animation("once", once)
	library.add_animation("climbs", _walk(1.0, 1.0, Vector3.UP))
	return library


# Of so many turns: the left foot is down at 0.3 of a turn, the right one at 0.8, and the hips go the way.
func _walk(length_s, turns, way):
	var walk = Animation.new()
	walk.length = length_s
	walk.loop_mode = Animation.LOOP_LINEAR
	for bone in 3:
		var track = walk.add_track(Animation.TYPE_POSITION_3D)
		walk.track_set_path(track, NodePath("Model/Skeleton3D:" + _skeleton.get_bone_name(bone)))
		for key in 61:
			var share = key / 60.0
			var lift = [0.0, _swing(share * turns - 0.3), _swing(share * turns - 0.8)][bone] if turns > 0.0 else 0.0
			var gone = share * way if bone == 0 else Vector3.ZERO
			walk.position_track_insert_key(track, share * length_s, _skeleton.get_bone_rest(bone).origin + Vector3.UP * lift + gone)
	return walk


# In the air for the last 0.4 of each turn: 0.24 high.
func _swing(turn):
	var left = 1.0 - fposmod(turn, 1.0)
	return 0.0 if left >= 0.4 else left * (0.4 - left) * 6.0
