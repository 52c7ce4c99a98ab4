using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Reuse;

/// <summary>Rows of earlier datasets that hold what a job would have the model say again.</summary>
public sealed class EarlierAnswers
{
    /// <summary>Images of a shard that come from the same place lie together in the earlier dataset too.</summary>
    private const int GroupsKept = 8;

    private readonly AnswerIndex index;
    private readonly LastLoads<(AnswerFile File, int Group), IReadOnlyList<DatasetRow>> groups = new(GroupsKept);

    private EarlierAnswers(AnswerIndex index) => this.index = index;

    /// <param name="stores">Open the datasets.</param>
    /// <param name="datasets">Folders of finished datasets.</param>
    /// <param name="modelRevision">Of the weights that are to have answered.</param>
    /// <param name="parametersHash">Of everything but the prompts that can change an answer, as in <see cref="RowProvenance.ParametersHash"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="Scheduling.PermanentJobException">A folder holds no finished dataset any more.</exception>
    /// <exception cref="ObjectStoreException">A file cannot be read.</exception>
    public static async Task<EarlierAnswers> OpenAsync(
        ObjectStores stores, IReadOnlyList<string> datasets, string modelRevision, string parametersHash, CancellationToken cancellationToken) =>
        new(await AnswerIndex.ReadAsync(stores, datasets, modelRevision, parametersHash, cancellationToken));

    /// <summary>The row with the answers to these prompts of an image of these bytes; null if there is none.</summary>
    /// <param name="imageSha256">Of the encoded image, lower-case hex.</param>
    /// <param name="promptHash">As in <see cref="RowProvenance.PromptHash"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ObjectStoreException">The row is known, and its file cannot be read.</exception>
    public async Task<DatasetRow?> FindAsync(string imageSha256, string promptHash, CancellationToken cancellationToken)
    {
        if (index.Find(AnswerKey.Of(imageSha256, promptHash)) is not { } place)
        {
            return null;
        }

        var rows = await groups.GetAsync((place.File, place.Group), () => ReadAsync(place)).WaitAsync(cancellationToken);

        // The file may have been replaced since it was looked through: by a retry of its failed rows.
        return rows.ElementAtOrDefault(place.Row) is { } row && row.Annotation is { Failure: null } found && found.Sha256 == imageSha256 && row.Provenance.PromptHash == promptHash
            ? row
            : null;
    }

    private static async Task<IReadOnlyList<DatasetRow>> ReadAsync(AnswerPlace place) =>
        await ShardFileReader.ReadGroupAsync(place.File.Store, place.File.Key, place.Group, CancellationToken.None);
}
