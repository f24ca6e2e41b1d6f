"""Runs runner.py of policies/runner where it can do no harm. Arguments: LEVEL FOLDER; without runner.py there it only tries.

namespaces  no file but Python's and the system's libraries, no network, no other process, no rights (Linux)
user        the rights and files of a user that nobody is (started by root)
limits      the owner's rights and files

On every level: no process or thread beside the rule's, an empty folder to work in, and little to say. Descriptors 0 and 3 are the
rule's; what it prints comes out at descriptor 2.
"""
import ctypes
import os
import resource
import select
import signal
import sys
import sysconfig

MOST_OUTPUT = 1 << 20
WORK = "/work"
# Users of this number are on no machine; where numbers are few, nobody has one that owns no file.
STRANGERS = (1_879_048_192, 65534)

CLONE = {"NEWNS": 0x20000, "NEWUTS": 0x4000000, "NEWIPC": 0x8000000, "NEWUSER": 0x10000000, "NEWPID": 0x20000000, "NEWNET": 0x40000000}
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}

libc = ctypes.CDLL(None, use_errno=True)


def call(name, *args):
    """A function of the C library; an OSError where it fails."""
    if getattr(libc, name)(*args) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def mount(source, target, kind=None, flags=0, options=None):
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    call("mount", texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])


def enter_namespaces():
    """Of users too, unless it is root, who then becomes a stranger instead."""
    kinds = set(CLONE) - ({"NEWUSER"} if os.geteuid() == 0 else set())
    uid, gid = os.geteuid(), os.getegid()
    call("unshare", sum(CLONE[kind] for kind in kinds))
    if "NEWUSER" not in kinds:
        return
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def shown_folders():
    """What rules need of this machine, parents before what is in them."""
    stdlib = [os.path.dirname(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    wanted = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/nix/store", "/etc/ld.so.cache"]
    found = {path for path in wanted + stdlib if os.path.exists(path)}
    return sorted(path for path in found if not any(path.startswith(f"{other}/") for other in found))


def show(path, root):
    """Makes a path visible below the new root, for reading."""
    target = root + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        open(target, "w").close()
    mount(path, target, flags=MS_BIND | MS_REC)
    flags = MS_NOSUID if path.startswith("/dev/") else MS_NOSUID | MS_NODEV
    mount(None, target, flags=MS_REMOUNT | MS_BIND | MS_RDONLY | flags)


def change_root(folder, files, owner):
    """Leaves the file system for one that holds little: what is shown, and the rule's files in a folder of their own."""
    mount(None, "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=96m,nr_inodes=8192")
    for path in [*shown_folders(), "/dev/null", "/dev/urandom"]:
        show(path, folder)
    os.mkdir(folder + WORK)
    for name, content in files.items():
        with open(f"{folder}{WORK}/{name}", "wb") as file:
            file.write(content)
    if owner is not None:
        os.chown(folder + WORK, owner, owner)
    os.mkdir(f"{folder}/old")
    os.chdir(folder)
    call("syscall", PIVOT_ROOT[os.uname().machine], b".", b"old")
    os.chdir("/")
    call("umount2", b"/old", MNT_DETACH)
    os.rmdir("/old")
    os.chdir(WORK)


def become(owner):
    os.setgroups([])
    os.setresgid(owner, owner, owner)
    os.setresuid(owner, owner, owner)


def give_up_rights():
    """Nothing that is called or started gets any back."""
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    call("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def die_with_parent():
    if sys.platform == "linux":
        call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def files_in(folder):
    return {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)}


def run_rule(level, folder, files, owner):
    """In a process of its own, which does not come back."""
    if level != "namespaces":
        os.chdir(folder)
    if owner is not None:
        become(owner)
    if level == "namespaces":
        give_up_rights()
    if level == "namespaces":
        die_with_parent()
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    runner = files.get("runner.py")
    if runner is None:
        # Only tried: what rules need has to be within reach.
        import decimal, json, random, zoneinfo  # noqa: F401, E401

        zoneinfo.ZoneInfo("UTC")
        return
    sys.argv = ["runner.py"]
    exec(compile(runner, "runner.py", "exec"), {"__name__": "__main__"})


def in_child(work):
    """Forks. @returns the child's number"""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException as error:
        print(f"sandbox: {error}", file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def exit_code(pid):
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def stand_by(pid, lifeline):
    """Waits for the rule, and ends it where whoever holds the other end of the lifeline is no more."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        ready, _, _ = select.select([woken, lifeline], [], [])
        if lifeline in ready:
            os.kill(pid, signal.SIGKILL)
            break
        os.read(woken, 64)
    return exit_code(pid)


def first_process(level, folder, files, owner, lifeline):
    """
    The rule's parent, in a session of its own: a rule can leave the group that is ended, and this one ends it then. In a
    namespace of processes it is the first, with which all end. The rule, without rights, cannot touch it.
    """
    os.setsid()
    if level == "namespaces":
        die_with_parent()
        change_root(folder, files, owner)
    code = stand_by(in_child(lambda: run_rule(level, folder, files, owner)), lifeline)
    os._exit(code if code >= 0 else 128 - code)


def pass_on(source, life):
    """Passes on what a rule prints, and ends it where that is too much."""
    left = MOST_OUTPUT
    while piece := os.read(source, 1 << 16):
        if left >= 0:
            os.write(2, piece[-2048:])
            left -= len(piece)
            if left < 0:
                os.close(life)
                os.write(2, f"\nprinted more than {MOST_OUTPUT} bytes".encode())


def stranger(level, folder):
    if os.geteuid() != 0 or level == "limits":
        return None
    uid = STRANGERS[0]
    try:
        os.chown(folder, uid, uid)
    except OSError:
        uid = STRANGERS[1]
        os.chown(folder, uid, uid)
    if level == "user":
        for name in os.listdir(folder):
            os.chown(os.path.join(folder, name), uid, uid)
    return uid


def main(level, folder):
    die_with_parent()
    owner = stranger(level, folder)
    if level == "user" and owner is None:
        raise PermissionError("only root can become another user")
    files = files_in(folder)
    if level == "namespaces":
        enter_namespaces()
    source, printed = os.pipe()
    lifeline, life = os.pipe()
    # Standard output is not the rule's either: nothing but its answers leaves it unbounded.

    def confined():
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        for descriptor in (source, printed, life):
            os.close(descriptor)
        first_process(level, folder, files, owner, lifeline)

    pid = in_child(confined)
    for descriptor in {0, 3, printed, lifeline} - {source, life}:
        try:
            os.close(descriptor)
        except OSError:
            pass
    pass_on(source, life)
    code = exit_code(pid)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, KeyError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        sys.exit(1)
