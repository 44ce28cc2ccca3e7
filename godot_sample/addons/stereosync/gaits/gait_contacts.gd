## When the feet of one turn come down: as the animation's method tracks say, or else as the feet move. Pure.
@tool
extends RefCounted

const DOWN_SHARE := 0.05  # of the lift
const UP_SHARE := 0.3
const LEAST_LIFT_M := 0.02  # less is a foot that stands


## {"left": phase, "right": phase}, 0 to 1, of `moments` [[side, phase], ...]; empty where they name a side not just once.
static func told(moments: Array) -> Dictionary:
	var phases := {}
	for moment in moments:
		phases[moment[0]] = fposmod(moment[1], 1.0)
	return phases if moments.size() == 2 and phases.size() == 2 else {}


## The phases at which a foot comes down. `heights_m` are spread evenly over the turn; the first follows the last.
static func found(heights_m: PackedFloat32Array) -> PackedFloat32Array:
	var phases := PackedFloat32Array()
	var sorted := heights_m.duplicate()
	sorted.sort()
	var floor_m := sorted[0]
	var lift_m := sorted[-1] - floor_m
	if lift_m < LEAST_LIFT_M:
		return phases
	var down_m := floor_m + DOWN_SHARE * lift_m
	var highest := heights_m.find(sorted[-1])
	var up := true
	for index in range(highest + 1, highest + heights_m.size() + 1):
		var before := heights_m[(index - 1) % heights_m.size()]
		var now := heights_m[index % heights_m.size()]
		if up and now <= down_m:
			var since := (before - down_m) / (before - now)
			phases.append(fposmod((index - 1 + since) / heights_m.size(), 1.0))
			up = false
		up = up or now >= floor_m + UP_SHARE * lift_m
	return phases
