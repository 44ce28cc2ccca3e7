## Says where the camera is: a place that can be heard, and its room. Below an Area3D it holds while the camera is inside,
## anywhere else for the whole scene. An Area3D with metadata of these names (as levels made elsewhere have) does the same.
extends Node

const Told := preload("core/told.gd")
const GROUP := "stereosync_places"
const AS_SEEN := "as seen"
const QUIET := "quiet"
const NOT_TOLD := -1.0
const METADATA: Array[StringName] = [&"place", &"amount", &"room_size_m", &"room_hardness", &"ambience"]
const MOST_AREAS := 16

## What is heard around; "as seen" leaves it to the picture.
@export_enum(
	"as seen", "quiet", "wind", "forest", "rain", "village", "river", "city", "thunder", "sea", "harbour", "night",
	"waterfall", "machinery", "desert", "snowstorm", "fire", "cave", "jungle", "fountain"
)
var place := AS_SEEN
## How much of it, 0 to 1; below 0 it is left to the picture.
@export_range(-1, 1, 0.01) var amount := NOT_TOLD
## Typical width of the room in metres, 0 outdoors; below 0 it is left to the picture.
@export_range(-1, 10000, 0.1) var room_size_m := NOT_TOLD
## The share of the energy that the walls give back: curtains 0.3, wood 0.7, stone 0.9.
@export_range(0, 1, 0.01) var room_hardness := 0.5
## Off: steps alone, for games that have an ambience of their own.
@export var ambience := true


func _enter_tree() -> void:
	add_to_group(GROUP)


## What this place tells, as FRAME's map `scene`.
func told() -> Dictionary:
	var word = null if place == AS_SEEN else ("" if place == QUIET else place)
	var room = null if room_size_m < 0 else Told.room(room_size_m, room_hardness)
	return Told.scene(word, null if amount < 0 else amount, room, ambience)


## What is told where the camera is: by the area of the highest priority around it, else for the whole scene; null if
## nothing is. `space` is the world's, or null when it may not be asked.
static func around(camera: Camera3D, space: PhysicsDirectSpaceState3D) -> Variant:
	var told: Variant = _of_scene(camera.get_tree())
	if space == null:
		return told
	var query := PhysicsPointQueryParameters3D.new()
	query.position = camera.global_position
	query.collide_with_areas = true
	query.collide_with_bodies = false
	var priority := -INF
	for hit in space.intersect_point(query, MOST_AREAS):
		var area: Area3D = hit["collider"]
		var inside: Variant = _of_area(area)
		if inside != null and area.priority > priority:
			priority = area.priority
			told = inside
	return told


static func _of_scene(tree: SceneTree) -> Variant:
	for node in tree.get_nodes_in_group(GROUP):
		if not node.get_parent() is Area3D:
			return node.told()
	return null


static func _of_area(area: Area3D) -> Variant:
	for child in area.get_children():
		if child.is_in_group(GROUP):
			return child.told()
	if not METADATA.any(area.has_meta):
		return null
	var room = null
	if area.has_meta("room_size_m"):
		room = Told.room(area.get_meta("room_size_m"), area.get_meta("room_hardness", 0.5))
	return Told.scene(_meta(area, "place"), _meta(area, "amount"), room, area.get_meta("ambience", true))


static func _meta(area: Area3D, key: String) -> Variant:
	return area.get_meta(key) if area.has_meta(key) else null
