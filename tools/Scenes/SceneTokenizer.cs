using System.Text.RegularExpressions;
using Pipeline.Model.Tokenization;

namespace Scenes;

/// <summary>The tokenizer of the scene language: a token for each of its words, and bytes for everything else.</summary>
public static partial class SceneTokenizer
{
    /// <summary>Scenes whose texts it is learnt from; every word of the language is in them many times.</summary>
    private const int Scenes = 2_000;

    /// <summary>More than there are merges to learn: it ends where each word is one token.</summary>
    private const int MostEntries = 1_000;

    /// <summary>Writes <c>tokenizer.json</c> into a checkpoint folder; the same file every time.</summary>
    /// <param name="folder">Made if it is not there.</param>
    /// <returns>Vocabulary size, special tokens included: the model's <c>vocab_size</c>.</returns>
    public static int Write(string folder)
    {
        Directory.CreateDirectory(folder);
        return TokenizerJsonWriter.Write(folder, BpeTrainer.Train(Corpus(), new Regex(TokenizerJsonWriter.Llama3Pattern), MostEntries));
    }

    /// <summary>The pieces of the chat headers, prompts, captions, questions, answers; digits apart, so that numbers are read digit by digit.</summary>
    internal static string Corpus()
    {
        var options = new SceneOptions();
        var texts = Enumerable.Range(0, Scenes).Select(index => SceneGenerator.Describe(SceneSeeds.Training(index), options)).SelectMany(scene =>
            CaptionPrompts.All.Concat(scene.Captions).Concat(scene.Questions.SelectMany(question => question.Choices.Append(question.Text).Append(question.Answer))));
        return Digit().Replace(string.Join("\n\n", texts.Select(text => $"user\n\n{text}\n\nassistant")), "$0 ");
    }

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digit();
}
