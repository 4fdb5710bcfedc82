"""Trains in .NET Interactive through Jupyter's own client, interrupts, and prints one line of JSON: what was shown, and what is left."""
import json
import signal
import sys
import time

from jupyter_client import KernelManager

signal.signal(signal.SIGINT, signal.SIG_DFL)     # a caller that runs in the background may ignore it, and the kernel would too
manager = KernelManager(kernel_name=".net-csharp")
manager.start_kernel(cwd=sys.argv[1])
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)


asked = []


def run(code, until=None):
    """The outputs of a cell, the status it ended with, and when."""
    ticket = client.execute(code)
    outputs = []
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != ticket:
            continue
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
        if until is not None and asked and time.time() > asked[0] + 60:
            raise TimeoutError("the training went on for a minute after its interrupt")
        outputs.append(message)
        if until is not None:
            until(outputs)
    ended = time.time()
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == ticket:
            return outputs, reply["content"]["status"], ended


def words(outputs):
    return [o["content"]["data"].get("text/plain", "") for o in outputs if "data" in o["content"]]


def interrupt(outputs):
    if len([o for o in outputs if "data" in o["content"]]) >= 3 and not asked:
        asked.append(time.time())
        manager.interrupt_kernel()


try:
    run("#!import setup.cs")
    run('var flow = SplineFlow.Create(2); var data = new Dataset(new TwoMoons().Sample(2000)); int kept = 41;')
    done, status, _ = run('var history = Trainer.Fit(flow, data, null, new FitOptions { Steps = 600, Name = "moons" });')
    trained = [(o["msg_type"], o["content"]["transient"]["display_id"], sorted(o["content"]["data"])) for o in done if "data" in o["content"]]
    stopped, after, ended = run('Trainer.Fit(flow, data, null, new FitOptions { Steps = 10_000_000, Name = "endless" });', interrupt)
    left, alive, _ = run('$"{kept + 1} {flow.LogProb(data.X).isfinite().all().item<bool>()}"')
    manager.interrupt_kernel()      # while nothing runs
    time.sleep(0.5)
    idle, _, _ = run('$"{kept + 2}"')
    print(json.dumps({
        "kinds": [kind for kind, _, _ in trained], "ids": len({id for _, id, _ in trained}), "forms": trained[-1][2], "last": words(done)[-1], "status": status,
        "interrupted": after, "seconds": ended - asked[0], "left": words(left), "idle": words(idle),
    }))
finally:
    manager.shutdown_kernel(now=True)
