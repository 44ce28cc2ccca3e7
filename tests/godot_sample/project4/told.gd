# What the nodes tell of a body with a skeleton, grounds, an animation and places: each answer is a line of JSON, its name
# first. The body stands on gravel to the left of x = 0, on wood to the right, on ice beyond x = 10.
extends Node3D

const Character = preload("res://addons/stereosync/stereosync_character.gd")
const Place = preload("res://addons/stereosync/stereosync_place.gd")

var _body = CharacterBody3D.new()
var _skeleton = Skeleton3D.new()
var _player = AnimationPlayer.new()
var _character = Character.new()
var _camera = Camera3D.new()


func _ready():
	_lay_ground()
	_build_body()
	add_child(_camera)
	await _ask_feet()
	await _ask_steps()
	await _ask_places()
	print("all told")


func _answer(question, value):
	print("told %s %s" % [question, JSON.stringify(value)])


func _told(metres_per_unit = 1.0):
	return _character.told(0.0, get_world_3d().direct_space_state, metres_per_unit)


func _settle():
	for _i in range(3):
		await get_tree().physics_frame


# Microseconds that telling takes at best: two bones, two rays.
func _cost_us():
	var least_us = INF
	for _i in range(100):
		var began_us = Time.get_ticks_usec()
		_told()
		least_us = min(least_us, Time.get_ticks_usec() - began_us)
	return least_us


# Until calls of earlier seeks are too old to be told.
func _pass(seconds):
	var end_s = _now_s() + seconds
	while _now_s() < end_s:
		await get_tree().process_frame


# The world


func _lay_ground():
	var gravel = _floor(self, -5.0)
	gravel.set_meta("surface", "PM_Gravel_01")
	var boards = Node3D.new()
	boards.add_to_group("surface_wood")
	add_child(boards)
	var wood = _floor(boards, 5.0)
	_add_shape(wood, 10.0).set_meta("surface", "ice")


func _floor(parent, x):
	var floor_body = StaticBody3D.new()
	floor_body.position = Vector3(x, -0.5, 0)
	parent.add_child(floor_body)
	_add_shape(floor_body, 0.0)
	return floor_body


func _add_shape(parent, x):
	var shape = CollisionShape3D.new()
	shape.shape = BoxShape3D.new()
	shape.shape.size = Vector3(10, 1, 10)
	shape.position = Vector3(x, 0, 0)
	parent.add_child(shape)
	return shape


func _build_body():
	var capsule = CollisionShape3D.new()
	capsule.shape = CapsuleShape3D.new()  # around the feet, and no ground
	_body.add_child(capsule)
	var model = Node3D.new()
	model.name = "Model"
	model.position = Vector3(0, 0.125, 0)
	_body.add_child(model)
	_add_bone("Hips", -1, Vector3(0, 0.75, 0))
	_add_bone("LeftFoot", 0, Vector3(-0.25, -0.75, 0))
	_add_bone("RightFoot", 0, Vector3(0.25, -0.5, 0.5))
	model.add_child(_skeleton)
	_body.add_child(_player)
	_character.name = "StereoSyncCharacter"
	_body.add_child(_character)
	add_child(_body)
	_player.add_animation_library("", _library())


func _add_bone(bone_name, parent, place):
	_skeleton.add_bone(bone_name)
	var bone = _skeleton.get_bone_count() - 1
	_skeleton.set_bone_parent(bone, parent)
	_skeleton.set_bone_rest(bone, Transform3D(Basis(), place))
	_skeleton.reset_bone_pose(bone)


# A walk of one second: left at 0.25 s, right at 0.75 s, and a call that is no step.
func _library():
	var walk = Animation.new()
	walk.length = 1.0
	walk.loop_mode = Animation.LOOP_LINEAR
	var track = walk.add_track(Animation.TYPE_METHOD)
	walk.track_set_path(track, NodePath("StereoSyncCharacter"))
	walk.track_insert_key(track, 0.25, {"method": "footstep", "args": ["left"]})
	walk.track_insert_key(track, 0.5, {"method": "get_name", "args": []})
	walk.track_insert_key(track, 0.75, {"method": "footstep", "args": ["Right"]})
	var library = AnimationLibrary.new()
	library.add_animation("walk", walk)
	return library


# Questions


func _ask_feet():
	_body.position = Vector3(-2, 0, 1)
	await _settle()
	_answer("feet", _told())
	_answer("cost", _cost_us())
	_answer("units", _told(0.5))
	_body.position.x = 0.0
	_body.rotation.y = PI / 2
	_skeleton.set_bone_pose_position(1, Vector3(-0.25, -0.5, 0))
	_answer("moved", _told())
	_body.rotation.y = 0.0
	_body.position.x = 12.0
	_answer("shape", _told())
	_character.surface = "snow"
	_answer("word", _told())
	_character.surface = ""
	_character.tell_ground = false
	_answer("groundless", _told())
	_character.tell_ground = true
	_character.tell_feet = false
	_character._forget_rig()
	_answer("footless", _told())
	_character.tell_feet = true
	_character.left_foot_bones = PackedStringArray(["no bone of this name"])
	_character._forget_rig()
	_answer("one foot", _told())
	_body.position.y = 30.0
	_answer("in the air", _told())
	_skeleton.free()
	_answer("gone", _told())


func _ask_steps():
	_answer("standing", _told())
	_player.play("walk")
	for question in [[0.125, 1.0], [0.625, 1.0], [0.875, 2.0], [0.875, -1.0]]:
		_player.seek(question[0], true)
		_player.speed_scale = question[1]
		_answer("from %s at %s" % question, _told())
	_character.tell_steps_ahead = false
	_answer("unforeseen", _told())
	_character.footstep_in("left", 60.0, 0.75, "water")
	_answer("far ahead", _character.told(_now_s(), null, 1.0))
	_answer("soon", _rounded(_character.told(_now_s() + 59.75, null, 1.0), _now_s() + 60.0))
	_player.stop()
	await _pass(0.2)
	_player.speed_scale = 1.0
	_player.play("walk")
	_player.advance(0.3)
	await get_tree().process_frame
	_answer("called", _rounded(_character.told(_now_s(), null, 1.0), _now_s()))
	_character.footstep("middle")


func _now_s():
	return Time.get_ticks_usec() / 1e6


# Contacts with times to the second around `now_s`.
func _rounded(told, now_s):
	for contact in told["contacts"]:
		contact["time_client_s"] = roundi(contact["time_client_s"] - now_s)
	return told


func _ask_places():
	_answer("nowhere", _around())
	var everywhere = _place("forest", 0.5)
	add_child(everywhere)
	_answer("whole scene", _around())
	var cave = _area(Vector3(100, 0, 0))
	var inside = _place("cave", -1.0)
	inside.room_size_m = 20.0
	inside.room_hardness = 0.75
	cave.add_child(inside)
	var level = _area(Vector3(103, 0, 0))
	level.set_meta("place", "")
	level.set_meta("room_size_m", 4)
	level.set_meta("ambience", false)
	level.priority = 1
	_area(Vector3(100, 0, 0)).priority = 2  # says nothing
	await _settle()
	_answer("outside", _around())
	for x in [98.0, 101.5]:
		_camera.position.x = x
		_answer("at %s" % x, _around())


func _around():
	return Place.around(_camera, get_world_3d().direct_space_state)


func _place(word, amount):
	var place = Place.new()
	place.place = word
	place.amount = amount
	return place


func _area(place):
	var area = Area3D.new()
	area.position = place
	var shape = CollisionShape3D.new()
	shape.shape = BoxShape3D.new()
	shape.shape.size = Vector3(6, 6, 6)
	area.add_child(shape)
	add_child(area)
	return area
