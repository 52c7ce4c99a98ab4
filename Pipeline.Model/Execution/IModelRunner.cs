using Pipeline.Model.Sampling;

namespace Pipeline.Model.Execution;

/// <summary>Runs the network on what a step was planned to hold. Owns all tensors; called on the engine's thread alone.</summary>
/// <remarks>
/// A call either ends well or leaves nothing that a second call with the same, or a part of the same, work would see: work of a
/// step that failed may simply be run again.
/// </remarks>
internal interface IModelRunner : IDisposable
{
    /// <summary>Vision: crops of all the images together, identical crops once. What comes out waits under each image's slot for its prefill.</summary>
    /// <returns>For each image, in order, the high crops that v1 kept (0 to 23, ascending); of v2 none.</returns>
    IReadOnlyList<IReadOnlyList<int>> Encode(IReadOnlyList<VisionWork> images);

    /// <summary>Writes the keys and values of the image positions of encoded images into their slots.</summary>
    void PrefillImages(IReadOnlyList<int> slots);

    /// <summary>Runs prompts behind their images, one pass for all of them.</summary>
    /// <returns>For each prompt, in order, its first token (<see cref="GenerateWork"/>) or the scores of its choices (<see cref="ScoreWork"/>).</returns>
    IReadOnlyList<TextResult> PrefillText(IReadOnlyList<TextWork> prompts);

    /// <summary>More tokens of every sequence.</summary>
    /// <param name="sequences">At least one.</param>
    /// <param name="tokens">That each of them gets, at least 1; 1 where a sequence's picker must see the logits.</param>
    /// <returns>For each sequence, in order, its tokens.</returns>
    IReadOnlyList<IReadOnlyList<PickedToken>> Decode(IReadOnlyList<DecodeWork> sequences, int tokens);

    /// <summary>Forgets what is kept of an image. Its slot may be used for another one from now on; unknown slots are no error.</summary>
    void Release(int slot);
}
