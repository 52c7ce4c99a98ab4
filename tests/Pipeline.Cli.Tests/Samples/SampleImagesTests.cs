using Pipeline.Cli.Samples;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;

namespace Pipeline.Cli.Tests.Samples;

public sealed class SampleImagesTests
{
    [Fact]
    public void All_are_images_of_the_size_they_were_drawn_in()
    {
        using var folder = new TemporaryFolder();

        var drawn = SampleImages.Draw(folder.Path);

        var files = Directory.EnumerateFiles(folder.Path).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(24, drawn);
        Assert.Equal(24, files.Count);
        var processor = new ImageProcessor(DragonflyVersion.V2, 16);
        var facts = files.Select(file => processor.Process(File.ReadAllBytes(file)).Image).ToList();
        Assert.Equal(SampleImages.Scenes.Select(scene => (scene.Width, scene.Height)), facts.Select(fact => (fact.Width, fact.Height)));
        Assert.Equal(["jpeg", "png"], facts.Select(fact => fact.Format).Distinct());
    }

    [Fact]
    public void Names_tell_what_is_shown_and_no_two_are_alike()
    {
        var scenes = SampleImages.Scenes;

        Assert.Equal(24, scenes.Select(scene => scene.Name).Distinct().Count());
        Assert.All(scenes, scene => Assert.Contains(scene.Shapes[0].Kind, scene.Name));
        Assert.All(scenes, scene => Assert.Equal(scene.Sign is not null, scene.Name.EndsWith("-sign", StringComparison.Ordinal)));
        Assert.Equal(6, scenes.Count(scene => scene.Sign is not null));
        Assert.Equal([6, 6, 6, 6], scenes.CountBy(scene => scene.Shapes[0].Kind).Select(kind => kind.Value));
    }
}
