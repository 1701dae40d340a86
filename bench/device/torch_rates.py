"""The article's model in PyTorch on a GPU: milliseconds of a training step and of inference, eager, FP32 without TF32.

usage: torch_rates.py BATCH...

The same work as `doctor --rates`: noise, forward, backward and Adam, data in memory; channels last, as cuDNN likes them best.
"""

import statistics
import sys
import time

import torch
from torch import nn

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True


class Conv(nn.Sequential):
    """Keras' `same`: at stride 2 one row and column of zeros behind."""

    def __init__(self, inputs, outputs, stride):
        pad = nn.ZeroPad2d((0, 1, 0, 1)) if stride == 2 else nn.ZeroPad2d(1)
        super().__init__(pad, nn.Conv2d(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs, 1e-3, 0.01), nn.ReLU(True))


class Deconv(nn.Module):
    """Its output is cropped to twice the input."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.product = nn.ConvTranspose2d(inputs, outputs, 3, 2)
        self.rest = nn.Sequential(nn.BatchNorm2d(outputs, 1e-3, 0.01), nn.ReLU(True))

    def forward(self, x):
        return self.rest(self.product(x)[:, :, : 2 * x.shape[2], : 2 * x.shape[3]])


class Autoencoder(nn.Module):
    def __init__(self, c=32):
        super().__init__()
        self.c1, self.c2, self.c3 = Conv(3, c, 2), Conv(c, 2 * c, 2), Conv(2 * c, 4 * c, 2)
        self.c4, self.c5 = Conv(4 * c, 8 * c, 2), Conv(8 * c, 8 * c, 1)
        self.d1, self.d2 = Deconv(8 * c, 8 * c), Deconv(12 * c, 4 * c)
        self.d3, self.d4 = Deconv(6 * c, 2 * c), Deconv(3 * c, c)
        self.last = nn.ConvTranspose2d(c, 3, 3, 1, 1)

    def forward(self, x):
        c1 = self.c1(x)
        c2 = self.c2(c1)
        c3 = self.c3(c2)
        d1 = self.d1(self.c5(self.c4(c3)))
        d2 = self.d2(torch.cat([d1, c3], 1))
        d3 = self.d3(torch.cat([d2, c2], 1))
        return torch.sigmoid(self.last(self.d4(torch.cat([d3, c1], 1))))


def median(step):
    for _ in range(30):
        step()
    torch.cuda.synchronize()
    samples = []
    for _ in range(15):
        start, steps = time.perf_counter(), 0
        while time.perf_counter() - start < 0.2:
            for _ in range(4):
                step()
            torch.cuda.synchronize()
            steps += 4
        samples.append((time.perf_counter() - start) * 1e3 / steps)
    return statistics.median(samples)


def main():
    print("torch", torch.__version__, torch.cuda.get_device_name())
    for batch in map(int, sys.argv[1:]):
        model = Autoencoder().cuda().to(memory_format=torch.channels_last)
        clean = torch.rand(batch, 3, 32, 32, device="cuda").to(memory_format=torch.channels_last)
        adam = torch.optim.Adam(model.parameters(), 1e-3, eps=1e-7)

        def train():
            noisy = (clean + 0.1 * torch.randn_like(clean)).clamp_(0, 1)
            adam.zero_grad(set_to_none=True)
            nn.functional.mse_loss(model(noisy), clean).backward()
            adam.step()

        @torch.no_grad()
        def infer():
            noisy = (clean + 0.1 * torch.randn_like(clean)).clamp_(0, 1)
            nn.functional.mse_loss(model(noisy), clean)

        model.train()
        step = median(train)
        model.eval()
        run = median(infer)
        print(
            f"rate      batches of {batch}: training {step:.3f} ms, {1e3 * batch / step:.0f} images/s; "
            f"inference {run:.3f} ms, {1e3 * batch / run:.0f} images/s",
            flush=True,
        )


main()
