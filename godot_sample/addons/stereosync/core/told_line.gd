# One line for people: what a frame tells beside its picture, and what of it the service has no use for. Stateless.


# `boxes` and `scene` are those of a Frame, `capabilities` those of WELCOME.
static func of_frame(boxes, scene, capabilities):
	var words = []
	var kinds = []
	_add_feet(boxes, words, kinds)
	_add_grounds(boxes, words, kinds)
	_add_contacts(boxes, words, kinds)
	if scene != null and scene.size() > 0:
		_add_scene(scene, words)
		kinds.append("scene")
	if words.size() == 0:
		return "nothing is told, all is seen"
	var unused = []
	for kind in kinds:
		if not capabilities.get(kind, false):
			unused.append(kind)
	var line = "told: " + _joined(words)
	return line if unused.size() == 0 else line + "; not used by this service: " + _joined(unused)


static func _add_feet(boxes, words, kinds):
	var count = 0
	for box in boxes:
		count += box.get("feet", []).size()
	if count > 0:
		words.append("1 foot" if count == 1 else "%d feet" % count)
		kinds.append("feet")


static func _add_grounds(boxes, words, kinds):
	var grounds = []
	for box in boxes:
		for told in box.get("feet", []) + box.get("contacts", []) + [box]:
			if told.has("surface") and not told["surface"] in grounds:
				grounds.append(told["surface"])
	if grounds.size() > 0:
		words.append("ground " + _joined(grounds, " and "))
		kinds.append("surface")


static func _add_contacts(boxes, words, kinds):
	var count = 0
	for box in boxes:
		count += box.get("contacts", []).size()
	if count > 0:
		words.append("1 contact" if count == 1 else "%d contacts" % count)
		kinds.append("contacts")


static func _add_scene(scene, words):
	if scene.has("place"):
		words.append("a quiet place" if scene["place"] == "" else "place " + scene["place"])
	if scene.has("amount"):
		words.append("amount %.2f" % scene["amount"])
	if scene.has("room"):
		var room = scene["room"]
		var walls = "room of %.0f m, hardness %.2f" % [room["size_m"], room["hardness"]]
		words.append("outdoors" if room["size_m"] == 0 else walls)
	if scene.has("ambience"):
		words.append("steps alone")


static func _joined(words, between = ", "):
	var text = ""
	for word in words:
		text += word if text == "" else between + word
	return text
