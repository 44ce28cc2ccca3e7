# What the client knows of one session, from HELLO on: credit, clock offset, heartbeats. Plain data, one thread.

const ClockOffset = preload("clock_offset.gd")
const MISSES = 3  # heartbeats without a word after which the server counts as gone
const QUICK_PINGS = 5  # the clock offset is wanted soon after WELCOME
const QUICK_PING_S = 0.1
const PATIENCE_S = 5.0  # from the first frame to the first answer; a busy service takes a second

var id
var said_hello_s
var welcome = null
var credit = 0  # frames that may have been sent so far
var frames_sent = 0
var first_sent_s = null
var answered = false  # a frame was used, or something was said of it
var last_heard_s = 0.0
var next_ping_s = 0.0
var clock = ClockOffset.new()


func _init(session_id, now_s):
	id = session_id
	said_hello_s = now_s


func may_send():
	return welcome != null and frames_sent < credit


func take_credit(newest):
	if newest > credit:
		credit = newest


# Takes WELCOME or PONG, which came at `now_s`.
func take_echo(message, now_s):
	take_credit(message["credit"])
	clock.add(message["sent_client_s"], message["received_server_s"], message["sent_server_s"], now_s)


func count_sent(now_s):
	frames_sent += 1
	if first_sent_s == null:
		first_sent_s = now_s


# Whether it is time to say that no frame was ever answered; true once. Credit is no answer: the server restores that of
# frames which never came.
func frames_are_lost(now_s):
	if answered or first_sent_s == null or now_s - first_sent_s < PATIENCE_S:
		return false
	answered = true
	return true


func is_lost(now_s):
	return welcome != null and now_s - last_heard_s > MISSES * welcome["heartbeat_s"]


# Whether a ping is to be sent now; the next one is then scheduled.
func ping_due(now_s):
	if welcome == null or now_s < next_ping_s:
		return false
	next_ping_s = now_s + (QUICK_PING_S if clock.size() < QUICK_PINGS else welcome["heartbeat_s"])
	return true
