using Pipeline.Cli.Models;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.Models;

public sealed class ModelCardTests
{
    [Theory]
    [InlineData("---\ntrained: false\n---\n# Model", true)]
    [InlineData("---\nlicense: mit\ntrained:  False \n---\n", true)]
    [InlineData("---\ntrained: true\n---\n", false)]
    [InlineData("---\nlicense: mit\n---\ntrained: false\n", false)]
    [InlineData("# Model\ntrained: false\n", false)]
    [InlineData("", false)]
    public void Only_the_front_matter_counts(string card, bool isUntrained)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["README.md"], card);

        Assert.Equal(isUntrained, ModelCard.IsUntrained(folder.Path));
    }

    [Fact]
    public void A_model_without_a_card_is_taken_for_trained()
    {
        using var folder = new TemporaryFolder();

        Assert.False(ModelCard.IsUntrained(folder.Path));
    }
}
