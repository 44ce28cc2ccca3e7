"""The one error of the wire, and the words that other modules raise it with."""

from __future__ import annotations

from stereosync.errors import StereoSyncError

BAD_HEADER = "bad_header"  # not a msgpack map, too long, or the wrong number of parts
UNKNOWN_TYPE = "unknown_type"
MISSING_FIELD = "missing_field"
BAD_TYPE = "bad_type"
BAD_VALUE = "bad_value"
BAD_LENGTH = "bad_length"  # a payload is shorter or longer than its header declares
WRONG_VERSION = "wrong_version"
HELLO_FIRST = "hello_first"
UNKNOWN_SESSION = "unknown_session"
SESSION_IN_USE = "session_in_use"
WRONG_DIRECTION = "wrong_direction"  # a message that only the other side may send, or on the wrong lane
SERVER_FULL = "server_full"
SERVICE_FAILED = "service_failed"  # the service ends the session for a fault of its own
FRAMES_LOST = "frames_lost"
CLOCK_LOOKS_WRONG = "clock_looks_wrong"
FRAMES_COST_TOO_MUCH = "frames_cost_too_much"
DEPTH_LOOKS_REVERSED = "depth_looks_reversed"
FEET_LOOK_LIKE_CENTIMETRES = "feet_look_like_centimetres"
FEET_LOOK_Z_UP = "feet_look_z_up"
CONTACTS_OUT_OF_TIME = "contacts_out_of_time"
DEPTH_OUT_OF_SCALE = "depth_out_of_scale"
ANGLE_LOOKS_LIKE_RADIANS = "angle_looks_like_radians"
BOXES_LOOK_LIKE_SHARES = "boxes_look_like_shares"
DEPTH_LOOKS_EMPTY = "depth_looks_empty"
BOXES_MISS_POSITIONS = "boxes_miss_positions"

WARNING_CODES = (
    CLOCK_LOOKS_WRONG,
    FRAMES_COST_TOO_MUCH,
    DEPTH_LOOKS_REVERSED,
    FEET_LOOK_LIKE_CENTIMETRES,
    FEET_LOOK_Z_UP,
    CONTACTS_OUT_OF_TIME,
    DEPTH_OUT_OF_SCALE,
    ANGLE_LOOKS_LIKE_RADIANS,
    BOXES_LOOK_LIKE_SHARES,
    DEPTH_LOOKS_EMPTY,
    BOXES_MISS_POSITIONS,
    FRAMES_LOST,
)
"""Codes of warnings: the session goes on."""

CODES = (
    BAD_HEADER,
    UNKNOWN_TYPE,
    MISSING_FIELD,
    BAD_TYPE,
    BAD_VALUE,
    BAD_LENGTH,
    WRONG_VERSION,
    HELLO_FIRST,
    UNKNOWN_SESSION,
    SESSION_IN_USE,
    WRONG_DIRECTION,
    SERVER_FULL,
    SERVICE_FAILED,
    *WARNING_CODES,
)

ODD_FRAMES = {
    DEPTH_LOOKS_REVERSED: (
        "depth.encoding",
        "nearly all depth lies at one clip plane: declare the encoding the other way round, "
        "or linear metres if that is what the buffer holds",
    ),
    DEPTH_OUT_OF_SCALE: (
        "depth",
        "by depth and boxes the characters are above 100 m or below 0.1 m tall: depth and position_m are in metres; "
        "of an engine in centimetres send metres_per_unit 0.01, of a buffer in millimetres scale 0.001",
    ),
    ANGLE_LOOKS_LIKE_RADIANS: ("camera.fov_deg", "is below pi and looks like radians: send the full angle in degrees"),
    BOXES_LOOK_LIKE_SHARES: (
        "boxes",
        "all corners lie within -1 to 1 and look like shares of the picture: send pixels, 0 to its width and height",
    ),
    DEPTH_LOOKS_EMPTY: (
        "depth",
        "there are boxes, and no value of the buffer is a distance: read it after the scene is drawn, "
        "before it is cleared",
    ),
    BOXES_MISS_POSITIONS: (
        "boxes",
        "each position_m that is in the picture is far from its box: send corners in pixels of this picture, y down, "
        "and positions in camera space, x right, y up, z forward",
    ),
}
"""The field and the sentence of each warning that `plausibility.odd` finds."""


class WireError(StereoSyncError, ValueError):
    """A message breaks a rule: `code` for programs, `field` and `rule` for people."""

    def __init__(self, code: str, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.code = code
        self.field = field
        self.rule = rule

    def under(self, parent: str) -> WireError:
        """The same error with its field named from one level further up."""
        if not parent:
            return self
        return WireError(self.code, f"{parent}.{self.field}" if self.field else parent, self.rule)
