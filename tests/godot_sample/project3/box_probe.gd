# Prints the rectangle of each case as JSON. Argument: cases=[[low, size], ...], boxes in camera space.
extends SceneTree

const BoxProjector = preload("res://addons/stereosync/core/box_projector.gd")


func _init():
	var projector = BoxProjector.new(160, 90, BoxProjector.tan_half_vertical(60.0, true, 16.0 / 9.0), 0.1)
	var rects = []
	for argument in OS.get_cmdline_args():
		if argument.begins_with("cases="):
			for case in parse_json(argument.substr(6, argument.length())):
				rects.append(projector.rect_of([BoxProjector.corners(_vector(case[0]), _vector(case[1]))]))
	print(to_json(rects))
	quit()


func _vector(numbers):
	return Vector3(numbers[0], numbers[1], numbers[2])
