namespace Pipeline.Model.Quality;

/// <summary>What makes a written answer unfit for training.</summary>
public enum AnswerDefect
{
    /// <summary>Nothing but white space.</summary>
    Empty,

    /// <summary>Cut at max_tokens.</summary>
    Truncated,

    /// <summary>The same words over and over.</summary>
    Loop,

    /// <summary>The model says that it can't or won't answer.</summary>
    Refusal,
}
