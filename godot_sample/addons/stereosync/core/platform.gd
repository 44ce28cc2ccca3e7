# Chooses what differs between Godot 3 and Godot 4, so that all other files of this folder run on both. Any thread.

const FOLDER = "res://addons/stereosync/core/"


# An object with the methods of platform_4.gd.
static func make():
	var major = Engine.get_version_info()["major"]
	return load(FOLDER + ("platform_4.gd" if major >= 4 else "platform_3.gd")).new()
