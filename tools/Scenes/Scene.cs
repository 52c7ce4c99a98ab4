namespace Scenes;

/// <summary>A drawn image and all that is true of it.</summary>
public sealed record Scene
{
    /// <summary>Draws this very scene again, with the same options.</summary>
    public required long Seed { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>uint8 RGB, <c>[height, width, 3]</c>.</summary>
    public required byte[] Rgb { get; init; }

    /// <summary>In reading order: row by row, from left to right. No two share both shape and colour.</summary>
    public required IReadOnlyList<SceneObject> Objects { get; init; }

    /// <summary>Signs whose text only the zoom shows; at most one, for now.</summary>
    public required IReadOnlyList<SceneSign> Signs { get; init; }

    /// <summary>One for each of <see cref="CaptionPrompts.All"/>, in that order: a prompt has exactly one right answer.</summary>
    public required IReadOnlyList<string> Captions { get; init; }

    /// <summary>A dozen or so, of every kind that the scene allows.</summary>
    public required IReadOnlyList<SceneQuestion> Questions { get; init; }
}

/// <summary>A shape in the scene.</summary>
/// <param name="Shape">What it is.</param>
/// <param name="Colour">All of it.</param>
/// <param name="Size">Two classes that never overlap.</param>
/// <param name="Box">Smallest box around its pixels.</param>
/// <param name="Place">Where it stands; no two objects share a place.</param>
public sealed record SceneObject(SceneShape Shape, SceneColour Colour, SceneSize Size, PixelBox Box, ScenePlace Place);

/// <summary>A plate with a text that can't be read at the low resolution.</summary>
/// <param name="Text">One or two digits, or a short word in capitals.</param>
/// <param name="Box">Of the plate.</param>
/// <param name="Object">Index of the object that it is fixed to; null: it stands by itself.</param>
public sealed record SceneSign(string Text, PixelBox Box, int? Object)
{
    /// <summary>False: a word.</summary>
    public bool IsNumber => char.IsAsciiDigit(Text[0]);
}

/// <summary>A question and its one right answer.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Topic">Template that the text is written by, in a few words: what is asked for, and by what it is named.</param>
/// <param name="Text">As it is put to the model.</param>
/// <param name="Choices">All answers to choose from, "yes" and "no" included; empty: the answer is written freely.</param>
/// <param name="Answer">One of <paramref name="Choices"/>, where there are any.</param>
/// <param name="Fine">Can't be answered without the zoom, better than by chance.</param>
public sealed record SceneQuestion(QuestionKind Kind, string Topic, string Text, IReadOnlyList<string> Choices, string Answer, bool Fine);

/// <summary>A box of pixels; right and lower edge are not part of it.</summary>
public readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public bool Contains(PixelBox other) => Left <= other.Left && Top <= other.Top && Right >= other.Right && Bottom >= other.Bottom;

    public bool Overlaps(PixelBox other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
}

/// <summary>Where an object stands: one of four places, two by two or in a row or column.</summary>
/// <param name="Column">From the left, of <paramref name="Columns"/>.</param>
/// <param name="Row">From the top, of <paramref name="Rows"/>.</param>
/// <param name="Columns">1, 2 or 4.</param>
/// <param name="Rows">1, 2 or 4.</param>
public readonly record struct ScenePlace(int Column, int Row, int Columns, int Rows);

/// <summary>Upright, one colour all over.</summary>
public enum SceneShape
{
    Circle,
    Square,
    Triangle,
    Star,
    Cross,
    Ring,
}

/// <summary>Far apart from each other and from every background.</summary>
public enum SceneColour
{
    Red,
    Green,
    Blue,
    Yellow,
    Orange,
    Purple,
    Black,
    White,
}

/// <summary>Large is about 1.65 times as wide as small.</summary>
public enum SceneSize
{
    Small,
    Large,
}

/// <summary>What a question asks for.</summary>
public enum QuestionKind
{
    /// <summary>Is there …? Scored; as many are right as wrong.</summary>
    YesNo,

    /// <summary>Which shape, which place, which size, which text? Scored.</summary>
    Choice,

    /// <summary>How many …? Written, in digits.</summary>
    Count,

    /// <summary>What colour …? Written.</summary>
    Colour,

    /// <summary>How do two objects stand to each other? Scored, with yes and no or four relations.</summary>
    Relation,

    /// <summary>What does the sign say? Written.</summary>
    Read,

    /// <summary>What is there? Written.</summary>
    Open,
}
