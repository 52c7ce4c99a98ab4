using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Native;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Weights;
using Pipeline.TestServers;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Golden;

/// <summary>A golden checkpoint, loaded, with its parts in reach.</summary>
internal sealed class GoldenModel : IDisposable
{
    private const int MaxModelLen = 4_096;

    public GoldenModel(params string[] folder)
    {
        TorchRuntime.EnsureLoaded();
        string path = ReferenceData.Folder(["golden", .. folder]);
        Config = CheckpointFolder.ReadConfig(path);
        Format = new PromptFormat(DragonflyTokenizer.Load(path));
        Model = new DragonflyModel(Checkpoint.Open(path, Config), Config, MaxModelLen, ScalarType.Float32, CPU);
        Cache = Model.CreateCache();
    }

    public DragonflyConfig Config { get; }

    public PromptFormat Format { get; }

    public DragonflyModel Model { get; }

    public KvCache Cache { get; }

    public ImageCrops Crops(GoldenCase golden) => new ImageProcessor(Config.Version, Config.Vision.ImageSize).Process(golden.Image);

    public void Dispose()
    {
        Cache.Dispose();
        Model.Dispose();
    }
}
