# A clock, session ids and a transport that are turned by hand; what the client does with them becomes lines.
# bridge/CONFORMANCE.md says what they mean.

const Files = preload("message_file.gd")

var lines = []
var time_s = 0.0

var _platform
var _sessions = 0
var _open = []
var _blocked = []
var _waiting = {"control": [], "frames": []}
var _broken = false


func _init(platform):
	_platform = platform


func now_s():
	return time_s


func new_id():
	_sessions += 1
	return "%032x" % _sessions


# The server's and the network's side


func arrive(lane, parts):
	if lane in _open:
		_waiting[lane].push_back(parts)


func break_connection():
	_broken = "control" in _open


func block(lane, blocked):
	_blocked.erase(lane)
	if blocked:
		_blocked.append(lane)


# The client's side, as link.gd


func open_control(address):
	close_sockets()
	_open_lane("control", address)


func open_frames(address):
	_open_lane("frames", address)


func _open_lane(lane, address):
	if not lane in _open:
		_open.append(lane)
	lines.append("open %s %s" % [lane, address])


func poll():
	pass


func take_lost():
	var broken = _broken
	_broken = false
	return broken


func receive():
	for lane in ["control", "frames"]:
		if _waiting[lane].size() > 0:
			return _waiting[lane].pop_front()
	return null


func send_control(parts):
	return _send("control", parts)


func send_frame(parts):
	return _send("frames", parts)


func _send(lane, parts):
	if not lane in _open or lane in _blocked:
		return false
	lines.append("send %s %s" % [lane, _platform.hex(Files.pack(parts))])
	return true


func close_sockets():
	if _open.size() > 0:
		lines.append("close")
	_open.clear()
	_broken = false
	_waiting = {"control": [], "frames": []}
