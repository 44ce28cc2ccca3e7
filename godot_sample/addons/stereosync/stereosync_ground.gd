## The word for the ground under a foot: metadata `surface`, or a group `surface_...`, of what a ray hits. Main thread.
extends RefCounted

const ABOVE_M := 0.4  # the ray begins above the foot, which may stand a little inside the ground,
const BELOW_M := 0.8  # and ends below one that is lifted
const GROUP_PREFIX := "surface_"


## "" when there is no ground, or when it has no word.
static func under(
	space: PhysicsDirectSpaceState3D, point: Vector3, but: Array[RID], layers: int, metres_per_unit: float
) -> String:
	var from := point + Vector3.UP * ABOVE_M / metres_per_unit
	var to := point + Vector3.DOWN * BELOW_M / metres_per_unit
	var hit := space.intersect_ray(PhysicsRayQueryParameters3D.create(from, to, layers, but))
	return "" if hit.is_empty() else word_of(hit["collider"], hit["shape"])


## The word of a collider's shape, of the collider, or of what it hangs below: the nearest counts.
static func word_of(collider: Object, shape: int) -> String:
	var node := collider as Node
	if collider is CollisionObject3D:
		var owner: Object = collider.shape_owner_get_owner(collider.shape_find_owner(shape))
		node = owner if owner is Node else node
	while node != null:
		if node.has_meta("surface"):
			return str(node.get_meta("surface"))
		for group in node.get_groups():
			if str(group).begins_with(GROUP_PREFIX):
				return str(group).trim_prefix(GROUP_PREFIX)
		node = node.get_parent()
	return ""
