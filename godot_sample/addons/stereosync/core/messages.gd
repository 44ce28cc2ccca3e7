# Messages to multipart bytes and back: `[msgpack header, payload, ...]`. A message that was read is a dictionary of its
# header's fields, `type` and payloads included. Used by one thread.

const HeaderReader = preload("header_reader.gd")
const Reader = preload("msgpack_reader.gd")
const Version = preload("version.gd")
const WireError = preload("wire_error.gd")
const Writer = preload("msgpack_writer.gd")

const MOST_HEADER_BYTES = 131072
const MOST_CHUNK_SAMPLES = 48000
const SAMPLE_BYTES = 8  # two float32
const PARTS = {
	"HELLO": 1, "WELCOME": 1, "ERROR": 1, "FRAME": 3, "AUDIO": 2, "CREDIT": 1, "PING": 1, "PONG": 1, "STATS": 1,
	"RESET": 1, "BYE": 1,
}
const DEFAULTS = {
	"HELLO": {"client": "", "engine": "", "capabilities": {}, "sent_client_s": 0.0},
	"ERROR": {"wire": Version.WIRE, "min_wire": Version.MIN_WIRE, "package": Version.PACKAGE},
	"AUDIO": {"capture_client_s": null, "age_s": 0.0, "steps": 0, "compute_ms": 0.0},
	"PING": {"frames_sent": 0},
	"RESET": {"reason": ""},
	"BYE": {"reason": ""},
}

var _platform
var _reader
var _writer


func _init(platform):
	_platform = platform
	_reader = Reader.new(platform)
	_writer = Writer.new(platform)


# Writing: each returns the message's parts.


func hello(session, options, sent_client_s):
	return _parts({
		"type": "HELLO",
		"session": session,
		"wire": Version.WIRE,
		"min_wire": Version.MIN_WIRE,
		"package": options.package,
		"client": options.name,
		"engine": options.engine,
		"capabilities": options.capabilities,
		"sent_client_s": float(sent_client_s),
	})


# `playback` is the map of what the ring says, or null.
func ping(sent_client_s, frames_sent, playback):
	var header = {"type": "PING", "sent_client_s": float(sent_client_s), "frames_sent": frames_sent}
	if playback != null:
		header["playback"] = playback
	return _parts(header)


func reset(reason):
	return _parts({"type": "RESET", "reason": reason})


func bye(reason):
	return _parts({"type": "BYE", "reason": reason})


# `stamp` is what a FRAME carries beside the scene: session, sent, clock_offset_s, playback.
func frame(scene, stamp):
	return [_writer.pack(scene.header(stamp)), scene.picture_bytes, scene.depth_bytes]


func _parts(header):
	return [_writer.pack(header)]


# Reading


# The message as a dictionary, or a WireError that says what is wrong with the parts.
func read(parts):
	var header = _header(parts)
	if header is WireError:
		return header
	var type = header.get("type")
	if typeof(type) != TYPE_STRING or not PARTS.has(type):
		return WireError.new("unknown_type", "type", "must be one of " + str(PARTS.keys()))
	if parts.size() != PARTS[type]:
		var rule = "%s takes %d parts, got %d" % [type, PARTS[type], parts.size()]
		return WireError.new("bad_header", "parts", rule)
	if type == "HELLO" or type == "WELCOME":
		var differs = Version.check(header)
		if differs != null:
			return differs
	return _message(type, header, parts)


func _header(parts):
	if parts.size() == 0 or parts[0].size() > MOST_HEADER_BYTES:
		return WireError.new("bad_header", "header", "must be there and at most %d bytes long" % MOST_HEADER_BYTES)
	var header = _reader.unpack(parts[0])
	if _reader.error != "":
		return WireError.new("bad_header", "header", "is not msgpack: " + _reader.error)
	if typeof(header) != TYPE_DICTIONARY:
		return WireError.new("bad_header", "header", "must be a msgpack map")
	return header


func _message(type, header, parts):
	var method = "_read_" + type.to_lower()
	var defaults = DEFAULTS.get(type, {})
	var fields = HeaderReader.new(header, defaults, _platform)
	var message = call(method, fields, parts)
	if fields.error != null:
		return fields.error
	message["type"] = type
	return message


func _read_welcome(fields, _payloads):
	return {
		"session": fields.session(),
		"wire": fields.version("wire"),
		"min_wire": fields.version("min_wire"),
		"package": fields.text("package", 64),
		"capabilities": fields.flags("capabilities", 64),
		"sample_rate_hz": fields.integer("sample_rate_hz", 8000, 192000),
		"chunk_samples": fields.integer("chunk_samples", 1, MOST_CHUNK_SAMPLES),
		"target_buffer_ms": fields.number("target_buffer_ms", 0, 10000),
		"epoch": fields.count("epoch"),
		"heartbeat_s": fields.number("heartbeat_s", 0.05, 60),
		"frames_port": fields.integer("frames_port", 1, 65535),
		"credit": fields.count("credit"),
		"bundle": fields.text("bundle", 128),
		"picture_width_px": fields.integer("picture_width_px", 0, 4096),
		"picture_height_px": fields.integer("picture_height_px", 0, 4096),
		"sent_client_s": fields.time_s("sent_client_s"),
		"received_server_s": fields.time_s("received_server_s"),
		"sent_server_s": fields.time_s("sent_server_s"),
	}


func _read_error(fields, _payloads):
	return {
		"code": fields.text("code", 32),
		"field": fields.text("field", 128),
		"rule": fields.text("rule", 512),
		"fatal": fields.flag("fatal"),
		"wire": fields.version("wire"),
		"min_wire": fields.version("min_wire"),
		"package": fields.text("package", 64),
	}


func _read_audio(fields, parts):
	var message = {
		"epoch": fields.count("epoch"),
		"start_sample": fields.count("start_sample"),
		"n_samples": fields.integer("n_samples", 0, MOST_CHUNK_SAMPLES),
		"credit": fields.count("credit"),
		"capture_client_s": fields.time_s_or_nil("capture_client_s"),
		"age_s": fields.time_s("age_s"),
		"steps": fields.integer("steps", 0, 1000),
		"compute_ms": fields.number("compute_ms", 0, INF),
		"pcm": parts[1],
	}
	if fields.error == null and parts[1].size() != message["n_samples"] * SAMPLE_BYTES:
		var declared = "must hold %d samples of %d bytes, got %d bytes"
		fields.fail("bad_length", "pcm", declared % [message["n_samples"], SAMPLE_BYTES, parts[1].size()])
	return message


func _read_credit(fields, _payloads):
	return {"credit": fields.count("credit")}


func _read_pong(fields, _payloads):
	return {
		"sent_client_s": fields.time_s("sent_client_s"),
		"received_server_s": fields.time_s("received_server_s"),
		"sent_server_s": fields.time_s("sent_server_s"),
		"credit": fields.count("credit"),
	}


func _read_stats(fields, _payloads):
	return {"values": fields.numbers("values", 256)}


func _read_bye(fields, _payloads):
	return {"reason": fields.text("reason", 256)}


# What only a client sends is read by the same rules, so that a broken one is told; then it is ignored.


func _read_hello(fields, _payloads):
	return {
		"session": fields.session(),
		"wire": fields.version("wire"),
		"min_wire": fields.version("min_wire"),
		"package": fields.text("package", 64),
		"client": fields.text("client", 64),
		"engine": fields.text("engine", 64),
		"capabilities": fields.flags("capabilities", 64),
		"sent_client_s": fields.time_s("sent_client_s"),
	}


func _read_ping(fields, _payloads):
	return {
		"sent_client_s": fields.time_s("sent_client_s"),
		"frames_sent": fields.count("frames_sent"),
		"playback": fields.playback(),
	}


func _read_reset(fields, _payloads):
	return {"reason": fields.text("reason", 256)}


func _read_frame(fields, _payloads):
	return {"session": fields.session()}
