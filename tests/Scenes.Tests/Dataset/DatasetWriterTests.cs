using System.Text.Json;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Scenes.Dataset;

namespace Scenes.Tests.Dataset;

public sealed class DatasetWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scenes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_image_decodes_to_its_scene_and_has_its_line_of_truth()
    {
        long[] seeds = [.. Enumerable.Range(0, 24).Select(index => SceneSeeds.HeldOut(3, index))];
        DatasetWriter.Write(_folder, seeds, new SceneOptions());

        var truths = File.ReadLines(Path.Combine(_folder, DatasetWriter.TruthFile)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(seeds, truths.Select(truth => truth.GetProperty("seed").GetInt64()));
        Assert.Equal(seeds.Length, Directory.GetFiles(Path.Combine(_folder, "images")).Length);
        List<string> formats = [];
        foreach (var truth in truths)
        {
            var scene = SceneGenerator.Draw(truth.GetProperty("seed").GetInt64(), new SceneOptions());
            var bytes = File.ReadAllBytes(Path.Combine(_folder, truth.GetProperty("image").GetString()!));
            var facts = new ImageProcessor(DragonflyVersion.V2, 32).Process(bytes).Image;
            Assert.Equal((scene.Width, scene.Height), (facts.Width, facts.Height));
            Assert.Equal(scene.Captions, truth.GetProperty("captions").EnumerateArray().Select(caption => caption.GetString()));
            Assert.Equal(scene.Objects.Count, truth.GetProperty("objects").GetArrayLength());
            formats.Add(facts.Format);
        }

        Assert.Contains("png", formats);
        Assert.Contains("jpeg", formats);
    }

    [Fact]
    public void A_png_holds_the_very_pixels()
    {
        var scene = Enumerable.Range(0, 50).Select(index => SceneGenerator.Draw(SceneSeeds.Validation(index), new SceneOptions()))
            .First(scene => SceneImages.Encode(scene).Extension == "png");
        var processor = new ImageProcessor(DragonflyVersion.V2, 32);
        Assert.Equal(
            processor.Process(scene.Rgb, new ImageFacts(scene.Width, scene.Height, "png")).Pixels,
            processor.Process(SceneImages.Encode(scene).Bytes).Pixels);
    }
}
