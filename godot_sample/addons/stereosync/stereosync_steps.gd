## Steps that an animation will make: keys of its method tracks, ahead of where it plays. Main thread.
@tool
extends RefCounted

const ContactBook := preload("core/contact_book.gd")
const Told := preload("core/told.gd")


## The contacts of the next half second. A track counts when it calls one of `methods` of `root` or of a node below it.
## Animations that turn round at their ends are left out: where they are going cannot be asked.
static func ahead(player: AnimationPlayer, root: Node, methods: PackedStringArray, now_s: float) -> Array:
	var contacts := []
	if player == null or not player.is_playing():
		return contacts
	var animation := player.get_animation(player.current_animation)
	var speed := player.get_playing_speed() * Engine.time_scale
	if is_zero_approx(speed) or animation.loop_mode == Animation.LOOP_PINGPONG:
		return contacts
	for moment in moments(player, root, animation, methods):
		var wait_s := _wait_s(animation, moment[1] - player.current_animation_position, speed)
		if wait_s <= ContactBook.AHEAD_S:
			contacts.append(Told.contact(moment[0], now_s + wait_s))
	return contacts


## [[side, seconds from the animation's beginning], ...]: the steps of a whole animation.
static func moments(player: AnimationPlayer, root: Node, animation: Animation, methods: PackedStringArray) -> Array:
	var found := []
	for track in animation.get_track_count():
		if _is_of(player, root, animation, track):
			for key in animation.track_get_key_count(track):
				var side := _side_of_key(animation, track, key, methods)
				if side != "":
					found.append([side, animation.track_get_key_time(track, key)])
	return found


## "left", "right", or "" for a word that is neither; the first letter counts.
static func side_of(word: String) -> String:
	var letter := word.to_lower().left(1)
	return {"l": "left", "r": "right"}.get(letter, "")


static func _is_of(player: AnimationPlayer, root: Node, animation: Animation, track: int) -> bool:
	if animation.track_get_type(track) != Animation.TYPE_METHOD or not animation.track_is_enabled(track):
		return false
	var base := player.get_node_or_null(player.root_node)
	var target := base.get_node_or_null(animation.track_get_path(track)) if base != null else null
	return target != null and (target == root or root.is_ancestor_of(target))


static func _side_of_key(animation: Animation, track: int, key: int, methods: PackedStringArray) -> String:
	var arguments := animation.method_track_get_params(track, key)
	if not str(animation.method_track_get_name(track, key)) in methods or arguments.is_empty():
		return ""
	return side_of(str(arguments[0]))


## Seconds until the animation is `way_s` further, at `speed`; endless if it does not come there again.
static func _wait_s(animation: Animation, way_s: float, speed: float) -> float:
	var left_s := way_s * signf(speed)
	if left_s < 0:
		if animation.loop_mode == Animation.LOOP_NONE:
			return INF
		left_s += animation.length
	return left_s / absf(speed)
