using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>The datasets to reuse are there and finished; whether an answer of them fits shows with each image.</summary>
internal sealed class ReuseValidator(ObjectStores stores)
{
    private const int MostDatasets = 16;

    /// <exception cref="ObjectStoreException">A store does not answer now.</exception>
    public async Task<IReadOnlyList<SpecFault>> ValidateAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var datasets = spec.Reuse ?? [];
        if (datasets.Count > MostDatasets)
        {
            return [new("/reuse", $"{datasets.Count} datasets are more than {MostDatasets}: name those with the most images in common.")];
        }

        var faults = new List<SpecFault>();
        foreach (var (index, dataset) in datasets.Index())
        {
            if (await JudgeAsync(spec, dataset, cancellationToken) is { } fault)
            {
                faults.Add(new($"/reuse/{index}", fault));
            }
        }

        return faults;
    }

    private async Task<string?> JudgeAsync(JobSpec spec, string dataset, CancellationToken cancellationToken)
    {
        if (!ObjectLocation.TryParse(dataset, out var place, out var fault))
        {
            return fault;
        }

        if (ObjectLocation.TryParse(spec.Output, out var output, out _) && output.ToString() == place.ToString())
        {
            return $"\"{dataset}\" is the job's own output: leave it out, what is committed there is never made again.";
        }

        try
        {
            return await new DatasetReader(stores.Open(dataset)).FindSuccessAsync(cancellationToken) is null
                ? $"\"{dataset}\" holds no finished dataset: give the output of a completed job."
                : null;
        }
        catch (ObjectStoreException e) when (!e.IsTransient)
        {
            return $"\"{dataset}\" cannot be read ({e.Message.TrimEnd('.')}): give the output of a completed job.";
        }
    }
}
