using System.Text.Json;

namespace Pipeline.Jobs.Rows;

public static class RowFailures
{
    /// <summary>As the dataset writes it: "source_missing".</summary>
    public static string CodeOf(RowFailure failure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString());
}
