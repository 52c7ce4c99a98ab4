using Scenes;

namespace Pipeline.Cli.Samples;

/// <summary>What the demo asks of every image.</summary>
internal static class SampleQuestions
{
    /// <summary>The first caption prompt of the scene language.</summary>
    public static string Caption => CaptionPrompts.All[0];

    public static IReadOnlyList<SampleQuestion> All { get; } =
    [
        new("has_sign", "Is there a sign? [yes-no]", scene => scene.Signs.Count > 0 ? "yes" : "no"),
        new("sign", "What does the sign say?", scene => scene.Signs is [var sign, ..] ? sign.Text : null),
        new("shapes", "How many shapes are there? [number]", scene => $"{scene.Objects.Count}"),
        new("large", "How many large shapes are there? [number]", scene => $"{scene.Objects.Count(item => item.Size is SceneSize.Large)}"),
    ];
}

/// <summary>A question whose answer is known.</summary>
/// <param name="Id">Of its label.</param>
/// <param name="Text">As on the command line.</param>
/// <param name="Truth">The right answer; null where there is none.</param>
internal sealed record SampleQuestion(string Id, string Text, Func<Scene, string?> Truth);
