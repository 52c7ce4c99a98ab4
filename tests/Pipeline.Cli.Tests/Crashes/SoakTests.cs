using System.Globalization;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>Whatever is killed, whenever: jobs that go on for a while under random kills leave whole datasets.</summary>
/// <remarks>
/// <c>PIPELINE_SOAK_MINUTES</c> sets how long it goes on, <c>PIPELINE_SOAK_SEED</c> which kills come when, <c>PIPELINE_SOAK_REPORT</c> names a Markdown file for what was seen.
/// </remarks>
[Collection(nameof(SoakTests))]
public sealed class SoakTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private const double Minutes = 0.75;

    [Fact]
    public async Task Jobs_under_random_kills_lose_nothing_and_make_nothing_twice()
    {
        var stop = TestContext.Current.CancellationToken;
        var duration = TimeSpan.FromMinutes(Setting("PIPELINE_SOAK_MINUTES", Minutes));
        var seed = (int)Setting("PIPELINE_SOAK_SEED", 1);
        await servers.DrawAsync("soak", Soak.Images, stop);
        await using var run = await CrashRun.StartAsync(servers, "soaked", stop);
        await using var soak = new Soak(run, servers, seed);

        await soak.RunAsync(duration, stop);

        var report = await soak.ReportAsync(duration, stop);
        TestContext.Current.SendDiagnosticMessage("{0}", report);
        if (Environment.GetEnvironmentVariable("PIPELINE_SOAK_REPORT") is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, report, stop);
        }

        Assert.True(soak.Faults.IsEmpty, string.Join("\n", soak.Faults) + "\n" + run.Words);
    }

    private static double Setting(string name, double fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
