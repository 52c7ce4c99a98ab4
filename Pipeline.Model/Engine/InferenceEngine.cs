using System.Threading.Channels;
using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Native;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Engine;

/// <summary>Runs a Dragonfly checkpoint: one thread that owns all tensors, fed through a channel.</summary>
/// <remarks>Thread-safe: any number of callers may wait for answers at once.</remarks>
public sealed class InferenceEngine : IAsyncDisposable
{
    /// <summary>A request holds 14 MB of v2's crops: enough wait here to keep the thread busy, the rest waits with its caller.</summary>
    private const int WaitingRequests = 8;

    private const int DefaultTextPositions = 2_048;

    private readonly Channel<PendingRequest> _requests = Channel.CreateBounded<PendingRequest>(WaitingRequests);
    private readonly DragonflyModel _model;
    private readonly KvCache _cache;
    private readonly PromptFormat _format;
    private readonly DragonflyTokenizer _tokenizer;
    private readonly Task _loop;

    private InferenceEngine(DragonflyModel model, DragonflyTokenizer tokenizer)
    {
        _model = model;
        _tokenizer = tokenizer;
        _format = new PromptFormat(tokenizer);
        _cache = model.CreateCache();
        ImageProcessor = new ImageProcessor(model.Config.Version, model.Config.Vision.ImageSize);
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Cuts images the way this model wants them; thread-safe, runs on the caller's thread.</summary>
    public ImageProcessor ImageProcessor { get; }

    /// <summary>What was loaded.</summary>
    public DragonflyConfig Config => _model.Config;

    /// <summary>Most positions of a sequence: image, prompt and answer.</summary>
    public int MaxModelLen => _model.MaxModelLen;

    /// <summary>Loads a checkpoint folder in Hugging Face layout.</summary>
    /// <exception cref="ModelLoadException">The folder is not a whole Dragonfly checkpoint; the message lists every fault.</exception>
    public static Task<InferenceEngine> LoadAsync(string folder, EngineOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => Load(folder, options), cancellationToken);

    /// <summary>Answers all prompts of one image, in order.</summary>
    /// <exception cref="PromptTooLongException">A prompt and its answer do not fit <see cref="MaxModelLen"/>.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed before the request was answered.</exception>
    public async Task<IReadOnlyList<Answer>> RunAsync(ImageRequest request, CancellationToken cancellationToken)
    {
        var pending = new PendingRequest(request, cancellationToken);
        try
        {
            await _requests.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(InferenceEngine));
        }

        return await pending.Answers.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the thread after the request in hand; those still waiting fail.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        while (_requests.Reader.TryRead(out PendingRequest? waiting))
        {
            waiting.Answers.TrySetException(new ObjectDisposedException(nameof(InferenceEngine)));
        }

        await _loop;
        _cache.Dispose();
        _model.Dispose();
    }

    private static InferenceEngine Load(string folder, EngineOptions options)
    {
        TorchRuntime.EnsureLoaded();
        DragonflyConfig config = CheckpointFolder.ReadConfig(folder);
        DragonflyTokenizer tokenizer = ReadTokenizer(folder, config);
        int positions = options.MaxModelLen ?? Math.Min(config.Language.MaxPositionEmbeddings, config.ImagePositions + DefaultTextPositions);
        if (positions <= config.ImagePositions)
        {
            throw new ModelLoadException(folder, [$"an image takes {config.ImagePositions} positions, and the context has only {positions}"]);
        }

        return new InferenceEngine(new DragonflyModel(Checkpoint.Open(folder, config), config, positions, ScalarType.Float32, CPU), tokenizer);
    }

    private static DragonflyTokenizer ReadTokenizer(string folder, DragonflyConfig config)
    {
        try
        {
            DragonflyTokenizer tokenizer = DragonflyTokenizer.Load(folder);
            _ = new PromptFormat(tokenizer);
            return tokenizer.VocabularySize <= config.Language.VocabSize
                ? tokenizer
                : throw new InvalidDataException($"the tokenizer has {tokenizer.VocabularySize} entries, and the model {config.Language.VocabSize}");
        }
        catch (InvalidDataException e)
        {
            throw new ModelLoadException(folder, [e.Message]);
        }
    }

    private void Loop()
    {
        var session = new ImageSession(_model, _format.Special, _cache);
        while (_requests.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_requests.Reader.TryRead(out PendingRequest? pending))
            {
                Run(session, pending);
            }
        }
    }

    /// <summary>One image never ends the engine: whatever it throws goes to whoever asked.</summary>
    private void Run(ImageSession session, PendingRequest pending)
    {
        if (pending.Cancellation.IsCancellationRequested)
        {
            return; // its caller stopped waiting already
        }

        try
        {
            using IDisposable inference = inference_mode();
            using DisposeScope scope = NewDisposeScope();
            session.Start(pending.Request.Crops);
            pending.Answers.TrySetResult([.. pending.Request.Prompts.Select(prompt => Answer(session, prompt, pending.Cancellation))]);
        }
        catch (OperationCanceledException)
        {
            pending.Answers.TrySetCanceled(pending.Cancellation);
        }
        catch (Exception e)
        {
            pending.Answers.TrySetException(e);
        }
    }

    private Answer Answer(ImageSession session, Prompt prompt, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> ids = _format.Question(prompt.Text);
        int promptTokens = Config.ImagePositions + ids.Count;
        switch (prompt)
        {
            case GeneratePrompt generate:
                var (tokens, logProbabilities) = session.Generate(ids, generate.Sampling.MaxTokens, cancellationToken);
                FinishReason reason = _format.Special.IsStop(tokens[^1]) ? FinishReason.Stop : FinishReason.Length;
                return new GeneratedAnswer(_tokenizer.Decode(tokens), tokens, reason, logProbabilities.Average(), promptTokens);
            case ScorePrompt score:
                double[] logLikelihoods = session.Score(ids, [.. score.Choices.Select(_tokenizer.Encode)], cancellationToken);
                double[] probabilities = Softmax(logLikelihoods);
                return new ScoredAnswer(probabilities.IndexOf(probabilities.Max()), logLikelihoods, probabilities, promptTokens);
            default:
                throw new ArgumentException($"A {prompt.GetType().Name} is neither generated nor scored.", nameof(prompt));
        }
    }

    private static double[] Softmax(double[] values)
    {
        double top = values.Max();
        double[] exponentials = [.. values.Select(value => Math.Exp(value - top))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }

    private sealed record PendingRequest(ImageRequest Request, CancellationToken Cancellation)
    {
        /// <summary>Continuations must not run on the engine's thread.</summary>
        public TaskCompletionSource<IReadOnlyList<Answer>> Answers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
