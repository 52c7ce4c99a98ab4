using System.Text.Json;
using Pipeline.Model.Configuration;
using Pipeline.Model.Weights;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Weights;

public sealed class DragonflyParametersTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Names_and_shapes_are_those_of_the_references_state_dict(string version)
    {
        string folder = ReferenceData.Folder("golden", version, "model");
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "state_dict_shapes.json")));
        var expected = json.RootElement.EnumerateObject()
            .Select(entry => $"{entry.Name} [{string.Join(", ", entry.Value.EnumerateArray())}]").Order(StringComparer.Ordinal);

        var actual = DragonflyParameters.Of(CheckpointFolder.ReadConfig(folder)).Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value)}]");

        Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
    }
}
