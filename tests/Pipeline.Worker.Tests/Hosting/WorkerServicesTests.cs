using Hangfire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.State;
using Pipeline.Model.Engine;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Tests.Hosting;

public sealed class WorkerServicesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ConcurrentShards", "0")]
    [InlineData("AnswerAhead", "1025")]
    [InlineData("MaxImageBytes", "12")]
    public async Task A_setting_out_of_range_stops_the_start_and_is_named(string name, string value)
    {
        using var host = Build(($"Worker:{name}", value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Contains(name, error.Message);
    }

    [Fact]
    public async Task Shards_urgent_jobs_and_control_have_workers_of_their_own()
    {
        using var host = Build(("Worker:ConcurrentShards", "3"));
        await host.StartAsync(Token);
        var monitor = host.Services.GetRequiredService<JobStorage>().GetMonitoringApi();

        await Eventually.TrueAsync(() => monitor.Servers().Count == 3);

        var servers = monitor.Servers().OrderBy(server => server.Queues[0]).ToList();
        Assert.Equal(["control", "express", "resumed,shards"], servers.Select(server => string.Join(',', server.Queues)));
        Assert.Equal([2, 1, 3], servers.Select(server => server.WorkersCount));
        await host.StopAsync(Token);
    }

    [Fact]
    public void Limits_of_the_engine_come_from_its_section()
    {
        using var host = Build(("Engine:MaxNumSeqs", "8"), ("Engine:KvCacheMemory", "3000000000"), ("Engine:EnablePrefixCaching", "false"));

        Assert.Equal(
            new EngineOptions { MaxNumSeqs = 8, KvCacheMemory = 3_000_000_000, EnablePrefixCaching = false },
            host.Services.GetRequiredService<IOptions<EngineOptions>>().Value);
    }

    [Fact]
    public async Task A_limit_of_the_engine_that_is_no_number_stops_the_start_and_is_named()
    {
        using var host = Build(("Engine:MaxNumSeqs", "many"));

        var error = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => host.StartAsync(Token));

        Assert.Contains("Engine:MaxNumSeqs", error.Message);
    }

    private static IHost Build(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineWorker(builder.Configuration);
        return builder.Build();
    }
}
