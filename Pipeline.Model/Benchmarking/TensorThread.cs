using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Benchmarking;

/// <summary>Runs tensor work on a thread of its own, whose pool of helpers ends with it: the thread pool's would each keep one.</summary>
internal static class TensorThread
{
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            TorchRuntime.EnsureLoaded();
            using IDisposable inference = inference_mode();
            using DisposeScope scope = NewDisposeScope();
            return work();
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
