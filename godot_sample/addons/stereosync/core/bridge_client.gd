# The client: says HELLO, sends frames against credit, hands out what the server says, connects again by itself.
#
# Threads: one thread makes every call. A game calls `offer_frame` at most once per rendered frame and `poll` at least as
# often; neither blocks. Events are dictionaries with `kind` and:
#   welcomed: welcome    audio: chunk, capture_client_s (or null), arrival_s    stats: values
#   error: code, field, rule, fatal    unanswered: reason    disconnected: reason
# A chunk is a dictionary of epoch, start_sample, samples (pairs of -1 to 1), age_s, steps, compute_ms.

const ClientSession = preload("client_session.gd")
const Mailbox = preload("mailbox.gd")
const Messages = preload("messages.gd")
const Options = preload("client_options.gd")
const WireError = preload("wire_error.gd")

const RETRY_S = 2.0
const NEVER = -1.0
const SESSION_LOST_CODES = ["hello_first", "unknown_session"]
const WHY_SILENT = (
	"the server is not running, the address is another, a firewall is in the way, or the server demands CURVE keys"
)
const NO_FRAME_USED = (
	"%d frames were sent to %s and none was used: its port is not reachable though the other is (stereosync-serve --frames-bind, "
	+ "a firewall, a port that is not published), or the frames are above 16 MiB"
)

var frames_offered = 0
var frames_sent = 0
var frames_replaced = 0
var invalid_messages = 0

var _options
var _platform
var _clock
var _ids
var _link
var _messages
var _mailbox = Mailbox.new()
var _playback = null
var _session = null
var _frames_address = ""
var _retry_at_s = null  # when HELLO is said next, while there is no session


# `clock` has now_s(), `ids` new_id(); the platform has both. `link` is a Link or takes its place in a test.
func _init(options, platform, link, clock, ids):
	_options = options
	_platform = platform
	_link = link
	_clock = clock
	_ids = ids
	_messages = Messages.new(platform)


func is_connected_to_server():
	return welcome() != null


# The server's WELCOME as a dictionary; null without a session.
func welcome():
	return null if _session == null else _session.welcome


# Server clock minus client clock; 0 before WELCOME.
func clock_offset_s():
	return 0.0 if _session == null else _session.clock.offset_s


func round_trip_s():
	return 0.0 if _session == null else _session.clock.round_trip_s


# Whether a frame that is offered now would leave at once: the moment to render one.
func wants_frame():
	return _session != null and _session.may_send() and not _mailbox.is_full()


# Starts connecting; `poll` then gives `welcomed`.
func begin():
	_retry_at_s = null
	_link.open_control(_options.control_address)
	var now_s = _clock.now_s()
	_session = ClientSession.new(_ids.new_id(), now_s)
	_link.send_control(_messages.hello(_session.id, _options, now_s))


# Puts a Frame into the slot, in place of one that has not been sent yet; sends it if there is a credit.
func offer_frame(frame):
	frames_offered += 1
	_mailbox.put(frame)
	_flush()


# What the ring says; goes out with the next frame and the next ping. A client that never says so is believed to play what
# it gets from the first chunk on.
func report_playback(playback):
	_playback = playback


# Handles all that came; also pings and connects again. Returns the events.
func poll():
	_link.poll()
	var session = _session
	var broken = _link.take_lost()  # asked first, so that a last word is read before
	var events = []
	var parts = _link.receive()
	while parts != null:
		events += _on_parts(parts)
		parts = _link.receive()
	if broken and is_connected_to_server() and _session == session:
		events += _lose("the connection to the server broke", 0)
	events += _keep_alive()
	_flush()
	return events


# Tells the server, if there is a session, that the scene was cut.
func reset(reason = ""):
	if is_connected_to_server():
		_link.send_control(_messages.reset(reason))


# Ends the session; nothing is sent or received afterwards until `begin`.
func bye(reason = ""):
	if is_connected_to_server():
		_link.send_control(_messages.bye(reason))
	_end()


func _flush():
	if _session == null or not _session.may_send() or not _mailbox.is_full():
		return
	var frame = _mailbox.take()
	var stamp = {
		"session": _session.id,
		"sent": _session.frames_sent + 1,
		"clock_offset_s": _session.clock.offset_s,
		"playback": _playback,
	}
	if _link.send_frame(_messages.frame(frame, stamp)):
		_session.count_sent(_clock.now_s())
		frames_sent += 1
	else:
		_mailbox.put(frame)
	frames_replaced = _mailbox.replaced


# Messages


func _on_parts(parts):
	if _session == null:
		return []
	var message = _messages.read(parts)
	if message is WireError:
		return _on_broken_rule(message)
	if _session.welcome == null and not message["type"] in ["WELCOME", "ERROR", "BYE"]:
		return []
	_session.last_heard_s = _clock.now_s()
	return _on_message(message)


func _on_message(message):
	var type = message["type"]
	if type == "WELCOME":
		return _on_welcome(message)
	if type == "AUDIO":
		return _on_audio(message)
	if type == "CREDIT":
		_session.take_credit(message["credit"])
	elif type == "PONG":
		_session.take_echo(message, _session.last_heard_s)
	elif type == "STATS":
		return [{"kind": "stats", "values": message["values"]}]
	elif type == "ERROR":
		return _on_error(message)
	elif type == "BYE":
		var reason = "no reason given" if message["reason"] == "" else message["reason"]
		return _lose("the server ended the session: " + reason, 0)
	return []


func _on_welcome(message):
	if message["session"] != _session.id:
		return []
	_session.welcome = message
	_session.take_echo(message, _session.last_heard_s)
	_session.next_ping_s = _session.last_heard_s
	_forget_playback(message["epoch"])
	var address = _options.frames_address
	if address == "":
		var control = _options.control_address
		address = control.substr(0, control.rfind(":") + 1) + str(message["frames_port"])
	_frames_address = address
	_link.open_frames(address)
	return [{"kind": "welcomed", "welcome": message}]


# What was reported last is of another session, but of the same device.
func _forget_playback(epoch):
	if _playback == null:
		return
	var fresh = {"played_samples": 0, "buffered_ms": 0.0, "underruns": 0, "epoch": epoch}
	if _playback.has("device_ms"):
		fresh["device_ms"] = _playback["device_ms"]
	_playback = fresh


func _on_audio(message):
	_session.take_credit(message["credit"])
	_session.answered = _session.answered or message["capture_client_s"] != null
	var samples = _platform.samples_of_bytes(message["pcm"])
	if samples == null:
		return _on_broken_rule(WireError.new("bad_value", "pcm", "samples must be finite"))
	if message["n_samples"] == 0:
		return []
	var chunk = {
		"epoch": message["epoch"],
		"start_sample": message["start_sample"],
		"samples": samples,
		"age_s": message["age_s"],
		"steps": message["steps"],
		"compute_ms": message["compute_ms"],
	}
	var capture_client_s = message["capture_client_s"]
	var arrival_s = _session.last_heard_s
	return [{"kind": "audio", "chunk": chunk, "capture_client_s": capture_client_s, "arrival_s": arrival_s}]


func _on_error(message):
	_session.answered = _session.answered or not message["fatal"]
	var told = _told(message["code"], message["field"], message["rule"], message["fatal"])
	if not message["fatal"]:
		return told
	if message["code"] in SESSION_LOST_CODES:
		return told + _lose(message["rule"], 0)
	return told + _lose(message["rule"], RETRY_S if message["code"] == "server_full" else NEVER)


# A message that cannot be read. A server of another version will not become readable: no other HELLO.
func _on_broken_rule(error):
	invalid_messages += 1
	var fatal = error.code == "wrong_version"
	var told = _told(error.code, error.field.substr(0, 128), error.rule.substr(0, 512), fatal)
	return told + _lose(error.rule, NEVER) if fatal else told


func _told(code, field, rule, fatal):
	return [{"kind": "error", "code": code, "field": field, "rule": rule, "fatal": fatal}]


# Life


func _keep_alive():
	var events = []
	var now_s = _clock.now_s()
	if _session != null and _session.is_lost(now_s):
		events += _lose("nothing heard from the server for three heartbeats", 0)
	elif _session != null and _session.welcome == null and now_s >= _session.said_hello_s + RETRY_S:
		var reason = "no answer from %s in %d s: %s" % [_options.control_address, RETRY_S, WHY_SILENT]
		events.append({"kind": "unanswered", "reason": reason})
		begin()
	elif _session != null and _session.ping_due(now_s):
		_link.send_control(_messages.ping(now_s, _session.frames_sent, _playback))
	if _session != null and _session.frames_are_lost(now_s):
		events += _told("frames_lost", "frames", NO_FRAME_USED % [_session.frames_sent, _frames_address], false)
	if _retry_at_s != null and now_s >= _retry_at_s:
		begin()
	return events


# Drops the session; tries for another after `retry_in_s`, or not at all if NEVER.
func _lose(reason, retry_in_s):
	var was_connected = is_connected_to_server()
	_end()
	if retry_in_s != NEVER and _options.reconnect:
		_retry_at_s = _clock.now_s() + retry_in_s
	return [{"kind": "disconnected", "reason": reason}] if was_connected else []


func _end():
	_session = null
	_retry_at_s = null
	_link.close_sockets()
