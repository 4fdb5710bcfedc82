"""Drives the kernel with Jupyter's own client and prints one line of JSON for each thing that was seen: {"name", "ok", "seconds", "detail"}."""
import json
import os
import signal
import subprocess
import sys
import time

from jupyter_client import BlockingKernelClient, KernelManager
from jupyter_client.session import Session

NAME = "flowkit-under-test"
PATIENCE = 60


def report(name, ok, seconds=0.0, detail=""):
    print(json.dumps({"name": name, "ok": bool(ok), "seconds": round(seconds, 3), "detail": str(detail)}), flush=True)


def start():
    manager = KernelManager(kernel_name=NAME)
    manager.start_kernel(stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    return manager, client


def run(client, code, until=None, timeout=PATIENCE):
    """Runs a cell; returns its reply, its outputs and when it ended. `until` is called with each output."""
    ticket = client.execute(code)
    outputs = []
    deadline = time.time() + timeout
    while time.time() < deadline:
        message = client.get_iopub_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") != ticket:
            continue
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
        outputs.append(message)
        if until is not None:
            until(message)
    ended = time.time()
    while True:
        reply = client.get_shell_msg(timeout=timeout)
        if reply["parent_header"].get("msg_id") == ticket:
            return reply["content"], outputs, ended


def text(outputs, kind="execute_result"):
    return "".join(o["content"]["data"]["text/plain"] for o in outputs if o["msg_type"] == kind)


def interrupts(manager, client):
    cases = {
        "endless loop": 'Console.WriteLine("go"); while (true) { }',
        "await": 'Console.WriteLine("go"); await Task.Delay(-1);',
        "sleep": 'Console.WriteLine("go"); Thread.Sleep(-1);',
        "try and finally": 'Console.WriteLine("go"); try { while (true) Thread.Yield(); } finally { cleaned = true; }',
    }
    run(client, "int kept = 41; bool cleaned = false;")
    for name, code in cases.items():
        asked = []

        def interrupt(message):
            if message["msg_type"] == "stream" and "go" in message["content"]["text"]:
                time.sleep(0.2)
                asked.append(time.time())
                manager.interrupt_kernel()

        reply, outputs, ended = run(client, code, interrupt)
        after = text(run(client, "kept + (cleaned ? 100 : 0)")[1])
        wanted = "141" if name == "try and finally" else "41"
        report(f"interrupt: {name}", asked and reply["status"] == "error" and after == wanted, ended - asked[0] if asked else -1, f"{reply.get('evalue')}; then {after}")


TRAINING = """
using TorchSharp; using FlowKit; using FlowKit.Data; using FlowKit.Models; using FlowKit.Training;
var flow = RealNvp.Create(2, layers: 2, hidden: [16]);
"""


def training(manager, client):
    run(client, TRAINING)
    seen = {"display_data": 0, "update_display_data": 0}
    mimes, asked = set(), []

    def watch(message):
        if message["msg_type"] in seen:
            seen[message["msg_type"]] += 1
            mimes.update(message["content"]["data"])
        if seen["update_display_data"] == 3 and not asked:
            asked.append(time.time())
            manager.interrupt_kernel()

    reply, outputs, ended = run(client, 'Trainer.Fit(flow, new TwoMoons(), new FitOptions { Steps = 1_000_000, Threads = 1 });', watch)
    answer, outputs, _ = run(client, "flow.LogProb(new TwoMoons().Sample(5)).isfinite().all().ToBoolean()")
    alive = text(outputs) or answer.get("evalue")
    report("interrupt: training", asked and reply["status"] == "error" and alive == "True", ended - asked[0] if asked else -1, f"{reply.get('evalue')}; flow usable: {alive}")
    report("live loss curve", seen["display_data"] == 1 and seen["update_display_data"] >= 3 and "image/png" in mimes, detail=f"{seen}, {sorted(mimes)}")


def signatures(manager, client):
    info = manager.get_connection_info()
    forged = BlockingKernelClient()
    forged.load_connection_info({**info, "key": b"another key"})
    forged.start_channels()
    forged.execute('kept = 13;')
    time.sleep(1)
    report("forged messages are dropped", text(run(client, "kept")[1]) == "41")
    forged.stop_channels()

    session = Session(key=info["key"], username="probe")
    content = {"code": "kept = kept + 1;", "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    message = session.msg("execute_request", content)
    packed = session.serialize(message)
    for _ in range(3):
        client.shell_channel.socket.send_multipart(packed)
    time.sleep(1)
    report("replayed messages are dropped", text(run(client, "kept")[1]) == "42")


def second(manager, client):
    arguments = [part.replace("{connection_file}", manager.connection_file) for part in manager.kernel_spec.argv]
    other = subprocess.run(arguments, capture_output=True, text=True, timeout=PATIENCE)
    report("a second kernel on one connection file is refused", other.returncode not in (0, None) and "flowkit" in other.stderr, detail=f"{other.returncode}: {other.stderr.strip()[-200:]}")
    report("the first one goes on", text(run(client, "1 + 1")[1]) == "2")


def orphans():
    parent = subprocess.Popen([sys.executable, __file__, "parent"], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    killed = time.time()
    while os.path.exists(f"/proc/{pid}") and time.time() - killed < 10:
        time.sleep(0.05)
    report("killing the parent leaves no kernel", not os.path.exists(f"/proc/{pid}"), time.time() - killed)


def shutdown(manager, client):
    pid = manager.provisioner.pid if hasattr(manager, "provisioner") else manager.kernel.pid
    began = time.time()
    client.shutdown()
    while manager.is_alive() and time.time() - began < 10:
        time.sleep(0.05)
    report("shutdown ends the process", not manager.is_alive(), time.time() - began, pid)


if __name__ == "__main__":
    if sys.argv[1:] == ["parent"]:
        manager, client = start()
        print(manager.provisioner.pid, flush=True)
        time.sleep(600)
    manager, client = start()
    try:
        interrupts(manager, client)
        training(manager, client)
        signatures(manager, client)
        second(manager, client)
        shutdown(manager, client)
    finally:
        if manager.is_alive():
            manager.shutdown_kernel(now=True)
    orphans()
