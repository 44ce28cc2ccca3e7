"""Errors that a user is told: every one of the project has one root, and its message is a sentence with cause and cure.

    StereoSyncError
    +-- BundleError             a bundle that is not there, damaged, or of another make
    +-- RunnerError             a graph that cannot be run as asked: device, package, form
    |   +-- NoEngineError       a TensorRT engine that is not kept, or not to be trusted
    +-- OptionError             a value of an option that is out of its rule
    +-- MissingPackageError     a Python package that an extra installs
    +-- MissingLibraryError     a library of the system
    +-- BridgeConnectError      a service that is not there, or refuses
    +-- WireError               a message that breaks a rule of the wire
    +-- SecurityError           keys that are missing, wrong, or open to others
    +-- AddressError            an address that cannot be served or reached
    +-- TapeError               a tape that is damaged, or no tape
    +-- AuditionError           an audition that cannot begin, or go on
    +-- GraphicsUnavailable     nothing can be drawn here
    +-- LevelsUnavailable       levels or people of games that were not fetched
    +-- ForeignUnavailable      bodies of another game that were not fetched
    +-- BadFile                 a file of a game that is not what it seems
    +-- CheckpointError         a checkpoint that is damaged, or of another model
    +-- AdapterError            a user's model that cannot be had or used
    +-- ParityError             an exported graph that strays from PyTorch
    +-- MeasureError            an evaluation that did not run
    +-- UserError               an input of a command that it cannot use
    |   +-- NoContactError      a gait whose foot has no clear contact
    |   +-- CycleError          a clip that is no gait
    +-- NotThereError           files that were not fetched or made
    +-- NoRecordingError        a ground of which there is no recorded step
    +-- JointError              a rig without the joints that were named      (Panda3D)
    +-- CaptureError            a window that cannot be captured              (Panda3D)
    +-- LensError               a lens that has no equivalent on the wire     (Panda3D)
    +-- NoSoundError            no sound device                               (Panda3D)
    +-- NoBufferError           no buffer to draw into                        (Panda3D)

Commands catch the root and nothing wider: a bug is a traceback.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))  # of a disk


class StereoSyncError(Exception):
    """The root."""


class MissingPackageError(StereoSyncError, ImportError):
    """A Python package that an extra installs is missing; the message has the command that installs it."""


class UserError(StereoSyncError, ValueError):
    """An input of a command that it cannot use."""


class NotThereError(StereoSyncError, FileNotFoundError):
    """Files that a command needs, and that were not fetched or made."""


class NoRecordingError(StereoSyncError, LookupError):
    """A ground of which there is no recorded step."""


@contextmanager
def file_troubles() -> Iterator[None]:
    """Turn what a file or the machine is to blame for into `UserError`: what the system refuses ("PATH: reason"), a
    full disk, text that is not UTF-8, too little memory. Other errors pass."""
    try:
        yield
    except StereoSyncError:
        raise
    except OSError as error:
        if error.filename is None and error.errno not in FULL:
            raise
        raise UserError(f"{error.filename or 'an output'}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        begins = ascii(error.object[:40])
        raise UserError(f"a text that begins with {begins} is not {error.encoding}: save the file as UTF-8") from error
    except MemoryError as error:
        raise UserError("the memory of this machine is too small for that: close programs, or ask for less") from error
