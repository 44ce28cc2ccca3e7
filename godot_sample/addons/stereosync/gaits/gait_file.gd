## Gaits as JSON, in the form that stereosync-fit reads.
@tool
extends RefCounted

const STEP_M := 0.0001


## The whole file.
static func text(body: String, gaits: Array) -> String:
	return JSON.stringify({"format": "stereosync-gaits", "version": 1, "body": body, "gaits": gaits})


## Points as numbers: x to the right, y up, z ahead.
static func numbers(points_m: PackedVector3Array) -> Array:
	var listed := []
	for point in points_m:
		listed.append([snappedf(point.x, STEP_M), snappedf(point.y, STEP_M), snappedf(point.z, STEP_M)])
	return listed


## A path in a folder where no file is yet.
static func free_path(folder: String, body: String) -> String:
	var stem := folder.path_join(body.validate_filename() + "-gaits")
	var path := stem + ".json"
	var number := 2
	while FileAccess.file_exists(path):
		path = "%s-%d.json" % [stem, number]
		number += 1
	return path
