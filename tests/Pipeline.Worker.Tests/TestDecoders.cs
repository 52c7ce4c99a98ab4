using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Tests;

/// <summary>Decoder processes as workers have them; they end with the tests' own.</summary>
internal static class TestDecoders
{
    public static DecoderPool Shared { get; } = Create(new WorkerOptions());

    public static DecoderPool Create(WorkerOptions options) =>
        new(DecoderSettings.From(options), options.DecodeThreads, TimeProvider.System, NullLogger<DecoderPool>.Instance);
}
