using System.Globalization;
using System.Text;

namespace Pipeline.Benchmarks;

/// <summary>How near the time left that is shown half-way comes to the time it took, over simulated runs.</summary>
internal static class EtaBenchmark
{
    private const int Runs = 200;

    public static async Task<int> RunAsync(string? file)
    {
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # The time left that is shown half-way, against the time it took

            {Runs} simulated runs of each kind (10 minutes to 6 hours, 2 to 8 shards at a time), looked at every few seconds by the product's own code from the first image on. In all of them
            the model loads for up to 4 % of the time, the speed has correlated noise of 5 to 30 %, and the last shards are slow. *workers*: one to four times one or two workers come or go. *outages*: one to three
            times nothing moves for 1 to 6 % of the run. *folders*: 4 to 30 folders whose images take longer or shorter (a spread of 35 %). *drift*: up to 40 % faster or slower towards the
            end. *mixed*: all of it. Made by `Pipeline.Benchmarks eta`; seeds are fixed.

            | kind | median error | 90 % are below | took was in the range shown | range, share of the ETA |
            |---|---|---|---|---|

            """));
        var all = new List<Outcome>();
        foreach (var kind in EtaTrace.Kinds)
        {
            var outcomes = Enumerable.Range(0, Runs).Select(seed => Outcome.Of(new EtaTrace(kind, seed).LookAt(0.5))).ToList();
            page.Append(Row(kind, outcomes));
            all.AddRange(outcomes);
        }

        page.Append(Row("**all**", all));
        await Console.Out.WriteLineAsync(page.ToString());
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, page.ToString());
        }

        return 0;
    }

    private static string Row(string kind, List<Outcome> outcomes)
    {
        var errors = outcomes.Select(outcome => outcome.Error).Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {kind} | {100 * errors[errors.Count / 2]:0.0} % | {100 * errors[errors.Count * 9 / 10]:0} % | {100.0 * outcomes.Count(outcome => outcome.IsInRange) / outcomes.Count:0} % | {outcomes.Average(outcome => outcome.Width):0.00} |\n");
    }

    private sealed record Outcome(double Error, bool IsInRange, double Width)
    {
        public static Outcome Of((Jobs.State.JobView Shown, double Took) look)
        {
            var (eta, low, high) = (look.Shown.EtaSeconds!.Value, look.Shown.EtaSecondsLow!.Value, look.Shown.EtaSecondsHigh!.Value);
            return new(Math.Abs(eta - look.Took) / look.Took, low <= look.Took && look.Took <= high, (high - low) / eta);
        }
    }
}
