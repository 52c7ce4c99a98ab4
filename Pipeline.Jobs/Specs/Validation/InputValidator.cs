using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>What is said of the source fits its format, and prompts with columns are well formed.</summary>
internal static class InputValidator
{
    public static IEnumerable<SpecFault> Validate(JobSpec spec, AllowedPlaces places)
    {
        var format = spec.FormatOf();
        var input = spec.Input ?? new InputSpec();
        if (input.ByContent && format is not SourceFormat.Images)
        {
            yield return new("/input/by_content", $"by_content is for folders of images, and the source is {SourceFormats.NameOf(format)}: remove it.");
        }

        foreach (var (member, value) in new[]
        {
            ("base", input.Base), ("image_column", input.ImageColumn), ("id_column", input.IdColumn), ("questions_column", input.QuestionsColumn),
        })
        {
            if (value is not null && format is SourceFormat.Images)
            {
                yield return new($"/input/{member}", $"{member} is for sources of rows, and the source is a folder of images: remove it, or say the format of the source.");
            }
            else if (value is not null && string.IsNullOrWhiteSpace(value))
            {
                yield return new($"/input/{member}", $"{member} is empty: give a name, or leave it out.");
            }
            else if (member == "base" && value is not null && (ObjectLocation.TryParse(value, out var folder, out var fault) ? places.FaultOf(folder) : fault) is { } wrong)
            {
                yield return new("/input/base", wrong);
            }
        }

        if (format is SourceFormat.Images)
        {
            yield break;
        }

        if (spec.Caption is not null && !PromptTemplate.TryParse(spec.Caption, out _, out var captionFault))
        {
            yield return new("/caption", captionFault!);
        }

        for (var index = 0; index < spec.Questions.Count; index++)
        {
            if (!PromptTemplate.TryParse(spec.Questions[index].Text, out _, out var fault))
            {
                yield return new($"/questions/{index}/text", fault!);
            }
        }
    }
}
