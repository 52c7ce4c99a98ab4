namespace Pipeline.Model.Training;

/// <summary>One image to learn from.</summary>
internal sealed record TrainingImage
{
    /// <summary>uint8 RGB of the crops that are shown, <c>[crops, size, size, 3]</c>.</summary>
    public required byte[] Pixels { get; init; }

    /// <summary>Which of the image's crops these are, ascending, the low one first; v1: all.</summary>
    public required int[] Crops { get; init; }

    /// <summary>What lies on these crops.</summary>
    public required CropLabels Labels { get; init; }

    public required PackedTurns Turns { get; init; }

    /// <summary>What each turn asks for; results are counted by it.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>v1: for each middle crop the candidate, 0 to 5, that selection should rank first; −1: none.</summary>
    public IReadOnlyList<int> Selection { get; init; } = [];
}
