using Pipeline.Jobs.State;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Cli.Display;

/// <summary>A job and how fast it goes.</summary>
internal sealed record JobSpeed(JobView Job, (double? ImagesPerSecond, double? SecondsLeft) Speed);

/// <summary>The end of the progress line: images, failures, speed and time left.</summary>
internal sealed class JobColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        if (task.Tag is not JobSpeed { Job: var job, Speed: var speed })
        {
            return Text.Empty;
        }

        var failed = job.Images.Failed > 0 ? $", [yellow]{Words.Count(job.Images.Failed)} failed[/]" : "";
        var left = job.State.IsTerminal() ? "" : $" · {Words.Left(job, speed.SecondsLeft)}";
        return new Markup($"{Words.Images(job)}{failed} · {Words.Rate(speed.ImagesPerSecond)}{left}");
    }
}
