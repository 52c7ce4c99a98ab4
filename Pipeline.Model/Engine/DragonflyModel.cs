using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Language;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Engine;

/// <summary>The whole network: image encoder and language model, with the image's rows laid out as the prompt wants them.</summary>
internal sealed class DragonflyModel : IDisposable
{
    private readonly Checkpoint _checkpoint;
    private readonly ImageEncoder _encoder;
    private readonly ScalarType _type;
    private readonly Device _device;

    /// <param name="checkpoint">Owned from now on: weights may be views of its files.</param>
    /// <param name="config">The checkpoint's.</param>
    /// <param name="maxModelLen">Most positions of a sequence.</param>
    /// <param name="type">Element type of weights and KV cache.</param>
    /// <param name="device">Where to run.</param>
    public DragonflyModel(Checkpoint checkpoint, DragonflyConfig config, int maxModelLen, ScalarType type, Device device)
    {
        _checkpoint = checkpoint;
        Config = config;
        MaxModelLen = maxModelLen;
        _type = type;
        _device = device;
        var source = new WeightSource(checkpoint, type, device);
        _encoder = new ImageEncoder(source, config);
        Language = new LlamaModel(source, config.Language, maxModelLen);
    }

    public DragonflyConfig Config { get; }

    public int MaxModelLen { get; }

    public LlamaModel Language { get; }

    public KvCache CreateCache() => new(Config.Language, MaxModelLen, _type, _device);

    public EncodedImage Encode(Imaging.ImageCrops crops) => _encoder.Encode(crops);

    /// <summary>The image's part of the prompt: blocks of image rows, each closed by the newline token's word embedding.</summary>
    /// <param name="image">From <see cref="Encode"/>.</param>
    /// <param name="newline">Id of the newline token.</param>
    /// <returns><c>[image positions, hidden]</c></returns>
    public Tensor ImageEmbeddings(EncodedImage image, int newline)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor end = Language.Embed([newline]);
        List<Tensor> parts = [];
        long row = 0;
        foreach (int rows in Config.ImageBlocks)
        {
            parts.Add(image.Rows.narrow(0, row, rows));
            parts.Add(end);
            row += rows;
        }

        return cat(parts).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _encoder.Dispose();
        Language.Dispose();
        _checkpoint.Dispose();
    }
}
