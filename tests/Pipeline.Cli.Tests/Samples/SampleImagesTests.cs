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

        SampleImages.Write(folder.Path);

        var processor = new ImageProcessor(DragonflyVersion.V2, 32);
        var facts = SampleImages.All.Select(image => processor.Process(File.ReadAllBytes(folder[image.File])).Image).ToList();
        Assert.Equal(24, Directory.EnumerateFiles(folder.Path).Count());
        Assert.Equal(SampleImages.All.Select(image => (image.Scene.Width, image.Scene.Height)), facts.Select(fact => (fact.Width, fact.Height)));
        Assert.Equal(["jpeg", "png"], facts.Select(fact => fact.Format).Distinct().Order());
    }

    [Fact]
    public void Names_tell_what_is_shown_and_no_two_are_alike()
    {
        Assert.Equal(24, SampleImages.All.Select(image => image.File).Distinct().Count());
        Assert.All(SampleImages.All, image => Assert.Contains($"{image.Scene.Objects[0].Colour}-{image.Scene.Objects[0].Shape}", image.File, StringComparison.OrdinalIgnoreCase));
        Assert.All(SampleImages.All, image => Assert.Equal(image.Scene.Signs.Count > 0, image.File.Contains("-sign.", StringComparison.Ordinal)));
        Assert.InRange(SampleImages.All.Count(image => image.Scene.Signs.Count > 0), 12, 23);
    }
}
