# Depth as colours that survive every renderer: the shaders write the logarithm of the distance in 3 times 5 bits, red the
# highest, and this turns it into what the wire wants, float16. A step is 0.034 %; NEAREST and FURTHEST are in engine units.
# Five bits per channel, because some renderers keep ten bits of linear light, others half floats, others eight bits.
# Used by one thread.

const NEAREST = 0.05
const FURTHEST = 4000.0
const SKY = 32767  # the code of "nothing was hit"

var _halves  # two bytes for each code


func _init(platform):
	_halves = platform.empty_bytes()
	_halves.resize(2 * (SKY + 1))
	var step = pow(FURTHEST / NEAREST, 1.0 / (SKY - 1))
	for code in range(SKY):
		_put(code, _half_of(NEAREST * pow(step, code)))
	_put(SKY, 0x7c00)


func _put(code, half):
	_halves[2 * code] = half & 255
	_halves[2 * code + 1] = half >> 8


# The bits of the float16 nearest to a positive number within its normal range.
static func _half_of(value):
	var exponent = int(floor(log(value) / log(2.0)))
	var mantissa = int(round(value / pow(2.0, exponent) * 1024.0))
	return ((exponent + 15) << 10) + mantissa - 1024


# Linear float16 depth from rows of RGB bytes.
func halves_of(rgb, empty):
	var halves = empty
	halves.resize(rgb.size() / 3 * 2)
	var at = 0
	for i in range(0, rgb.size(), 3):
		var code = (rgb[i] >> 3) << 10 | (rgb[i + 1] >> 3) << 5 | rgb[i + 2] >> 3
		halves[at] = _halves[2 * code]
		halves[at + 1] = _halves[2 * code + 1]
		at += 2
	return halves
