using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tenants;
using Pipeline.Jobs.Tests.Scheduling;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;

namespace Pipeline.Jobs.Tests.Tenants;

/// <summary>What the jobs of a tenant may take, on each storage.</summary>
public sealed class TenantQuotaTests(PostgresFixture postgres)
{
    [Theory, EachStorage]
    public async Task A_tenant_has_no_more_jobs_under_way_than_it_may(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 2);
        bench.Tenants.Set("acme", new TenantLimits { MaxActiveJobs = 2 });
        var first = await bench.SubmitAsync(Spec(bench, "a"), "acme");
        await bench.SubmitAsync(Spec(bench, "b"), "acme");

        var refused = await Assert.ThrowsAsync<QuotaException>(() => bench.SubmitAsync(Spec(bench, "c"), "acme"));
        Assert.Contains("\"acme\" has 2 jobs under way and may have 2", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(bench.Place.Root, "c")) && Directory.EnumerateFileSystemEntries(Path.Combine(bench.Place.Root, "c")).Any());

        // The same job again is none more, and others' jobs are none of this tenant's.
        Assert.Equal(first, await bench.SubmitAsync(Spec(bench, "a"), "acme"));
        await bench.SubmitAsync(Spec(bench, "d"), "other");
        await bench.SubmitAsync(Spec(bench, "e"));
        Assert.Equal((2, 0), bench.Quota.Count("acme"));

        await bench.FinishAsync();
        Assert.Equal((0, 0), bench.Quota.Count("acme"));
        await bench.SubmitAsync(Spec(bench, "c"), "acme");
        bench.Tenants.Set("acme", null);
        await bench.SubmitAsync(Spec(bench, "f"), "acme");
        await bench.SubmitAsync(Spec(bench, "g"), "acme");
    }

    [Theory, EachStorage]
    public async Task A_job_with_too_many_images_fails_and_says_how_many_it_may_have(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 6);
        bench.Tenants.Set("acme", new TenantLimits { MaxImages = 10 });
        await bench.SubmitAsync(Spec(bench, "a"), "acme");
        bench.Reconcile();
        await bench.RunControlAsync();
        var second = await bench.SubmitAsync(Spec(bench, "b"), "acme");
        bench.Reconcile();

        var refused = await Assert.ThrowsAsync<PermanentJobException>(() => bench.PlanJob().RunAsync(second, TestContext.Current.CancellationToken));

        Assert.Contains("6 images", refused.Message, StringComparison.Ordinal);
        Assert.Contains("has 6 in other jobs under way and may have 10", refused.Message, StringComparison.Ordinal);
        Assert.Null(bench.Job(second).ShardsTotal);

        // Planning is repeated when a worker died over it: what the job itself has is not counted twice.
        bench.Tenants.Set("acme", new TenantLimits { MaxImages = 12 });
        await bench.PlanJob().RunAsync(second, TestContext.Current.CancellationToken);
        await bench.PlanJob().RunAsync(second, TestContext.Current.CancellationToken);
        Assert.Equal((2, 12), bench.Quota.Count("acme"));
    }

    [Theory, EachStorage]
    public async Task All_jobs_of_a_tenant_share_its_shards(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 20, reserve: 8);
        bench.Tenants.Set("acme", new TenantLimits { MaxConcurrentShards = 3 });
        foreach (var (output, tenant) in ((string, string)[])[("a", "acme"), ("b", "acme"), ("c", "other")])
        {
            await bench.SubmitAsync(Spec(bench, output), tenant);
        }

        bench.Reconcile();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await bench.RunControlAsync();
        }

        bench.Reconcile();
        bench.Reconcile();

        var byTenant = bench.Enqueued(Queues.Shards).CountBy(ticket => bench.Job((string)bench.Call(ticket).Args[0]).Tenant!).ToDictionary();
        Assert.Equal((3, 5), (byTenant["acme"], byTenant["other"]));
        await bench.FinishAsync();
        Assert.Equal(JobState.Completed, bench.Job(bench.Jobs.List(0, 10, "acme").Jobs[0].Id).State);
    }

    [Theory, EachStorage]
    public async Task A_job_keeps_the_places_of_its_tenant_and_is_refused_outside_them(StorageKind kind)
    {
        using var bench = await CreateAsync(kind, images: 2);
        var (source, root) = (bench.Place.Source, bench.Place.Root);
        bench.Tenants.Set("acme", new TenantLimits { Sources = [source], Outputs = [Path.Combine(root, "acme")] });

        var outside = await Assert.ThrowsAsync<JobSpecException>(() => bench.SubmitAsync(Spec(bench, "other") with { Source = bench.Place.Model }, "acme"));
        Assert.Equal(["/source", "/output"], outside.Faults.Select(fault => fault.Pointer));
        var inSource = await Assert.ThrowsAsync<JobSpecException>(() => bench.SubmitAsync(Spec(bench, "in/out"), "acme"));
        Assert.Equal(["/output"], inSource.Faults.Select(fault => fault.Pointer));
        var above = await Assert.ThrowsAsync<JobSpecException>(() => bench.SubmitAsync(Spec(bench, "acme/out") with { Source = root + "/in/../model" }, "acme"));
        Assert.Equal(["/source"], above.Faults.Select(fault => fault.Pointer));
        var reused = await Assert.ThrowsAsync<JobSpecException>(() => bench.SubmitAsync(Spec(bench, "acme/out") with { Reuse = [Path.Combine(root, "others")] }, "acme"));
        Assert.Contains("tenant", Assert.Single(reused.Faults).Detail, StringComparison.Ordinal);

        var job = await bench.SubmitAsync(Spec(bench, "acme/out"), "acme");
        Assert.Equal([source, Path.Combine(root, "acme")], bench.Job(job).Places);
        await bench.FinishAsync();
        Assert.Equal(JobState.Completed, bench.Job(job).State);
    }

    private async Task<SchedulingBench> CreateAsync(StorageKind kind, int images, int reserve = 2) =>
        new(await Storages.CreateAsync(kind, postgres), new Workplace(images), reserve);

    private static JobSpec Spec(SchedulingBench bench, string output) => bench.Place.Spec with { Output = Path.Combine(bench.Place.Root, output) };
}
