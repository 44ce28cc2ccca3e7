# The sample scene in Godot 4 as a web page: plays, pauses, plays on, begins anew with JPEG, is told to go to another
# machine. Prints what the bridge says and how it goes.
extends Node

const WebPlatform = preload("web_platform.gd")
const COUNTERS = "now sent=%d position=%d underruns=%d late=%d gaps=%d skips=%d fps=%d"
const PAUSE_S = 0.6

var _bridge
var _told_s = 0.0
var _paused_s = 0.0
var _looks = 20
var _steps = ["pause", "go on", "send jpeg", "go elsewhere", "end"]


func _enter_tree():
	process_mode = Node.PROCESS_MODE_ALWAYS
	var words = FileAccess.get_file_as_string("res://questions/smoke").strip_edges().split(" ")
	var platform = WebPlatform.new()
	platform.relay = words[0]
	var scene = load("res://walk.tscn").instantiate()
	scene.process_mode = Node.PROCESS_MODE_PAUSABLE
	_bridge = scene.get_node("StereoSyncBridge")
	_bridge.platform = platform
	_bridge.control_address = words[1]
	_bridge.status_changed.connect(func(text): print("status " + text + "\n" + _bridge.told))
	add_child(scene)


func _ready():
	_bridge._capture.captured.connect(_look_at_window)


# The window must show the ground in the frame in which the depth viewport's quad is drawn.
func _look_at_window(_frame):
	if _looks > 0:
		_looks -= 1
		var image = get_viewport().get_texture().get_image()
		print("window " + image.get_pixel(image.get_width() / 2, image.get_height() - 10).to_html(false))


func _process(_delta):
	var now_s = _bridge.platform.now_s()
	_take_step(_steps[0], now_s)
	if now_s - _told_s > 1.0 and _bridge.stream != null:
		_told_s = now_s
		_tell()


func _take_step(step, now_s):
	if step == "pause" and _bridge.stream.ring.position > 72000 and _bridge.stream.client.frames_sent > 60:
		print("paused")
		get_tree().paused = true
		_paused_s = now_s
		_steps.pop_front()
	elif step == "go on" and now_s - _paused_s > PAUSE_S:
		get_tree().paused = false
		_steps.pop_front()
	elif step == "send jpeg" and _bridge.stream.ring.epoch > 0 and _bridge.stream.ring.position > 24000:
		_bridge.send_jpeg = true
		_bridge.start()
		_steps.pop_front()
	elif step == "go elsewhere" and _bridge.stream.client.frames_sent > 10:
		_bridge.control_address = "tcp://10.0.0.1:5750"
		_bridge.start()
		_steps.pop_front()
	elif step == "end":
		print("all done")
		_steps = ["nothing"]


func _tell():
	var ring = _bridge.stream.ring
	var player = _bridge.get_node("Player")
	var skips = player.get_stream_playback().get_skips() if player.playing else 0
	var numbers = [_bridge.stream.client.frames_sent, ring.position, ring.underruns, ring.late_samples, ring.gap_samples]
	print(COUNTERS % (numbers + [skips, Engine.get_frames_per_second()]))
