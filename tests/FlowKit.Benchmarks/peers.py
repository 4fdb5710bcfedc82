"""The peers of the benchmarks of flows, one in each process: python3 peers.py PEER THREADS.

It first writes "PEER VERSION, torch VERSION" and the models it has, as "zuko 1.6.0, torch 1.13.1; a b c". Then it answers each line "MODEL ITEM SECONDS" of standard input by one line: the
seconds of one call, measured for about SECONDS after a warm-up. The items are "train", a step at batch 256 (64 images), and "logprob ROWS" and "sample ROWS", written with a colon: "logprob:256".
To the item "parameters" it answers the number that are trained.
The models have the sizes of Subject.cs: (a) a RealNVP, (b) a MAF, (c) a coupling flow of rational-quadratic splines, all with ReLU and with masks or permutations that alternate; (e) a Glow of
images of 8 bits, to which each call adds its noise.
"""
import importlib.metadata
import sys
import time

import torch
from torch import nn

POINTS, BINS, BOUND = 10_000, 8, 5.0
FEATURES = {"a": 2, "b": 63, "c": 2}
LAYERS = {"a": 8, "b": 5, "c": 4}
IMAGES, LEVELS, SCALES, STEPS, MAPS = (3, 16, 16), 256, 2, 4, 32


class Model:
    """What is timed: the module that is trained, its log-density and its draws, and what must be forgotten between two calls."""

    def __init__(self, module, log_prob, sample, forget=lambda: None):
        self.module, self.log_prob, self.sample, self.forget = module, log_prob, sample, forget


def data(name):
    return torch.randint(LEVELS, (POINTS, *IMAGES)).float() if name == "e" else torch.randn(POINTS, FEATURES[name])


def survae():
    from survae.distributions import StandardNormal
    from survae.flows import Flow
    from survae.nn.layers import ElementwiseParams
    from survae.nn.nets import MADE, MLP
    from survae.transforms import AffineAutoregressiveBijection, AffineCouplingBijection, Reverse

    def flow(name, layer):
        layers = [part for _ in range(LAYERS[name]) for part in (layer(), Reverse(FEATURES[name]))]
        module = Flow(StandardNormal((FEATURES[name],)), layers)
        return Model(module, module.log_prob, module.sample)

    return {
        "a": lambda: flow("a", lambda: AffineCouplingBijection(nn.Sequential(MLP(1, 2, [64, 64]), ElementwiseParams(2)))),
        "b": lambda: flow("b", lambda: AffineAutoregressiveBijection(MADE(63, 2, [512, 512]))),
    }


def pyro():
    import pyro
    import pyro.distributions as dist
    import pyro.distributions.transforms as transforms
    from pyro.nn import DenseNN

    pyro.enable_validation(False)

    def flow(name, layer, permute):
        layers = [layer() for _ in range(LAYERS[name])]
        swap = [transforms.Permute(torch.arange(FEATURES[name]).flip(0))] if permute else []
        base = dist.Normal(torch.zeros(FEATURES[name]), torch.ones(FEATURES[name])).to_event(1)
        # A density that is evaluated in one pass, as of a MAF, is the inverse of what Pyro calls autoregressive.
        density = dist.TransformedDistribution(base, [part for each in layers for part in ([each] + swap if permute else [each.inv])])

        def forget():
            for each in layers:
                each.clear_cache()

        return Model(nn.ModuleList(layers), density.log_prob, lambda rows: density.sample([rows]), forget)

    return {
        "a": lambda: flow("a", lambda: transforms.AffineCoupling(1, DenseNN(1, [64, 64], [1, 1])), permute=True),
        "b": lambda: flow("b", lambda: transforms.affine_autoregressive(63, [512, 512]), permute=False),
        "c": lambda: flow("c", lambda: transforms.SplineCoupling(
            2, 1, DenseNN(1, [64, 64], [BINS, BINS, BINS - 1]), BINS, BOUND, order="quadratic", identity=True), permute=True),
    }


def zuko():
    from zuko.flows import MAF, NICE, RealNVP
    from zuko.transforms import MonotonicRQSTransform

    def flow(module):
        return Model(module, lambda x: module().log_prob(x), lambda rows: module().sample((rows,)))

    return {
        "a": lambda: flow(RealNVP(2, transforms=8, hidden_features=(64, 64))),
        "b": lambda: flow(MAF(63, transforms=5, hidden_features=(512, 512))),
        "c": lambda: flow(NICE(2, transforms=4, hidden_features=(64, 64), univariate=MonotonicRQSTransform, shapes=[(BINS,), (BINS,), (BINS - 1,)])),
    }


def nflows():
    from nflows.distributions import StandardNormal
    from nflows.flows import Flow
    from nflows.nn.nets import MLP
    from nflows.transforms import (AffineCouplingTransform, CompositeTransform, MaskedAffineAutoregressiveTransform,
                                   PiecewiseRationalQuadraticCouplingTransform, ReversePermutation)

    class Net(MLP):
        def __init__(self, inputs, outputs):
            super().__init__([inputs], [outputs], [64, 64])

        def forward(self, inputs, context=None):
            return super().forward(inputs)

    def flow(name, layers):
        module = Flow(CompositeTransform(layers), StandardNormal([FEATURES[name]]))
        return Model(module, module.log_prob, module.sample)

    def masks(name):
        return [torch.tensor([1, -1] if k % 2 else [-1, 1]) for k in range(LAYERS[name])]

    return {
        "a": lambda: flow("a", [AffineCouplingTransform(mask, Net) for mask in masks("a")]),
        "b": lambda: flow("b", [part for _ in range(LAYERS["b"]) for part in (
            MaskedAffineAutoregressiveTransform(63, 512, num_blocks=1, use_residual_blocks=False), ReversePermutation(63))]),
        "c": lambda: flow("c", [PiecewiseRationalQuadraticCouplingTransform(mask, Net, num_bins=BINS, tails="linear", tail_bound=BOUND) for mask in masks("c")]),
    }


def normflows():
    from normflows import MultiscaleFlow, NormalizingFlow
    from normflows.distributions import DiagGaussian
    from normflows.flows import AffineCouplingBlock, GlowBlock, MaskedAffineAutoregressive, Merge, Permute, Squeeze
    from normflows.flows.base import Reverse
    from normflows.nets import MLP

    def flow(name, layers):
        module = NormalizingFlow(DiagGaussian(FEATURES[name], trainable=False), layers)
        return Model(module, module.log_prob, module.sample)

    def glow():
        bases, levels = [], []
        channels, height, width = IMAGES
        for scale in range(SCALES):
            channels, height, width = 4 * channels, height // 2, width // 2
            levels.append([*(GlowBlock(channels, MAPS, net_actnorm=True) for _ in range(STEPS)), Squeeze()])
            channels = channels if scale == SCALES - 1 else channels // 2                     # half of them leave
            bases.append(DiagGaussian((channels, height, width)))
        module = MultiscaleFlow(bases[::-1], levels[::-1], [Merge() for _ in range(SCALES - 1)], class_cond=False)   # it counts from the latent
        return Model(module, lambda x: module.log_prob((x + torch.rand_like(x)) / LEVELS - 0.5, None), module.sample)

    return {
        "a": lambda: flow("a", [part for _ in range(LAYERS["a"]) for part in (AffineCouplingBlock(MLP([1, 64, 64, 2])), Permute(2, mode="swap"))]),
        "b": lambda: flow("b", [part for _ in range(LAYERS["b"]) for part in (
            Reverse(MaskedAffineAutoregressive(63, 512, num_blocks=1, use_residual_blocks=False)), Permute(63))]),
        "e": glow,
    }


def version(name):
    if hasattr(sys.modules[name], "__version__"):
        return sys.modules[name].__version__
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"


def training(model, points, size):
    """A step as a user writes it: a batch of a shuffled epoch, forward, backward, Adam."""
    adam = torch.optim.Adam(model.module.parameters(), lr=1e-3)
    order, at = torch.randperm(POINTS), 0

    def step():
        nonlocal order, at
        if at + size > POINTS:
            order, at = torch.randperm(POINTS), 0
        batch = points[order[at:at + size]]
        at += size
        adam.zero_grad(set_to_none=True)
        loss = -model.log_prob(batch).mean()
        loss.backward()
        adam.step()
        model.forget()

    return step


def seconds(call, least):
    """Seconds of one call, over LEAST seconds after a warm-up of a third of them."""
    for warm in (True, False):
        calls, start = 0, time.perf_counter()
        while calls == 0 or time.perf_counter() - start < (least / 3 if warm else least):
            call()
            calls += 1
    return (time.perf_counter() - start) / calls


class Server:
    def __init__(self, makers):
        self.makers, self.models = makers, {}

    def measure(self, name, item, least):
        if name not in self.models:
            torch.manual_seed(0)
            model = self.makers[name]()
            points = data(name)
            self.models[name] = model, points, training(model, points, 64 if name == "e" else 256)
        model, points, step = self.models[name]
        if item == "parameters":
            return sum(parameter.numel() for parameter in model.module.parameters())
        if item == "train":
            model.module.train()
            return seconds(step, least)

        what, rows = item.split(":")
        model.module.eval()
        batch = points[:int(rows)]

        def log_prob():
            model.log_prob(batch)
            model.forget()

        def sample():
            model.sample(int(rows))
            model.forget()

        with torch.no_grad():
            return seconds(log_prob if what == "logprob" else sample, least)


if __name__ == "__main__":
    peer, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.distributions.Distribution.set_default_validate_args(False)
    server = Server({"survae": survae, "pyro": pyro, "zuko": zuko, "nflows": nflows, "normflows": normflows}[peer]())
    print(f"{peer} {version(peer)}, torch {torch.__version__}; {' '.join(server.makers)}", flush=True)
    for line in sys.stdin:
        name, item, least = line.split()
        print(server.measure(name, item, float(least)), flush=True)
