using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>A golden folder's checkpoint, in float32 on the CPU.</summary>
internal sealed class LoadedModel : IDisposable
{
    private const int TextPositions = 1_024;

    public LoadedModel(string folder, bool roundFrequencies = false)
    {
        Folder = folder;
        Config = CheckpointFolder.ReadConfig(folder);
        Tokenizer = DragonflyTokenizer.Load(folder);
        Format = new PromptFormat(Tokenizer);
        Processor = new ImageProcessor(Config.Version, Config.Vision.ImageSize);
        Model = new DragonflyModel(Checkpoint.Open(folder, Config), Config, Config.ImagePositions + TextPositions, ScalarType.Float32, CPU, roundFrequencies);
        Cache = Model.CreateCache();
        Runner = new ModelRunner(
            Checkpoint.Open(folder, Config), Config, Format.Special.Newline, new KvLayout(ImageSlots: 1, KvLayout.BlocksFor(TextPositions)), Model.MaxModelLen, Placement.Cpu);
    }

    public string Folder { get; }

    public DragonflyConfig Config { get; }

    public DragonflyTokenizer Tokenizer { get; }

    public PromptFormat Format { get; }

    public ImageProcessor Processor { get; }

    public DragonflyModel Model { get; }

    public KvCache Cache { get; }

    /// <summary>The network as the engine runs it.</summary>
    public ModelRunner Runner { get; }

    public ImageCrops Crops(ReferenceCase reference) => Processor.Process(File.ReadAllBytes(reference.DecodedImagePath));

    public ImageSession Session() => new(Model, Format.Special, Cache);

    public void Dispose()
    {
        Runner.Dispose();
        Cache.Dispose();
        Model.Dispose();
    }
}
