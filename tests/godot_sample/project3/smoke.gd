# The smoke test's scene: a figure walks around a post, the camera looks on, frames go out, sound comes in and is played.
# Arguments: control=ADDRESS seconds=S. Writes one line of counters per second, and `end` with them at the end.
extends Spatial

const BridgeClient = preload("res://addons/stereosync/core/bridge_client.gd")
const Capture = preload("res://capture.gd")
const ClientOptions = preload("res://addons/stereosync/core/client_options.gd")
const ClientStream = preload("res://addons/stereosync/core/client_stream.gd")
const Feeder = preload("res://addons/stereosync/core/generator_feeder.gd")
const Figure = preload("res://figure.gd")
const Link = preload("res://addons/stereosync/core/link.gd")
const Platform = preload("res://addons/stereosync/core/platform.gd")
const PlaybackRing = preload("res://addons/stereosync/core/playback_ring.gd")

var _arguments = {"control": "", "seconds": "5"}
var _platform = Platform.make()
var _options = ClientOptions.new()
var _client
var _stream
var _feeder
var _capture = Capture.new()
var _figure = Figure.new(Vector3(0, 0, -5))
var _player = AudioStreamPlayer.new()
var _started_s = 0.0
var _told_s = 0.0
var _pushed = 0
var _connections = []


func _ready():
	for argument in OS.get_cmdline_args():
		var words = argument.split("=", true, 1)
		if _arguments.has(words[0]):
			_arguments[words[0]] = words[1]
	_build_scene()
	_options.control_address = _arguments["control"]
	_options.engine = "Godot " + Engine.get_version_info()["string"]
	_client = BridgeClient.new(_options, _platform, Link.new(_platform), _platform, _platform)
	_stream = ClientStream.new(_client, PlaybackRing.new(_platform))
	_feeder = Feeder.new(_stream.ring)
	_player.stream = AudioStreamGenerator.new()
	_player.stream.mix_rate = 48000
	_player.stream.buffer_length = 0.1
	add_child(_player)
	_player.play()
	VisualServer.connect("frame_post_draw", self, "_on_drawn")
	Engine.target_fps = 60
	_started_s = _platform.now_s()
	_client.begin()


func _build_scene():
	var camera = Camera.new()
	camera.fov = 60
	camera.near = 0.1
	camera.far = 200
	camera.translation = Vector3(0, 1.2, 0)
	add_child(camera)
	camera.current = true
	_add_box(Vector3(0, -0.05, -5), Vector3(12, 0.1, 12), Color(0, 0.5, 0))
	_add_box(Vector3(0, 1.2, -5), Vector3(0.4, 2.4, 0.4), Color(1, 1, 0))
	add_child(_figure)
	_capture.camera = camera
	_capture.figure = _figure
	add_child(_capture)


func _add_box(position, size, colour):
	var box = MeshInstance.new()
	box.mesh = CubeMesh.new()
	box.mesh.size = size
	box.translation = position
	box.material_override = SpatialMaterial.new()
	box.material_override.albedo_color = colour
	box.material_override.flags_unshaded = true
	add_child(box)


func _process(_delta):
	var now_s = _platform.now_s()
	_figure.pose(now_s - _started_s)
	for event in _stream.poll():
		if event["kind"] == "welcomed":
			_connections.append(now_s)
		if event["kind"] in ["error", "disconnected", "welcomed"]:
			print("%s %.3f" % [event["kind"], now_s])
	if _client.wants_frame():
		_capture.request()
	_feed()
	if now_s - _told_s > 1.0:
		_told_s = now_s
		_tell("now")
	if now_s - _started_s > float(_arguments["seconds"]):
		_client.bye("the test is over")
		_tell("end")
		get_tree().quit()


func _on_drawn():
	var frame = _capture.take()
	if frame != null:
		if frame.problem() != "":
			print("problem " + frame.problem())
		_stream.offer(frame)


func _feed():
	_pushed += _feeder.feed(_player.get_stream_playback())


func _tell(word):
	var ring = _stream.ring
	var counters = [
		_client.frames_sent, ring.position, ring.underruns, ring.late_samples, ring.gap_samples, _pushed,
		_player.get_stream_playback().get_skips(), Engine.get_frames_per_second(), _connections.size(),
	]
	print(word + " sent=%d position=%d underruns=%d late=%d gaps=%d pushed=%d skips=%d fps=%d sessions=%d" % counters)
