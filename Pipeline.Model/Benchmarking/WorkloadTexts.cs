using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Model.Benchmarking;

/// <summary>Texts of the benchmark's prompts, without chat headers.</summary>
public sealed record WorkloadTexts
{
    public required string Caption { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<string> Questions { get; init; }

    /// <summary>Those that the reference was timed with.</summary>
    public static WorkloadTexts Default { get; } = new()
    {
        Caption = "Write a detailed description of the given image, name all objects you can see and say where each of them is.",
        Questions =
        [
            "Is there a circle in this image, yes or no?",
            "How many red shapes are there in this image?",
            "What is the color of the sky in this image?",
            "What does the image show, in one or two words?",
            "Is the left side of the image darker than right?",
        ],
    };

    /// <summary>Reads a JSON object with <c>caption</c>, a text, and <c>questions</c>, a list of texts; what else it holds is left alone.</summary>
    /// <exception cref="InvalidDataException">The file can't be read or holds something else; the message says what.</exception>
    public static WorkloadTexts Read(string file)
    {
        const string Mend = "Give a JSON object with \"caption\", a text, and \"questions\", a list of texts.";
        try
        {
            WorkloadTexts? texts = JsonSerializer.Deserialize(File.ReadAllBytes(file), WorkloadJson.Default.WorkloadTexts);
            return texts is { Questions.Count: > 0 } && texts.Questions.Append(texts.Caption).All(text => !string.IsNullOrWhiteSpace(text))
                ? texts
                : throw new InvalidDataException($"'{file}' has no question, or an empty text. {Mend}");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{file}' holds no texts of prompts ({e.Message}). {Mend}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{file}' can't be read ({e.Message}). {Mend}", e);
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WorkloadTexts))]
internal sealed partial class WorkloadJson : JsonSerializerContext;
