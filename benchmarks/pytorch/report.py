"""Results in the columns of `./pipeline bench engine`, so that the two stand side by side."""
from statistics import median

STAGES = ("vision", "prefill", "decode")
NOTE = """Plain PyTorch: crops of all images at once through each stage, image and prompt prefilled in one pass (its time stands under *image prefill*), greedy tokens on the device. From uint8 crops in the host's
memory to token ids; decoding JPEGs, cutting crops and texts are no part of it. GEMM: a product of two square matrices in the same process and numbers, before and after each run."""


def tables(report):
    runs = report["results"][0]["repetitions"]

    def mid(key):
        return median(run[key] for run in runs)

    def utilization(stage):
        peak = report["peakRate"]
        return f"{median(run[f'{stage}Ratio'] * run['gemmRate'] for run in runs) / peak * 100:.1f} %" if peak else "–"

    rates = sorted(run["imagesPerSecond"] for run in runs)
    images = runs[0]["images"]
    milliseconds = {stage: median(run["stageSeconds"][stage] / images * 1e3 for run in runs) for stage in STAGES}
    yield "End to end, from crops to token ids", {
        "workload": "caption", "prompts × images": f"1 × {images}", "images/s": f"{mid('imagesPerSecond'):.3f}", "least–most": f"{rates[0]:.3f}–{rates[-1]:.3f}",
        "tokens/s": f"{mid('tokensPerSecond'):.1f}", "batch fill": "100 %", "idle": "–", "peak GiB": f"{max(run['peakBytes'] for run in runs) / 2**30:.1f}",
        "card GiB": f"{max(run['cardBytes'] for run in runs) / 2**30:.1f}" if runs[0]["cardBytes"] else "–"}
    ratio = f"{mid('neededPrefixSharedRatio'):.0%}".replace("%", " %")
    yield "End to end: FLOPs needed ÷ time ÷ GEMM, in two readings", {
        "workload": "caption", "GEMM GFLOP/s": f"{mid('gemmRate') / 1e9:.0f}", "nothing shared": ratio, "× reference": "–", "image counted once": ratio, "goal, counted once": "–"}
    yield "Milliseconds an image", {
        "workload": "caption", "vision": f"{milliseconds['vision']:,.1f}", "image prefill": f"{milliseconds['prefill']:,.1f}", "text prefill": "–", "decode": f"{milliseconds['decode']:,.1f}",
        "idle": "–", "other": f"{median(run['otherSeconds'] / images * 1e3 for run in runs):,.1f}", "total": f"{mid('seconds') / images * 1e3:,.1f}", "preprocessing (beside)": "–"}
    yield "By stage: FLOPs needed (image counted once) ÷ time of the stage ÷ GEMM", {
        "workload": "caption", "vision": f"{mid('visionRatio') * 100:.0f} %", "image prefill": "–", "text prefill": "–", "both": f"{mid('prefillRatio') * 100:.0f} %",
        "decode": f"{mid('decodeRatio') * 100:.1f} %", "sequences": f"{images:.1f}", "step ms": f"{mid('decodeStepSeconds') * 1e3:.1f}", "bare ms": "–", "bare ÷ step": "–",
        **{f"MFU {stage}": utilization(stage) for stage in STAGES}}


def markdown(report):
    page = [f"# PyTorch: {report['model']}", f"{report['date']}, {report['numerics']} on {report['device']}, random weights, {report['tokens']} tokens, {len(report['results'][0]['repetitions'])} repetition(s).", report["machine"]]
    for title, row in tables(report):
        page.append(f"## {title}")
        page.append("\n".join([f"| {' | '.join(row)} |", "|---" * len(row) + "|", f"| {' | '.join(row.values())} |"]))
    return "\n\n".join([*page, NOTE]) + "\n"
