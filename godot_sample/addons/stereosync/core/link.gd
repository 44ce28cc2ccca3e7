# The client's two DEALER sockets, the control lane and the frame lane. Used by the client's thread; nothing blocks.

const Options = preload("client_options.gd")
const Socket = preload("zmtp_socket.gd")
const CONTROL_WAITING = 64  # messages that wait to be sent
const FRAMES_WAITING = 1

var _platform
var _control = null
var _frames = null


func _init(platform):
	_platform = platform


# Connects the control lane, in place of any earlier session's sockets.
func open_control(address):
	close_sockets()
	_control = _socket(address, CONTROL_WAITING)


func open_frames(address):
	if _frames != null:
		_frames.close()
	_frames = _socket(address, FRAMES_WAITING)


func poll():
	for socket in [_control, _frames]:
		if socket != null:
			socket.poll()


# Whether the connection of the control lane broke since the last call.
func take_lost():
	var broken = _control != null and _control.lost
	if broken:
		_control.lost = false
	return broken


# The next message that came on either lane; null when none waits.
func receive():
	var parts = null if _control == null else _control.receive()
	if parts == null and _frames != null:
		parts = _frames.receive()
	return parts


func send_control(parts):
	return _control != null and _control.send(parts)


func send_frame(parts):
	return _frames != null and _frames.send(parts)


# What is in the way of connecting, when the server said so; else empty.
func problem():
	return "" if _control == null else _control.problem


func close_sockets():
	for socket in [_control, _frames]:
		if socket != null:
			socket.close()
	_control = null
	_frames = null


func _socket(address, high_water):
	return Socket.new(_platform, Options.host_of(address), Options.port_of(address), high_water)
