using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Helm.Tests;

/// <summary>Workers replaced one after the other while a job runs, as the chart's deployment does it.</summary>
public sealed class RollingUpdateTests(HelmChart chart)
{
    private const int Images = 400, ShardSize = 50;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_lost_and_no_shard_counts_a_death()
    {
        await using var server = await PostgresServer.StartAsync(Token);
        var connection = await server.CreateDatabaseAsync(Token);
        var worker = chart.Render($$"""
            database: { host: 127.0.0.1, port: {{server.Port}}, name: {{new NpgsqlConnectionStringBuilder(connection).Database}}, sslMode: disable, existingSecret: s }
            auth: { existingSecret: s }
            model: { pvc: { claimName: m } }
            places: { local: [/] }
            schemaJob: { enabled: false }
            """).Worker.Spec.Template.Spec;
        await using var services = new ServiceCollection().AddLogging()
            .AddPipelineStorage(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Storage"] = "postgres", ["ConnectionStrings:Hangfire"] = connection }).Build())
            .AddPipelineSubmission()
            .BuildServiceProvider();
        var shards = services.GetRequiredService<ShardStore>();
        var folder = Directory.CreateTempSubdirectory();
        var running = new List<Process>();
        try
        {
            var job = (await services.GetRequiredService<JobSubmission>().SubmitAsync(SpecIn(folder), Token)).Job.Id;
            Process StartWorker() => ChartProgram.Start("Pipeline.Worker", Assert.Single(worker.Containers), server.Password, 0);
            running.AddRange([StartWorker(), StartWorker()]);

            var jobs = services.GetRequiredService<JobStore>();
            foreach (var old in running.ToArray())
            {
                // In the midst of a shard, the first at least: the job may be done before the second has one.
                await UntilAsync(() => jobs.Find(job)!.IsTerminal || shards.List(job).Any(shard => shard.Phase is ShardPhase.Running && shard.Worker!.EndsWith($":{old.Id}", StringComparison.Ordinal)));
                ChartProgram.AskToEnd(old);
                await old.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(worker.TerminationGracePeriodSeconds!.Value), Token);
                Assert.Equal(0, old.ExitCode);
                running.Add(StartWorker());
            }

            await UntilAsync(() => jobs.Find(job)!.IsTerminal);

            Assert.Equal((JobState.Completed, new JobOutcome(Images, 0)), (jobs.Find(job)!.State, jobs.Find(job)!.Outcome));
            Assert.All(shards.List(job), shard => Assert.Null(shard.Crashes));
            Assert.Contains(shards.List(job), shard => shard.Attempt > 1);
            var proof = await new DatasetCheck(services.GetRequiredService<ObjectStores>().Open(Path.Combine(folder.FullName, "out"))).RunAsync(Token);
            Assert.Empty(proof.Faults);
        }
        finally
        {
            running.ForEach(process => process.Kill());
            running.ForEach(process => process.Dispose());
            folder.Delete(recursive: true);
        }
    }

    private static JobSpec SpecIn(DirectoryInfo folder)
    {
        var images = folder.CreateSubdirectory("images");
        for (var i = 0; i < Images; i++)
        {
            File.Copy(Path.Combine(Repository.Root, "tests", "Pipeline.Model.Tests", "Golden", "Excerpt", "square.png"), Path.Combine(images.FullName, $"{i:000}.png"));
        }

        return new JobSpec
        {
            Source = images.FullName,
            Output = Path.Combine(folder.FullName, "out"),
            Model = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"),
            Caption = "Describe the image.",
            ShardSize = ShardSize,
        };
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        while (!condition())
        {
            await Task.Delay(s_look, patience.Token);
        }
    }
}
