using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Compares the file of one shard after the other with plan, commit and manifest.</summary>
internal sealed class ShardCheck(IObjectStore output, JobPlan plan, List<string> faults)
{
    /// <summary>Of all keys so far, 128 bits of their sha256: equal ones are equal keys.</summary>
    private readonly HashSet<UInt128> keys = [];

    public long Rows { get; private set; }

    public long FailedRows { get; private set; }

    public async Task RunAsync(PlannedShard shard, DatasetFile? listed, CancellationToken cancellationToken)
    {
        var before = faults.Count;
        var record = output.UriOf(OutputLayout.CommitOf(shard.Index));
        if (await output.Faulty(faults, () => new CommitLog(output).FindAsync(shard.Index, cancellationToken)) is not { } commit)
        {
            if (faults.Count == before)
            {
                faults.Add($"Shard {shard.Index} has no commit '{record}': delete {OutputLayout.Success} and submit the job again to have it made.");
            }

            return;
        }

        if (commit.Rows != shard.Rows || commit.File != OutputLayout.DataOf(shard.Index, plan.Shards.Count))
        {
            faults.Add($"'{record}' has {commit.Rows} rows in '{commit.File}', but {shard.Rows} rows are planned: {MadeAnew(record)}");
            return;
        }

        var committed = new DatasetFile(commit.File, commit.Rows, commit.FailedRows, commit.Bytes, commit.Sha256);
        if (listed != committed)
        {
            faults.Add($"{OutputLayout.Manifest} says of shard {shard.Index} {listed?.ToString() ?? "nothing"}, its commit {committed}: "
                + $"delete {OutputLayout.Success} and submit the job again to have {OutputLayout.Manifest} written anew.");
        }

        if (await IsWhatWasCommittedAsync(commit, record, cancellationToken))
        {
            await CompareRowsAsync(shard, commit, record, cancellationToken);
        }
    }

    private async Task<bool> IsWhatWasCommittedAsync(ShardCommit commit, string record, CancellationToken cancellationToken)
    {
        var sha256 = await output.Faulty(faults, () => HashAsync(commit.File, cancellationToken));
        if (sha256 is not null && sha256 != commit.Sha256)
        {
            faults.Add($"'{output.UriOf(commit.File)}' is not what was committed (sha256 {sha256}, committed {commit.Sha256}): restore it, or delete it; {MadeAnew(record)}");
        }

        return sha256 == commit.Sha256;
    }

    private async Task CompareRowsAsync(PlannedShard shard, ShardCommit commit, string record, CancellationToken cancellationToken)
    {
        var images = await output.Faulty(faults, () => ReadPlannedAsync(shard, cancellationToken));
        var rows = await output.Faulty(faults, () => ReadRowsAsync(commit.File, cancellationToken));
        if (images is null || rows is null)
        {
            return;
        }

        var (planned, found) = (images.Select(image => image.Key).ToList(), rows.Select(row => row.Id).ToList());
        var same = planned.Zip(found).TakeWhile(pair => pair.First == pair.Second).Count();
        if (same < planned.Count || same < found.Count)
        {
            faults.Add($"Row {same} of '{output.UriOf(commit.File)}' is {Quoted(found, same)}, planned is {Quoted(planned, same)}: {MadeAnew(record)}");
        }

        foreach (var key in found.Take(same).Where(key => !keys.Add(Digest(key))))
        {
            faults.Add($"'{key}' is a key of two rows, the second of them in '{output.UriOf(commit.File)}': the source listed it twice; start again in an empty output.");
        }

        var failed = rows.Count(row => row.Failed);
        if (failed != commit.FailedRows)
        {
            faults.Add($"'{output.UriOf(commit.File)}' has {failed} failed rows, committed were {commit.FailedRows}: {MadeAnew(record)}");
        }

        Rows += same;
        FailedRows += failed;
    }

    private async Task<IReadOnlyList<PlannedImage>?> ReadPlannedAsync(PlannedShard shard, CancellationToken cancellationToken) =>
        await new PlanReader(output).ReadShardAsync(shard, cancellationToken);

    private async Task<List<(string Id, bool Failed)>?> ReadRowsAsync(string key, CancellationToken cancellationToken) =>
        await ShardFileReader.ReadAsync(output, key, cancellationToken)
            .Select(row => (row.Annotation.Id, row.Annotation.Failure is not null))
            .ToListAsync(cancellationToken);

    private async Task<string?> HashAsync(string key, CancellationToken cancellationToken)
    {
        await using var content = await output.OpenReadAsync(key, cancellationToken);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    private static string MadeAnew(string record) => $"delete '{record}' and {OutputLayout.Success} and submit the job again to have the shard made anew.";

    private static string Quoted(List<string> keys, int index) => index < keys.Count ? $"'{keys[index]}'" : "missing";

    private static UInt128 Digest(string key) => BitConverter.ToUInt128(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
