# Answers questions about what a game tells, as JSON. Argument: questions=FILE, a JSON array of [name, arguments...].
extends SceneTree

const ContactBook = preload("res://addons/stereosync/core/contact_book.gd")
const Frame = preload("res://addons/stereosync/core/frame.gd")
const Platform = preload("res://addons/stereosync/core/platform.gd")
const Told = preload("res://addons/stereosync/core/told.gd")
const ToldLine = preload("res://addons/stereosync/core/told_line.gd")

var _platform = Platform.make()


func _init():
	var answers = []
	for argument in OS.get_cmdline_args():
		if argument.begins_with("questions="):
			var path = argument.substr(10, argument.length())
			for question in parse_json(_platform.text_of_bytes(_platform.read_file(path))):
				answers.append(callv("_" + question[0], question[1]))
	print(to_json(answers))
	quit()


func _foot(side, world_m, grounded, surface):
	return Told.foot(side, world_m, grounded, surface)


func _contact(side, time_s, strength, surface):
	return Told.contact(side, time_s, strength, surface)


func _character(feet, contacts, surface):
	return Told.character(feet, contacts, surface)


func _scene(place, amount, room, ambience):
	return Told.scene(place, amount, null if room == null else Told.room(room[0], room[1]), ambience)


# What is wrong with a frame whose one box tells `told`, and whose scene is `scene`.
func _problem(told, scene):
	var frame = Frame.new()
	frame.picture_map = Frame.picture("rgb8", 1, 1, 0)
	frame.depth_map = Frame.depth("linear", "float16", 1, 1, 0)
	frame.camera_map = Frame.camera(60, 0.1, 100)
	frame.picture_bytes = _platform.empty_bytes()
	frame.depth_bytes = _platform.empty_bytes()
	frame.boxes = [Frame.box(1, "walker", [0, 0, 1, 1], true, null, told)]
	frame.scene_map = scene
	return frame.problem()


# The contacts of frames at `times_s`, after each of `told` was taken at the time that it begins with.
func _book(told, times_s, planned):
	var book = ContactBook.new()
	var answers = []
	for time_s in times_s:
		while told.size() > 0 and told[0][0] <= time_s:
			book.add(told.pop_front()[1])
		answers.append(book.of_frame(time_s, planned))
	return answers


func _line(boxes, scene, capabilities):
	return ToldLine.of_frame(boxes, scene, capabilities)
