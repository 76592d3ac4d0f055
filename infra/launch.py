"""Becomes another program that dies with its parent and, where asked, is not root.

Run as a script by ``infra.process``, with nothing but the standard library, so that it works before
anything is installed and whatever account it ends in:

    launch.py PARENT SIGNAL ACCOUNT PROGRAM [ARGUMENT ...]

ACCOUNT is ``same``, ``namespace:UID:GID`` (a user namespace in which the caller's account goes by that
number: files stay the caller's) or ``account:UID:GID`` (that account, with the right to pass directories).
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CLONE_NEWUSER = 0x10000000
_CAP_DAC_OVERRIDE = 1
_CAP_VERSION_3 = 0x20080522


def main(arguments: list[str]) -> None:
    """Change account, tie to the parent, and become the program."""
    parent, signal, account, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    kind, _, rest = account.partition(":")
    if kind == "namespace":
        _enter_namespace(libc, rest)
    elif kind == "account":
        _enter_account(libc, rest)
    # After the change of account: the kernel forgets the wish when credentials change.
    _call(libc.prctl, _PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit("the parent ended before the start")
    os.execv(command[0], command)  # noqa: S606


def _enter_namespace(libc: ctypes.CDLL, ids: str) -> None:
    uid, gid = ids.split(":")
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    _call(libc.unshare, _CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {outer_uid} 1")
    _write("/proc/self/gid_map", f"{gid} {outer_gid} 1")


def _enter_account(libc: ctypes.CDLL, ids: str) -> None:
    uid, gid = map(int, ids.split(":"))
    # Without the fix-up, access(2) asks as the kernel's other calls do: with the capability kept below.
    _call(libc.prctl, _PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    kept = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    _call(libc.capset, header, (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0))
    _call(libc.prctl, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def _call(function: object, *arguments: object) -> None:
    if function(*arguments) != 0:  # type: ignore[operator]
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123
        file.write(text)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"cannot start {sys.argv[4]}: {error}")
