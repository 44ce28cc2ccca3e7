## Connects the game to a StereoSync service: sends what the active camera sees, plays what comes back.
##
## Add one to the scene. It works in `_process`, also while the tree is paused, and never blocks.
extends Node

## A line for people, when it changes.
signal status_changed(text: String)
## The service has welcomed this client; `welcome` is its WELCOME.
signal connected(welcome: Dictionary)
## The session is lost; another one is asked for.
signal disconnected(reason: String)
## The service sent its counters.
signal stats_received(values: Dictionary)

const BridgeClient := preload("core/bridge_client.gd")
const Capture := preload("stereosync_capture.gd")
const ClientOptions := preload("core/client_options.gd")
const ClientStream := preload("core/client_stream.gd")
const Link := preload("core/link.gd")
const Overlay := preload("stereosync_overlay.gd")
const Platform := preload("core/platform.gd")
const Player := preload("stereosync_player.gd")
const PlaybackRing := preload("core/playback_ring.gd")
const ToldLine := preload("core/told_line.gd")
const USUAL_SIZE := Vector2i(160, 90)
const STALL_S := 0.5
const TELL_S := 0.25

## Where the service listens: the first address that it prints.
@export var control_address := "tcp://127.0.0.1:5750"
## Allows an address on another machine. Nothing is encrypted: only on a network that you trust.
@export var insecure := false
## Connects when the scene starts; else call `start`.
@export var start_by_itself := true
## Width of the picture that is sent, in pixels; 0: what the model sees. The height follows from 16:9.
@export_range(0, 640, 2) var picture_width_px := 0
## JPEG is smaller, for a network; raw is quicker, for this machine.
@export var send_jpeg := false
## Metres of one unit of the scene.
@export var metres_per_unit := 1.0
## Sound that waits in Godot's own buffer. Less is sooner, more survives longer frames.
@export_range(30, 200) var device_buffer_ms := 80.0
## Shows the status in the game.
@export var show_overlay := true

## What differs between versions of Godot, and the clock. Set another before the node is ready to test with it.
var platform = Platform.make()
## The line that the overlay shows.
var status := "not started"
## What the newest frame tells beside its picture: the overlay's second line.
var told := ""
## The client and its ring: counters, clock offset. Null before `start`.
var stream = null

var _options = ClientOptions.new()
var _link
var _capture
var _player
var _overlay
var _in_background := false
var _polled_s := 0.0
var _told_s := 0.0
var _newest = null  # the Frame that was offered last


func _ready() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS
	_capture = Capture.new()
	_capture.platform = platform
	_player = Player.new()
	_player.name = "Player"
	for child in [_capture, _player]:
		add_child(child)
	if show_overlay:
		_overlay = Overlay.new()
		add_child(_overlay)
	_capture.captured.connect(_on_captured)
	if start_by_itself:
		start()


## Connects; what became of it is told by the signals and by `status`.
func start() -> void:
	stop()
	_fill_options()
	var problem: String = _options.problem(control_address)
	if problem != "":
		_set_status(problem)
		push_error("StereoSync: " + problem)
		return
	_link = Link.new(platform)
	var client = BridgeClient.new(_options, platform, _link, platform, platform)
	stream = ClientStream.new(client, PlaybackRing.new(platform))
	_player.set_ring(stream.ring, device_buffer_ms)
	_polled_s = platform.now_s()
	client.begin()
	_set_status("connecting to " + control_address)


## Ends the session.
func stop() -> void:
	if stream != null:
		stream.client.bye("the game stops")
	stream = null
	_player.stop()


## Tells the service that the scene was cut: another level, a teleport.
func reset(reason := "") -> void:
	if stream != null:
		stream.client.reset(reason)


func _fill_options() -> void:
	_options.control_address = control_address
	_options.insecure = insecure
	_options.engine = "Godot " + Engine.get_version_info()["string"]
	_options.capabilities = {"credit": true, "jpeg": send_jpeg}
	_capture.is_jpeg = send_jpeg
	_capture.metres_per_unit = metres_per_unit


func _exit_tree() -> void:
	stop()


func _notification(what: int) -> void:
	if what == NOTIFICATION_APPLICATION_PAUSED:
		_in_background = true
	elif what == NOTIFICATION_APPLICATION_RESUMED:
		_in_background = false


func _process(_delta: float) -> void:
	if stream == null:
		return
	_watch_pause()
	for event in stream.poll():
		_on_event(event)
	stream.report_device(_player.device_ms(platform.now_s()))
	if not stream.is_paused and stream.client.wants_frame():
		_request_frame()
	_player.feed()
	_tell_how_it_goes()


## A paused tree, an application in the background and a game that stood still for a while are pauses.
func _watch_pause() -> void:
	var now_s: float = platform.now_s()
	var stalled := now_s - _polled_s > STALL_S
	_polled_s = now_s
	var standing := get_tree().paused or _in_background
	if (standing or stalled) and not stream.is_paused:
		stream.pause()
	if stream.is_paused and not standing:
		stream.resume()


func _request_frame() -> void:
	var camera := get_viewport().get_camera_3d()
	if camera == null or camera.projection != Camera3D.PROJECTION_PERSPECTIVE:
		_set_status("connected, but no perspective Camera3D is current in this viewport: nothing can be sent")
		_told_s = platform.now_s()
		return
	_capture.request(camera)


func _on_captured(frame) -> void:
	var problem: String = _capture.problem if _capture.problem != "" else frame.problem()
	if problem != "":
		_set_status(problem)
		_told_s = platform.now_s()
	elif stream != null:
		stream.offer(frame)
		_newest = frame


func _on_event(event: Dictionary) -> void:
	match event["kind"]:
		"welcomed":
			_on_welcome(event["welcome"])
		"error":
			_set_status("the service says: %s %s" % [event["field"], event["rule"]])
			push_warning("StereoSync: " + status)
		"unanswered":
			_set_status(event["reason"] if _link.problem() == "" else _link.problem())
		"disconnected":
			_set_status(event["reason"])
			disconnected.emit(event["reason"])
		"stats":
			stats_received.emit(event["values"])


func _on_welcome(welcome: Dictionary) -> void:
	var size := Vector2i(welcome["picture_width_px"], welcome["picture_height_px"])
	if picture_width_px > 0:
		size = Vector2i(picture_width_px, roundi(picture_width_px * 9.0 / 16.0))
	_capture.set_size(USUAL_SIZE if size.x == 0 or size.y == 0 else size)
	_player.begin(welcome["sample_rate_hz"])
	_set_status("connected to " + control_address)
	connected.emit(welcome)


func _tell_how_it_goes() -> void:
	var now_s: float = platform.now_s()
	if not stream.client.is_connected_to_server() or now_s - _told_s < TELL_S or _capture.problem != "":
		return
	_told_s = now_s
	if _newest != null:
		told = ToldLine.of_frame(_newest.boxes, _newest.scene_map, stream.client.welcome()["capabilities"])
	var ring = stream.ring
	var line := "connected: %d frames sent, %d characters, %.0f ms wait, %d underruns%s"
	var paused := ", paused" if stream.is_paused else ""
	_set_status(line % [stream.client.frames_sent, _capture.n_characters, ring.buffered_ms(), ring.underruns, paused])


func _set_status(text: String) -> void:
	if _overlay != null:
		_overlay.show_text(text if told == "" else text + "\n" + told)
	if text == status:
		return
	status = text
	status_changed.emit(text)
