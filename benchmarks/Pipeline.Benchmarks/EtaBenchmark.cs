using System.Globalization;
using System.Text;

namespace Pipeline.Benchmarks;

/// <summary>How near the time left that is shown half-way comes to the time it took, over simulated and recorded runs.</summary>
internal static class EtaBenchmark
{
    private const int Runs = 200;
    private const double HalfWay = 0.5;

    /// <summary>Folder of such runs, among the others.</summary>
    private const string Overloaded = "overloaded";

    /// <param name="traces">Folder of recorded runs.</param>
    /// <param name="file">Takes the results; null: they are only printed.</param>
    public static async Task<int> RunAsync(string traces, string? file)
    {
        var recordings = EtaRecording.ReadAll(traces);
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # The time left that is shown half-way, against the time it took

            ## Simulated runs

            {Runs} simulated runs of each kind (10 minutes to 6 hours, 2 to 8 shards at a time), looked at every few seconds by the product's own code from the first image on. In all of them
            the model loads for up to 4 % of the time, the speed has correlated noise of 5 to 30 %, and the last shards are slow. *workers*: one to four times one or two workers come or go. *outages*: one to three
            times nothing moves for 1 to 6 % of the run. *folders*: 4 to 30 folders whose images take longer or shorter (a spread of 35 %). *drift*: up to 40 % faster or slower towards the
            end. *mixed*: all of it. Made by `Pipeline.Benchmarks eta`; seeds are fixed.


            """));
        Table(page, EtaTrace.Kinds.SelectMany(kind => Enumerable.Range(0, Runs).Select(seed => (kind, EtaOutcome.Of(new EtaTrace(kind, seed).LookAt(HalfWay))))));
        page.Append(string.Create(CultureInfo.InvariantCulture, $"""

            ## Real runs

            {recordings.Count} recorded runs of jobs with the small models, by real workers on PostgreSQL ([traces](eta-traces), one a run, made by `pipeline bench eta --paced`), replayed through today's code.
            They took {Shortest(recordings):0} to {Longest(recordings):0} s each, with one or two workers and 12 to 40 shards (*folders*, *mixed*: 48 to 160). A worker answers about an image a second, so that little but what is done to a run changes its
            speed. *joins*, *leaves*: a worker more (one, then two), or one less, at some moment of the run. *killed*: a worker is killed, and another starts some seconds later. *paused*: for 10 to 40 s. *competing*: a
            second job of a quarter of the images shares the workers. *folders*: 3 to 10 folders of drawn scenes, tiny, huge and damaged images. *mixed*: folders and two of the others. Kinds and moments were drawn before
            the runs. In about half of them the change comes after half-way, where nothing can know of it; and half of the workers is more than a larger fleet loses at a time.
            This is no test set: the 20 s over which workers are averaged (with 30 s the error is 11 %) and the width of the range were set on these runs, and that other jobs count and shards begin spread came of looking at earlier ones of
            the kinds *competing*, *folders* and *mixed*, which were then recorded anew, *folders* and *mixed* also with four times the shards. Most runs shared the two cores with builds or tests of lower priority.


            """));
        Real(page, recordings);
        var overloaded = EtaRecording.ReadAll(Path.Combine(traces, Overloaded));
        page.Append(string.Create(CultureInfo.InvariantCulture, $"""

            ## Real runs on an overloaded machine

            {overloaded.Count} earlier runs of the same kinds ([traces](eta-traces/{Overloaded})), of {Shortest(overloaded):0} to {Longest(overloaded):0} s, {overloaded.Count(run => !run.IsPaced)} of them without a pace, while the two cores also built and tested other programs (load averages of 30 to
            130): the speed of every one of them, *steady* too, changed without end. The worst that the estimate may meet.


            """));
        Real(page, overloaded);
        await Console.Out.WriteLineAsync(page.ToString());
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, page.ToString());
        }

        return 0;
    }

    private static void Real(StringBuilder page, IReadOnlyList<EtaRecording> recordings)
    {
        Table(page, recordings.Select(run => (run.Kind, EtaOutcome.Of(run.Replayed(HalfWay)))));
        var shown = recordings.Select(run => run.Recorded(HalfWay)).Select(look => EtaOutcome.Of(look.Shown.Eta, look.Shown.Low, look.Shown.High, look.Took)).OfType<EtaOutcome>().ToList();
        page.Append(string.Create(
            CultureInfo.InvariantCulture,
            $"\nWhat the API showed when they were recorded, by the code of then: median error {100 * EtaOutcome.MedianError(shown):0.0} %, in the range {100 * EtaOutcome.ShareInRange(shown):0} % ({shown.Count} runs).\n"));
    }

    private static double Shortest(IReadOnlyList<EtaRecording> recordings) => recordings.Min(run => run.Looks[^1].Seconds);

    private static double Longest(IReadOnlyList<EtaRecording> recordings) => recordings.Max(run => run.Looks[^1].Seconds);

    private static void Table(StringBuilder page, IEnumerable<(string Kind, EtaOutcome? Outcome)> runs)
    {
        page.Append("| kind | runs | time left shown | median error | 90 % are below | took was in the range shown | range, share of the ETA |\n|---|---|---|---|---|---|---|\n");
        var all = runs.ToList();
        foreach (var kind in all.GroupBy(run => run.Kind))
        {
            Row(page, kind.Key, [.. kind.Select(run => run.Outcome)]);
        }

        Row(page, "**all**", [.. all.Select(run => run.Outcome)]);
    }

    private static void Row(StringBuilder page, string kind, List<EtaOutcome?> runs)
    {
        var outcomes = runs.OfType<EtaOutcome>().ToList();
        page.Append(CultureInfo.InvariantCulture, $"| {kind} | {runs.Count} | {100.0 * outcomes.Count / runs.Count:0} % | ");
        page.Append(outcomes.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * EtaOutcome.MedianError(outcomes):0.0} % | {100 * EtaOutcome.ErrorAt(outcomes, 0.9):0} % | {100 * EtaOutcome.ShareInRange(outcomes):0} % | {outcomes.Average(outcome => outcome.Width):0.00} |"));
        page.Append('\n');
    }
}
