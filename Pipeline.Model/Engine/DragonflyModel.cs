using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;
using Pipeline.Model.Language;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Engine;

/// <summary>The whole network: image encoder and language model, with the image's rows laid out as the prompt wants them.</summary>
internal sealed class DragonflyModel : IDisposable
{
    private readonly IWeights _weights;
    private readonly ImageEncoder _encoder;
    private readonly ScalarType _type;
    private readonly Device _device;

    /// <param name="weights">Owned from now on: weights may be views of its files.</param>
    /// <param name="config">The checkpoint's.</param>
    /// <param name="maxModelLen">Most positions of a sequence.</param>
    /// <param name="type">Element type of weights and KV cache.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="roundFrequencies">Round the rotary frequencies to bfloat16, as casting the reference's whole module does.</param>
    public DragonflyModel(
        IWeights weights, DragonflyConfig config, int maxModelLen, ScalarType type, Device device, bool roundFrequencies = false)
    {
        _weights = weights;
        Config = config;
        MaxModelLen = maxModelLen;
        _type = type;
        _device = device;
        var source = new WeightSource(weights, new Placement(device, type) { UsesDeviceKernels = false });
        _encoder = new ImageEncoder(source, config);
        Language = new LlamaModel(source.Below(DragonflyParameters.Language), config.Language, maxModelLen, roundFrequencies);
    }

    public DragonflyConfig Config { get; }

    public int MaxModelLen { get; }

    public LlamaModel Language { get; }

    public KvCache CreateCache() => new(Config.Language, MaxModelLen, _type, _device);

    public ImageEncoder Images => _encoder;

    public EncodedImage Encode(Imaging.ImageCrops crops) => _encoder.Encode(crops);

    /// <summary>The image's part of the prompt: blocks of image rows, each closed by the newline token's word embedding.</summary>
    /// <param name="image">From <see cref="Encode"/>.</param>
    /// <param name="newline">Id of the newline token.</param>
    /// <returns><c>[image positions, hidden]</c></returns>
    public Tensor ImageEmbeddings(EncodedImage image, int newline)
    {
        using Tensor end = Language.Embed([newline]);
        return ImageRows.WithNewlines(image.Rows, Config, end);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        Language.Dispose();
        _weights.Dispose();
    }
}
