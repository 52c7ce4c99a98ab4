// Makes models/dragonfly-tiny: a tokenizer learnt from a few sentences, and random weights from a fixed seed.
//   dotnet run --project tools/TinyCheckpoint -- models/dragonfly-tiny
using System.Text.RegularExpressions;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

const int Entries = 480;
const long Seed = 20_240_601;

if (args is not [string folder] || !File.Exists(Path.Combine(folder, "config.json")))
{
    Console.Error.WriteLine("usage: TinyCheckpoint FOLDER     a checkpoint folder that holds config.json and the CLIP config");
    return 2;
}

IReadOnlyList<byte[]> entries = BpeTrainer.Train(Corpus.Text(), new Regex(TokenizerJsonWriter.Llama3Pattern), Entries);
int vocabulary = TokenizerJsonWriter.Write(folder, entries);
RandomCheckpoint.Write(folder, Seed, ScalarType.BFloat16);
Console.WriteLine($"{folder}: {vocabulary} entries, {new FileInfo(Path.Combine(folder, "model.safetensors")).Length:N0} bytes of weights, seed {Seed}");
return 0;

/// <summary>Sentences of the kind that captions, questions and answers are made of.</summary>
internal static class Corpus
{
    private static readonly string[] s_sizes = ["small", "large", "tiny", "wide", "tall"];
    private static readonly string[] s_colours = ["red", "green", "blue", "yellow", "orange", "purple", "black", "white", "grey", "brown"];
    private static readonly string[] s_shapes = ["circle", "square", "triangle", "star", "cross", "ring", "diamond", "rectangle", "hexagon", "arrow"];
    private static readonly string[] s_places = ["left of", "right of", "above", "below", "inside", "behind", "next to", "in front of"];
    private static readonly string[] s_templates =
    [
        "The image shows a {0} {1} {2} {3} a {4} {5}.",
        "A {0} {1} {2} is {3} the {4} {5}, and a sign with a number stands in the corner.",
        "Describe this image in one sentence. There is one {0} {1} {2} in the picture, {3} another {4} {5}.",
        "What colour is the {2}? The {2} is {1}. How many objects are there? There are two: a {0} {2} and a {4} {5}.",
        "Is there a {1} {2} {3} the {4} {5}? Answer yes or no. yes no What does the sign say?",
        "Which shape is {3} the {5}? It is the {2}. What is written in the text? The background is {4}.",
    ];

    public static string Text() => string.Join(
        "\n\n",
        Enumerable.Range(0, 1_200).Select(i => string.Format(
            s_templates[i % s_templates.Length], s_sizes[i % 5], s_colours[i * 7 % 10], s_shapes[i * 3 % 10], s_places[i * 5 % 8], s_colours[(i + 3) * 9 % 10], s_shapes[(i + 1) * 7 % 10])));
}
