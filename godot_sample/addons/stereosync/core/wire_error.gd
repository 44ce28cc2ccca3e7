# A message breaks a rule: `code` for programs, `field` and `rule` for people. Plain data, any thread.

var code
var field
var rule


func _init(error_code, error_field, error_rule):
	code = error_code
	field = error_field
	rule = error_rule
