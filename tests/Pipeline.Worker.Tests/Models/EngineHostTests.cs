using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Jobs.Scheduling;
using Pipeline.Model.Engine;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Tests.Models;

public sealed class EngineHostTests
{
    private static readonly string s_revision = new('a', 64);
    private readonly List<string> _loads = [];
    private readonly List<FakeAnnotator> _models = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shards_of_one_model_share_it()
    {
        await using var host = Host();

        using var first = await host.BorrowAsync("/models/a", s_revision, Token);
        using var second = await host.BorrowAsync("/models/a", s_revision, Token);

        Assert.Same(first.Annotator, second.Annotator);
        Assert.Equal(["/models/a"], _loads);
    }

    [Fact]
    public async Task A_model_stays_loaded_between_shards()
    {
        await using var host = Host();

        (await host.BorrowAsync("/models/a", s_revision, Token)).Dispose();
        (await host.BorrowAsync("/models/a", s_revision, Token)).Dispose();

        Assert.Equal(["/models/a"], _loads);
    }

    [Fact]
    public async Task Another_model_waits_until_all_have_given_the_old_one_back()
    {
        await using var host = Host();
        var first = await host.BorrowAsync("/models/a", s_revision, Token);
        var second = await host.BorrowAsync("/models/a", s_revision, Token);
        var other = host.BorrowAsync("/models/b", s_revision, Token);

        first.Dispose();
        Assert.False(other.IsCompleted);
        Assert.False(_models[0].IsDisposed);

        second.Dispose();
        using var lease = await other;
        Assert.True(_models[0].IsDisposed);
        Assert.Equal(["/models/a", "/models/b"], _loads);
    }

    [Fact]
    public async Task Who_asks_later_for_the_loaded_model_waits_behind_one_who_needs_another()
    {
        await using var host = Host();
        var first = await host.BorrowAsync("/models/a", s_revision, Token);
        var other = host.BorrowAsync("/models/b", s_revision, Token);
        var later = host.BorrowAsync("/models/a", s_revision, Token);
        Assert.False(later.IsCompleted);

        first.Dispose();
        (await other).Dispose();
        (await later).Dispose();

        Assert.Equal(["/models/a", "/models/b", "/models/a"], _loads);
    }

    [Fact]
    public async Task One_who_gives_up_waiting_stands_in_nobodys_way()
    {
        await using var host = Host();
        using var first = await host.BorrowAsync("/models/a", s_revision, Token);
        using var stop = new CancellationTokenSource();
        var other = host.BorrowAsync("/models/b", s_revision, stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);

        using var second = await host.BorrowAsync("/models/a", s_revision, Token);
        Assert.Same(first.Annotator, second.Annotator);
    }

    [Fact]
    public async Task A_lease_given_back_twice_counts_once()
    {
        await using var host = Host();
        var first = await host.BorrowAsync("/models/a", s_revision, Token);
        using var second = await host.BorrowAsync("/models/a", s_revision, Token);

        first.Dispose();
        first.Dispose();

        Assert.False(host.BorrowAsync("/models/b", s_revision, Token).IsCompleted);
    }

    [Fact]
    public async Task Other_weights_than_planned_with_fail_the_job_for_good()
    {
        await using var host = Host();

        var error = await Assert.ThrowsAsync<PermanentJobException>(() => host.BorrowAsync("/models/a", new string('b', 64), Token));

        Assert.Contains("/models/a", error.Message);
        Assert.Contains("aaaaaaaaaaaa", error.Message);
        Assert.Contains("bbbbbbbbbbbb", error.Message);
    }

    [Fact]
    public async Task A_folder_that_is_no_model_fails_the_job_for_good_with_every_fault()
    {
        await using var host = new EngineHost(
            (folder, _) => throw new ModelLoadException(folder, ["config.json is missing", "no weights"]), NullLogger<EngineHost>.Instance);

        var error = await Assert.ThrowsAsync<PermanentJobException>(() => host.BorrowAsync("/models/a", s_revision, Token));

        Assert.Contains("config.json is missing; no weights", error.Message);
    }

    private EngineHost Host() => new(
        (folder, _) =>
        {
            _loads.Add(folder);
            _models.Add(new FakeAnnotator());
            return Task.FromResult(new LoadedModel(folder, s_revision, _models[^1]));
        },
        NullLogger<EngineHost>.Instance);
}
