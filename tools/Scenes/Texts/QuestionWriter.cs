using Scenes.Layout;

namespace Scenes.Texts;

/// <summary>Writes a scene's questions: each kind that the scene allows, with yes and no equally often.</summary>
internal sealed class QuestionWriter(SceneLayout scene, SceneOptions options, SceneRandom random)
{
    private static readonly string[] s_yesNo = ["yes", "no"];
    private static readonly SceneShape[] s_shapes = Enum.GetValues<SceneShape>();
    private static readonly SceneColour[] s_colours = Enum.GetValues<SceneColour>();

    private readonly IReadOnlyList<SceneObject> _objects = scene.Objects;

    public IReadOnlyList<SceneQuestion> Write() =>
    [
        Presence(),
        Presence(),
        .. SignPresence(),
        Count("number-of-shapes", "shapes", _ => true),
        .. Counts(),
        .. Colours(),
        .. Shapes(),
        Place(),
        Size(),
        .. Relations(),
        .. WhatIsThere(),
        .. new SignQuestions(scene, random).Write(),
    ];

    private SceneQuestion Presence()
    {
        var isThere = random.Chance(0.5);
        var item = random.Of(_objects);
        var (colour, shape) = isThere ? (item.Colour, item.Shape) : Absent(item);
        return YesNo(QuestionKind.YesNo, "shape-is-there", $"Is there {Phrases.A(Phrases.Name(colour, shape))}?", isThere);
    }

    // Half of them mix the colour of one object with the shape of another: seeing both somewhere is not enough.
    private (SceneColour, SceneShape) Absent(SceneObject item)
    {
        var mixed = random.Shuffled(_objects.SelectMany(_ => _objects, (a, b) => (a.Colour, b.Shape)).Where(pair => !IsThere(pair)));
        if (mixed.Length > 0 && random.Chance(0.5))
        {
            return mixed[0];
        }

        while (true)
        {
            var pair = random.Chance(0.5) ? (item.Colour, random.Of(s_shapes)) : (random.Of(s_colours), item.Shape);
            if (!IsThere(pair))
            {
                return pair;
            }
        }
    }

    private bool IsThere((SceneColour Colour, SceneShape Shape) pair) => _objects.Any(item => (item.Colour, item.Shape) == pair);

    // Where signs are the rule, most scenes with one are not asked, so that yes is no safer than no.
    private IEnumerable<SceneQuestion> SignPresence()
    {
        var isThere = scene.Signs.Count > 0;
        var share = isThere ? (1 - options.SignShare) / options.SignShare : options.SignShare / (1 - options.SignShare);
        return random.Chance(share) ? [YesNo(QuestionKind.YesNo, "sign-is-there", "Is there a sign?", isThere)] : [];
    }

    private IEnumerable<SceneQuestion> Counts()
    {
        var shape = random.Chance(0.7) ? random.Of(_objects).Shape : random.Of(s_shapes);
        yield return Count("number-by-shape", $"{Phrases.Name(shape)}s".Replace("sss", "sses"), item => item.Shape == shape);
        if (random.Chance(0.5))
        {
            var colour = random.Chance(0.7) ? random.Of(_objects).Colour : random.Of(s_colours);
            yield return Count("number-by-colour", $"{Phrases.Name(colour)} shapes", item => item.Colour == colour);
        }
        else
        {
            var size = random.Chance(0.5) ? SceneSize.Small : SceneSize.Large;
            yield return Count("number-by-size", $"{Phrases.Name(size)} shapes", item => item.Size == size);
        }
    }

    private SceneQuestion Count(string topic, string what, Func<SceneObject, bool> counts) =>
        Written(QuestionKind.Count, topic, $"How many {what} are there?", _objects.Count(counts).ToString());

    private IEnumerable<SceneQuestion> Colours()
    {
        var single = random.Shuffled(_objects.Where(item => _objects.Count(other => other.Shape == item.Shape) == 1));
        if (single.Length > 0)
        {
            yield return Written(QuestionKind.Colour, "colour-by-shape", $"What colour is the {Phrases.Name(single[0].Shape)}?", Phrases.Name(single[0].Colour));
        }

        var item = random.Of(_objects);
        yield return Written(QuestionKind.Colour, "colour-by-place", $"What colour is the shape {Phrases.Where(item.Place)}?", Phrases.Name(item.Colour));
    }

    private IEnumerable<SceneQuestion> Shapes()
    {
        var single = random.Shuffled(_objects.Where(item => _objects.Count(other => other.Colour == item.Colour) == 1));
        string[] choices = [.. s_shapes.Select(Phrases.Name)];
        if (single.Length > 0)
        {
            yield return Choice("shape-by-colour", $"Which shape is {Phrases.Name(single[0].Colour)}?", choices, Phrases.Name(single[0].Shape));
        }

        var item = random.Of(_objects);
        yield return Choice("shape-by-place", $"Which shape is {Phrases.Where(item.Place)}?", choices, Phrases.Name(item.Shape));
    }

    private SceneQuestion Place()
    {
        var item = random.Of(_objects);
        var others = random.Shuffled(Places().Where(place => place != item.Place)).Take(3).Append(item.Place);
        string[] choices = [.. random.Shuffled(others).Select(Phrases.Where)];
        return Choice("place", $"Where is the {Phrases.Name(item)}?", choices, Phrases.Where(item.Place));
    }

    private SceneQuestion Size()
    {
        var item = random.Of(_objects);
        return Choice("size", $"How large is the {Phrases.Name(item)}?", [.. Enum.GetValues<SceneSize>().Select(Phrases.Name)], Phrases.Name(item.Size));
    }

    private IEnumerable<SceneQuestion> Relations()
    {
        if (random.Shuffled(_objects) is not [var item, var other, ..])
        {
            yield break;
        }

        var sides = Sides.Between(item, other);
        var (side, isTrue) = (random.Of(sides), random.Chance(0.5));
        var asked = Phrases.Name(isTrue ? side : Sides.Opposite(side));
        yield return YesNo(QuestionKind.Relation, "relation-holds", $"Is the {Phrases.Name(item)} {asked} the {Phrases.Name(other)}?", isTrue);
        if (sides.Count == 1)
        {
            string[] choices = [.. Enum.GetValues<Side>().Select(choice => $"{Phrases.Name(choice)} it")];
            yield return new SceneQuestion(
                QuestionKind.Relation, "relation", $"Where is the {Phrases.Name(item)}, seen from the {Phrases.Name(other)}?", choices, $"{Phrases.Name(sides[0])} it", Fine: false);
        }

        foreach (var reference in random.Shuffled(_objects))
        {
            var asks = random.Of(Enum.GetValues<Side>());
            if (_objects.Where(found => Sides.Between(found, reference).Contains(asks)).ToArray() is [var only])
            {
                yield return Written(
                    QuestionKind.Open, "shape-by-relation", $"Which shape is {Phrases.Name(asks)} the {Phrases.Name(reference)}?", Phrases.A(Phrases.Name(only)));
                yield break;
            }
        }
    }

    private IEnumerable<SceneQuestion> WhatIsThere()
    {
        var item = random.Of(_objects);
        yield return Written(QuestionKind.Open, "what-by-place", $"What is {Phrases.Where(item.Place)}?", Phrases.A(Phrases.FullName(item)));

        // A sign may stand in the empty place, and is not nothing.
        var empty = random.Shuffled(Places().Where(place => _objects.All(other => other.Place != place)));
        if (empty.Length > 0 && scene.Signs.All(sign => sign.Object is not null) && random.Chance(0.4))
        {
            yield return Written(QuestionKind.Open, "what-by-place", $"What is {Phrases.Where(empty[0])}?", "nothing");
        }
    }

    private IEnumerable<ScenePlace> Places()
    {
        var (columns, rows) = (_objects[0].Place.Columns, _objects[0].Place.Rows);
        return Enumerable.Range(0, columns * rows).Select(cell => new ScenePlace(cell % columns, cell / columns, columns, rows));
    }

    private static SceneQuestion YesNo(QuestionKind kind, string topic, string text, bool isTrue) => new(kind, topic, text, s_yesNo, isTrue ? "yes" : "no", Fine: false);

    private static SceneQuestion Choice(string topic, string text, IReadOnlyList<string> choices, string answer) =>
        new(QuestionKind.Choice, topic, text, choices, answer, Fine: false);

    private static SceneQuestion Written(QuestionKind kind, string topic, string text, string answer) => new(kind, topic, text, [], answer, Fine: false);
}
