## A walking body of boxes, posed by `walking_gait.gd`: a foot that stands does not move, and its sole is on the ground.
extends Node3D

## A foot, "left" or "right", will come down so many seconds from now: what an animated game knows ahead.
signal stepping(side: String, seconds: float)

const Gait := preload("walking_gait.gd")

## Colour of all parts.
@export var colour := Color(0.8, 0.25, 0.2)
## Seconds of the walk that are over at the start.
@export var head_start_s := 0.0

var _gait = Gait.new()
var _parts: Array[MeshInstance3D] = []
var _time_s := 0.0


func _ready() -> void:
	_time_s = head_start_s
	var material := StandardMaterial3D.new()
	material.albedo_color = colour
	for part_name in Gait.part_names():
		var part := MeshInstance3D.new()
		part.name = part_name
		part.mesh = BoxMesh.new()
		part.material_override = material
		_parts.append(part)
		add_child(part)
	_pose()


func _process(delta: float) -> void:
	_time_s += delta
	_pose()
	stepping.emit("left", Gait.comes_down_in_s(_time_s, -1))
	stepping.emit("right", Gait.comes_down_in_s(_time_s, 1))


func _pose() -> void:
	var placed: Array = _gait.pose(_time_s)
	for i in range(_parts.size()):
		var axes: Array = Gait.box_between(placed[i][0], placed[i][1], placed[i][2])
		_parts[i].transform = Transform3D(axes[0], axes[1], axes[2], axes[3])
