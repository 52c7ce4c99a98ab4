using BenchmarkDotNet.Attributes;
using NetVips;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;

namespace Pipeline.Benchmarks;

/// <summary>What an image costs the processor before it goes to the model, and two yardsticks of the machine it runs on.</summary>
/// <remarks>Each call takes the next image, so an iteration is the mean over the set.</remarks>
public class PreprocessBenchmarks
{
    /// <summary>Side of the yardsticks' image, v2's high resolution: 6 crops of 336 pixels.</summary>
    private const int HighSide = 2_016;

    private const int CropBytesV2 = 41 * 336 * 336 * 3;

    private readonly ImageProcessor _v1 = new(DragonflyVersion.V1, 224);
    private readonly ImageProcessor _v2 = new(DragonflyVersion.V2, 336);
    private readonly byte[] _crops = new byte[CropBytesV2];
    private readonly byte[] _copy = new byte[CropBytesV2];
    private IReadOnlyList<byte[]> _encoded = [];
    private (ImageFacts Facts, byte[] Rgb)[] _decoded = [];
    private int _next;

    /// <summary>All cases run once a round, so that a busy spell of the machine meets all of them.</summary>
    [Params(1, 2, 3, Priority = -2)]
    public int Round { get; set; }

    [ParamsSource(nameof(Sets), Priority = -1)]
    public string Images { get; set; } = "";

    public static IEnumerable<string> Sets => ImageSet.Names;

    [GlobalSetup]
    public void Setup()
    {
        _encoded = ImageSet.Load(Images);
        _decoded = [.. _encoded.Select(DecodeToArray)];
        new Random(1).NextBytes(_crops);
        NetVips.NetVips.Concurrency = 1;
    }

    [Benchmark]
    public ImageCrops V2() => _v2.Process(_encoded[Next()]);

    [Benchmark]
    public ImageCrops V2Pixels()
    {
        var (facts, rgb) = _decoded[Next()];
        return _v2.Process(rgb, facts);
    }

    [Benchmark]
    public ImageCrops V1() => _v1.Process(_encoded[Next()]);

    [Benchmark]
    public ImageCrops V1Pixels()
    {
        var (facts, rgb) = _decoded[Next()];
        return _v1.Process(rgb, facts);
    }

    [Benchmark]
    public int Decode()
    {
        using var image = ImageDecoder.Decode(_encoded[Next()], new ImageLimits());
        return image.Pixels.Length;
    }

    [Benchmark]
    public int LibvipsResize()
    {
        var (facts, rgb) = _decoded[Next()];
        using var source = Image.NewFromMemory(rgb, facts.Width, facts.Height, 3, Enums.BandFormat.Uchar);
        using var resized = source.Resize(
            (double)HighSide / facts.Width, vscale: (double)HighSide / facts.Height, kernel: Enums.Kernel.Cubic);
        return resized.WriteToMemory<byte>().Length;
    }

    [Benchmark]
    public byte Copy()
    {
        _crops.CopyTo(_copy, 0);
        return _copy[^1];
    }

    private static (ImageFacts Facts, byte[] Rgb) DecodeToArray(byte[] encoded)
    {
        using var image = ImageDecoder.Decode(encoded, new ImageLimits());
        return (image.Facts, image.Pixels.ToArray());
    }

    private int Next() => _next = (_next + 1) % _encoded.Count;
}
