using Pipeline.Jobs.Planning;

namespace Pipeline.Jobs.Tests.Planning;

public sealed class ImageFilesTests
{
    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.JPEG")]
    [InlineData("a.b.Png")]
    [InlineData("deep/er/a.webp")]
    [InlineData("a.gif")]
    [InlineData("a.tiff")]
    [InlineData("a.heic")]
    [InlineData("a.avif")]
    [InlineData("folder.d/x y.tif")]
    public void Is_an_image(string key) => Assert.True(ImageFiles.IsImage(key));

    [Theory]
    [InlineData("a.txt")]
    [InlineData("jpg")]
    [InlineData("a.jpg.txt")]
    [InlineData("folder.jpg/a")]
    [InlineData(".a.jpg")]
    [InlineData("._a.jpg")]
    [InlineData(".cache/a.jpg")]
    [InlineData("deep/.hidden/er/a.jpg")]
    [InlineData("_pipeline/staged/a.jpg")]
    [InlineData("folder.jpg/")]
    [InlineData("a.")]
    public void Is_no_image(string key) => Assert.False(ImageFiles.IsImage(key));
}
