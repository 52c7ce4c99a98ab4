using System.Globalization;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;

namespace Pipeline.Worker.Shards;

/// <summary>Leaves out decoded images that a job wants no answers for. Rows that hold their images hold none of these.</summary>
internal sealed class ImageFilter(JobSpec spec)
{
    private readonly FilterSpec _filters = spec.Filters ?? new FilterSpec();

    /// <summary>The image as it is, or failed with the reason.</summary>
    public ImageWork Apply(ImageWork work) => Judge(work) is var (failure, message)
        ? work.Failed(failure, message) with { Embedded = null }
        : work;

    /// <summary>Why an image is left out, or null.</summary>
    private (RowFailure Failure, string Message)? Judge(ImageWork work)
    {
        if (work is not { Failure: null, Facts: { } facts, Look: { } look })
        {
            return null;
        }

        if (facts.Width < _filters.MinWidth || facts.Height < _filters.MinHeight)
        {
            return (RowFailure.ImageTooSmall, Text($"The image is {facts.Width} × {facts.Height} pixels, and the job asks for at least {_filters.MinWidth} × {_filters.MinHeight}."));
        }

        var aspect = (double)Math.Max(facts.Width, facts.Height) / Math.Min(facts.Width, facts.Height);
        if (_filters.MaxAspect > 0 && aspect > _filters.MaxAspect)
        {
            return (RowFailure.AspectOutOfRange, Text($"The longer side is {aspect:0.##} times the shorter, and the job allows {_filters.MaxAspect:0.##}."));
        }

        if (look.Contrast < _filters.MinContrast)
        {
            return (RowFailure.ImageBlank, Text($"The contrast is {look.Contrast:0.##}, and the job asks for at least {_filters.MinContrast:0.##}."));
        }

        return work.Planned.Duplicate is { } duplicate && spec.Duplicates is { Action: DuplicateAction.Skip }
            ? (RowFailure.DuplicateImage, duplicate.Kind is DuplicateKind.Exact ? $"It has the same bytes as '{duplicate.Of}'." : $"It looks nearly the same as '{duplicate.Of}'.")
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
