# Where the parts of a walking body are at a time. A foot that stands does not move and its sole is at height 0; the other
# swings over it. The body walks on a circle. Positions in metres, y up. Runs on Godot 3 and 4, any thread.

const SPEED_M_S = 1.2
const STRIDE_M = 1.2  # two steps
const STANCE = 0.6  # share of a stride in which a foot stands
const RADIUS_M = 2.0
const HIP_M = 0.9
const ANKLE_M = 0.08
const LIMB_M = 0.46  # thigh, and shin
const SIDE_M = 0.1  # from the middle to a foot
const LIFT_M = 0.12
const FOOT_M = 0.26

var centre = Vector3.ZERO


# The parts' names, the same for every pose.
static func part_names():
	return [
		"torso", "head", "left thigh", "left shin", "left foot", "right thigh", "right shin", "right foot", "left arm",
		"right arm",
	]


# [from, to, thickness] of each part, in the order of part_names.
func pose(time_s):
	var way_m = SPEED_M_S * time_s
	var middle = place(way_m)
	var hip = middle[0] + Vector3(0, HIP_M, 0)
	var parts = [
		[hip, hip + Vector3(0, 0.55, 0), 0.24],
		[hip + Vector3(0, 0.6, 0), hip + Vector3(0, 0.84, 0), 0.18],
	]
	parts += _leg(way_m, -1)
	parts += _leg(way_m, 1)
	for side in [-1, 1]:
		var swing = sin(TAU * way_m / STRIDE_M) * 0.3 * side
		var shoulder = hip + _beside(middle[1], side * 0.19) + Vector3(0, 0.52, 0)
		parts.append([shoulder, shoulder + middle[1] * swing + Vector3(0, -0.55, 0), 0.08])
	return parts


# [position on the ground, direction] after so many metres of the way.
func place(way_m):
	var angle = way_m / RADIUS_M
	var outward = Vector3(sin(angle), 0, cos(angle))
	return [centre + outward * RADIUS_M, Vector3(cos(angle), 0, -sin(angle))]


# [way of the foot in metres, height of its sole]; `side` is -1 for the left foot, 1 for the right one.
static func foot(way_m, side):
	var strides = way_m / STRIDE_M + (0.5 if side > 0 else 0.0)
	var number = floor(strides)
	var phase = strides - number
	var first_m = (number + STANCE / 2 - (0.5 if side > 0 else 0.0)) * STRIDE_M
	if phase < STANCE:
		return [first_m, 0.0]
	var swing = (phase - STANCE) / (1 - STANCE)
	return [first_m + STRIDE_M * (3 - 2 * swing) * swing * swing, LIFT_M * sin(PI * swing)]


# Seconds until the foot of this side comes down next.
static func comes_down_in_s(time_s, side):
	var strides = SPEED_M_S * time_s / STRIDE_M + (0.5 if side > 0 else 0.0)
	return (floor(strides) + 1 - strides) * STRIDE_M / SPEED_M_S


func _leg(way_m, side):
	var middle = place(way_m)
	var stand = foot(way_m, side)
	var under = place(stand[0])
	var sole = under[0] + _beside(under[1], side * SIDE_M) + Vector3(0, stand[1] + ANKLE_M / 2, 0)
	var ankle = sole + Vector3(0, ANKLE_M / 2, 0)
	var hip = middle[0] + _beside(middle[1], side * SIDE_M) + Vector3(0, HIP_M, 0)
	var knee = _knee(hip, ankle, middle[1])
	var heel = sole - under[1] * FOOT_M * 0.3
	return [[hip, knee, 0.14], [knee, ankle, 0.1], [heel, heel + under[1] * FOOT_M, ANKLE_M]]


# The knee bends forward as far as thigh and shin are longer than the way from hip to ankle.
static func _knee(hip, ankle, forward):
	var half = (ankle - hip) / 2
	var bend_m = sqrt(max(0.0, LIMB_M * LIMB_M - half.length_squared()))
	var out = forward - half * (forward.dot(half) / half.length_squared())
	return hip + half + out.normalized() * bend_m


static func _beside(forward, offset_m):
	return Vector3(-forward.z, 0, forward.x) * offset_m


# Axes of a unit box that is to lie from one point to the other: [x, y, z, origin].
static func box_between(from, to, thickness_m):
	var along = to - from
	var direction = along.normalized()
	var side = direction.cross(Vector3.UP if abs(direction.y) < 0.9 else Vector3(0, 0, 1)).normalized()
	return [side * thickness_m, along, side.cross(direction) * thickness_m, (from + to) / 2]
