"""The training step of `mae bench step` in PyTorch: the same sizes, the same work, PyTorch's own best ways.

Only visible patches are embedded, q, k and v are one product, attention is fused where this PyTorch can. Reads its sizes
as one JSON object from the command line and prints one JSON object with the keys of `mae bench step`.
"""
import json
import math
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


def attention(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v)
    return torch.softmax(q @ k.transpose(-2, -1) * (1 / math.sqrt(q.shape[-1])), -1) @ v


class Layer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def forward(self, x):
        batch, tokens, width = x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, tokens, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        x = x + self.proj(attention(q, k, v).transpose(1, 2).reshape(batch, tokens, width))
        return x + self.mlp(self.norm2(x))


class Model(nn.Module):
    def __init__(self, s):
        super().__init__()
        width, small = s["embedDim"], s["decoderEmbedDim"]
        self.keep, self.tokens = s["keep"], s["tokens"]
        self.embed = nn.Linear(s["patchValues"], width)
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(0.02 * torch.randn(self.tokens, width))
        self.encoder = nn.Sequential(*(Layer(width, s["heads"], s["mlp"]) for _ in range(s["depth"])), nn.LayerNorm(width, eps=1e-6))
        self.bridge = nn.Linear(width, small)
        self.hidden_token = nn.Parameter(torch.zeros(1, 1, small))
        self.decoder_cls = nn.Parameter(torch.zeros(1, 1, small))
        self.decoder_positions = nn.Parameter(0.02 * torch.randn(self.tokens, small))
        self.decoder = nn.Sequential(*(Layer(small, s["decoderHeads"], s["decoderMlp"]) for _ in range(s["decoderDepth"])), nn.LayerNorm(small, eps=1e-6))
        self.head = nn.Linear(small, s["predValues"])

    def forward(self, patches, target):
        batch = patches.shape[0]
        order = torch.rand(batch, self.tokens, device=patches.device).argsort(1)
        shown, back = order[:, :self.keep], order.argsort(1)
        clip = torch.arange(batch, device=patches.device)[:, None]
        x = self.embed(patches[clip, shown]) + self.positions[shown]
        x = self.bridge(self.encoder(torch.cat((self.cls.expand(batch, -1, -1), x), 1)))[:, 1:]
        x = torch.cat((x, self.hidden_token.to(x.dtype).expand(batch, self.tokens - self.keep, -1)), 1)
        x = x[clip, back] + self.decoder_positions
        x = self.decoder(torch.cat((self.decoder_cls.expand(batch, -1, -1), x), 1))[:, 1:]
        hidden = order[:, self.keep:]
        error = self.head(x[clip, hidden]).float() - target[clip, hidden]
        return (error * error).mean()


def synchronise(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


def timed(work, warm_up, rounds, s, device):
    """Seconds of each round after warming up; no round begins that would probably end past the budget, but one is timed."""
    begin, latest = time.perf_counter(), 0.0

    def run():
        nonlocal latest
        start = time.perf_counter()
        work()
        synchronise(device)
        latest = time.perf_counter() - start
        return latest

    def elapsed():
        return time.perf_counter() - begin

    done = 0
    while (done < warm_up or elapsed() < s["warming"]) and elapsed() + 2 * latest < s["budget"]:
        run()
        done += 1
    times = [run()]
    while len(times) < rounds and elapsed() + latest < s["budget"]:
        times.append(run())
    return times


def step(s, device):
    model = Model(s).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.05,
                                  **({"fused": True} if device.type == "cuda" else {}))
    patches = torch.randn(s["batch"], s["tokens"], s["patchValues"], device=device)
    target = torch.randn(s["batch"], s["tokens"], s["predValues"], device=device)
    loss = None

    def once():
        nonlocal loss
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=s["precision"] == "bf16"):
            loss = model(patches, target)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.02)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    seconds = statistics.median(timed(once, s["warmUp"], s["steps"], s, device))
    unit = 1 if sys.platform == "darwin" else 1024
    memory = torch.cuda.max_memory_allocated() if device.type == "cuda" else unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return dict(clips_per_second=s["batch"] / seconds, seconds_per_step=seconds, peak_rss_bytes=memory, loss=loss.item(),
                device=f"PyTorch {torch.__version__} ({device}, {s['precision']})", threads=torch.get_num_threads())


def sgemm(s, device):
    a, b = (torch.randn(s["sgemm"], s["sgemm"], device=device) for _ in range(2))
    seconds = statistics.median(timed(lambda: a @ b.T, 5, 30, s, device))
    return dict(gflops=2 * s["sgemm"] ** 3 / seconds / 1e9, device=f"PyTorch {torch.__version__} ({device}, {s['precision']})")


def main():
    s = json.loads(sys.argv[1])
    device = torch.device(s["device"])
    torch.manual_seed(0)
    torch.set_num_threads(s["threads"])
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = s["precision"] == "tf32"
    print(json.dumps(sgemm(s, device) if "sgemm" in s else step(s, device)))


main()
