using Pipeline.Model.Tokenization;

namespace Scenes.Tests;

public sealed class SceneTokenizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scene-tokenizer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_word_is_one_token_and_each_digit_is_one()
    {
        var size = SceneTokenizer.Write(_folder);
        var tokenizer = DragonflyTokenizer.Load(_folder);

        Assert.InRange(size, 300, 600);
        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(14, tokenizer.Encode("A small red circle, with a sign that says 42.").Count); // 9 words, comma, space, 2 digits, stop
        Assert.Equal(5, tokenizer.Encode("What colour is the triangle?").Count - 1);
        Assert.Equal(2, tokenizer.Encode("user\n\n").Count);
    }

    [Fact]
    public void Texts_of_scenes_it_never_saw_come_back_and_are_short()
    {
        SceneTokenizer.Write(_folder);
        var tokenizer = DragonflyTokenizer.Load(_folder);
        for (var index = 0; index < 300; index++)
        {
            var (captions, questions) = SceneGenerator.Describe(SceneSeeds.HeldOut(0, index), new SceneOptions());
            foreach (var text in captions.Concat(questions.Select(question => question.Text)))
            {
                var ids = tokenizer.Encode(text);
                Assert.Equal(text, tokenizer.Decode(ids));
                Assert.InRange(ids.Count, 1, 80);
            }
        }
    }

    [Fact]
    public void It_is_the_same_every_time()
    {
        SceneTokenizer.Write(_folder);
        var first = File.ReadAllText(Path.Combine(_folder, "tokenizer.json"));
        SceneTokenizer.Write(_folder);
        Assert.Equal(first, File.ReadAllText(Path.Combine(_folder, "tokenizer.json")));
    }
}
