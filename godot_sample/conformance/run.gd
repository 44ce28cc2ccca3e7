# The Godot client's conformance program, for Godot 3 and Godot 4:
#
#     godot3-server --path PROJECT -s res://conformance/run.gd mode=converse golden=FOLDER in=FILE out=FILE
#
# `converse` reads commands and writes decisions, `golden` reads one path per line, `recode` reads lines of hexadecimal.
# Standard input cannot be read by all versions of Godot, so files take its place.
extends SceneTree

const Program = preload("program.gd")


func _init():
	var options = {"mode": "", "golden": "", "in": "", "out": ""}
	for argument in OS.get_cmdline_args():
		var words = argument.split("=", true, 1)
		if options.has(words[0]) and words.size() == 2:
			options[words[0]] = words[1]
	var program = Program.new()
	program.golden_folder = options["golden"]
	program.write_file(options["out"], program.call(options["mode"], program.lines_of_file(options["in"])))
	quit()
