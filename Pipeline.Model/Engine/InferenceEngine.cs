using System.Threading.Channels;
using Pipeline.Model.Configuration;
using Pipeline.Model.Devices;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;

namespace Pipeline.Model.Engine;

/// <summary>Runs a Dragonfly checkpoint with continuous batching: one thread that owns all tensors, fed through a channel.</summary>
/// <remarks>
/// Thread-safe: any number of callers may wait for answers at once, and the more there are the fuller the batches. What a request is
/// answered does not depend on what else runs.
/// </remarks>
public sealed class InferenceEngine : IAsyncDisposable
{
    private readonly IModelRunner _runner;
    private readonly RequestReader _reader;
    private readonly EngineLoop _loop;
    private readonly Task _thread;
    private bool _disposed;

    private InferenceEngine(
        DragonflyConfig config, EngineLimits limits, Placement placement, DragonflyTokenizer tokenizer, IModelRunner runner, AnswerPolicy policy, TimeProvider time)
    {
        Config = config;
        Placement = placement;
        MaxModelLen = limits.MaxModelLen;
        MaxNumSeqs = limits.MaxNumSeqs;
        ImageProcessor = new ImageProcessor(config.Version, config.Vision.ImageSize);
        _runner = runner;
        _reader = new RequestReader(config, limits, tokenizer, policy);
        _loop = new EngineLoop(runner, limits, new AnswerBuilder(tokenizer, SpecialTokens.Of(tokenizer), config.ImagePositions, policy), time);
        _thread = Task.Factory.StartNew(_loop.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Cuts images the way this model wants them; thread-safe, runs on the caller's thread.</summary>
    public ImageProcessor ImageProcessor { get; }

    /// <summary>What was loaded.</summary>
    public DragonflyConfig Config { get; }

    /// <summary>Most positions of a sequence: image, prompt and answer.</summary>
    public int MaxModelLen { get; }

    /// <summary>Most answers that are generated at a time.</summary>
    public int MaxNumSeqs { get; }

    /// <summary>Where the model runs: "cpu", "cuda:0".</summary>
    public string Device => Placement.Device.ToString();

    /// <summary>
    /// Numbers that the model runs in: "float32", "bfloat16", "bfloat16+int8" and so on. The same weights answer a little differently in others.
    /// </summary>
    public string Numerics => Placement.Numerics;

    /// <summary>Where the model runs.</summary>
    internal Placement Placement { get; }

    /// <summary>What the engine did since it was loaded.</summary>
    public EngineStatistics Statistics => _loop.Statistics;

    /// <summary>Loads a checkpoint folder in Hugging Face layout.</summary>
    /// <exception cref="ModelLoadException">The folder is not a whole Dragonfly checkpoint, or the limits don't fit it; the message lists every fault.</exception>
    public static Task<InferenceEngine> LoadAsync(string folder, EngineOptions options, CancellationToken cancellationToken) =>
        LoadAsync(folder, options, pick: null, cancellationToken);

    /// <summary>A model of a folder's configs and tokenizer with random weights; those in the folder are not read.</summary>
    /// <exception cref="ModelLoadException">The configs or the tokenizer are not those of a Dragonfly, or the limits don't fit it.</exception>
    internal static Task<InferenceEngine> LoadRandomAsync(string folder, EngineOptions options, CancellationToken cancellationToken) => Task.Run(
        () => Load(
            folder, options,
            (_, config, limits, placement, special) => CreateRunner(new RandomWeights(config), config, limits, placement, special, pick: null), TimeProvider.System),
        cancellationToken);

    /// <summary>The same model with another choice of high-resolution crops; v2 keeps all, whatever is picked.</summary>
    internal static Task<InferenceEngine> LoadAsync(string folder, EngineOptions options, ZoomPick? pick, CancellationToken cancellationToken) => Task.Run(
        () => Load(folder, options, (path, config, limits, placement, special) => CreateRunner(Checkpoint.Open(path, config), config, limits, placement, special, pick), TimeProvider.System),
        cancellationToken);

    /// <summary>Answers all prompts of one image, in order.</summary>
    /// <exception cref="ArgumentException">The crops are not of this model, or a prompt asks for what can't be; nothing was run.</exception>
    /// <exception cref="PromptTooLongException">A prompt and its answer do not fit <see cref="MaxModelLen"/>; nothing was run.</exception>
    /// <exception cref="InferenceException">The network failed on this request alone.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed before the request was answered.</exception>
    public async Task<IReadOnlyList<Answer>> RunAsync(ImageRequest request, CancellationToken cancellationToken)
    {
        var pending = new PendingRequest(_reader.Read(request), cancellationToken);
        try
        {
            await _loop.SubmitAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(InferenceEngine));
        }

        return await pending.Answers.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the thread after the step in hand; requests that are not answered yet fail.</summary>
    public async ValueTask DisposeAsync()
    {
        _loop.Stop();
        await _thread;
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _runner.Dispose();
        }
    }

    /// <param name="folder">Checkpoint.</param>
    /// <param name="options">Limits as asked for.</param>
    /// <param name="createRunner">Makes the network.</param>
    /// <param name="time">For the statistics.</param>
    /// <param name="policy">Null: as people use the engine.</param>
    internal static InferenceEngine Load(
        string folder, EngineOptions options, RunnerFactory createRunner, TimeProvider time, AnswerPolicy? policy = null)
    {
        DragonflyConfig config = CheckpointFolder.ReadConfig(folder);
        DragonflyTokenizer tokenizer = ReadTokenizer(folder, config);
        Placement placement = PlacementReader.Read(folder, options);
        CardMemory? card = CardMemory.Of(placement.Device);
        EngineLimits limits = EngineLimits.Resolve(folder, options, config, placement, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, card);
        return new InferenceEngine(
            config, limits, placement, tokenizer, createRunner(folder, config, limits, placement, SpecialTokens.Of(tokenizer)), policy ?? AnswerPolicy.Of(tokenizer), time);
    }

    /// <summary>Rotary tables reach as far as a step may run behind the end of the longest answer.</summary>
    internal static ModelRunner CreateRunner(IWeights weights, DragonflyConfig config, EngineLimits limits, Placement placement, SpecialTokens special, ZoomPick? pick) =>
        new(weights, config, special.Newline, limits.Layout, limits.MaxModelLen + limits.NumDecodeSteps - 1, placement, pick);

    private static DragonflyTokenizer ReadTokenizer(string folder, DragonflyConfig config)
    {
        try
        {
            DragonflyTokenizer tokenizer = DragonflyTokenizer.Load(folder);
            _ = SpecialTokens.Of(tokenizer);
            return tokenizer.VocabularySize <= config.Language.VocabSize
                ? tokenizer
                : throw new InvalidDataException($"the tokenizer has {tokenizer.VocabularySize} entries, and the model {config.Language.VocabSize}");
        }
        catch (InvalidDataException e)
        {
            throw new ModelLoadException(folder, [e.Message]);
        }
    }
}

/// <summary>Makes the network of a checkpoint for an engine, which disposes it.</summary>
internal delegate IModelRunner RunnerFactory(string folder, DragonflyConfig config, EngineLimits limits, Placement placement, SpecialTokens special);
