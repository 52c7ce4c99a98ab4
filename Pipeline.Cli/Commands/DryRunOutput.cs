using System.Text.Json;
using Pipeline.Cli.Display;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Commands;

/// <summary>What a job would do, for people.</summary>
internal static class DryRunOutput
{
    public static void Show(Terminal terminal, DryRunReport report, bool json)
    {
        if (json)
        {
            terminal.Line(JsonSerializer.Serialize(report, JobJson.Default.DryRunReport));
            return;
        }

        var more = report.IsCounted ? "" : " and more";
        terminal.Line($"job      {report.JobId} (nothing was started)");
        terminal.Line($"images   {Words.Count(report.Images)}{more}, {Words.Bytes(report.SourceBytes)}, {Words.Count(report.UnusableRows)} of them unusable");
        terminal.Line($"shards   {Words.Count(report.Shards)}{more}");
        terminal.Line(report.Seconds is { } seconds ? $"time     {Words.Duration(seconds.Value)}, from {seconds.Basis}" : "time     unknown: no job has run on this model yet");
        terminal.Line($"storage  {Words.Bytes((long)report.Bytes.Value)}, from {report.Bytes.Basis}");
        foreach (var sample in report.Samples)
        {
            Show(terminal, sample);
        }

        if (report.NoAnswers is { } reason)
        {
            terminal.Line();
            terminal.Line(reason);
        }
    }

    private static void Show(Terminal terminal, DryRunSample sample)
    {
        const int longest = 100;
        terminal.Line();
        terminal.Line(sample.Image);
        if (sample.Caption is { } caption)
        {
            terminal.Line($"  {Words.Excerpt(caption, longest)}{Answer(sample.Answers?.Caption)}");
        }

        foreach (var question in sample.Questions)
        {
            terminal.Line($"  {question.Id}: {Words.Excerpt(question.Text, longest)}{Answer(sample.Answers?.Labels.GetValueOrDefault(question.Id))}");
        }

        if (sample.Answers?.Failure is { } failure)
        {
            terminal.Line($"  {Words.Excerpt(failure, longest)}");
        }

        static string Answer(string? text) => text is null ? "" : $" → {Words.Excerpt(text, longest)}";
    }
}
