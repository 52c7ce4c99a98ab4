using System.Text.Json;
using System.Text.Json.Nodes;
using Hangfire.Storage;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.State;

/// <summary>
/// What workers of two versions on one storage tell each other. The files beside this were written by version 0.1.0 at commit 225ec9e, in the midst of a job on
/// PostgreSQL, and are never written again.
/// </summary>
public sealed class EarlierVersionTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Pipeline.Jobs.Tests", "State", "Earlier");

    [Fact]
    public void A_job_that_it_left_under_way_is_read_and_is_the_same_job()
    {
        var job = ReadJob(fields => fields);

        Assert.Equal((JobState.InProgress, 1, 40L, 4), (job.State, job.Run, job.ImagesTotal, job.ShardsTotal));
        Assert.Equal((7, 0.5, 20L), (job.Schedule.Priority, job.Schedule.MaxFailedShare, job.Progress.ImagesDone));
        Assert.Equal(job.Id, JobId.Of(job.Spec));
        Assert.Equal("Describe the image.", JobView.Of(job).Spec.Caption);
    }

    [Fact]
    public void Its_shards_are_read()
    {
        var shards = Hashes(":shards").Select(field => JsonSerializer.Deserialize(field.Value, JobJson.Default.ShardStatus)!).ToList();

        Assert.Equal([ShardPhase.Running, ShardPhase.Running, ShardPhase.Pending, ShardPhase.Pending], shards.Select(shard => shard.Phase));
        Assert.Equal((10, 1, "worker:"), (shards[0].Done, shards[0].Attempt, shards[0].Worker![..7]));
    }

    [Fact]
    public void What_it_put_into_the_queue_is_what_this_version_runs()
    {
        var jobs = JsonNode.Parse(Read("hangfire-jobs.json"))!.AsArray()
            .Select(job => InvocationData.DeserializePayload(job!["invocationdata"]!.ToJsonString()).DeserializeJob()).ToList();

        Assert.Equal([typeof(IPlanJob), .. Enumerable.Repeat(typeof(IShardJob), 4)], jobs.Select(job => job.Type));
        Assert.Equal([0, 1, 2, 3], jobs.Skip(1).Select(job => (int)job.Args[1]));
        Assert.Equal([Queues.Control, .. Enumerable.Repeat(Queues.Shards, 4)], jobs.Select(job => job.Queue));
    }

    [Fact]
    public void What_this_version_puts_into_the_queue_is_what_it_ran()
    {
        var job = Hangfire.Common.Job.FromExpression<IShardJob>(shard => shard.RunAsync("job-9fd858cec15e26c4", 0, null, CancellationToken.None), Queues.Shards);
        var earlier = JsonNode.Parse(Read("hangfire-jobs.json"))![1]!["invocationdata"]!;
        var now = InvocationData.SerializeJob(job);

        Assert.Equal(
            (Short(earlier["Type"]!.GetValue<string>()), earlier["Method"]!.GetValue<string>(), earlier["Arguments"]!.GetValue<string>()),
            (Short(now.Type), now.Method, now.Arguments));
    }

    [Fact]
    public void Its_plan_its_claim_and_its_commits_are_read()
    {
        var plan = JsonSerializer.Deserialize(Read("plan.json"), PlanJson.Default.JobPlan)!;
        var claim = JsonSerializer.Deserialize(Read("job.json"), CommitJson.Default.JobClaim)!;
        var commit = JsonSerializer.Deserialize(Read("commits/00000.json"), CommitJson.Default.ShardCommit)!;

        Assert.Equal([10, 10, 10, 10], plan.Shards.Select(shard => shard.Rows));
        Assert.Equal(40, plan.Rows);
        Assert.Equal(plan.JobId, claim.JobId);
        Assert.Equal(plan.JobId, JobId.Of(JobSpecJson.Parse(claim.Spec.GetRawText())));
        Assert.Equal((0, 1, 10), (commit.Shard, commit.Attempt, commit.Rows));
        Assert.Equal(10, commit.Statistics!.Rows);
    }

    [Fact]
    public void What_a_newer_version_adds_is_passed_over()
    {
        static string More(string json)
        {
            var node = JsonNode.Parse(json)!.AsObject();
            node["of_a_newer_version"] = new JsonObject { ["deep"] = 1 };
            return node.ToJsonString();
        }

        var job = ReadJob(fields => new(fields) { ["of_a_newer_version"] = "1", ["progress"] = More(fields["progress"]), ["schedule"] = More(fields["schedule"]) });

        Assert.Equal(JobState.InProgress, job.State);
        Assert.All(Hashes(":shards"), field => Assert.Equal(10, JsonSerializer.Deserialize(More(field.Value), JobJson.Default.ShardStatus)!.Rows));
        Assert.Equal(10, JsonSerializer.Deserialize(More(Read("commits/00000.json")), CommitJson.Default.ShardCommit)!.Rows);
    }

    [Fact]
    public void A_spec_or_plan_that_asks_for_what_nobody_here_knows_is_left_to_who_does()
    {
        var spec = JsonNode.Parse(ReadFields()["spec"])!.AsObject();
        var plan = JsonNode.Parse(Read("plan.json"))!.AsObject();
        (spec["of_a_newer_version"], plan["of_a_newer_version"]) = (1, 1);

        Assert.Throws<JsonException>(() => JobSpecJson.Parse(spec.ToJsonString()));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(plan.ToJsonString(), PlanJson.Default.JobPlan));
    }

    private static JobRecord ReadJob(Func<Dictionary<string, string>, Dictionary<string, string>> change) =>
        JobFields.Read("job-9fd858cec15e26c4", change(ReadFields()));

    private static Dictionary<string, string> ReadFields() => Hashes("15e26c4").ToDictionary(field => field.Key, field => field.Value);

    private static IEnumerable<(string Key, string Value)> Hashes(string ending) => JsonNode.Parse(Read("hashes.json"))!.AsArray()
        .Where(field => field!["key"]!.GetValue<string>().EndsWith(ending, StringComparison.Ordinal))
        .Select(field => (field!["field"]!.GetValue<string>(), field["value"]!.GetValue<string>()));

    private static string Read(string file) => File.ReadAllText(Path.Combine(s_folder, file));

    private static string Short(string type) => string.Join(',', type.Split(',').Take(2));
}
