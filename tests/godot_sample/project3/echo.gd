# Sends back every message that comes, until one is `end` or the time is over; prints what was in the way.
# Arguments: port=PORT seconds=S
extends SceneTree

const Platform = preload("res://addons/stereosync/core/platform.gd")
const Socket = preload("res://addons/stereosync/core/zmtp_socket.gd")

var _platform = Platform.make()
var _options = {"port": "0", "seconds": "5"}
var _socket


func _init():
	for argument in OS.get_cmdline_args():
		var words = argument.split("=", true, 1)
		if _options.has(words[0]):
			_options[words[0]] = words[1]
	_socket = Socket.new(_platform, "127.0.0.1", int(_options["port"]), 64)
	_socket.send([_platform.bytes_of_text("hello")])


func _idle(_delta):
	_socket.poll()
	var parts = _socket.receive()
	while parts != null:
		if _platform.text_of_bytes(parts[0]) == "end":
			quit()
		_socket.send(parts)
		parts = _socket.receive()
	if _platform.now_s() > float(_options["seconds"]):
		print("lost " + str(_socket.lost))
		print("problem " + _socket.problem)
		quit()
