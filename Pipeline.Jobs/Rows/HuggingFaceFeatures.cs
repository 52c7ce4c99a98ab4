using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Rows;

/// <summary>
/// The key-value metadata <c>huggingface</c> from which <c>datasets.load_dataset</c> restores the columns' types. Lists are
/// written as <c>[feature]</c>, which every version of <c>datasets</c> reads; the newer <c>List</c> is unknown before 4.0.
/// </summary>
internal static class HuggingFaceFeatures
{
    public const string Key = "huggingface";

    private static readonly Dictionary<Type, string> DataTypes = new()
    {
        [typeof(string)] = "string",
        [typeof(int)] = "int32",
        [typeof(long)] = "int64",
        [typeof(double)] = "float64",
        [typeof(DateTime)] = "timestamp[us, tz=UTC]",
    };

    /// <summary><c>{"info":{"features":…}}</c> for a class whose properties are the columns.</summary>
    public static string Describe<T>() => new JsonObject { ["info"] = new JsonObject { ["features"] = Members(typeof(T)) } }.ToJsonString();

    private static JsonObject Members(Type type) => new(
        type.GetProperties().Select(property => KeyValuePair.Create(
            property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name,
            (JsonNode?)Feature(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))));

    private static JsonNode Feature(Type type) =>
        type == typeof(ParquetImage) ? new JsonObject { ["_type"] = "Image" }
        : type.IsGenericType ? new JsonArray(Feature(type.GetGenericArguments()[0]))
        : DataTypes.TryGetValue(type, out var name) ? new JsonObject { ["dtype"] = name, ["_type"] = "Value" }
        : Members(type);
}
