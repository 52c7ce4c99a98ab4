namespace Scenes;

/// <summary>What asks for which phrasing of a caption: each prompt has its own, so that the right answer is one.</summary>
public static class CaptionPrompts
{
    /// <summary>The pipeline's own default comes first.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "Describe this image in one sentence.",
        "Describe this image in detail.",
        "Where is everything in this image?",
        "List the shapes in this image.",
    ];
}
