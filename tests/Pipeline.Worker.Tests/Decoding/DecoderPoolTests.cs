using System.Diagnostics.CodeAnalysis;
using NetVips;
using Pipeline.Benchmarks.Fuzzing;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Tests.Decoding;

/// <summary>Real decoder processes, killed, stopped and starved for real.</summary>
public sealed class DecoderPoolTests
{
    /// <summary>Takes some hundred milliseconds to decode.</summary>
    private static readonly Lazy<byte[]> s_slow = new(() => Image.Black(6_000, 5_000, bands: 3).Copy(interpretation: Enums.Interpretation.Srgb).PngsaveBuffer(compression: 1));

    private static int s_pools;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Seeds => [.. SeedImages.All.Keys];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_format_gives_the_pixels_that_it_gives_in_this_process(string name)
    {
        var encoded = SeedImages.All[name];
        var expected = Array.Empty<byte>();
        var facts = ImageDecoder.Decode(encoded, new ImageLimits(), image => expected = new byte[image.Width * image.Height * 3]);

        var (pixels, image) = await TestDecoders.Shared.DecodeAsync(encoded, (rgb, image) => (rgb.ToArray(), image), Token);

        Assert.Equal(facts, image);
        Assert.Equal(expected, pixels);
    }

    [Theory]
    [InlineData(DecoderProcesses.SegmentationFault)]
    [InlineData(DecoderProcesses.Kill)]
    public async Task An_image_that_kills_its_process_twice_is_told_and_no_other_image_notices(int signal)
    {
        using var pool = Pool(out var processes, options => options.DecodeThreads = 1);
        var deadly = pool.DecodeAsync(s_slow.Value, (_, image) => image, Token);
        var others = Enumerable.Range(0, 50).Select(_ => TestDecoders.Shared.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image.Width, Token)).ToList();

        await processes.StrikeAsync(signal, deadly);

        var error = await Assert.ThrowsAsync<ImageException>(() => deadly);
        Assert.Equal(ImageFault.DecoderCrashed, error.Fault);
        Assert.Contains(signal == DecoderProcesses.Kill ? "was ended by SIGKILL" : "was ended by SIG", error.Message, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(others), width => Assert.Equal(96, width));
        Assert.Equal(96, await pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image.Width, Token));
    }

    [Fact]
    public async Task A_process_that_was_killed_from_outside_costs_no_image()
    {
        using var pool = Pool(out var processes, options => options.DecodeThreads = 1);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(96, await pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image.Width, Token));
            DecoderProcesses.Send(Assert.Single(processes.Ids), DecoderProcesses.Kill);
        }
    }

    [Fact]
    public async Task A_process_that_hangs_is_ended_after_its_time_and_its_image_is_too_slow()
    {
        using var pool = Pool(out var processes, options => (options.DecodeThreads, options.DecodeSeconds) = (1, 1));
        await pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image, Token);
        DecoderProcesses.Send(Assert.Single(processes.Ids), DecoderProcesses.Stop);

        var error = await Assert.ThrowsAsync<ImageException>(() => pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image, Token));

        Assert.Equal(ImageFault.TooSlow, error.Fault);
        Assert.Equal(96, await pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image.Width, Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_that_takes_too_much_memory_is_told_and_the_next_is_decoded(bool png)
    {
        // An interlaced PNG and a progressive JPEG are held whole: 90 MB of samples, 180 MB of coefficients.
        using var large = Image.Black(6_000, 5_000, bands: 3).Copy(interpretation: Enums.Interpretation.Srgb);
        var bomb = png ? large.PngsaveBuffer(interlace: true, compression: 1) : large.JpegsaveBuffer(interlace: true, q: 10);
        using var pool = Pool(out _, options => options.DecoderMemory = 64L << 20);

        var error = await Assert.ThrowsAsync<ImageException>(() => pool.DecodeAsync(bomb, (_, image) => image, Token));

        Assert.Equal(ImageFault.TooMuchMemory, error.Fault);
        Assert.Equal(96, await pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image.Width, Token));
    }

    [Fact]
    public async Task Cancelling_waits_for_no_image()
    {
        using var pool = Pool(out var processes, options => options.DecodeThreads = 1);
        await pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image, Token);
        DecoderProcesses.Send(Assert.Single(processes.Ids), DecoderProcesses.Stop);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var decoding = pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => decoding);
    }

    [Fact]
    [SuppressMessage("Performance", "CA1861", Justification = "Read once.")]
    public async Task A_process_knows_no_secret_writes_no_file_and_ends_with_its_pool()
    {
        Environment.SetEnvironmentVariable("PIPELINE_S3__SECRETKEY", "a-secret-that-no-decoder-knows");
        var pool = Pool(out var processes, options => options.DecodeThreads = 1);
        await pool.DecodeAsync(SeedImages.All["rgb.png"], (_, image) => image, Token);
        var id = Assert.Single(processes.Ids);

        var names = DecoderProcesses.Read($"/proc/{id}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=')[0]);
        Assert.Subset(
            new HashSet<string> { "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_GCHeapHardLimit", "DOTNET_gcServer", "DOTNET_gcConcurrent", "DOTNET_EnableDiagnostics", "VIPS_BLOCK_UNTRUSTED" },
            names.ToHashSet());
        var limits = DecoderProcesses.Read($"/proc/{id}/limits");
        Assert.Matches(@"Max file size +0 +0 ", limits);
        Assert.Matches(@"Max core file size +0 +0 ", limits);
        Assert.DoesNotMatch(@"Max address space +unlimited", limits);
        Assert.Matches(@"NoNewPrivs:\s+1", DecoderProcesses.Read($"/proc/{id}/status"));

        pool.Dispose();
        Assert.Empty(processes.Ids);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")]
    [InlineData("%PDF-1.4 1 0 obj")]
    [InlineData("P5 1 1 255 0")]
    [InlineData("#?RADIANCE")]
    public async Task Other_formats_are_no_images(string text)
    {
        var error = await Assert.ThrowsAsync<ImageException>(() => TestDecoders.Shared.DecodeAsync(System.Text.Encoding.ASCII.GetBytes(text), (_, image) => image, Token));

        Assert.Equal(ImageFault.NotAnImage, error.Fault);
    }

    private static DecoderPool Pool(out DecoderProcesses processes, Action<WorkerOptions> change)
    {
        var options = new WorkerOptions();
        change(options);
        options.DecoderMemory += Interlocked.Increment(ref s_pools);
        processes = new DecoderProcesses(options.DecoderMemory);
        return TestDecoders.Create(options);
    }
}
