using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Specs;

/// <summary>A temporary folder with images and a checkpoint's files, enough for a spec to be valid.</summary>
internal sealed class Workplace : IDisposable
{
    public Workplace(int images = 3)
    {
        Root = Directory.CreateTempSubdirectory("pipeline-tests-").FullName;
        Directory.CreateDirectory(Source);
        for (var index = 0; index < images; index++)
        {
            File.WriteAllBytes(Path.Combine(Source, $"{index:d3}.jpg"), [0xFF, 0xD8, (byte)index]);
        }

        Write("config.json", """{ "model_type": "dragonfly", "image_encoder": "clip" }""");
        Write("clip/config.json", "{}");
        Write("tokenizer.json", "{}");
        Write("model.safetensors", "weights");
    }

    public string Root { get; }
    public string Source => Path.Combine(Root, "in");
    public string Output => Path.Combine(Root, "out");
    public string Model => Path.Combine(Root, "model");

    public ObjectStores Stores { get; } = new(new S3Options(), TimeProvider.System);

    public JobSpec Spec => new()
    {
        Source = Source,
        Output = Output,
        Model = Model,
        Caption = "Describe the image.",
        ShardSize = 2,
    };

    /// <summary>Writes a file of the checkpoint.</summary>
    public void Write(string file, string content)
    {
        var path = Path.Combine(Model, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Remove(string file) => File.Delete(Path.Combine(Model, file));

    public void Dispose()
    {
        Stores.Dispose();
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
