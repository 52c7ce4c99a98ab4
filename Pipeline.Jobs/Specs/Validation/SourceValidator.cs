using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>The source can be read and has at least one row, and the columns that the job speaks of are there.</summary>
internal sealed class SourceValidator(ObjectStores stores)
{
    private const string Pointer = "/source";

    /// <exception cref="ObjectStoreException">The store does not answer now.</exception>
    public async Task<IReadOnlyList<SpecFault>> ValidateAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (!ObjectLocation.TryParse(spec.Source, out _, out _))
        {
            return [];
        }

        try
        {
            var rows = new PlannedRows(stores, spec);
            return spec.FormatOf() is SourceFormat.Images
                ? await rows.ListAsync(cancellationToken).AnyAsync(cancellationToken) ? [] : [new(Pointer, rows.DescribeEmpty())]
                : [.. await ValidateRowsAsync(spec, rows, cancellationToken)];
        }
        catch (ObjectStoreException e) when (!e.IsTransient)
        {
            return [new(Pointer, e.Fault is ObjectStoreFault.NotFound && spec.FormatOf() is SourceFormat.Images ? $"{e.Message} Give a folder that exists." : e.Message)];
        }
    }

    private static async Task<IEnumerable<SpecFault>> ValidateRowsAsync(JobSpec spec, PlannedRows rows, CancellationToken cancellationToken)
    {
        var names = new RowNames(spec);
        var folder = await rows.OpenAsync(cancellationToken);
        if (await rows.ReadAsync(folder, names, cancellationToken).FirstOrDefaultAsync(cancellationToken) is not { } first)
        {
            return [new(Pointer, rows.DescribeEmpty())];
        }

        // Tables have the same columns in every row; objects and samples may differ, and a row that lacks something is a failure of its own.
        return spec.FormatOf() is SourceFormat.Csv or SourceFormat.Parquet && first.Fault is null ? ColumnsValidator.Validate(spec, names, first) : [];
    }
}
