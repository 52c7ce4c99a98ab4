using System.Text.RegularExpressions;
using Scenes.Layout;
using Scenes.Texts;

namespace Scenes.Evaluation;

/// <summary>Facts that a caption mentions, and how many of them the scene bears out.</summary>
/// <param name="Objects">Shapes: right where the scene has one.</param>
/// <param name="Colours">Shapes of a colour: right where the scene has one of both.</param>
/// <param name="Sizes">Shapes of a colour and a size.</param>
/// <param name="Relations">Pairs of shapes and how they stand: right where both are there and stand so.</param>
/// <param name="Places">Shapes of a colour and where they are.</param>
/// <param name="Signs">Texts of signs.</param>
/// <param name="Found">Of the scene's objects, those that the caption names with shape and colour.</param>
public sealed record CaptionFacts(
    FactCount Objects, FactCount Colours, FactCount Sizes, FactCount Relations, FactCount Places, FactCount Signs, FactCount Found)
{
    public static CaptionFacts None { get; } = new(default, default, default, default, default, default, default);

    private static readonly string s_shape = $"(?<colour>{AnyOf<SceneColour>()}) (?<shape>{AnyOf<SceneShape>()})";
    private static readonly Regex s_objects = new($@"\b(?:(?<size>{AnyOf<SceneSize>()}) )?{s_shape}\b");
    private static readonly Regex s_relations = new(
        $@"\b{s_shape} (?:is )?(?<side>{string.Join('|', Enum.GetValues<Side>().Select(Phrases.Name))}) the (?:{AnyOf<SceneSize>()} )?(?<other>{AnyOf<SceneColour>()} {AnyOf<SceneShape>()})\b");
    private static readonly Regex s_places = new($@"\b{s_shape} (?:is )?(?<place>(?:at|on) the (?:(?:top|bottom) (?:left|right)|(?:very )?(?:top|bottom)|(?:far )?(?:left|right)))\b");
    private static readonly Regex s_signs = new(@"\bsays (?<text>\w+)");

    /// <param name="caption">Any text; what is no phrase of the scene language is no fact.</param>
    /// <param name="scene">What is true.</param>
    public static CaptionFacts Of(string caption, Scene scene)
    {
        var text = caption.ToLowerInvariant();
        var named = Distinct(s_objects.Matches(text));
        return new CaptionFacts(
            Objects: Count(named.DistinctBy(match => match.Groups["colour"].Value + match.Groups["shape"].Value), match => scene.Objects.Any(item => Phrases.Name(item.Shape) == match.Groups["shape"].Value)),
            Colours: Count(named.DistinctBy(match => match.Groups["colour"].Value + match.Groups["shape"].Value), match => Find(scene, match) is not null),
            Sizes: Count(named.Where(match => match.Groups["size"].Success), match => Find(scene, match) is { } item && Phrases.Name(item.Size) == match.Groups["size"].Value),
            Relations: Count(Distinct(s_relations.Matches(text)), match => Holds(scene, match)),
            Places: Count(Distinct(s_places.Matches(text)), match => Find(scene, match) is { } item && Phrases.Where(item.Place) == match.Groups["place"].Value),
            Signs: Count(Distinct(s_signs.Matches(text)), match => scene.Signs.Any(sign => sign.Text.Equals(match.Groups["text"].Value, StringComparison.OrdinalIgnoreCase))),
            Found: Count(scene.Objects, item => named.Any(match => NameOf(match) == Phrases.Name(item))));
    }

    public static CaptionFacts operator +(CaptionFacts one, CaptionFacts other) => new(
        one.Objects + other.Objects, one.Colours + other.Colours, one.Sizes + other.Sizes, one.Relations + other.Relations, one.Places + other.Places,
        one.Signs + other.Signs, one.Found + other.Found);

    private static string AnyOf<T>() where T : struct, Enum =>
        $"(?:{string.Join('|', Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))})";

    private static string NameOf(Match match) => $"{match.Groups["colour"].Value} {match.Groups["shape"].Value}";

    private static SceneObject? Find(Scene scene, Match match) => Find(scene, NameOf(match));

    private static SceneObject? Find(Scene scene, string name) => scene.Objects.FirstOrDefault(item => Phrases.Name(item) == name);

    private static bool Holds(Scene scene, Match match) =>
        Find(scene, match) is { } item && Find(scene, match.Groups["other"].Value) is { } other
        && Sides.Between(item, other).Any(side => Phrases.Name(side) == match.Groups["side"].Value);

    // A fact that is told twice is one.
    private static List<Match> Distinct(MatchCollection matches) => [.. matches.DistinctBy(match => match.Value)];

    private static FactCount Count<T>(IEnumerable<T> facts, Func<T, bool> isRight)
    {
        var list = facts.ToList();
        return new FactCount(list.Count(isRight), list.Count);
    }
}

/// <summary>Facts of one kind.</summary>
/// <param name="Right">Borne out by the scene.</param>
/// <param name="All">Mentioned.</param>
public readonly record struct FactCount(int Right, int All)
{
    /// <summary>0 to 1; NaN where none was mentioned.</summary>
    public double Share => (double)Right / All;

    public static FactCount operator +(FactCount one, FactCount other) => new(one.Right + other.Right, one.All + other.All);

    public override string ToString() => $"{Right}/{All}";
}
