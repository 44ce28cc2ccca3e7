# A FRAME message's parts as the client's own Frame.

const Frame = preload("res://addons/stereosync/core/frame.gd")
const Reader = preload("res://addons/stereosync/core/msgpack_reader.gd")
const Told = preload("res://addons/stereosync/core/told.gd")


static func from_parts(parts, platform):
	var header = Reader.new(platform).unpack(parts[0])
	var camera = header["camera"]
	var picture = header["picture"]
	var frame = Frame.new()
	frame.index = header["index"]
	frame.capture_client_s = header["capture_client_s"]
	frame.camera_map = Frame.camera(
		camera["fov_deg"], camera["near"], camera["far"], camera["fov_axis"], camera["metres_per_unit"], camera["aspect"]
	)
	frame.picture_map = Frame.picture(
		picture["format"], picture["width_px"], picture["height_px"], picture["n_bytes"], picture["row_origin"]
	)
	frame.depth_map = _depth(header["depth"])
	for box in header["boxes"]:
		frame.boxes.append(_box(box))
	frame.box_origin = header["box_origin"]
	frame.scene_map = _scene(header.get("scene"))
	frame.picture_bytes = parts[1]
	frame.depth_bytes = parts[2]
	return frame


static func _depth(depth):
	return Frame.depth(
		depth["encoding"],
		depth["dtype"],
		depth["width_px"],
		depth["height_px"],
		depth["n_bytes"],
		depth["row_origin"],
		depth["scale"],
		depth["radial"],
		depth["inverse_projection"]
	)


static func _box(box):
	var rect = [box["x0"], box["y0"], box["x1"], box["y1"]]
	return Frame.box(box["id"], box["label"], rect, box["tight"], box["position_m"], _told(box))


static func _told(box):
	var feet = []
	for foot in box.get("feet", []):
		feet.append(Told.foot(foot["side"], foot["world_m"], foot.get("grounded"), foot.get("surface")))
	var contacts = []
	for contact in box.get("contacts", []):
		var time_s = contact["time_client_s"]
		contacts.append(Told.contact(contact["side"], time_s, contact.get("strength"), contact.get("surface")))
	return Told.character(feet, contacts, box.get("surface"))


static func _scene(scene):
	if scene == null:
		return null
	var room = scene.get("room")
	if room != null:
		room = Told.room(room["size_m"], room["hardness"])
	return Told.scene(scene.get("place"), scene.get("amount"), room, scene.get("ambience", true))
