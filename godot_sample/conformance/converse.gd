# The Godot client's answers to the commands of bridge/CONFORMANCE.md.

const CORE = "res://addons/stereosync/core/"
const BridgeClient = preload("res://addons/stereosync/core/bridge_client.gd")
const ClientOptions = preload("res://addons/stereosync/core/client_options.gd")
const ClientStream = preload("res://addons/stereosync/core/client_stream.gd")
const Files = preload("message_file.gd")
const GoldenFrame = preload("golden_frame.gd")
const Hand = preload("hand.gd")
const PlaybackRing = preload("res://addons/stereosync/core/playback_ring.gd")
const VERBS = [
	"begin", "offer", "offer_told", "receive", "lost", "block", "poll", "read", "listen", "pause", "resume", "reset", "bye",
	"device",
]
const CONTACT_AHEAD_S = 0.2  # of the told frame

var _platform
var _hand
var _client
var _stream
var _plain_parts
var _told_parts


# `plain_parts` and `told_parts` are the parts of the golden frames that `offer` and `offer_told` offer.
func _init(platform, plain_parts, told_parts):
	_platform = platform
	_plain_parts = plain_parts
	_told_parts = told_parts
	_hand = Hand.new(platform)
	var options = ClientOptions.new()
	options.name = "conformance"
	options.engine = "none"
	options.package = "0.0.0"
	_client = BridgeClient.new(options, platform, _hand, _hand, _hand)
	_stream = ClientStream.new(_client, PlaybackRing.new(platform))


# The decisions that a command, `TIME VERB ARGUMENTS`, leads to, as lines.
func answer(command):
	var words = command.split(" ", true, 2)
	if not words[1] in VERBS:
		return ["unknown"]
	_hand.time_s = exact(words[0])
	var told = call("_do_" + words[1], words[2] if words.size() > 2 else "")
	var lines = _hand.lines + told
	_hand.lines = []
	return lines


# A decimal number of at most 15 digits, rounded as the other languages do it: both sides of the quotient are exact.
static func exact(text):
	var digits = 0.0
	var scale = 1.0
	var behind_point = false
	for letter in text.lstrip("-"):
		if letter == ".":
			behind_point = true
			continue
		digits = digits * 10.0 + int(letter)
		scale *= 10.0 if behind_point else 1.0
	return digits / scale * (-1.0 if text.begins_with("-") else 1.0)


func _do_begin(_argument):
	_client.begin()
	return []


func _do_offer(index):
	return _offered(GoldenFrame.from_parts(_plain_parts, _platform), index)


func _do_offer_told(index):
	var frame = GoldenFrame.from_parts(_told_parts, _platform)
	for contact in frame.boxes[0]["contacts"]:
		contact["time_client_s"] = _hand.now_s() + CONTACT_AHEAD_S
	return _offered(frame, index)


func _offered(frame, index):
	frame.index = int(index)
	frame.capture_client_s = _hand.now_s()
	_stream.offer(frame)
	return []


func _do_device(latency_ms):
	_stream.report_device(exact(latency_ms))
	return []


func _do_receive(argument):
	var words = argument.split(" ")
	_hand.arrive(words[0], Files.unpack(Files.bytes_of_hex(words[1], _platform), _platform.empty_bytes()))
	return []


func _do_lost(_argument):
	_hand.break_connection()
	return []


func _do_block(argument):
	var words = argument.split(" ")
	_hand.block(words[0], words[1] == "1")
	return []


func _do_poll(_argument):
	var lines = []
	for event in _stream.poll():
		lines.append("event " + _described(event))
	return lines


func _do_read(count):
	_stream.ring.read(int(count))
	return [_ring_line()]


func _do_listen(count):
	var words = ["sound"]
	for sample in _stream.ring.read(int(count)):
		words.append("%.9f %.9f" % [sample.x, sample.y])
	return [_joined(words), _ring_line()]


func _do_pause(_argument):
	_stream.pause()
	return []


func _do_resume(_argument):
	_stream.resume()
	return []


func _do_reset(reason):
	_client.reset(reason)
	return []


func _do_bye(reason):
	_client.bye(reason)
	return []


func _ring_line():
	var ring = _stream.ring
	var told = ring.playback()
	var reported = [told["played_samples"], told["buffered_ms"], told["underruns"], told["epoch"]]
	var totals = [1 if ring.priming else 0, ring.late_samples, ring.gap_samples, ring.skipped_samples]
	return "ring %d %.12f %d %d %d %d %d %d" % (reported + totals)


static func _joined(words):
	var text = ""
	for word in words:
		text += word + " "
	return text.strip_edges()


static func _described(event):
	var kind = event["kind"]
	if kind == "welcomed":
		return "welcomed " + event["welcome"]["session"]
	if kind == "audio":
		var chunk = event["chunk"]
		var capture = "nil" if event["capture_client_s"] == null else "%.12f" % event["capture_client_s"]
		return "audio %d %d %d %s" % [chunk["epoch"], chunk["start_sample"], chunk["samples"].size(), capture]
	if kind == "stats":
		return "stats %d" % event["values"].size()
	if kind == "error":
		var field = "-" if event["field"] == "" else event["field"]
		return "error %s %s %d" % [event["code"], field, 1 if event["fatal"] else 0]
	return kind
