"""Time, memory and the machine's rate of matrix products, on whatever device."""
import time
from statistics import median

import torch

PRODUCTS = 7
# FLOP/s of dense products in bfloat16 by NVIDIA's data sheets: those of DevicePeak.cs.
PEAKS = {"NVIDIA A100-SXM4-40GB": 312e12, "NVIDIA A100-SXM4-80GB": 312e12, "NVIDIA A100 80GB PCIe": 312e12, "NVIDIA H100 PCIe": 756e12, "NVIDIA H100 80GB HBM3": 989e12, "NVIDIA H200": 989e12}


class Clock:
    def __init__(self, device, dtype):
        self.device, self.dtype = torch.device(device), dtype
        self.side = 8192 if self.device.type == "cuda" else 1024

    def now(self):
        """Seconds, once the device has done all that was asked of it."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        return time.perf_counter()

    def products(self):
        """FLOP/s of products of two square matrices in the model's numbers; a first, untimed one wakes the threads."""
        a, b = (torch.rand(self.side, self.side, device=self.device).to(self.dtype) for _ in range(2))
        rates = []
        for _ in range(PRODUCTS + 1):
            start = self.now()
            a.mm(b)
            rates.append(2 * self.side**3 / (self.now() - start))
        return rates[1:]

    def forget_peak(self):
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self.device)
        else:
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")

    def peak(self):
        """Bytes: of the device's memory that torch took, or resident ones of the process."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated(self.device)
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))

    def card(self):
        """Bytes of the card's memory that are taken, by whomever; None on a CPU."""
        if self.device.type != "cuda":
            return None
        free, total = torch.cuda.mem_get_info(self.device.index)
        return total - free

    def peak_rate(self):
        """What the card's maker gives; None where that is not known."""
        return PEAKS.get(torch.cuda.get_device_name(self.device)) if self.device.type == "cuda" and self.dtype == torch.bfloat16 else None


def machine(device):
    """A Markdown list."""
    with open("/proc/cpuinfo") as file:
        lines = file.read().splitlines()
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    card = f"\n- {torch.cuda.get_device_name(device)}, CUDA {torch.version.cuda}" if torch.device(device).type == "cuda" else ""
    return f"- {name}, {sum(line.startswith('processor') for line in lines)} cores{card}\n- torch {torch.__version__}, {torch.get_num_threads()} threads"


__all__ = ["Clock", "machine", "median"]
