"""Drives the kernel with Jupyter's own client and prints one line of JSON for each thing that was seen: {"name", "ok", "seconds", "detail"}."""
import json
import os
import queue
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


def run(client, code, until=None, timeout=PATIENCE, answer=None):
    """Runs a cell; returns its reply, its outputs and when it ended. `until` is called with each output; `answer` is typed when the cell asks."""
    ticket = client.execute(code)
    if answer is not None:
        client.get_stdin_msg(timeout=timeout)
        client.input(answer)
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
using TorchSharp; using FlowKit.Data; using FlowKit.Models; using FlowKit.Training;
FlowKit.Runtime.Seed(0);
var flow = RealNvp.Create(2, layers: 2, hidden: [16]);
var options = new FitOptions { Name = "moons", Steps = 8000, Threads = 1, Checkpoint = new("moons.safetensors", Every: 1_000_000) };
"""
FIT = "FlowKit.Runtime.Seed(0); var history = Trainer.Fit(flow, new TwoMoons(), options);"


def fit(client, interrupt=None):
    """Trains; returns the reply, what was displayed as (message type, id, data), and the times of beginning and end."""
    shown = []

    def watch(message):
        if message["msg_type"] in ("display_data", "update_display_data"):
            shown.append((message["msg_type"], message["content"]["transient"]["display_id"], message["content"]["data"]))
            if interrupt is not None:
                interrupt(len(shown))

    began = time.time()
    reply, _, ended = run(client, FIT, watch)
    return reply, shown, began, ended


def step(data):
    return int(data["text/plain"].split("step ")[1].split("/")[0])


def training(manager, client):
    run(client, TRAINING)
    asked = []

    def interrupt(count):
        if count == 4:
            asked.append(time.time())
            manager.interrupt_kernel()

    reply, shown, _, ended = fit(client, interrupt)
    stopped = step(shown[-1][2])
    answer, outputs, _ = run(client, "flow.LogProb(new TwoMoons().Sample(5)).isfinite().all().ToBoolean()")
    alive = text(outputs) or answer.get("evalue")
    report("interrupt: training", asked and reply["status"] == "error" and alive == "True", ended - asked[0] if asked else -1, f"{reply.get('evalue')}; flow usable: {alive}; step {stopped}")

    kept = text(run(client, 'File.Exists("moons.safetensors")')[1])
    reply, shown, began, ended = fit(client)
    if reply["status"] != "ok":
        raise RuntimeError(f"the training did not go on: {reply}; shown {shown[-1:]}")
    history = text(run(client, '$"{history.Train[0].Step} {history.Train[^1].Step}"')[1])
    first, last = (int(number) for number in history.split())
    report("an interrupted training keeps its checkpoint and history", kept == "True" and reply["status"] == "ok" and step(shown[0][2]) >= stopped > 0 and first < stopped and last == 8000,
           detail=f"stopped at {stopped}, went on to {step(shown[0][2])}; history from {first} to {last}")

    kinds = [kind for kind, _, _ in shown]
    steps = [step(data) for _, _, data in shown]
    updates = kinds.count("update_display_data")
    late = messages(client, seconds=1.5)
    report("live loss curve", kinds == ["display_data"] + ["update_display_data"] * updates and len({display for _, display, _ in shown}) == 1
           and steps == sorted(set(steps)) and steps[-1] == 8000 and {"image/png", "text/plain"} <= set(shown[-1][2]) and updates >= 3 and not late, ended - began, f"{updates} updates, steps {steps}, late {late}")
    # Every half second has one, whenever the first of them falls, and the end has its own.
    report("live loss curve: at most two pictures a second", updates <= 2 * (ended - began) + 2, ended - began, f"{updates} updates")


def messages(client, seconds):
    """The types of what is still published when nothing was asked."""
    types, end = [], time.time() + seconds
    while time.time() < end:
        try:
            types.append(client.get_iopub_msg(timeout=0.2)["msg_type"])
        except queue.Empty:
            pass
    return types


def loader(manager, client):
    """plotly.js comes with every cell that asks, and the place that had it is emptied; a restarted kernel has forgotten."""
    code = "FlowKit.Interactive.FlowKitExtension.Load();"

    def ask():
        seen = [o for o in run(client, code)[1] if o["msg_type"].endswith("display_data")]
        return [(o["msg_type"], o["content"]["transient"]["display_id"], len(o["content"]["data"]["text/html"]) > 1_000_000) for o in seen]

    first, second = ask(), ask()
    report("plotly.js is in one place", [m[0::2] for m in first] == [("display_data", True)] and [m[0::2] for m in second] == [("update_display_data", False), ("display_data", True)]
           and second[0][1] == first[0][1] != second[1][1], detail=f"{first}, {second}")
    report("a cell that reads asks the user", text(run(client, "Console.ReadLine()", answer="forty-two")[1]) == "forty-two")
    client.comm_info()
    while True:
        answer = client.get_shell_msg(timeout=PATIENCE)
        if answer["msg_type"] == "comm_info_reply":
            break
    report("comm_info knows of no comm", answer["content"]["status"] == "ok" and answer["content"]["comms"] == {}, detail=answer["content"])
    run(client, "int forgotten = 1;")
    manager.restart_kernel(now=False)
    client.wait_for_ready(timeout=PATIENCE)
    reply = run(client, "forgotten")[0]
    again = ask()
    report("a restart forgets everything and brings plotly.js again", reply["status"] == "error" and "CS0103" in reply["evalue"] and [m[0::2] for m in again] == [("display_data", True)], detail=f"{reply.get('evalue')}, {again}")


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
        loader(manager, client)
        shutdown(manager, client)
    finally:
        if manager.is_alive():
            manager.shutdown_kernel(now=True)
    orphans()
