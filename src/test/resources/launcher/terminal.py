"""Plays a user: runs a command and does what the steps say, then prints the command's output and how it ended.

  terminal.py pty|pipe STEP... -- COMMAND...

wait=TEXT   until the output contains TEXT     key=C      press Ctrl-C (pty only)
kill=NAME   signal the command alone           group=NAME signal its whole process group
pause=S     wait S seconds                     gone=S     the engine must end within S seconds, the command unreaped
ignore=NAME (first) start the command with the signal ignored
"""
import os, pty, re, signal, subprocess, sys, threading, time

kind, rest = sys.argv[1], sys.argv[2:]
steps, command = rest[:rest.index("--")], rest[rest.index("--") + 1:]
number = lambda name: getattr(signal, "SIG" + name)
ignored = [number(s.split("=")[1]) for s in steps if s.startswith("ignore=")]

def child_signals():
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, signal.SIG_IGN if s in ignored else signal.SIG_DFL)

if kind == "pty":
    pid, stream = pty.fork()
    if pid == 0:
        child_signals()
        os.execv(command[0], command)
else:
    stream, write = os.pipe()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=write, stderr=write,
                               preexec_fn=child_signals, start_new_session=True)
    os.close(write)
    pid = process.pid

output = bytearray()

def read():
    while True:
        try:
            data = os.read(stream, 4096)
        except OSError:
            return
        if not data:
            return
        output.extend(data)

reader = threading.Thread(target=read, daemon=True)
reader.start()

def wait_for(text):
    end = time.time() + 30
    while text.encode() not in output:
        if time.time() > end:
            os.killpg(pid, signal.SIGKILL)
            sys.exit("no '" + text + "' in: " + output.decode())
        time.sleep(0.005)

def engine_runs():
    engine = re.search(r"ready (\d+)", output.decode())
    try:
        with open("/proc/%s/stat" % engine.group(1)) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (AttributeError, FileNotFoundError):
        return False

for step in steps:
    action, value = step.split("=", 1)
    if action == "wait":
        wait_for(value)
    elif action == "key":
        os.write(stream, b"\x03")
    elif action == "kill":
        os.kill(pid, number(value))
    elif action == "group":
        os.killpg(pid, number(value))
    elif action == "pause":
        time.sleep(float(value))
    elif action == "gone":
        end = time.time() + float(value)
        while engine_runs():
            if time.time() > end:
                os.killpg(pid, signal.SIGKILL)
                sys.exit("the engine still runs: " + output.decode())
            time.sleep(0.01)

_, status = os.waitpid(pid, 0)
reader.join(5)
print(output.decode())
print("orphan=%s" % engine_runs())
print("exit=%d" % (os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)))
