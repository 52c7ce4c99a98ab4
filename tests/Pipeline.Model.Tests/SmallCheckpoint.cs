using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests;

/// <summary>The shipped checkpoint made far smaller, with random weights: images of 102 (v1) or 138 (v2) positions, answered in milliseconds.</summary>
internal sealed class SmallCheckpoint : IDisposable
{
    private readonly TinyCheckpoint _copy = new();

    public SmallCheckpoint(int version)
    {
        _copy.Edit("config.json", "\"dragonfly_version\": 2", $"\"dragonfly_version\": {version}");
        _copy.Edit("config.json", "\"hidden_size\": 128", "\"hidden_size\": 32");
        _copy.Edit("config.json", "\"intermediate_size\": 352", "\"intermediate_size\": 48");
        _copy.Edit("config.json", "\"num_hidden_layers\": 4", "\"num_hidden_layers\": 2");
        string tower = Path.Combine("clip-tiny", "config.json");
        _copy.Edit(tower, "\"hidden_size\": 96", "\"hidden_size\": 16");
        _copy.Edit(tower, "\"intermediate_size\": 384", "\"intermediate_size\": 32");
        _copy.Edit(tower, "\"num_hidden_layers\": 4", "\"num_hidden_layers\": 2");
        _copy.Edit(tower, "\"image_size\": 32", "\"image_size\": 16");
        _copy.Edit(tower, "\"patch_size\": 8", $"\"patch_size\": {(version == 1 ? 8 : 4)}");
        RandomCheckpoint.Write(_copy.Folder, seed: version, ScalarType.Float32);
    }

    public string Folder => _copy.Folder;

    public void Dispose() => _copy.Dispose();
}
