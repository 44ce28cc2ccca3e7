# Prints the pose at every hundredth of a second as JSON: [from, to] of each part.
extends SceneTree

const Gait = preload("res://walking_gait.gd")


func _init():
	var gait = Gait.new()
	var poses = []
	for i in range(250):
		var parts = []
		for part in gait.pose(i * 0.01):
			parts.append([_numbers(part[0]), _numbers(part[1])])
		poses.append(parts)
	print(to_json(poses))
	quit()


func _numbers(point):
	return [point.x, point.y, point.z]
