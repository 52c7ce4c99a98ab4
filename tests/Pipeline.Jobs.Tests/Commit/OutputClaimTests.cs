using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Storage;

namespace Pipeline.Jobs.Tests.Commit;

public sealed class OutputClaimTests : IDisposable
{
    private const string Job = "job-0123456789abcdef", Other = "job-fedcba9876543210", Spec = """{"source":"/images"}""";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OutputClaim Claim => new(Output);

    private LocalObjectStore Output => new(folder.In("output"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_output_that_is_not_there_or_empty_belongs_to_nobody()
    {
        Assert.Equal(new OutputState(OutputOwner.Nobody), await Claim.ExamineAsync(Job, Stop));
        Assert.False(Directory.Exists(folder.In("output")));

        Directory.CreateDirectory(folder.In("output", "empty"));
        await PutAsync(".DS_Store");
        await PutAsync("_pipeline/probe-of-another-submission");

        Assert.Equal(new OutputState(OutputOwner.Nobody), await Claim.ExamineAsync(Job, Stop));
    }

    [Fact]
    public async Task A_claim_is_for_good_and_tells_the_jobs_apart()
    {
        Assert.Equal(new OutputState(OutputOwner.ThisJob, Job), await Claim.TryClaimAsync(Job, Spec, Stop));
        Assert.Equal(new OutputState(OutputOwner.ThisJob, Job), await Claim.TryClaimAsync(Job, Spec, Stop));
        Assert.Equal(new OutputState(OutputOwner.OtherJob, Job), await Claim.TryClaimAsync(Other, Spec, Stop));

        await PutAsync("data/train-00000-of-00001.parquet");
        Assert.Equal(new OutputState(OutputOwner.ThisJob, Job), await Claim.ExamineAsync(Job, Stop));
        Assert.Equal(new OutputState(OutputOwner.OtherJob, Job), await Claim.ExamineAsync(Other, Stop));
        Assert.Contains("/images", await File.ReadAllTextAsync(folder.In("output", "_pipeline", "job.json"), Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thesis.docx")]
    [InlineData("data/train-00000-of-00001.parquet")]
    [InlineData("_pipeline/plan.json")]
    [InlineData(".git/config")]
    public async Task Foreign_data_is_named_and_never_claimed(string key)
    {
        await PutAsync(key);

        Assert.Equal(new OutputState(OutputOwner.Foreign, ForeignKey: key), await Claim.TryClaimAsync(Job, Spec, Stop));
        Assert.Null(await Output.FindAsync(OutputLayout.Job, Stop));
    }

    [Fact]
    public async Task Of_jobs_that_claim_at_once_one_wins()
    {
        var states = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Claim.TryClaimAsync($"job-{i:d16}", Spec, Stop))));

        var winner = Assert.Single(states, state => state.Owner == OutputOwner.ThisJob);
        Assert.All(states.Except([winner]), state => Assert.Equal(new OutputState(OutputOwner.OtherJob, winner.JobId), state));
    }

    [Fact]
    public async Task A_claim_made_between_two_looks_was_taken_for_foreign_data()
    {
        var overtaken = new OutputClaim(new OvertakenStore(Output, () => Claim.TryClaimAsync(Other, Spec, Stop)));

        Assert.Equal(new OutputState(OutputOwner.OtherJob, Other), await overtaken.TryClaimAsync(Job, Spec, Stop));
    }

    [Fact]
    public async Task A_claim_that_cannot_be_read_is_a_fault_and_not_overwritten()
    {
        await PutAsync("_pipeline/job.json");

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => Claim.TryClaimAsync(Job, Spec, Stop));

        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("_pipeline/job.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_leaves_nothing_behind()
    {
        await new OutputClaim(new LocalObjectStore(folder.In("new", "output"))).ProbeAsync(Stop);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        await PutAsync("kept");
        await Claim.ProbeAsync(Stop);
        Assert.Equal(["kept"], await Output.ListAsync("", Stop).Select(found => found.Key).ToListAsync(Stop));
    }

    [Fact]
    public async Task A_probe_tells_why_an_output_cannot_be_written()
    {
        await PutAsync("file");

        var inFile = await Assert.ThrowsAsync<ObjectStoreException>(() => new OutputClaim(new LocalObjectStore(folder.In("output", "file"))).ProbeAsync(Stop));
        var inSys = await Assert.ThrowsAsync<ObjectStoreException>(() => new OutputClaim(new LocalObjectStore("/sys/pipeline")).ProbeAsync(Stop));

        Assert.Equal(ObjectStoreFault.Rejected, inFile.Fault);
        Assert.Equal(ObjectStoreFault.AccessDenied, inSys.Fault);
    }

    private Task PutAsync(string key) => Output.PutAsync(key, new MemoryStream("content"u8.ToArray()), Stop);
}
