# The modes of the conformance program: each takes lines and returns text. `golden_folder` holds the golden files.

const Converse = preload("converse.gd")
const Files = preload("message_file.gd")
const Golden = preload("golden.gd")
const Platform = preload("res://addons/stereosync/core/platform.gd")
const Reader = preload("res://addons/stereosync/core/msgpack_reader.gd")
const Writer = preload("res://addons/stereosync/core/msgpack_writer.gd")

var golden_folder = ""

var _platform = Platform.make()


func lines_of_file(path):
	return _platform.text_of_bytes(_platform.read_file(path)).split("\n")


func write_file(path, text):
	_platform.write_file(path, text)


func converse(lines):
	var talk = Converse.new(_platform, _golden_parts("frame_plain"), _golden_parts("frame_told"))
	var text = ""
	for line in lines:
		if line != "" and not line.begins_with("#"):
			for decision in talk.answer(line):
				text += decision + "\n"
			text += ".\n"
	return text


func _golden_parts(name):
	return Files.unpack(_platform.read_file(golden_folder + "/" + name + ".bin"), _platform.empty_bytes())


func golden(lines):
	var files = Golden.new(_platform)
	var text = ""
	for name in lines:
		if name != "":
			text += name + " " + files.answer(_platform.read_file(golden_folder + "/" + name + ".bin")) + "\n"
	return text


func recode(lines):
	var reader = Reader.new(_platform)
	var writer = Writer.new(_platform)
	var text = ""
	for line in lines:
		if line != "":
			var value = reader.unpack(Files.bytes_of_hex(line, _platform))
			text += ("bad" if reader.error != "" else _platform.hex(writer.pack(value))) + "\n"
	return text
