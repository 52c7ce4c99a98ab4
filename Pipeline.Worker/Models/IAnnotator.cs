using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Models;

/// <summary>A loaded model, as shards use it: encoded image in, answers out. Thread-safe; any number of calls may wait at once.</summary>
internal interface IAnnotator : IAsyncDisposable
{
    /// <summary>Numbers that the model runs in, "float32" where nothing else was asked for.</summary>
    string Numerics => Provenance.UsualNumerics;

    /// <summary>Where it runs: "cpu", "cuda:0".</summary>
    string Device => "cpu";

    /// <summary>Most answers that it generates at a time: fewer images at the model leave it partly idle.</summary>
    int MaxNumSeqs => 32;

    /// <summary>Decodes an image and cuts it the way the model wants it.</summary>
    /// <exception cref="ImageException">The bytes can't be decoded.</exception>
    Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken);

    /// <summary>Answers all prompts of one image, in order.</summary>
    /// <exception cref="PromptTooLongException">A prompt and its answer do not fit the model, whatever the image.</exception>
    /// <exception cref="ArgumentException">A prompt asks for what can't be, whatever the image.</exception>
    /// <exception cref="InferenceException">The network failed on this image twice, the second time alone.</exception>
    Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken);
}
