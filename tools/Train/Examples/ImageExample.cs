using Pipeline.Model.Training;

namespace Train.Examples;

/// <summary>A scene cut into crops, with all that may be asked of it.</summary>
internal sealed record ImageExample
{
    /// <summary>As <see cref="TrainingImage.Pixels"/>.</summary>
    public required byte[] Pixels { get; init; }

    /// <summary>As <see cref="TrainingImage.Crops"/>.</summary>
    public required int[] Crops { get; init; }

    /// <summary>As <see cref="TrainingImage.Labels"/>.</summary>
    public required CropLabels Labels { get; init; }

    /// <summary>As <see cref="TrainingImage.Selection"/>.</summary>
    public required int[] Selection { get; init; }

    public required IReadOnlyList<ExampleTurn> Captions { get; init; }

    public required IReadOnlyList<ExampleTurn> Questions { get; init; }
}

/// <summary>A turn that may be asked.</summary>
/// <param name="Topic">See <see cref="Scenes.SceneQuestion.Topic"/>; of a caption "caption".</param>
/// <param name="Turn">In ids.</param>
internal readonly record struct ExampleTurn(string Topic, TrainingTurn Turn);
