# What an engine tells of a character and of the place beside the picture, as the maps of FRAME. A field that is not told
# is left out. Stateless, any thread.

const MOST_FEET = 4
const MOST_CONTACTS = 8
const MOST_LETTERS = 64
const FARTHEST_M = 1e9
const LONGEST_S = 1e12
const LARGEST_ROOM_M = 10000.0
const SIDES = ["left", "right"]


# A foot, `side` "left" or "right", at `world_m` [x, y up, z] of a fixed frame in metres. `grounded` true, false or null;
# `surface` a text or null.
static func foot(side, world_m, grounded = null, surface = null):
	var map = {"side": side, "world_m": [float(world_m[0]), float(world_m[1]), float(world_m[2])]}
	_put(map, "grounded", grounded)
	_put(map, "surface", cut(surface))
	return map


# A foot that comes down at `time_client_s` on the clock of Platform.now_s; `strength` 0 to 1, 0.5 an ordinary step, or null.
static func contact(side, time_client_s, strength = null, surface = null):
	var map = {"side": side, "time_client_s": float(time_client_s)}
	_put(map, "strength", null if strength == null else float(strength))
	_put(map, "surface", cut(surface))
	return map


# What is told of one character: feet and contacts as the functions above make them, and the ground it walks on.
static func character(feet, contacts = [], surface = null):
	var map = {}
	_put(map, "feet", feet if feet.size() > 0 else null)
	_put(map, "contacts", contacts if contacts.size() > 0 else null)
	_put(map, "surface", cut(surface))
	return map


# The place around: a word, "" for a quiet place, or null for none; `amount` 0 to 1 or null; `room` of what `room` makes,
# or null. Without `ambience` steps alone are to be heard.
static func scene(place = null, amount = null, room = null, ambience = true):
	var map = {}
	_put(map, "place", null if place == null else str(place).substr(0, MOST_LETTERS))
	_put(map, "amount", null if amount == null else float(amount))
	_put(map, "room", room)
	_put(map, "ambience", null if ambience else false)
	return map


# `size_m` 0 is outdoors; `hardness` is the share of the energy that walls give back, 0 to 1.
static func room(size_m, hardness):
	return {"size_m": float(size_m), "hardness": float(hardness)}


# A word of the engine's as the wire takes it; null for none.
static func cut(text):
	return null if text == null or str(text) == "" else str(text).substr(0, MOST_LETTERS)


# Why the server would refuse what is told of a box; empty when it would not.
static func problem(box):
	var feet = box.get("feet", [])
	var contacts = box.get("contacts", [])
	if feet.size() > MOST_FEET or contacts.size() > MOST_CONTACTS:
		return "a character may tell of at most %d feet and %d contacts" % [MOST_FEET, MOST_CONTACTS]
	for told in feet + contacts:
		if not told["side"] in SIDES:
			return "a foot's side must be left or right, not %s" % told["side"]
	for told in feet:
		for metres in told["world_m"]:
			if not _within(metres, -FARTHEST_M, FARTHEST_M):
				return "a character's foot is nowhere: its position must be finite"
	for told in contacts:
		if not _within(told["time_client_s"], -LONGEST_S, LONGEST_S):
			return "a contact's time must be finite"
		if not _within(told.get("strength", 0.0), 0.0, 1.0):
			return "a contact's strength must be 0 to 1"
	return ""


# The same of what is told of the place.
static func problem_of_scene(map):
	if not _within(map.get("amount", 0.0), 0.0, 1.0):
		return "the amount of a place must be 0 to 1"
	var walls = map.get("room", {"size_m": 0.0, "hardness": 0.0})
	if not _within(walls["size_m"], 0.0, LARGEST_ROOM_M) or not _within(walls["hardness"], 0.0, 1.0):
		return "a room's size must be 0 to %d m, and its hardness 0 to 1" % LARGEST_ROOM_M
	return ""


static func _put(map, key, value):
	if value != null:
		map[key] = value


static func _within(value, low, high):
	return value >= low and value <= high  # false for what is not a number
