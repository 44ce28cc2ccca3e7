# A walking body of boxes for Godot 3, posed by the sample's gait.
extends Spatial

const Gait = preload("res://walking_gait.gd")

var parts = []
var _gait = Gait.new()


func _init(centre):
	_gait.centre = centre
	var material = SpatialMaterial.new()
	material.albedo_color = Color(1, 0, 0)
	material.flags_unshaded = true
	for name in Gait.part_names():
		var part = MeshInstance.new()
		part.name = name
		part.mesh = CubeMesh.new()
		part.mesh.size = Vector3.ONE
		part.material_override = material
		parts.append(part)
		add_child(part)


func pose(time_s):
	var placed = _gait.pose(time_s)
	for i in range(parts.size()):
		var axes = Gait.box_between(placed[i][0], placed[i][1], placed[i][2])
		parts[i].transform = Transform(axes[0], axes[1], axes[2], axes[3])
